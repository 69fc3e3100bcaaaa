"""Where a call comes from; what proxies say of it is believed only of those that are trusted."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from schemas.errors import UsageError

Network = IPv4Network | IPv6Network
_IPV6_PREFIX = 64
UNKNOWN = "unknown"


def networks(given: str) -> tuple[Network, ...]:
    """Addresses and networks separated by commas; raises UsageError setting-invalid."""
    parts = (part.strip() for part in given.split(","))
    try:
        return tuple(ip_network(part, strict=False) for part in parts if part)
    except ValueError as error:
        raise UsageError("setting-invalid", "trusted_proxies", value=given) from error


def client_address(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """The nearest address that is no trusted proxy, by X-Forwarded-For (nearest last)."""
    address = peer
    for said in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_among(address, trusted):
            break
        if not _is_address(said):
            return address
        address = said
    return address


def bucket_key(address: str) -> str:
    """What one caller is counted by: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        known = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(known, IPv6Address):
        mapped = known.ipv4_mapped
        network = ip_network((known, _IPV6_PREFIX), strict=False)
        return str(mapped or network)
    return str(known)


def is_direct_local(peer: str, headers: Mapping[str, str]) -> bool:
    """Whether the call was made on this machine and not handed on by a proxy on it."""
    handed = {"x-forwarded-for", "forwarded", "x-real-ip", "via"} & set(headers)
    try:
        return ip_address(peer).is_loopback and not handed
    except ValueError:
        return False


def is_trusted(peer: str, trusted: tuple[Network, ...]) -> bool:
    """Whether what this neighbour tells of the caller is believed."""
    return _is_among(peer, trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_among(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in trusted)
