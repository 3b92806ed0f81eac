"""Which network addresses may be reached: public ones, and those that the host allows by name.

Python's own `is_global` is not enough: it calls `64:ff9b::7f00:1` and `2002:7f00:1::` global, though a translator turns
both into 127.0.0.1. Every form that carries an IPv4 address within an IPv6 one is therefore refused whole.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.errors import Fault, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AllowedNetworks", "reason_to_refuse"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_EMBEDDING: Final = tuple(
    (ipaddress.IPv6Network(network), name)
    for network, name in (
        ("::/96", "an IPv4-compatible address"),
        ("::ffff:0:0/96", "an IPv4-mapped address"),
        ("::ffff:0:0:0/96", "an IPv4-translated address"),
        ("64:ff9b::/96", "a NAT64 address"),
        ("64:ff9b:1::/48", "a local NAT64 address"),
        ("2001::/32", "a Teredo address"),
        ("2002::/16", "a 6to4 address"),
    )
)
# What some versions of `ipaddress` call global.
_SPECIAL: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "100::/64", "3fff::/20", "5f00::/16")
)
# What the properties of `ipaddress` say, the most telling first.
_PROPERTIES: Final = (
    ("is_unspecified", "an unspecified address"),
    ("is_loopback", "a loopback address"),
    ("is_link_local", "a link-local address"),
    ("is_multicast", "a multicast address"),
    ("is_site_local", "a site-local address"),
    ("is_private", "a private address"),
    ("is_reserved", "a reserved address"),
)


@attrs.frozen
class AllowedNetworks:
    """Networks that may be reached although they are not public.

    Attributes:
        networks: The networks; none of them by default.

    Example:
        >>> AllowedNetworks.of(["10.1.0.0/16"]).hold("10.1.2.3")
        True
        >>> AllowedNetworks().hold("10.1.2.3")
        False
    """

    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, written: Iterable[str]) -> AllowedNetworks:
        """Read networks such as `10.1.0.0/16`, or single addresses.

        Args:
            written: The networks.

        Raises:
            InvalidInput: One of them is none; every fault is listed.
        """
        networks: list[Network] = []
        faults: list[Fault] = []
        for place, text in enumerate(written):
            try:
                networks.append(ipaddress.ip_network(text))
            except ValueError:
                message = "expected a network such as `10.1.0.0/16`, with no bits set behind its prefix"
                faults.append(Fault(path=f"$.allow[{place}]", message=message, code="network"))
        if faults:
            raise InvalidInput(faults=tuple(faults))
        return cls(tuple(networks))

    def hold(self, address: str) -> bool:
        """Whether an address lies in one of the networks."""
        found = ipaddress.ip_address(address.partition("%")[0])
        return any(found in network for network in self.networks)


def reason_to_refuse(address: str) -> str | None:
    """Say why an address must not be reached, or answer None for a public one.

    Args:
        address: An IPv4 or IPv6 address, as a resolver answers it.

    Example:
        >>> reason_to_refuse("169.254.169.254")
        'a link-local address'
        >>> reason_to_refuse("64:ff9b::7f00:1")
        'a NAT64 address'
        >>> reason_to_refuse("93.184.215.14") is None
        True
    """
    plain, scoped, _ = address.partition("%")
    try:
        found = ipaddress.ip_address(plain)
    except ValueError:
        return "no address"
    if scoped:
        return "an address with a scope"
    # `::` and `::1` lie in the compatible network too; their own names tell more.
    for name, what in _PROPERTIES[:2]:
        if getattr(found, name):
            return what
    if isinstance(found, ipaddress.IPv6Address):
        for network, what in _EMBEDDING:
            if found in network:
                return what
    for name, what in _PROPERTIES[2:]:
        if getattr(found, name, False):
            return what
    special = not found.is_global or any(found in network for network in _SPECIAL)
    return "a shared or special address" if special else None
