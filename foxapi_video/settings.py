"""What a client is set up with, checked once; and the key, which no repr or pickle shows."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeGuard

from foxapi_video.errors import ConfigurationError
from foxapi_video.http import httpx
from foxapi_video.json_values import is_list, is_object
from foxapi_video.options import MOST, RetryPolicy, check_flag, is_number

if TYPE_CHECKING:
    from foxapi_video.waiting import Polling

BASE_URL = "https://api.foxapi.cc"
TIMEOUT = 60.0
# A video may take many minutes; after half an hour somebody is to look.
WAIT = 1800.0
# What is refused is refused early.
FIRST_POLL = 2.0
_REDACTED = "[key]"
# A placeholder as short as this is no secret, and may be part of any word.
_TELLING = 8
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEADER_VALUE = r"[!-~]([\t -~]*[!-~])?|"


class Omitted:
    """The type of OMITTED, an option that is left out where None says something else."""

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED: Final = Omitted()
_LIMITS = frozenset({"timeout", "deadline"})
# They say where a body ends and how it is packed, which follows from what is sent.
_FRAMING = frozenset({"content-length", "content-encoding", "transfer-encoding"})


class Key(httpx.Auth):
    """The API key. It signs requests and redacts itself in texts; it shows itself nowhere."""

    __slots__ = ("__value",)

    def __init__(self, value: str | None) -> None:
        """Take the key, or that of the environment where it is None.

        Raises:
            ConfigurationError: There is none, or it can't be one.
        """
        wrong = _wrong_with_key(os.environ.get("FOXAPI_API_KEY", "") if value is None else value)
        if not wrong:
            self.__value = (value or os.environ["FOXAPI_API_KEY"]).strip()
        del value  # a traceback may show what a frame holds
        if wrong:
            raise ConfigurationError(wrong)

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {self.__value}"
        yield request

    def redact(self, value: Any) -> Any:
        """The JSON value with every trace of the key redacted."""
        if isinstance(value, str):
            return (
                value.replace(self.__value, _REDACTED) if len(self.__value) >= _TELLING else value
            )
        if is_object(value):
            return {self.redact(name): self.redact(item) for name, item in value.items()}
        if is_list(value):
            return [self.redact(item) for item in value]
        return value

    def may_be_in(self, body: bytes) -> bool:
        """Whether JSON may hold the key: as it is, in escapes, or in an encoding of more bytes."""
        return self.__value.encode() in body or b"\\" in body or b"\0" in body

    def __repr__(self) -> str:
        return f"Key({_REDACTED})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a client is set up with; it is a ConfigurationError where a value can't be one.

    Attributes:
        key: The API key.
        base_url: Where the API is; without a slash at the end.
        timeout: Seconds that one attempt of a call may take, from connecting to the last byte of
            the answer; None for no limit.
        retry_policy: When a call is sent again.
        deadline: Seconds that a whole call may take with all its attempts, or None for no limit.
        check: Whether a request is held to the documentation before it is sent.
        headers: Further headers of every call, their names in lower case.
        polling: How often a task is asked for, where a wait says nothing; None for the usual.
        clock: Seconds that only go up.
        draw: A number from 0 to 1, by chance.
    """

    key: Key
    base_url: str = BASE_URL
    timeout: float | None = TIMEOUT
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    deadline: float | None = None
    check: bool = True
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    polling: Polling | None = None
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    draw: Callable[[], float] = field(default=random.random, repr=False)

    def __post_init__(self) -> None:
        check_flag("check", self.check)
        given = {
            "base_url": checked_base_url(self.base_url),
            "timeout": checked_timeout(self.timeout),
            "retry_policy": checked_retries(self.retry_policy),
            "deadline": checked_timeout(self.deadline, "deadline"),
            "headers": checked_headers(self.headers),
        }
        for name, value in given.items():
            object.__setattr__(self, name, value)


def changed(settings: Settings, **options: Any) -> Settings:
    """A copy with what is not left out changed, of one call or of many.

    Only of the limits None says something: that there is none. Headers are added to those there
    are.

    Raises:
        ConfigurationError: A value can't be one.
    """
    given = {
        name: value
        for name, value in options.items()
        if value is not OMITTED and (value is not None or name in _LIMITS)
    }
    if "headers" in given:
        given["headers"] = {**settings.headers, **checked_headers(given["headers"])}
    return replace(settings, **given) if given else settings


def base_url_of(given: str | None) -> str:
    """The address that a client is made with, or that of the environment, or the public one."""
    return os.environ.get("FOXAPI_BASE_URL", BASE_URL) if given is None else given


def checked_base_url(text: str) -> str:
    """The address without a slash at its end.

    Raises:
        ConfigurationError: It is no http or https address, or carries user-info or a query.
    """
    try:
        url = httpx.URL(text)
        host = url.host  # only now httpx reads a name such as xn--
    except (httpx.InvalidURL, TypeError, UnicodeError):
        url, host = httpx.URL(""), ""
    if url.scheme not in ("http", "https") or not host:
        raise ConfigurationError(
            f"the base URL is an address such as {BASE_URL}: see base_url and FOXAPI_BASE_URL"
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("the base URL has user-info, a query or a fragment: leave it out")
    return str(url).rstrip("/")


def checked_timeout(seconds: float | None, name: str = "timeout") -> float | None:
    """The seconds, or None for no limit.

    Raises:
        ConfigurationError: It is not above 0, or longer than the system can count.
    """
    if seconds is not None and not (is_number(seconds) and 0 < seconds <= MOST):
        raise ConfigurationError(
            f"a {name} is a number of seconds above 0 and up to {MOST:.0f}, not {seconds!r}"
        )
    return seconds


def checked_limit(seconds: object) -> None:
    """See that it is the seconds that a wait or a download may take in all, or None for no limit.

    Raises:
        ConfigurationError: It is no number, or below 0.
    """
    if seconds is not None and not (is_number(seconds) and seconds >= 0):
        raise ConfigurationError(
            f"a timeout is a number of seconds from 0, or None, not {seconds!r}"
        )


def checked_retries(retries: int | RetryPolicy) -> RetryPolicy:
    """The policy, or the usual one with that many retries.

    Raises:
        ConfigurationError: It is no whole number, or negative.
    """
    return retries if isinstance(retries, RetryPolicy) else RetryPolicy(retries=retries)


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with their names in lower case, so that one replaces another of its name.

    Raises:
        ConfigurationError: One can't be a header.
    """
    checked: dict[str, str] = {}
    if not isinstance(headers, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("headers are a mapping of names to values")
    for name, value in headers.items():
        if not is_token(name) or not _is_text(value, _HEADER_VALUE):
            raise ConfigurationError(f"the header {name!r} has a name or a value that can't be one")
        if name.lower() in _FRAMING:
            raise ConfigurationError(f"the header {name!r} is for the client to say: leave it out")
        checked[name.lower()] = value
    return checked


def _wrong_with_key(value: object) -> str | None:
    if not isinstance(value, str):
        return "the API key is text (it is not shown)"
    if not value.strip():
        return "there is no API key: pass api_key, or set FOXAPI_API_KEY in the environment"
    if not value.isascii() or not value.isprintable() or " " in value.strip():
        return "the API key has characters that no key has (it is not shown)"
    return None


def is_token(value: object) -> TypeGuard[str]:
    """Whether it can be the name of a header, or a method."""
    return _is_text(value, _NAME)


def _is_text(value: object, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None
