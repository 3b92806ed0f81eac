import socket
import time

import pytest
from receiver import Receiver

from leadkit.errors import AddressRefused, DeliveryFailed, MissingExtra
from leadkit.outbound import AllowedNetworks, Destination, GuardedClient

LOOPBACK = AllowedNetworks.of(["127.0.0.0/8"])


@pytest.fixture(autouse=True)
def _extra():
    pytest.importorskip("httpcore2", reason="httpcore2 is an extra of leadkit: webhooks")


def sent(url, *, allowed=LOOPBACK, **options):
    client = GuardedClient(extra="webhooks", allowed=allowed, **options)
    try:
        return client.send("POST", Destination.read(url, plain=True), headers=(("X-Test", "1"),), body=b"hello")
    finally:
        client.close()


def answers(*addresses):
    """A resolver that answers these addresses, a list of them for each time that it is asked."""
    left = list(addresses)

    def resolve(host, port, **_):
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return resolve


def test_a_request_is_sent_whole_and_its_reply_read():
    with Receiver() as receiver:
        receiver.headers = {"X-Answer": "yes"}
        reply = sent(receiver.url)

    assert (reply.status, reply.headers["x-answer"], reply.body) == (204, "yes", b"")
    (path, headers, body), *_ = receiver.requests
    assert (path, body, headers["Host"], headers["X-Test"]) == (
        "/hooks/s3cret",
        b"hello",
        f"127.0.0.1:{receiver.port}",
        "1",
    )


def test_a_connection_is_kept_for_the_next_request():
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with Receiver() as receiver:
        client = GuardedClient(extra="webhooks", allowed=LOOPBACK, resolve=resolve)
        destination = Destination.read(f"http://hooks.example.com:{receiver.port}/", plain=True)
        statuses = [client.send("POST", destination).status for _ in range(3)]
        client.close()

    assert (statuses, asked) == ([204, 204, 204], ["hooks.example.com"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"]
)
def test_no_private_address_is_reached_however_it_is_written(host):
    with Receiver() as receiver:
        with pytest.raises((AddressRefused, DeliveryFailed)) as caught:
            sent(f"http://{host}:{receiver.port}/hooks/s3cret", allowed=AllowedNetworks())
        assert receiver.requests == []

    assert "s3cret" not in str(caught.value)
    if host in ("127.0.0.1", "localhost", "2130706433", "127.1"):
        assert isinstance(caught.value, AddressRefused)
        assert "a loopback address" in str(caught.value)


def test_a_name_is_refused_when_one_of_its_addresses_is_private():
    with pytest.raises(AddressRefused, match="a link-local address"):
        sent("http://mixed.example/", allowed=AllowedNetworks(), resolve=answers(["93.184.215.14", "169.254.169.254"]))


def test_the_connection_goes_to_the_address_that_was_looked_at():
    """A name that means another address a moment later is never asked again for the same connection."""
    with Receiver() as receiver:
        once = answers(["127.0.0.1"], ["10.0.0.1"])
        reply = sent(f"http://rebinding.example:{receiver.port}/", resolve=once)

    assert reply.status == 204
    assert receiver.requests[0][1]["Host"] == f"rebinding.example:{receiver.port}"


def test_the_next_address_is_tried_when_one_does_not_answer():
    with Receiver() as receiver:
        reply = sent(f"http://two.example:{receiver.port}/", resolve=answers(["127.0.0.2", "127.0.0.1"]))

    assert reply.status == 204


def test_a_name_that_does_not_exist_is_no_connection():
    def resolve(host, port, **_):
        raise socket.gaierror

    with pytest.raises(DeliveryFailed, match=r"http://nowhere.example did not take it: no connection"):
        sent("http://nowhere.example/", resolve=resolve)


def test_a_port_where_nobody_listens_is_no_connection():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DeliveryFailed, match="no connection"):
        sent(f"http://127.0.0.1:{port}/")


def test_a_redirect_is_a_reply_and_is_not_followed():
    with Receiver() as other, Receiver() as receiver:
        receiver.statuses, receiver.headers = [302], {"Location": other.url}
        reply = sent(receiver.url)
        assert other.requests == []

    assert reply.status == 302


def drip(handler):
    """Send a header byte by byte, for ever: no single wait is long."""
    handler.close_connection = True
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        pass


def test_a_reply_that_drips_ends_when_its_time_is_up():
    with Receiver(drip) as receiver:
        start = time.monotonic()
        with pytest.raises(DeliveryFailed, match=r"no whole reply within 0.3 s"):
            sent(receiver.url, seconds=0.3)
        assert time.monotonic() - start < 3


def flood(handler):
    handler.close_connection = True
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        for _ in range(1_000):
            handler.wfile.write(b"x" * 100_000)
    except OSError:
        pass


def test_a_reply_that_is_too_long_is_not_read_to_its_end():
    with Receiver(flood) as receiver, pytest.raises(DeliveryFailed, match="a reply of more than 262,144 bytes"):
        sent(receiver.url)


def nonsense(handler):
    handler.close_connection = True
    handler.wfile.write(b"this is not HTTP\r\n\r\n")


def hang_up(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("answer", [nonsense, hang_up])
def test_what_is_no_reply_is_a_failure_that_repeats_nothing_of_it(answer):
    with Receiver(answer) as receiver, pytest.raises(DeliveryFailed) as caught:
        sent(receiver.url)

    assert "not HTTP" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with Receiver() as receiver:
        assert sent(receiver.url).status == 204


def test_a_certificate_that_nobody_trusts_is_no_connection():
    """Nothing is sent in the clear to a server that only claims to speak TLS."""
    with Receiver() as receiver, pytest.raises(DeliveryFailed):
        sent(receiver.url.replace("http://", "https://"))
    assert receiver.requests == []


def test_without_the_library_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "httpcore2", None)
    with pytest.raises(MissingExtra, match=r"pip install 'leadkit\[webhooks\]'"):
        GuardedClient(extra="webhooks")
