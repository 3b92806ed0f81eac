import pytest

from leadkit.errors import InvalidInput
from leadkit.outbound import Destination

REFUSED = {
    "http://example.com/x": "it must begin with https://",
    "ftp://example.com/x": "it must begin with https://",
    "example.com/x": "it must begin with https://",
    "//example.com/x": "it must begin with https://",
    "": "it must begin with https://",
    "https:///x": "it names no host",
    "https://user@example.com/x": "it must carry no user name and no password",
    "https://user:pass@example.com/x": "it must carry no user name and no password",
    "https://@example.com/x": "it must carry no user name and no password",
    "https://example.com/#x": "it must have no fragment",
    "https://example.com:0/": "its port must be between 1 and 65535",
    "https://example.com:99999/": "it is no web address",
    "https://[::1/": "it is no web address",
    "https://example.com/a b": "it must be at most 2,048 printable ASCII characters, without spaces",
    "https://example.com/\r\nHost: evil": "it must be at most 2,048 printable ASCII characters, without spaces",
    "https://exämple.com/": "it must be at most 2,048 printable ASCII characters, without spaces",
    "https://example.com/" + "x" * 2_048: "it must be at most 2,048 printable ASCII characters, without spaces",
}


@pytest.mark.parametrize(("address", "reason"), REFUSED.items(), ids=lambda value: value[:40])
def test_an_address_that_nothing_can_be_sent_to_is_refused_with_the_reason(address, reason):
    with pytest.raises(InvalidInput) as caught:
        Destination.read(address)

    (fault,) = caught.value.faults
    assert fault.message == f"nothing can be sent to this address: {reason}"


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://Example.com", ("https", "example.com", 443, "/", "https://example.com")),
        ("https://example.com:8443/a?b=c", ("https", "example.com", 8443, "/a?b=c", "https://example.com:8443")),
        ("http://example.com/a", ("http", "example.com", 80, "/a", "http://example.com")),
        ("http://[2606:4700::1]:81/a", ("http", "2606:4700::1", 81, "/a", "http://[2606:4700::1]:81")),
    ],
)
def test_an_address_is_read_into_its_parts(address, parts):
    found = Destination.read(address, plain=True)

    assert (found.scheme, found.host, found.port, found.target, str(found)) == parts


def test_what_may_be_secret_in_an_address_is_not_shown():
    found = Destination.read("https://hooks.example.com/T0/s3cret?token=s3cret")

    assert "s3cret" not in repr(found) + str(found)
    with pytest.raises(InvalidInput) as caught:
        Destination.read("ftp://hooks.example.com/s3cret")
    assert "s3cret" not in str(caught.value)
