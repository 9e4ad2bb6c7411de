"""What can be done with the API in asyncio: videos, tasks, files and callbacks of a client."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, overload

from foxapi_video import event_loops as world
from foxapi_video import settings as setup
from foxapi_video.async_runner import AsyncRunner
from foxapi_video.settings import OMITTED, Omitted
from foxapi_video.steps import AsyncOnProgress, OnBytes

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from foxapi_video.tasks import StoredFile, Task
    from foxapi_video.waiting import Polling
    from foxapi_video_client.keywords import TypedCalls
    from foxapi_video_client.types import Model


class AsyncVideoCalls:
    """Create and generate, as they run. What type checkers read of them is generated."""

    _runner: AsyncRunner

    async def create(
        self,
        body: Model | Mapping[str, Any] | None = None,
        *,
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = OMITTED,
        **fields: Any,
    ) -> Task:
        """Start a generation, which is paid for, and give its task without waiting for it.

        Documentation pages: the page of each model.

        Args:
            body: A request variant such as Veo31FastRequest, or the same as a mapping of JSON
                values. It is checked before it is sent. Where an address is wanted, a `Path` or an
                open binary file is uploaded first, as Files.upload does, with `auto_cleanup=False`.
            extra_body: Fields that are newer than the documentation known here. They are sent with
                the body, and only the body is checked.
            check: Whether to check it; the client's `check` where it is left out. Unchecked, a
                model may be sent that is newer than the documentation known here.
            deadline: Seconds that the whole call may take, with its attempts, the waits between
                them and the upload of files; None for no limit; the client's where it is left out.
            fields: The fields by keyword, `model` among them, in place of a body.

        Raises:
            InvalidRequest: The documentation does not allow the body. Nothing was sent.
            OutcomeUnknown: It may have been accepted. It was not sent again.
            APIStatusError: The server refuses it. Nothing is paid for.
            APIConnectionError: The connection was never made. Nothing is paid for.
        """
        from foxapi_video import calls, local_files

        settings = setup.changed(self._runner.settings, check=check, deadline=deadline)
        given = calls.one_body(body, fields)
        return await self._runner.run(local_files.create(settings, given, extra_body))

    async def generate(
        self,
        body: Model | Mapping[str, Any] | None = None,
        *,
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = OMITTED,
        timeout: float | None = setup.WAIT,
        polling: Polling | None = None,
        on_progress: AsyncOnProgress | None = None,
        **fields: Any,
    ) -> Task:
        """Start a generation and wait until it ends: create, then Tasks.wait.

        Args:
            body: As of create.
            extra_body: As of create.
            check: As of create.
            deadline: As of create; the wait has `timeout`.
            timeout: Seconds to wait for the end, once it is created; None for no limit.
            polling: How often to ask; as the client is set up where it is left out.
            on_progress: Called with the task once it is created and each time it was asked for; may
                be a coroutine function.
            fields: As of create.

        Returns:
            The completed task.

        Raises:
            TaskFailed: It failed; TaskCancelled where it was cancelled.
            TaskTimeout: It did not end in time, and goes on.
            FoxAPIError: As of create and Tasks.wait; `task_id` names the task if there is one.
        """
        from foxapi_video import calls, local_files, waiting

        settings = setup.changed(self._runner.settings, check=check, deadline=deadline)
        return await self._runner.run(
            waiting.generate(
                settings,
                local_files.create(settings, calls.one_body(body, fields), extra_body),
                timeout=timeout,
                polling=polling,
                on_progress=world.callback(on_progress),
            )
        )


if TYPE_CHECKING:
    _Calls = TypedCalls[Coroutine[Any, Any, Task], Polling, AsyncOnProgress, Omitted]
else:
    _Calls = AsyncVideoCalls


class AsyncVideos(_Calls):
    """Create, generate and download videos."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    @overload
    async def download(  # type: ignore[overload-overlap]  # a text is one id, not many
        self,
        source: Task | str,
        target: str | Path,
        *,
        result: int = 0,
        overwrite: bool = False,
        allow_internal: bool = False,
        timeout: float | None = 3600.0,
        on_bytes: OnBytes | None = None,
    ) -> Path: ...
    @overload
    async def download(
        self,
        source: Iterable[Task | str],
        target: str | Path,
        *,
        overwrite: bool = False,
        allow_internal: bool = False,
        timeout: float | None = 3600.0,
        on_bytes: OnBytes | None = None,
    ) -> list[Path]: ...
    async def download(
        self,
        source: Task | str | Iterable[Task | str],
        target: str | Path,
        *,
        result: int = 0,
        overwrite: bool = False,
        allow_internal: bool = False,
        timeout: float | None = 3600.0,
        on_bytes: OnBytes | None = None,
    ) -> Path | list[Path]:
        """Save a result of a task, or all results of tasks. Links are valid for 24 hours.

        Each goes to a temporary file beside the target, is resumed after a break, and gets its name
        only when it is complete. The key is not sent along. Documentation page: get-task-detail.

        Args:
            source: A completed task, its id, or the link itself; or a list of
                completed tasks or their ids.
            target: Where to save it. For a list a folder, which is made where there is none; each
                file is named after its task, with a number where the task has several results.
            result: Which of the results, from 0; of a list all are saved.
            overwrite: Whether to replace a file that is there. Of a list, such a file is left as it
                is otherwise, so that the same call again saves what is missing.
            allow_internal: Whether the link and redirects may lead to hosts that are not public.
            timeout: Seconds for each download as a whole; None for no limit.
            on_bytes: Called with the bytes so far and in all, or None where that is not known.

        Returns:
            The target; for a list the files.

        Raises:
            LinkExpired: The link no longer works.
            AddressRefused: The link or a redirect leads where it must not.
            DownloadError: It could not be saved, or the task is not completed.
            FoxAPIError: As of Tasks.get, where the source is an id.
        """
        from foxapi_video import downloads

        plan = downloads.download(
            self._runner.settings,
            source,
            target,
            result=result,
            overwrite=overwrite,
            allow_internal=allow_internal,
            timeout=timeout,
            on_bytes=on_bytes,
        )
        return await self._runner.run(plan)


class AsyncTasks:
    """Follow generations."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def get(self, task: Task | str, *, sync_upstream: bool | None = None) -> Task:
        """Query a task. Documentation page: get-task-detail.

        Args:
            task: The task, or its id.
            sync_upstream: Whether the server is first to ask the model's provider.

        Raises:
            NotFoundError: There is no such task.
            UnreadableAnswerError: The answer is no task, or another one than was asked for.
            APIStatusError: The server refuses.
            APIConnectionError: No answer came.
        """
        from foxapi_video import calls

        plan = calls.get(self._runner.settings, calls.id_of(task), sync_upstream=sync_upstream)
        return await self._runner.run(plan)

    async def wait(
        self,
        task: Task | str,
        *,
        timeout: float | None = setup.WAIT,
        polling: Polling | None = None,
        on_progress: AsyncOnProgress | None = None,
    ) -> Task:
        """Wait until a task ends; also one that an earlier process created.

        What may pass is waited out: 429, 5xx, broken connections, unreadable answers, and pages of
        a proxy with any 4xx but 401 and 407. Cancelling the wait leaves the task to go on.

        Args:
            task: The task, or its id.
            timeout: Seconds to wait; None for no limit.
            polling: How often to ask; as the client is set up where it is left out.
            on_progress: Called with the task each time it was asked for; may be a coroutine
                function.

        Returns:
            The completed task.

        Raises:
            TaskFailed: It failed; TaskCancelled where it was cancelled.
            TaskTimeout: It did not end in time, and goes on.
            APIStatusError: The server refuses to tell.
        """
        from foxapi_video import calls, waiting

        return await self._runner.run(
            waiting.wait(
                self._runner.settings,
                calls.id_of(task),
                timeout=timeout,
                polling=polling,
                on_progress=world.callback(on_progress),
            )
        )


class AsyncFiles:
    """Upload files, so that a request can name them. Documentation page: file-upload."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def upload(
        self,
        file: str | Path | bytes | IO[bytes],
        *,
        file_name: str | None = None,
        auto_cleanup: bool | None = None,
        on_bytes: OnBytes | None = None,
    ) -> StoredFile:
        """Upload a file of this machine.

        Args:
            file: Its path, its bytes, or a binary file, which is read from its start.
            file_name: The name to store it under.
            auto_cleanup: Whether older files may be deleted to make room; the server does when it
                is left out.
            on_bytes: Called with the bytes of the request that were taken so far, and in all. An
                attempt that is made again begins anew.

        Raises:
            InvalidRequest: The file can't be read.
            StorageFullError: Storage is full and auto_cleanup is false.
            APIStatusError: The server refuses.
            APIConnectionError: No answer came.
        """
        from foxapi_video.uploads import upload

        return await self._runner.run(
            upload(
                self._runner.settings,
                file,
                file_name=file_name,
                auto_cleanup=auto_cleanup,
                on_bytes=on_bytes,
            )
        )

    async def upload_base64(
        self, file_data: str, *, file_name: str | None = None, auto_cleanup: bool | None = None
    ) -> StoredFile:
        """Upload base64 text. As upload otherwise."""
        from foxapi_video.uploads import upload_base64

        return await self._runner.run(
            upload_base64(
                self._runner.settings, file_data, file_name=file_name, auto_cleanup=auto_cleanup
            )
        )

    async def upload_url(
        self, file_url: str, *, file_name: str | None = None, auto_cleanup: bool | None = None
    ) -> StoredFile:
        """Have the server fetch a file behind an address and store it. As upload otherwise."""
        from foxapi_video.uploads import upload_url

        return await self._runner.run(
            upload_url(
                self._runner.settings, file_url, file_name=file_name, auto_cleanup=auto_cleanup
            )
        )


class AsyncCallbacks:
    """Confirm what a callback claims. `foxapi_video.callbacks` reads and receives them."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def confirm(self, body: bytes | str) -> Task:
        """Query the task that a callback is about: no signature is documented, so it may be forged.

        Args:
            body: The body of the callback.

        Returns:
            The task in the server's own words.

        Raises:
            InvalidCallback: The body is no task.
            FoxAPIError: As of Tasks.get.
        """
        from foxapi_video import callbacks

        return await self._runner.run(callbacks.confirm(self._runner.settings, body))
