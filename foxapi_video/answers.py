"""What can be learnt from an answer that is not as it should be: a page, broken off, too deep."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from foxapi_video.errors import FoxAPIError
from foxapi_video.json_values import is_id, member, parsed, readable

if TYPE_CHECKING:
    from foxapi_video.settings import Key
    from foxapi_video.steps import Answer

log = logging.getLogger("foxapi_video")
# Whether whoever makes the calls that may be cancelled notes down what becomes of them.
notes_down: ContextVar[bool] = ContextVar("notes_down", default=False)
_MOST_WORDS = 160
# Compiled when first used, which re remembers: no good answer needs them.
_MARKUP = r"(?is)<(script|style)\b.*?(?:</\1\s*>?|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>"
# A member `id` whose value is text, any other text, or a bracket.
_TEXT = r'"[^"\\]*+(?:\\.?[^"\\]*+)*+(?:"|\Z)'
_TOKEN = rf'(?s)"id"\s*+:\s*+(?P<id>"[^"\\]*+(?:\\.[^"\\]*+)*+")|{_TEXT}|[\[\]{{}}]'
_OBJECT = r'\{\s*+"'
_MOST_SEARCHED = 2**18


def said(answer: Answer) -> object:
    """The JSON values of an answer, or None where it is not JSON."""
    try:
        return parsed(answer.body)
    except ValueError:
        return None


def headers_of(key: Key, answer: Answer) -> dict[str, str]:
    """The headers of an answer as tasks and errors keep them, without the key and cookies."""
    return {
        name: key.redact(value) for name, value in answer.headers.items() if name != "set-cookie"
    }


def first_words(key: Key, body: Any) -> str:
    """How the body of an answer begins, as an error keeps it, without the markup of a page."""
    from html import unescape

    text = body if isinstance(body, str) else json.dumps(body)[:4096]
    # Without tags and entities the key may show that was hidden by them.
    words = readable(key.redact(unescape(re.sub(_MARKUP, " ", text))), _MOST_WORDS)
    return repr(words) if words else "nothing"


def named_task(key: Key, body: bytes) -> str | None:
    """The id that an answer names a task by, also where the rest of it is broken or too deep."""
    try:
        found = member(json.loads(body), "id")
    except (ValueError, RecursionError):
        found = _searched(body)
    return str(key.redact(found)) if is_id(found) else None


def note_task(error: BaseException, key: Key, body: bytes) -> None:
    """Have what interrupts a call carry the task that its answer names, if it names one."""
    task_id = named_task(key, body)
    if task_id is not None:
        note_id(error, task_id, f"The answer names the task {task_id}: tasks.wait waits for it.")


def interrupts(error: BaseException, note: str) -> None:
    """Have what interrupts a call carry a note; of a cancellation it is logged too.

    A TaskGroup cancels the other calls when one fails, and drops the errors that they end in.
    """
    error.add_note(note)
    if type(error).__name__ == "CancelledError" and not notes_down.get():
        log.warning("%s", note)


def note_id(error: BaseException, task_id: str, note: str) -> None:
    """Have what interrupts a call carry the id of its task, where task_id_of looks for it."""
    interrupts(error, note)
    if not isinstance(error, FoxAPIError):
        vars(error).setdefault("task_id", task_id)  # as errors of this package have it


def _searched(body: bytes) -> object:
    """The id in what is no JSON as a whole: it broke off, or a warning of the server is before."""
    # What is no text gets escapes that JSON does not have.
    text = body.decode(json.detect_encoding(body), errors="backslashreplace")
    depth = 0
    begins = re.search(_OBJECT, text)
    start = begins.start() if begins else len(text)
    for token in re.compile(_TOKEN).finditer(text, start, start + _MOST_SEARCHED):
        if depth == 1 and token["id"]:
            try:
                return json.loads(token["id"])
            except ValueError:
                return None
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
    return None
