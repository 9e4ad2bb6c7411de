"""What the API answers to each request, as the documentation says. No HTTP library is needed.

Bodies are judged by the schemas that the generated client ships, as the package judges them before
it sends: so a request that the package is told not to check is refused here as the service would.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from foxapi_video import checking
from foxapi_video.json_values import is_object
from foxapi_video.testing.behaviours import Reply
from foxapi_video.testing.states import CREATED, STATES, PretendTask
from foxapi_video.testing.video import VIDEO, part_of

CREATE = "videos/generations"
RESULTS = "https://results.example.com/"
FILES = "https://files.example.com/"
_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found",
    422: "invalid_request_error",
}
_UPLOADS = {
    "files/upload/stream": "FileStreamUpload",
    "files/upload/base64": "FileBase64Upload",
    "files/upload/url": "FileUrlUpload",
}


@dataclass(frozen=True)
class Received:
    """A request as the API got it.

    Attributes:
        method: The HTTP method.
        url: The whole address.
        headers: The headers, their names in lower case, without the one that holds the key.
        body: The body.
        signed: Whether there was a key.
    """

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    signed: bool = True

    @property
    def json(self) -> Any:
        """The body as JSON values.

        Raises:
            ValueError: It is no JSON.
        """
        return json.loads(self.body)

    @property
    def path(self) -> str:
        """The path, without the query."""
        _, _, rest = self.url.partition("://")
        return "/" + rest.partition("?")[0].partition("/")[2]

    @property
    def call(self) -> str:
        """Which call it is: create, get, upload, download, or other."""
        name = self.path.partition("/v1/")[2]
        if self.method == "GET" and self.url.startswith(RESULTS):
            return "download"
        if self.method == "GET" and name.startswith("tasks/"):
            return "get"
        if self.method == "POST" and name in _UPLOADS:
            return "upload"
        return "create" if self.method == "POST" and name == CREATE else "other"


class Service:
    """The API: its tasks, and what it answers.

    Attributes:
        tasks: Every task that was created, by its id.
        checks: Whether the documentation is held to: else any object with a model is taken.
    """

    def __init__(self, states: tuple[str, ...] = STATES, *, checks: bool = True) -> None:
        self.tasks: dict[str, PretendTask] = {}
        self.checks = checks
        self._states = states
        self._next: list[tuple[tuple[str, ...], dict[str, Any] | None]] = []
        self._files = 0

    def next_task(self, states: tuple[str, ...], error: dict[str, Any] | None) -> None:
        """Have the next task that has no states of its own yet pass through these."""
        self._next.append((states, error))

    def answer(self, request: Received) -> Reply:
        """What the API answers."""
        call = request.call
        if call == "download":
            return self._download(request)
        if not request.signed:
            return refused(401, "The API key is missing or not valid.")
        if call == "get":
            return self._get(request)
        if call == "upload":
            return self._upload(request)
        return self._create(request) if call == "create" else refused(404, "There is no such call.")

    def _create(self, request: Received) -> Reply:
        body = _object(request)
        if isinstance(body, Reply):
            return body
        wrong = checking.check(body) if self.checks else []
        if wrong:
            return refused(422, "; ".join(map(str, wrong)))
        task_id = f"task-pretend-{len(self.tasks) + 1}"
        states, error = self._next.pop(0) if self._next else (self._states, None)
        task = PretendTask(task_id, body, states, url=f"{RESULTS}{task_id}.mp4", error=error)
        self.tasks[task_id] = task
        return as_json(task.to_json())

    def _get(self, request: Received) -> Reply:
        upstream = parse_qs(request.url.partition("?")[2]).get("sync_upstream", ["true"])
        if upstream not in (["true"], ["false"]):
            return refused(422, "sync_upstream is true or false.")
        task = self.tasks.get(unquote(request.path.rpartition("/")[2]))
        if task is None:
            return refused(404, "There is no task of this id.")
        task.move_on()
        return as_json(task.to_json())

    def _upload(self, request: Received) -> Reply:
        is_form = request.path.endswith("/stream")
        body = _form(request) if is_form else _object(request)
        if isinstance(body, Reply):
            return body
        wrong = checking.violations(_UPLOADS[request.path.partition("/v1/")[2]], body)
        if wrong:
            return refused(422, "; ".join(map(str, wrong)))
        self._files += 1
        name = body.get("file_name", f"file-{self._files}")
        stored = {
            "id": f"file-pretend-{self._files}",
            "filename": name,
            "url": f"{FILES}{self._files}/{quote(name)}",
            "created": CREATED,
        }
        return as_json(stored | ({"size": len(body["file"])} if is_form else {}))

    def _download(self, request: Received) -> Reply:
        task_id = request.path.rpartition("/")[2].removesuffix(".mp4")
        if task_id not in self.tasks:
            return refused(404, "There is no such file.")
        headers = {"Content-Type": "video/mp4", "Accept-Ranges": "bytes", "ETag": '"pretend-1"'}
        wanted = request.headers.get("range")
        if request.headers.get("if-range", headers["ETag"]) != headers["ETag"]:
            wanted = None  # of another version
        part = part_of(VIDEO, wanted)
        if part is None:
            return Reply(416, b"", {**headers, "Content-Range": f"bytes */{len(VIDEO)}"})
        begin, end = part
        if end - begin == len(VIDEO):
            return Reply(200, VIDEO, headers)
        covers = f"bytes {begin}-{end - 1}/{len(VIDEO)}"
        return Reply(206, VIDEO[begin:end], {**headers, "Content-Range": covers})


def as_json(said: object) -> Reply:
    """A success that says this."""
    return Reply(200, json.dumps(said).encode())


def refused(status: int, message: str) -> Reply:
    """An error in the API's words."""
    error = {"message": message, "type": _KINDS[status]}
    return Reply(status, json.dumps({"error": error}).encode())


def _object(request: Received) -> dict[str, Any] | Reply:
    """The JSON object that a request has for its body, or what is answered where it has none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return refused(400, "The content type is not application/json.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return refused(400, "The body is not JSON.")
    return body if is_object(body) else refused(422, "The body is no object.")


def _form(request: Received) -> dict[str, Any] | Reply:
    """The fields of a form as JSON values, or what is answered where there is no form."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return refused(400, "The content type is not multipart/form-data.")
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.body)
    fields: dict[str, Any] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        fields[str(name)] = _value(part, is_file=name == "file")
    return fields


def _value(part: Message, *, is_file: bool) -> object:
    content = part.get_payload(decode=True)
    text = content.decode("latin-1" if is_file else "utf-8") if isinstance(content, bytes) else ""
    return {"true": True, "false": False}.get(text, text) if not is_file else text
