"""The words for kinds of characters: `letters, digits and underscores`, `小写字母和数字`."""

from __future__ import annotations

import re

# What a kind is called, and the part of a set that it is; the longest of two that fit comes first.
_KINDS = (
    (r"(?:upper|lower)(?:[- ]?case)?(?:/| and | or )(?:upper|lower)[- ]?case letters?", "A-Za-z"),
    (r"大小写(?:英文)?字母", "A-Za-z"),
    (r"lower[- ]?case hex(?:adecimal)?(?: digits?| characters?)?|小写十六进制字符?", "0-9a-f"),
    (r"upper[- ]?case hex(?:adecimal)?(?: digits?| characters?)?|大写十六进制字符?", "0-9A-F"),
    (r"hex(?:adecimal)?(?: digits?| characters?)?|十六进制字符?", "0-9a-fA-F"),
    (r"lower[- ]?case alphanumerics?(?: characters?)?", "a-z0-9"),
    (r"alphanumerics?(?: characters?)?|alphanumerical characters?", "A-Za-z0-9"),
    (r"(?:lower[- ]?case|small)(?: latin| english| ascii)? (?:letters?|characters?)", "a-z"),
    (r"小写(?:英文|拉丁)?字母", "a-z"),
    (r"(?:upper[- ]?case|capital)(?: latin| english| ascii)? (?:letters?|characters?)", "A-Z"),
    (r"大写(?:英文|拉丁)?字母", "A-Z"),
    (r"(?:(?:latin|english|ascii|basic|plain) )?letters?|(?:英文|拉丁)?字母", "A-Za-z"),
    (r"a ?(?:-|–|to) ?z", "A-Za-z"),
    (r"(?:decimal )?(?:digits?|numerals?)|numbers|(?:阿拉伯)?数字|0 ?(?:-|–|to) ?9", "0-9"),
    (r"underscores?|下划线", "_"),
    (r"hyphens?|dash(?:es)?|minus signs?|连字符|[中短]?[横划]线|减号", "-"),
    (r"spaces?|blanks?|空格", " "),
    (r"dots?|periods?|full stops?|句?点号?", "."),
    (r"colons?|冒号", ":"),
    (r"slash(?:es)?|斜[杠线]", "/"),
    (r"[\"'](?P<quoted>[^\w\s])[\"']|(?P<bare>[_.-](?=[,;.) ]|$))", ""),
)
_SIGN = r"(?: ?\([\"']?[^\w\s()][\"']?\))?"
_KIND = f"(?:{'|'.join(re.sub(r'[?]P<[a-z]+>', '?:', kind) for kind, _ in _KINDS)}){_SIGN}"
_JOINT = r"(?:,? ?(?:and|or|as well as|plus|及|和|与|或|以及|、|/|,) ?)"
# A list of such words; a word that goes on is none of them.
CHARS = rf"(?<![A-Za-z0-9])(?:the )?{_KIND}(?:{_JOINT}{_KIND}){{0,8}}(?![A-Za-z0-9])"
SEVERAL = rf"(?<![A-Za-z0-9])(?:the )?{_KIND}(?:{_JOINT}{_KIND}){{1,8}}(?![A-Za-z0-9])"
ENDS_IN_KIND = re.compile(rf"(?<![A-Za-z0-9]){_KIND}[,、] ?$", re.IGNORECASE)
_READ = [(re.compile(kind, re.IGNORECASE), part) for kind, part in _KINDS]


def literal(text: str) -> str:
    """A text as a pattern has it; a hyphen outside of a set is no sign."""
    return re.escape(text).replace(r"\-", "-")


def set_of(words: str) -> str:
    """The set of characters that words list, as a pattern has it: `[A-Za-z0-9_-]`."""
    found: list[str] = []
    at = 0
    while at < len(words):
        for kind, part in _READ:
            match = kind.match(words, at)
            if match:
                sign = "" if part else match["quoted"] or match["bare"]
                found.append(part or sign)
                at = match.end()
                break
        else:
            at += 1
    parts = [part for part in dict.fromkeys(found) if part not in ("-", "]", "\\", "^")]
    escaped = [f"\\{part}" for part in dict.fromkeys(found) if part in ("]", "\\", "^")]
    return f"[{''.join([*parts, *escaped])}{'-' if '-' in found else ''}]"
