"""Whether a pattern of the spec refuses what a page forbids: plain http, and internal hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PUBLIC = ("example.com", "10.example.com", "127.0.0.1.example.com", "8.8.8.8", "172.32.0.1")


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
    choices = [
        re.split("-", part) if "-" in part else ["0", "255"] if part in ("x", "*") else [part]
        for part in parts
    ]
    low = ".".join(choice[0] for choice in choices)
    high = ".".join(choice[-1] for choice in choices)
    return [low] if low == high else [low, high]
