"""Whose connections are whose.

A connection belongs to the process that made it, and with asyncio to its event loop. In a child of
a fork two processes would get each other's answers on it; in another loop it fails, perhaps after
a paid request went out on it. So each owner has an httpx client of its own, made on first use.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Hashable
from typing import Any

from foxapi_video.errors import ConfigurationError
from foxapi_video.http import httpx

# A test's server in the same process: whoever uses it.
WITHOUT_CONNECTIONS = (httpx.ASGITransport, httpx.MockTransport, httpx.WSGITransport)
# That of foxapi_video.testing, once somebody has imported it.
PRETENDING: list[type] = []

# Held while a client is made, and during a fork. OpenSSL has locks of its own, and one that another
# thread holds at the fork would stay locked in the child.
making = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=making.acquire, after_in_parent=making.release, after_in_child=making.release
    )


def transports_of(client: httpx.Client | httpx.AsyncClient) -> list[Any]:
    """What a client sends with: its own connections and those through proxies."""
    # httpx has no public way to them.
    mounted = getattr(client, "_mounts", {}).values()
    return [each for each in (getattr(client, "_transport", None), *mounted) if each is not None]


def pretends(client: httpx.Client | httpx.AsyncClient) -> bool:
    """Whether it sends with nothing but the pretend API, so that it connects nowhere."""
    return all(type(each) in PRETENDING for each in transports_of(client))


class HandedIn:
    """A client or transport of the user's. It can't be made anew, so who uses it first owns it.

    Anybody else is refused, even where it has no connection at the moment: httpx tells nobody what
    a transport holds, and two owners may ask at once.
    """

    def __init__(self, client: httpx.Client | httpx.AsyncClient | None, transport: object) -> None:
        made = [transport] if client is None else transports_of(client)
        self._is_bound = not all(
            each is None or isinstance(each, (*WITHOUT_CONNECTIONS, *PRETENDING)) for each in made
        )
        self._first: dict[str, Hashable] = {}

    def check(self, owner: Hashable, kind: str) -> None:
        """See that nobody else has used it.

        Raises:
            ConfigurationError: Somebody has.
        """
        # One step, so that of two that ask at once only one is the first.
        if self._is_bound and self._first.setdefault("owner", owner) != owner:
            raise ConfigurationError(
                f"the http_client or transport was used in another {kind}, and connections can't "
                f"be shared: make one in each {kind}, or leave it out"
            )
