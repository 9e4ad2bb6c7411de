"""Which addresses may be gone to: web addresses on public hosts.

The ranges are listed here, since each version of Python has others under `is_global`. They are
those of IANA's special-purpose registries that the public internet does not reach. What a
`callback_url` may be is another list: what its pages forbid, as the pattern of CallbackUrl.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

from foxapi_video.errors import AddressRefused
from foxapi_video.http import httpx
from foxapi_video.steps import Plan, Resolve

_INTERNAL_IPV4 = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers; Alibaba's metadata
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4 and 6a44, given up
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        # In no registry, and answered inside a cloud only.
        "161.26.0.0/16",  # IBM
        "166.8.0.0/14",  # IBM
        "168.63.129.16/32",  # Azure
    )
]
# What IPv6 has for the public; the rest is local, reserved, or stands for IPv4.
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_INTERNAL_IPV6 = [
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, identifiers; none serves files
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, given up: it leads to an IPv4 address, and to what is behind that
        "3fff::/20",  # documentation
    )
]
# What a translator between the two reaches behind such an address is the IPv4 address at its end.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def is_internal(host: str) -> bool:
    """Whether a host, as it is written, is an address inside a network or this machine's name."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return not _public(name)
    except ValueError:
        return False


def admit(url: str, *, allow_internal: bool) -> Plan[Callable[[str], None] | None]:
    """Let an address pass, or not. A name is looked up: what it leads to counts.

    A name can lead elsewhere by the time it is connected to. So the address that is then reached
    has to pass too.

    Returns:
        What raises AddressRefused for an address that must not be reached; None where any may.

    Raises:
        AddressRefused: It is no web address, or leads to a host that is not public.
    """
    try:
        parsed = httpx.URL(url)
        host = parsed.host  # only now httpx reads a name such as xn--
    except (httpx.InvalidURL, TypeError, ValueError):
        raise AddressRefused("the link is not an address") from None
    if parsed.scheme not in ("http", "https") or not host:
        raise AddressRefused(f"the link is not a web address, but {parsed.scheme or 'nothing'}:")
    if allow_internal:
        return None
    # As it is connected to, so that no two ways to write a name in ASCII lead to two hosts.
    host = parsed.raw_host.decode("ascii")

    def check_peer(address: str) -> None:
        if is_internal(address):
            raise AddressRefused(
                f"the link leads to {parsed.host}, which is not a public host; "
                "allow_internal=True lets it pass"
            )

    check_peer(host)
    for address in (yield Resolve(host)):
        check_peer(address)
    return check_peer


def resolve(host: str) -> list[str]:
    """The addresses of a host; none where it can't be looked up."""
    try:
        return [
            str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        ]
    except (OSError, UnicodeError):
        return []


def _public(text: str) -> bool:
    address = _address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is None:
            return address in _PUBLIC_IPV6 and not any(address in x for x in _INTERNAL_IPV6)
        address = inner
    return not any(address in block for block in _INTERNAL_IPV4)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address that a resolver takes a text for, also 127.1, 0x7f000001 and 2130706433.

    Raises:
        ValueError: It is a name.
    """
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(text))
        except (OSError, UnicodeError):
            raise ValueError("not an address") from None
