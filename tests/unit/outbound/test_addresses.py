import pytest

from leadkit.errors import InvalidInput
from leadkit.outbound import AllowedNetworks, reason_to_refuse

REFUSED = {
    "127.0.0.1": "a loopback address",
    "127.255.255.254": "a loopback address",
    "::1": "a loopback address",
    "0.0.0.0": "an unspecified address",  # noqa: S104 - it is refused
    "::": "an unspecified address",
    "0.1.2.3": "a private address",
    "10.0.0.1": "a private address",
    "172.16.0.1": "a private address",
    "172.31.255.255": "a private address",
    "192.168.1.1": "a private address",
    "192.88.99.1": "a shared or special address",
    "100.127.255.255": "a shared or special address",
    "5f00::1": "a reserved address",
    "198.18.0.1": "a private address",
    "203.0.113.9": "a private address",
    "fc00::1": "a private address",
    "fd12:3456::1": "a private address",
    "2001:db8::1": "a private address",
    "169.254.169.254": "a link-local address",
    "fe80::1": "a link-local address",
    "fe80::1%eth0": "an address with a scope",
    "fec0::1": "a site-local address",
    "224.0.0.1": "a multicast address",
    "239.255.255.250": "a multicast address",
    "ff02::1": "a multicast address",
    "240.0.0.1": "a private address",
    "255.255.255.255": "a private address",
    "100.64.0.1": "a shared or special address",
    "::127.0.0.1": "an IPv4-compatible address",
    "::ffff:127.0.0.1": "an IPv4-mapped address",
    "::ffff:10.0.0.1": "an IPv4-mapped address",
    "::ffff:8.8.8.8": "an IPv4-mapped address",
    "::ffff:0:127.0.0.1": "an IPv4-translated address",
    "64:ff9b::7f00:1": "a NAT64 address",
    "64:ff9b::808:808": "a NAT64 address",
    "64:ff9b:1::7f00:1": "a local NAT64 address",
    "2001:0:53aa:64c::1": "a Teredo address",
    "2002:7f00:1::": "a 6to4 address",
    "2002:808:808::1": "a 6to4 address",
    "": "no address",
    "localhost": "no address",
    "127.1": "no address",
    "2130706433": "no address",
    "0x7f.0.0.1": "no address",
    "127.0.0.1 ": "no address",
}


@pytest.mark.parametrize(("address", "reason"), REFUSED.items())
def test_an_address_that_is_not_public_is_refused_by_what_it_is(address, reason):
    assert reason_to_refuse(address) == reason


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "100.63.255.255", "2606:4700::1"]
)
def test_a_public_address_is_not_refused(address):
    assert reason_to_refuse(address) is None


def test_a_network_that_is_allowed_by_name_holds_its_addresses_and_no_others():
    allowed = AllowedNetworks.of(["10.1.0.0/16", "::1", "127.0.0.1"])

    assert [
        address for address in ("10.1.2.3", "10.2.0.1", "::1", "::2", "127.0.0.1", "127.0.0.2") if allowed.hold(address)
    ] == [
        "10.1.2.3",
        "::1",
        "127.0.0.1",
    ]


def test_every_network_that_is_none_is_told_with_its_place():
    with pytest.raises(InvalidInput) as caught:
        AllowedNetworks.of(["10.0.0.0/8", "10.0.0.1/8", "inside", "::1"])

    assert [fault.path for fault in caught.value.faults] == ["$.allow[1]", "$.allow[2]"]
