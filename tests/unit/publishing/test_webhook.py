import json
from datetime import UTC, datetime

import pytest
from receiver import Receiver

import leadkit as lk
from leadkit.publishing import WebhookPublisher, message_of
from leadkit.testing.builders import build_event

OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_bmV3IHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVz"
NOW = 1_796_000_000


@pytest.fixture(autouse=True)
def _extra():
    pytest.importorskip("httpcore2", reason="httpcore2 is an extra of leadkit: webhooks")


@pytest.fixture
def receiver():
    with Receiver() as found:
        yield found


def published(receiver, event=None, secrets=(OLD,), **options):
    publisher = WebhookPublisher(
        receiver.url, secrets=secrets, allow=["127.0.0.1"], plain=True, clock=lambda: NOW + 0.9, **options
    )
    try:
        publisher.publish("acme", event or build_event())
    finally:
        publisher.close()
    return publisher


def test_an_event_is_one_signed_request_with_its_envelope(receiver):
    published(receiver, source="https://crm.example.com")
    ((path, headers, body),) = receiver.requests

    assert path == "/hooks/s3cret"
    assert headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    assert json.loads(body)["source"] == "https://crm.example.com/acme"
    assert headers["webhook-timestamp"] == str(NOW)
    now = datetime.fromtimestamp(NOW, UTC)
    assert lk.verify_webhook(headers, body, secrets=[OLD], now=now) == message_of("acme", build_event()).id
    with pytest.raises(lk.InvalidSignature):
        lk.verify_webhook(headers, body, secrets=[NEW], now=now)


def test_with_two_secrets_a_receiver_may_know_either(receiver):
    published(receiver, secrets=[NEW, OLD])
    ((_, headers, body),) = receiver.requests

    for secret in (OLD, NEW):
        assert lk.verify_webhook(headers, body, secrets=[secret], now=datetime.fromtimestamp(NOW, UTC))


def test_an_event_that_comes_again_has_the_same_id_and_another_time(receiver):
    publisher = WebhookPublisher(
        receiver.url, secrets=[OLD], allow=["127.0.0.1"], plain=True, clock=iter([1.0, 2.0]).__next__
    )
    for _ in range(2):
        publisher.publish("acme", build_event())
    publisher.close()
    first, second = (headers for _, headers, _ in receiver.requests)

    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_answer_of_success_will_do(receiver, status):
    receiver.statuses = [status]
    published(receiver)

    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 408, 429, 500, 503])
def test_any_other_answer_is_a_failure_that_may_pass(receiver, status):
    receiver.statuses = [status]
    with pytest.raises(lk.DeliveryFailed, match=f"it answered {status}$") as caught:
        published(receiver)

    assert caught.value.retry_after is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(receiver, status):
    with Receiver() as other:
        receiver.statuses, receiver.headers = [status], {"Location": other.url}
        with pytest.raises(lk.DeliveryFailed, match=f"it answered {status}, and no redirect is followed"):
            published(receiver)
        assert other.requests == []


@pytest.mark.parametrize(
    ("asked", "understood"), [("120", 120.0), ("0", 0.0), ("999999999999", 86_400.0), ("soon", None), ("-1", None)]
)
def test_a_destination_may_say_when_it_wants_to_be_asked_again(receiver, asked, understood):
    receiver.statuses, receiver.headers = [429], {"Retry-After": asked}
    with pytest.raises(lk.DeliveryFailed) as caught:
        published(receiver)

    assert caught.value.retry_after == understood


def test_a_destination_that_is_gone_is_asked_no_more(receiver):
    receiver.statuses = [410]
    publisher = WebhookPublisher(receiver.url, secrets=[OLD], allow=["127.0.0.1"], plain=True)
    for _ in range(3):
        with pytest.raises(lk.DestinationGone, match=r"http://127.0.0.1:\d+ wants nothing any more"):
            publisher.publish("acme", build_event())
    publisher.close()

    assert len(receiver.requests) == 1


def test_a_private_address_is_not_reached_unless_it_is_allowed(receiver):
    publisher = WebhookPublisher(receiver.url, secrets=[OLD], plain=True)
    with pytest.raises(lk.AddressRefused, match="a loopback address"):
        publisher.publish("acme", build_event())

    assert receiver.requests == []


def test_what_is_sent_in_the_clear_must_be_allowed():
    with pytest.raises(lk.InvalidInput, match="it must begin with https://"):
        WebhookPublisher("http://example.com/", secrets=[OLD])


def test_no_secret_is_shown_wherever_it_fails(receiver, caplog):
    receiver.statuses = [500, 302, 410]
    told = []
    publisher = WebhookPublisher(receiver.url, secrets=[OLD], allow=["127.0.0.1"], plain=True)
    for _ in range(3):
        with pytest.raises(lk.LeadkitError) as caught:
            publisher.publish("acme", build_event())
        told.append(f"{caught.value} {caught.value!r} {caught.value.as_dict()}")
    publisher.close()
    shown = " ".join([*told, repr(publisher), str(publisher), caplog.text])

    assert "s3cret" not in shown
    assert OLD not in shown
    assert "MfKQ" not in shown
