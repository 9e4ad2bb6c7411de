"""What Prism is asked in the place of a request that would make it exit or wait for ever.

What Prism would judge says the same afterwards. What it can't be asked is refused as the pages
document it.
"""

from __future__ import annotations

import io
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from contract_tests.mock.exchange import MOST_BYTES, Headers, Request

FORM = "multipart/form-data"
# Node reads few others, and closes the connection after CONNECT.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_ORIGIN = re.compile(r"^https?://[^/?#]+(?=/)", re.IGNORECASE)  # as a client of a proxy asks
_BEARER = re.compile(rb"\Abearer(?= )", re.IGNORECASE)  # Prism knows one spelling
_JSON_TYPE = re.compile(r"application/(json|[^/]+\+json)")
# Prism exits on an Accept that is no media range. The others have nothing that it reads.
_PASSED_ON = (
    b"authorization",
    b"prefer",
    b"origin",
    b"access-control-request-method",
    b"access-control-request-headers",
)


class RefusedError(Exception):
    """Why Prism is not asked, for people: the request is no HTTP or no JSON, or is too large."""


@dataclass(frozen=True)
class Sanitized:
    """A request that Prism survives.

    Attributes:
        method: The method as Prism is asked.
        segments: The segments of the path as they are meant, without percent-encoding.
        query: The parameters of the query, with what is meant.
        target: The path and the query as Prism is asked.
        headers: The headers as Prism is asked.
        body: The body as Prism is asked.
        value: The value of a JSON body.
    """

    method: str
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    target: str
    headers: Headers
    body: bytes
    value: Any = None


def sanitized(request: Request) -> Sanitized:
    """What to ask Prism in the place of a request.

    Raises:
        RefusedError: Prism can't be asked.
    """
    path, _, query = _ORIGIN.sub("", request.target, count=1).partition("?")
    if not path.startswith("/"):
        raise RefusedError("The address is no path.")
    segments = tuple(_decoded(segment) for segment in path[1:].split("/"))
    # Prism gives up the dots, and reads the name of a server after two slashes.
    asked = ["-" if segment in (".", "..") else quote(segment, safe="") for segment in segments]
    if asked[0] == "" and len(asked) > 1:
        asked[0] = "-"
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise RefusedError("The query is not UTF-8, or has too many fields.") from None
    target = "/" + "/".join(asked) + (f"?{urlencode(pairs)}" if pairs else "")
    headers = [(name, request.headers[name]) for name in _PASSED_ON if name in request.headers]
    headers = [(name, _BEARER.sub(b"Bearer", value, count=1)) for name, value in headers]
    if request.body is None:
        raise RefusedError(f"The body is larger than {MOST_BYTES // 2**20} MiB.")
    body, value = request.body, None
    if body and b"content-type" in request.headers:
        given = request.headers[b"content-type"].decode("latin-1")
        media_type, options = parse_options_header(given)
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise RefusedError("The content type is no media type.")
        if media_type == FORM and options.get("boundary"):
            body, media_type = _form(body, options["boundary"].encode("latin-1", "replace"))
        elif _JSON_TYPE.fullmatch(media_type):
            value = _json(body)
        headers.append((b"content-type", media_type.encode()))
    method = request.method if request.method in _METHODS else "TRACE"  # which no page has either
    return Sanitized(method, segments, tuple(pairs), target, headers, body, value)


def _decoded(segment: str) -> str:
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        raise RefusedError("The path is not UTF-8.") from None


def _json(body: bytes) -> Any:
    """The value of a body. Numbers stay text: they may have more digits than Python reads."""

    def refuse(_: str) -> NoReturn:
        raise ValueError

    try:
        return json.loads(body.decode(), parse_int=str, parse_float=str, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise RefusedError("The body is not JSON.") from None


def _form(body: bytes, boundary: bytes) -> tuple[bytes, str]:
    """A form as Prism reads it, and its content type.

    Prism takes a file for a text, decodes percent-encoding in names and texts, and exits on a part
    with a file name but no content type.
    """
    parser = MultiPartParser(max_form_memory_size=None, max_form_parts=1000)
    try:
        fields, files = parser.parse(io.BytesIO(body), boundary, len(body))
    except (ValueError, RequestEntityTooLarge):
        raise RefusedError("The form can't be read.") from None
    parts = [(name, quote(text, safe="").encode()) for name, text in fields.items(multi=True)]
    parts += [(name, file.stream.read()) for name, file in files.items(multi=True)]
    own = secrets.token_hex(16).encode()
    written = bytearray()
    for name, content in parts:
        if name is None:
            raise RefusedError("A part of the form has no name.")
        head = f'Content-Disposition: form-data; name="{quote(name, safe="")}"'
        written += b"--%s\r\n%s\r\n\r\n%s\r\n" % (own, head.encode(), content)
    written += b"--%s--\r\n" % own
    return bytes(written), f"{FORM}; boundary={own.decode()}"
