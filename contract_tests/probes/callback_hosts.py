"""Hosts for probes of callback_url: inside each internal range, and just outside of it."""

from __future__ import annotations

from dataclasses import dataclass

from documentation.checking.url_patterns import samples


@dataclass(frozen=True)
class Hosts:
    """Hosts that a statement about internal addresses forbids, and neighbours that it does not."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]


FORBIDDEN = {
    "127.0.0.1": Hosts(
        ("127.0.0.1", "127.0.0.2", "127.255.255.254", "127.0.0.1."),
        (
            *("126.0.0.1", "128.0.0.1", "127.0.0.1.example.com", "127.example.com"),
            *("127-0-0-1", "127.abc.de.org"),
        ),
    ),
    "10.x.x.x": Hosts(
        ("10.0.0.0", "10.0.0.1", "10.255.255.255"),
        (
            *("9.255.255.255", "11.0.0.1", "10.example.com", "10.0.0.1.example.com", "110.0.0.1"),
            *("10-0-0-1", "10.abc.de.org"),
        ),
    ),
    "172.16-31.x.x": Hosts(
        # Every network of the range: a pattern lists them digit by digit, and may lack one.
        ("172.16.0.0", "172.31.255.255", *(f"172.{second}.0.1" for second in range(16, 32))),
        (
            *("172.15.255.255", "172.32.0.1", "172.160.0.1", "172.16.example.com", "172.3.0.1"),
            *("172-16.0.1", "172.16-0-1", "172.16.abc.org"),
        ),
    ),
    "192.168.x.x": Hosts(
        ("192.168.0.0", "192.168.1.1", "192.168.255.255"),
        (
            *("192.167.0.1", "192.169.0.1", "192.168.example.com", "1.192.168.1"),
            *("192-168.0.1", "192.168-0-1", "192.168.abc.org"),
        ),
    ),
    "169.254.x.x": Hosts(
        ("169.254.0.1", "169.254.169.254"),
        ("169.253.0.1", "169.255.0.1", "169.254.example.com", "169-254.0.1"),
    ),
    "localhost": Hosts(
        ("localhost", "LOCALHOST", "LocalHost", "localhost."),
        (
            *("localhost.example.com", "mylocalhost", "localhosts"),
            *(f"{'localhost'[:at]}x{'localhost'[at + 1 :]}" for at in range(9)),
        ),
    ),
    "[::1]": Hosts(("[::1]", "[fd00::1]", "[::ffff:127.0.0.1]"), ()),
    "[2001:db8::1]": Hosts(("[2001:db8::1]",), ()),
}
SPELLINGS = {
    "127.0.0.1": ("127.0.0.0/8", "127.x.x.x", "127.*"),
    "10.x.x.x": ("10.0.0.0/8", "10.*", "10.*.*.*"),
    "172.16-31.x.x": ("172.16.0.0/12", "172.16.x.x-172.31.x.x"),
    "192.168.x.x": ("192.168.0.0/16", "192.168.*", "192.168.*.*"),
    "169.254.x.x": ("169.254.0.0/16", "169.254.*", "169.254.169.254"),
}


def hosts_of(pattern: str) -> Hosts:
    """The hosts of a range, however a page writes it."""
    for name, spellings in SPELLINGS.items():
        if pattern in spellings:
            return FORBIDDEN[name]
    return FORBIDDEN.get(pattern) or Hosts(tuple(samples(pattern)), ())
