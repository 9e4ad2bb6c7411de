"""Which addresses a download may go to: web addresses on public hosts."""

from __future__ import annotations

import ipaddress

import httpx

from foxapi_video.errors import AddressRefused
from foxapi_video.steps import Plan, Resolve


def is_internal(host: str) -> bool:
    """Whether a host, as it is written, is an address inside a network or this machine's name."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return not _public(name)
    except ValueError:
        return False


def admit(url: str, *, allow_internal: bool) -> Plan[None]:
    """Let an address pass, or not. A name is looked up: what it leads to counts.

    A name can lead elsewhere by the time it is connected to; who must rule that out keeps the
    process from internal networks.

    Raises:
        AddressRefused: It is no web address, or leads to a host that is not public.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        raise AddressRefused("the link is not an address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise AddressRefused(f"the link is not a web address, but {parsed.scheme or 'nothing'}:")
    if allow_internal:
        return
    addresses: list[str] = [parsed.host]
    if not is_internal(parsed.host):
        addresses += yield Resolve(parsed.host)
    if any(is_internal(address) for address in addresses):
        raise AddressRefused(
            f"the link leads to {parsed.host}, which is not a public host; "
            "allow_internal=True lets it pass"
        )


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (mapped or found).is_global and not found.is_multicast
