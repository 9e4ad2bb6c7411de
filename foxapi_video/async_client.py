"""The client for asyncio. The blocking one is made from it; what both do is in the plans."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

from foxapi_video import settings as setup
from foxapi_video.async_resources import AsyncCallbacks, AsyncFiles, AsyncTasks, AsyncVideos
from foxapi_video.async_runner import AsyncConnections, AsyncRunner
from foxapi_video.http import httpx
from foxapi_video.options import RetryPolicy
from foxapi_video.settings import OMITTED, Omitted, Settings
from foxapi_video.steps import Answer

if TYPE_CHECKING:
    from foxapi_video.waiting import Polling


class AsyncFoxAPI:
    """A client of the FoxAPI video API for asyncio.

    It can be used in several event loops, and after a fork: each has connections of its own.

    Attributes:
        videos: Create, generate and download videos.
        tasks: Follow generations.
        files: Upload files, so that a request can name them.
        callbacks: Confirm what a callback claims.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | None = setup.TIMEOUT,
        retries: int | RetryPolicy = 4,
        deadline: float | None = None,
        check: bool = True,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        polling: Polling | None = None,
    ) -> None:
        """Set the client up. Nothing is sent.

        Args:
            api_key: The key; FOXAPI_API_KEY of the environment where it is left out.
            base_url: Where the API is; else FOXAPI_BASE_URL, else the public address.
            timeout: Seconds that one attempt of a call may take, from connecting to the last byte
                of the answer; None for no limit. Of an upload, it is how long it may stand still.
            retries: How many times a call is sent again at most, or when in detail. A create call
                is sent again only when it certainly was not accepted, whatever this says.
            deadline: Seconds that a call may take with all its attempts and the waits between
                them; None for no limit. A wait for a task and a download have a `timeout` for that.
            check: Whether a request is held to the documentation before it is sent.
            headers: Further headers of every call.
            http_client: A client of your own to send with; it stays open when this one is closed.
                It serves the event loop that uses it first, and no other.
            transport: A transport of your own to send with; it serves as http_client does. Unless
                it is httpx's own, or that of foxapi_video.testing, a create call without an answer
                is always OutcomeUnknown.
            polling: How often a task is asked for, where a call says nothing else.

        Raises:
            ConfigurationError: There is no key, or a value can't be one.
        """
        try:
            key = setup.Key(api_key)
        finally:
            del api_key  # a traceback may show what a frame holds
        _check_polling(polling)
        settings = Settings(
            key=key,
            base_url=setup.base_url_of(base_url),
            timeout=timeout,
            retry_policy=setup.checked_retries(retries),
            deadline=deadline,
            check=check,
            headers={} if headers is None else headers,
            polling=polling,
        )
        self._set_up(AsyncRunner(AsyncConnections(http_client, transport), settings), shares=False)

    def _set_up(self, runner: AsyncRunner, *, shares: bool) -> None:
        self._runner = runner
        self._shares = shares
        self.videos = AsyncVideos(runner)
        self.tasks = AsyncTasks(runner)
        self.files = AsyncFiles(runner)
        self.callbacks = AsyncCallbacks(runner)

    @property
    def base_url(self) -> str:
        """Where the API is, without a slash at the end."""
        return self._runner.settings.base_url

    def with_options(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | Omitted | None = OMITTED,
        retries: int | RetryPolicy | None = None,
        deadline: float | Omitted | None = OMITTED,
        check: bool | None = None,
        headers: Mapping[str, str] | None = None,
        polling: Polling | None = None,
    ) -> AsyncFoxAPI:
        """A copy with other options, for one call or for many; this client stays as it is.

        The copy shares the connections. Closing it closes nothing. What is left out is kept;
        headers are added to those there are. `timeout=None` is for no limit, as of the client.
        """
        copy = object.__new__(type(self))
        try:
            key = None if api_key is None else setup.Key(api_key)
        finally:
            del api_key
        _check_polling(polling)
        settings = setup.changed(
            self._runner.settings,
            key=key,
            base_url=base_url,
            timeout=timeout,
            retry_policy=retries,
            deadline=deadline,
            check=check,
            headers=headers,
            polling=polling,
        )
        copy._set_up(AsyncRunner(self._runner.connections, settings), shares=True)
        return copy

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str | int | bool] | None = None,
    ) -> Answer:
        """Make any call of the API, also one that this package has no method for.

        Only a GET is repeated freely: whatever else may cost money, and follows the rules of a
        create call. A body is not checked.

        Args:
            method: The HTTP method.
            path: The path, such as /v1/tasks/ID.
            json: The body, as JSON values.
            params: The query.

        Returns:
            The answer with its status, headers and bytes; its status is 200 to 299.

        Raises:
            APIStatusError: The server refuses.
            OutcomeUnknown: The call may have been carried out.
            APIConnectionError: No answer came.
        """
        from foxapi_video import calls

        call = calls.raw_call(self._runner.settings, method, path, json=json, params=params)
        return await self._runner.run(calls.raw(self._runner.settings, call))

    async def aclose(self) -> None:
        """Close the connections. A copy, or a client handed in, leaves them open.

        Those of other event loops are closed when their loops end.
        """
        if not self._shares:
            await self._runner.connections.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # A traceback may show a client whose options were refused.
        where = repr(self.base_url) if hasattr(self, "_runner") else "?"
        return f"{type(self).__name__}(base_url={where})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds connections and a key, and is not pickled")


def _check_polling(polling: object) -> None:
    if polling is not None:
        from foxapi_video.waiting import check_polling

        check_polling(polling)


# On the class too, so that unittest.mock.create_autospec finds what a client has.
for _name, _kind in {
    "videos": AsyncVideos,
    "tasks": AsyncTasks,
    "files": AsyncFiles,
    "callbacks": AsyncCallbacks,
}.items():
    setattr(AsyncFoxAPI, _name, _kind)
