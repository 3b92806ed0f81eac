import base64
from datetime import UTC, datetime

import pytest

from leadkit.errors import InvalidInput, InvalidSignature
from leadkit.publishing import Signer, verify_webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the one of the standard's example
OTHER = "whsec_" + base64.b64encode(b"another secret of thirty-two byt").decode()
ID, SENT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(SENT, UTC)


def headers(**changes):
    found = {"webhook-id": ID, "webhook-timestamp": str(SENT), "webhook-signature": SIGNATURE}
    found.update({f"webhook-{name}": value for name, value in changes.items()})
    return found


def test_the_example_of_the_standard_is_signed_as_it_says():
    assert Signer.of([SECRET]).sign(ID, SENT, BODY) == SIGNATURE


def test_each_of_several_secrets_signs():
    both = Signer.of([OTHER, SECRET]).sign(ID, SENT, BODY)

    assert both == f"{Signer.of([OTHER]).sign(ID, SENT, BODY)} {SIGNATURE}"
    for secrets in ([SECRET], [OTHER], [SECRET, OTHER]):
        assert verify_webhook(headers(signature=both), BODY, secrets=secrets, now=NOW) == ID


@pytest.mark.parametrize(
    "secrets",
    [
        [],
        [""],
        ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        ["whsec_"],
        ["whsec_short"],
        ["whsec_!!!!MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        ["whsec_" + base64.b64encode(b"x" * 23).decode()],
        ["whsec_" + base64.b64encode(b"x" * 65).decode()],
        [None],
        "hunter2",
    ],
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(secrets):
    with pytest.raises(InvalidInput) as caught:
        Signer.of(secrets)

    assert "MfKQ" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("size", [24, 64])
def test_a_secret_has_24_to_64_bytes(size):
    assert Signer.of(["whsec_" + base64.b64encode(b"x" * size).decode()]).keys == (b"x" * size,)


def test_a_signer_does_not_show_its_keys():
    assert repr(Signer.of([SECRET])) == "Signer()"


REFUSED = {
    "another body": ({}, b"{}", 0, "no signature fits"),
    "another id": ({"id": "msg_other"}, BODY, 0, "no signature fits"),
    "another time": ({"timestamp": str(SENT + 1)}, BODY, 0, "no signature fits"),
    "no id": ({"id": ""}, BODY, 0, "it lacks the header webhook-id"),
    "no time": ({"timestamp": ""}, BODY, 0, "it lacks the header webhook-timestamp"),
    "no signature": ({"signature": ""}, BODY, 0, "it lacks the header webhook-signature"),
    "a version that is not known": ({"signature": SIGNATURE.replace("v1,", "v2,")}, BODY, 0, "no signature fits"),
    "a signature without its version": ({"signature": SIGNATURE[3:]}, BODY, 0, "no signature fits"),
    "an empty signature": ({"signature": "v1,"}, BODY, 0, "no signature fits"),
    "half a signature": ({"signature": SIGNATURE[:20]}, BODY, 0, "no signature fits"),
    "foreign letters": ({"signature": "v1,ääää"}, BODY, 0, "no signature fits"),
    "a time in words": ({"timestamp": "now"}, BODY, 0, "its time is no whole number of seconds"),
    "a negative time": ({"timestamp": f"-{SENT}"}, BODY, 0, "its time is no whole number of seconds"),
    "a broken time": ({"timestamp": f"{SENT}.0"}, BODY, 0, "its time is no whole number of seconds"),
    "a time of other digits": ({"timestamp": "١٦١٤٢٦٥٣٣٠"}, BODY, 0, "its time is no whole number of seconds"),
    "a time without end": ({"timestamp": "9" * 5_000}, BODY, 0, "its time is no whole number of seconds"),
    "too late": ({}, BODY, 301, "its time is more than 300 s away"),
    "too early": ({}, BODY, -301, "its time is more than 300 s away"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_not_signed_like_this_lately_is_refused_with_the_reason(name):
    changes, body, seconds, reason = REFUSED[name]
    now = datetime.fromtimestamp(SENT + seconds, UTC)
    with pytest.raises(InvalidSignature) as caught:
        verify_webhook(headers(**changes), body, secrets=[SECRET], now=now)

    assert caught.value.reason == reason


def test_a_header_that_is_not_there_is_told():
    with pytest.raises(InvalidSignature, match="webhook-id"):
        verify_webhook({}, BODY, secrets=[SECRET], now=NOW)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_clock_may_be_off_by_five_minutes(seconds):
    now = datetime.fromtimestamp(SENT + seconds, UTC)

    assert verify_webhook(headers(), BODY, secrets=[SECRET], now=now) == ID


def test_the_names_of_headers_come_in_any_case():
    shouted = {name.upper(): value for name, value in headers().items()}

    assert verify_webhook(shouted, BODY, secrets=[SECRET], now=NOW) == ID


def test_one_fitting_signature_among_others_is_enough_and_the_twenty_first_is_not_looked_at():
    wrong = "v1," + base64.b64encode(b"x" * 32).decode()

    assert verify_webhook(headers(signature=f"v1a,abc {wrong} {SIGNATURE}"), BODY, secrets=[SECRET], now=NOW) == ID
    with pytest.raises(InvalidSignature):
        verify_webhook(headers(signature=" ".join([*[wrong] * 20, SIGNATURE])), BODY, secrets=[SECRET], now=NOW)
