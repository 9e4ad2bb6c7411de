"""What pages say of an address as the pattern of a schema: its scheme, and internal hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PUBLIC = ("example.com", "10.example.com", "127.0.0.1.example.com", "8.8.8.8", "172.32.0.1")

# The parts of an address by RFC 3986, so that `format: uri` says nothing more. A repetition stands
# in no other one: some validators refuse such a pattern as one that may take for ever.
_HEX = "%[0-9A-Fa-f][0-9A-Fa-f]"
_USER = f"(?:(?:[!\\x24&-.0-;=A-Z_a-z~]|{_HEX})*@|)"
_NAME = f"(?:[!\\x24&-.0-9;=A-Z_a-z~]|{_HEX})+"
_ANY_HOST = f"(?:{_NAME}|\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+\\])"
_PORT = "(?::[0-9]*|)"
_REST = f"(?:[/?](?:[!\\x24&-;=?-Z_a-z~]|{_HEX})*|)(?:#(?:[!\\x24&-;=?-Z_a-z~]|{_HEX})*|)$"
_HTTPS, _WEB = "^[Hh][Tt][Tt][Pp][Ss]://", "^[Hh][Tt][Tt][Pp][Ss]?://"
WEB = f"{_WEB}{_USER}{_ANY_HOST}{_PORT}{_REST}"


def says_uri(pattern: object) -> bool:
    """Whether a pattern is one of these, beside which `format: uri` says nothing more."""
    if not isinstance(pattern, str):
        return False
    return pattern.startswith((_HTTPS, _WEB)) and pattern.endswith(_REST)


def pattern_of(hosts: list[str], *, https: bool = True) -> str:
    """The pattern of a web address whose host is none of these, in full or with a last dot."""
    ranges: dict[tuple[int, bool], list[str]] = {}
    names = [host for host in hosts if host[0].isalpha()]
    for host in hosts:
        if host[0].isdigit():
            fixed = [part for part in _parts(host) if part not in ("x", "*")]
            fixed = fixed[:1] if host.startswith("127.") else fixed
            head = "[.]".join(_numbers(part) for part in fixed)
            ranges.setdefault((4 - len(fixed), "(" in head), []).append(head)
    barred = [
        (f"(?:{'|'.join(heads)})" if len(heads) > 1 else heads[0]) + "[.][0-9]{1,3}" * open_parts
        for (open_parts, _), heads in ranges.items()
    ]
    barred += ["".join(f"[{c.upper()}{c}]" if c.isalpha() else f"[{c}]" for c in n) for n in names]
    named = f"(?!(?:{'|'.join(barred)})[.]?(?:[:/?#]|$)){_NAME}"
    scheme = _HTTPS if https else _WEB
    return f"{scheme}{_USER}{named if hosts else _ANY_HOST}{_PORT}{_REST}"


def _parts(host: str) -> list[str]:
    """The numbers of a range of addresses; `172.16.0.0/12` is `172`, `16-31`."""
    network, _, bits = host.partition("/")
    parts = network.split(".")
    if not bits.isdigit() or not 8 <= int(bits) <= 32 or len(parts) != 4:
        return parts
    whole, rest = divmod(int(bits), 8)
    known = parts[:whole]
    if rest and parts[whole].isdigit():
        known.append(f"{parts[whole]}-{int(parts[whole]) + (1 << 8 - rest) - 1}")
    return known


def _numbers(part: str) -> str:
    """`16-31` as a pattern, decade by decade; a plain number as itself."""
    low, _, high = part.partition("-")
    if not (low.isdecimal() and high.isdecimal() and int(low) <= int(high) <= 255):
        return re.escape(part)
    decades: dict[str, list[str]] = {}
    for number in map(str, range(int(low), int(high) + 1)):
        decades.setdefault(number[:-1], []).append(number[-1])
    shown = [
        f"{decade}[{d[0]}{'-' if len(d) > 2 else ''}{d[-1]}]" if len(d) > 1 else decade + d[0]
        for decade, d in decades.items()
    ]
    return f"(?:{'|'.join(shown)})"


def url_faults(pattern: object, https: bool, hosts: list[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a pattern, as (keyword, what the spec does)."""
    try:
        compiled = re.compile(pattern if isinstance(pattern, str) else "")
    except re.error:
        yield "https", "has a pattern that is no regular expression"
        return
    if https and compiled.search("http://example.com/hook"):
        yield "https", "accepts http://"
    if not https and pattern is not None and not compiled.search("http://example.com/hook"):
        yield "https", "refuses http://"
    for host in hosts:
        for sample in samples(host):
            if compiled.search(f"https://{sample}/hook"):
                yield "forbiddenHosts", f"accepts https://{sample}/"
    for host in _PUBLIC:
        if not compiled.search(f"https://{host}/hook"):
            yield "forbiddenHosts" if hosts else "pattern", f"refuses https://{host}/"


def samples(host: str) -> list[str]:
    """Some addresses of a range as pages write it: `172.16-31.x.x`, `10.0.0.0/8`, `localhost`."""
    parts = [re.sub(r"/\d+$", "", part) for part in host.split(".")]
    if host == "127.0.0.1":
        return ["127.0.0.1", "127.9.8.7"]
    parts += ["x"] * (4 - len(parts) if parts[-1] in ("x", "*") else 0)
    choices = [
        re.split("-", part) if "-" in part else ["0", "255"] if part in ("x", "*") else [part]
        for part in parts
    ]
    low = ".".join(choice[0] for choice in choices)
    high = ".".join(choice[-1] for choice in choices)
    return [low] if low == high else [low, high]
