import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import InvalidInput
from leadkit.values import Currency, Identifier, Label, Text, normalise_email, normalise_phone, read
from leadkit.values.currencies import CURRENCIES
from leadkit.values.text import Email, Phone


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Text, ""),
        (Text, "x" * 10_000),
        (Text, "Zoë 🎉\n"),
        (Label, "x"),
        (Label, "x" * 200),
        (Identifier, "lead-7"),
        (Identifier, "a b"),
        (Identifier, "ü" * 200),
        (Email, "a@b"),
        (Email, " Alice@Example.com "),
        (Email, "a@" + "b" * 252),
        (Phone, "+1 (555) 010-0123"),
        (Phone, "5" * 50),
        (Currency, "USD"),
    ],
)
def test_good_text_is_kept_as_given(kind, value):
    assert read(kind, value) == value


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Text, "x" * 10_001, "$: string should have at most 10000 characters"),
        (Text, "a\x00b", "$: text cannot hold a NUL character"),
        (Text, 5, "$: input should be a valid string"),
        (Label, "", "$: string should have at least 1 character"),
        (Label, "x" * 201, "$: string should have at most 200 characters"),
        (Label, "\x00", "$: text cannot hold a NUL character"),
        (Identifier, "", "$: string should have at least 1 character"),
        (Identifier, "x" * 201, "$: string should have at most 200 characters"),
        (Identifier, " x", "$: an identifier holds no control characters and no white space at its ends"),
        (Identifier, "x ", "$: an identifier holds no control characters and no white space at its ends"),
        (Identifier, "a\tb", "$: an identifier holds no control characters and no white space at its ends"),
        (Email, "alice", "$: expected an e-mail address such as alice@example.com"),
        (Email, "a@b@c", "$: expected an e-mail address such as alice@example.com"),
        (Email, "a b@c", "$: expected an e-mail address such as alice@example.com"),
        (Email, "@c", "$: expected an e-mail address such as alice@example.com"),
        (Email, "a@", "$: expected an e-mail address such as alice@example.com"),
        (Email, "a@b\x00", "$: text cannot hold a NUL character"),
        (Email, "a@" + "b" * 253, "$: string should have at most 254 characters"),
        (Phone, "call me", "$: expected a phone number such as +1 555 0100"),
        (Phone, "5\x00", "$: text cannot hold a NUL character"),
        (Phone, "5" * 51, "$: string should have at most 50 characters"),
        (Currency, "usd", "$: expected an ISO 4217 currency code such as USD"),
        (Currency, "XXX", "$: expected an ISO 4217 currency code such as USD"),
        (Currency, "US", "$: string should have at least 3 characters"),
        (Currency, "EURO", "$: string should have at most 3 characters"),
    ],
)
def test_bad_text_is_refused_with_the_reason(kind, value, message):
    with pytest.raises(InvalidInput) as caught:
        read(kind, value)

    assert str(caught.value) == message


def test_a_lone_surrogate_is_refused_wherever_it_comes_from():
    from leadkit.values.text import clean_text

    for text in ("a\ud800", "\udfff", "é\udc00x"):
        with pytest.raises(ValueError, match=r"^text cannot hold a lone surrogate$"):
            clean_text(text)
        with pytest.raises(InvalidInput):
            read(Text, text)
    assert clean_text("\ud7ff\ue000") == "\ud7ff\ue000"


@pytest.mark.parametrize(
    ("given_address", "normal"),
    [
        ("alice@example.com", "alice@example.com"),
        ("  Alice@Example.COM\n", "alice@example.com"),
        ("STRASSE@example.com", "strasse@example.com"),
        ("Zoe\u0308@example.com", "zo\u00eb@example.com"),
    ],
)
def test_an_address_has_one_form_for_matching(given_address, normal):
    assert normalise_email(given_address) == normal


@given(st.emails())
def test_normalising_an_address_twice_is_normalising_it_once(address):
    assert normalise_email(normalise_email(address)) == normalise_email(address)
    assert normalise_email(address.upper()) == normalise_email(address)


@pytest.mark.parametrize(
    ("given_number", "normal"),
    [
        ("+1 (555) 010-0123", "+15550100123"),
        (" +1 555", "+1555"),
        ("0049 30 5550100", "+49305550100"),
        ("030 / 5550100", "0305550100"),
        ("٥٥٥", "555"),
    ],
)
def test_a_number_has_one_form_for_matching(given_number, normal):
    assert normalise_phone(given_number) == normal


def test_the_currencies_are_codes_of_three_capitals():
    assert {"USD", "EUR", "JPY", "ZWG", "AED"} <= CURRENCIES
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in CURRENCIES)
    assert len(CURRENCIES) == 155


@pytest.mark.parametrize(
    ("email", "normal"),
    [
        (" Alice@Example.COM\t", "alice@example.com"),
        ("STRASSE@EXAMPLE.COM", "strasse@example.com"),
        ("Straße@example.com", "strasse@example.com"),
        (" E\u0301lan@example.com", "élan@example.com"),
        ("ÉLAN@EXAMPLE.COM ", "élan@example.com"),
    ],
)
def test_an_address_has_one_form_whatever_its_characters(email, normal):
    assert normalise_email(email) == normal
