"""Decodes the text of a page, refuses what is too large, and gives lines one spelling."""

from __future__ import annotations

import functools
import html
import re
import unicodedata

from documentation.fact import PageError

MOST_BYTES = 1 << 20
MOST_LINES = 10_000
MOST_LINE = 20_000
MOST_DIGITS = 100

CJK = "\u3400-\u9fff"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BESIDE_CJK = re.compile(f"(?<=[{CJK}。、]) +| +(?=[{CJK}。、])")
_MINUS = re.compile(r"\u2212(?=[\d.])")
_ELLIPSIS = re.compile(r"(?<=\d) ?(?:\.{2,3}|\u2026) ?(?=-?\d)")
_DIGITS = re.compile(rf"\d{{{MOST_DIGITS + 1}}}")
_ENTITY = re.compile("&(?:lt|gt|amp|quot|nbsp|#39);")
_MARKUP = re.compile(r"^\s*(?:<!doctype\s|<html[\s>]|<\?xml\s|<svg[\s>])", re.IGNORECASE)


def decode(raw: bytes) -> str:
    """The text of a page, or a one-line refusal of what can't be one."""
    if len(raw) > MOST_BYTES:
        raise PageError(f"the page is larger than {MOST_BYTES >> 10} KiB")
    if b"\0" in raw:
        raise PageError("the page is binary, not text")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PageError("the page is not UTF-8 text") from None
    if not text.strip():
        raise PageError("the page is empty")
    if text.count("\n") + text.count("\r") > MOST_LINES:
        raise PageError(f"the page has more than {MOST_LINES} lines")
    if _MARKUP.match(text):
        raise PageError("the page is HTML or XML; save its text, or give the address of its .md")
    if len(_CONTROL.findall(text)) > 3 + len(text) // 100:
        raise PageError("the page is binary, not text")
    return text


def without_entities(text: str) -> str:
    """A text with the characters that HTML spells: `string&lt;uri&gt;` in a table's cell."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def lines_of(text: str) -> list[str]:
    """Stripped lines without the characters that can't be seen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = _MINUS.sub("-", text)
    visible = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return [bounded(line.strip(" \f\v")) for line in visible.split("\n")]


def bounded(line: str) -> str:
    """The line itself; a page is refused for a line, or a number in one, that is too long."""
    if len(line) > MOST_LINE:
        raise PageError(f"the page has a line of more than {MOST_LINE} characters")
    if len(line) > MOST_DIGITS and _DIGITS.search(line):
        raise PageError(f"the page has a number of more than {MOST_DIGITS} digits")
    return line


@functools.lru_cache(maxsize=4096)
def normal(line: str) -> str:
    """One spelling for rules and labels: half-width, single spaces, none beside Chinese."""
    if not line.isascii():
        line = unicodedata.normalize("NFKC", line)
    line = _ELLIPSIS.sub(" to ", line)
    line = re.sub(r"[ \u2009\u202f]+", " ", line.replace("`", "").replace("**", "")).strip()
    return bounded(_BESIDE_CJK.sub("", line))
