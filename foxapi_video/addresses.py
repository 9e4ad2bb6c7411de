"""Which addresses a download may go to: web addresses on public hosts."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import httpx

from foxapi_video.errors import AddressRefused
from foxapi_video.steps import Plan, Resolve

# All of IPv6 that is given out for the public; the rest is local, reserved, or stands for IPv4.
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# What a translator between the two reaches behind such an address is the IPv4 address at its end.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


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
    except (httpx.InvalidURL, TypeError, ValueError):
        raise AddressRefused("the link is not an address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise AddressRefused(f"the link is not a web address, but {parsed.scheme or 'nothing'}:")
    if allow_internal:
        return None
    # As it is connected to, so that no two ways to write a name in ASCII lead to two hosts.
    host = parsed.raw_host.decode("ascii")

    def meets(address: str) -> None:
        if is_internal(address):
            raise AddressRefused(
                f"the link leads to {parsed.host}, which is not a public host; "
                "allow_internal=True lets it pass"
            )

    meets(host)
    for address in (yield Resolve(host)):
        meets(address)
    return meets


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(found.packed[-4:])
        if inner is None:
            return found in _PUBLIC_IPV6 and found.is_global
        found = inner
    return found.is_global and not found.is_multicast
