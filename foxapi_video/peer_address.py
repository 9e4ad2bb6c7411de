"""Notice which address a connection reaches before anything is sent on it.

httpx and httpcore tell it by the request extension `trace`, so that any client, transport or proxy
of the user's works as ever. A connection to a proxy is not looked at: where that goes is its own
affair. One that was made before is used again as it is; its host was looked at then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foxapi_video.http import httpx

_STARTED = "connection.connect_tcp.started"
_COMPLETE = "connection.connect_tcp.complete"


class PeerAddressCheck:
    """The value of the extension for one request: `trace` for a blocking client, else `atrace`."""

    def __init__(self, url: str, check_peer: Callable[[str], None]) -> None:
        self._host = httpx.URL(url).raw_host.decode("ascii")
        self._check_peer = check_peer
        self._direct = False

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Look at an event of a blocking client."""
        try:
            self._look(event, info)
        except BaseException:
            info["return_value"].close()
            raise

    async def atrace(self, event: str, info: dict[str, Any]) -> None:
        """Look at an event of an async client."""
        try:
            self._look(event, info)
        except BaseException:
            await info["return_value"].aclose()
            raise

    def _look(self, event: str, info: dict[str, Any]) -> None:
        if event == _STARTED:
            self._direct = info["host"] == self._host
        elif event == _COMPLETE and self._direct:
            try:
                address = info["return_value"].get_extra_info("server_addr")
            except OSError:  # it is gone already, so nothing will be sent on it
                return
            if address:
                self._check_peer(str(address[0]))
