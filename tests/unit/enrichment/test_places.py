from datetime import UTC, datetime

import pytest

from leadkit.enrichment import STANDARD, read_wanted
from leadkit.enrichment.places import HOLDERS, Offer, Place, is_empty, offers_of, place_of, told
from leadkit.errors import InvalidInput
from leadkit.leads import PROTECTED, WRITABLE, Lead, wire_name

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="a@example.com", properties={"size": 5, "a.b": 1}, created_at=NOW, updated_at=NOW)


@pytest.mark.parametrize("empty", [None, "", "  ", "\n", [], (), {}])
def test_what_says_nothing_is_empty(empty):
    assert is_empty(empty) is True


@pytest.mark.parametrize("value", [0, False, 0.0, " x ", [None], {"a": None}])
def test_what_says_something_is_not_empty(value):
    assert is_empty(value) is False


@pytest.mark.parametrize("name", WRITABLE)
@pytest.mark.parametrize("spelling", [str, wire_name])
def test_every_writable_field_is_a_place_in_both_spellings(name, spelling):
    assert place_of(spelling(name)) == Place(name)


@pytest.mark.parametrize(
    ("name", "place", "known_as"),
    [
        ("properties.size", Place("properties", "size"), "properties.size"),
        ("properties.a.b", Place("properties", "a.b"), "properties.a.b"),
        ("properties.firstName", Place("properties", "firstName"), "properties.firstName"),
        ("utm_params.source", Place("utm_params", "source"), "utmParams.source"),
        ("utmParams.source", Place("utm_params", "source"), "utmParams.source"),
        ("first_name", Place("first_name"), "firstName"),
    ],
)
def test_a_key_of_a_free_object_is_a_place_of_its_own(name, place, known_as):
    assert place_of(name) == place
    assert place.name == known_as


def test_a_place_tells_what_stands_there():
    assert Place("email").value_in(LEAD) == "a@example.com"
    assert Place("company").value_in(LEAD) is None
    assert Place("properties", "size").value_in(LEAD) == 5
    assert Place("properties", "a.b").value_in(LEAD) == 1
    assert Place("properties", "none").value_in(LEAD) is None
    assert HOLDERS == ("properties", "utm_params")


@pytest.mark.parametrize("name", PROTECTED)
@pytest.mark.parametrize("spelling", [str, wire_name])
def test_no_protected_field_is_a_place(name, spelling):
    with pytest.raises(ValueError, match="only the command") as caught:
        place_of(spelling(name))
    assert str(caught.value) == f"only the command `{PROTECTED[name]}` may write it"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("compny", "a lead has no such field; did you mean `company`?"),
        ("company.name", "a lead has no such field; did you mean `company`?"),
        ("properties.", "a lead has no such field; did you mean `properties`?"),
        ("xyz", "a lead has no such field; possible are `campaignId`, "),
        ("score.x", "a lead has no such field; did you mean `source`?"),
        (7, "a lead has no such field; possible are `campaignId`, "),
        (None, "a lead has no such field; possible are `campaignId`, "),
    ],
)
def test_whatever_else_is_named_is_no_place(name, message):
    with pytest.raises(ValueError, match="a lead has no such field") as caught:
        place_of(name)
    assert str(caught.value).startswith(message)


def offers(values):
    return [(offer.told, offer.value, offer.place, offer.reason) for offer in offers_of(values)]


def test_each_field_and_each_key_is_an_offer():
    sent = {"firstName": "Alice", "properties.size": 5, "properties": {"a.b": 1, "c": False}, "utm_params": {"x": "y"}}

    assert offers(sent) == [
        ("firstName", "Alice", Place("first_name"), ""),
        ("properties.size", 5, Place("properties", "size"), ""),
        ("properties.a.b", 1, Place("properties", "a.b"), ""),
        ("properties.c", False, Place("properties", "c"), ""),
        ("utmParams.x", "y", Place("utm_params", "x"), ""),
    ]


def test_what_is_empty_is_no_offer():
    assert offers({"company": None, "score": "", "properties": {}, "nonsense": []}) == []
    assert offers({"properties": {"a": None, "b": " ", 7: None, "c": 1}}) == [
        ("properties.c", 1, Place("properties", "c"), "")
    ]


def test_what_comes_after_something_empty_or_unusable_is_still_offered():
    named = [told for told, *_ in offers({"company": None, "email": "a@b", "properties": {7: 1, "c": 2}})]
    assert named == ["email", "properties", "properties.c"]


@pytest.mark.parametrize(
    ("sent", "offer"),
    [
        ({"status": "new"}, ("status", "new", None, f"only the command `{PROTECTED['status']}` may write it")),
        ({"compny": "x"}, ("compny", "x", None, "a lead has no such field; did you mean `company`?")),
        ({"properties": "x"}, ("properties", "x", None, "expected an object")),
        ({"utm_params": [1]}, ("utmParams", [1], None, "expected an object")),
        ({"properties": {7: 1}}, ("properties", 1, None, "an object has a key that is no text")),
        ({"utm_params": {None: 1}}, ("utmParams", 1, None, "an object has a key that is no text")),
    ],
)
def test_what_no_provider_can_write_is_an_offer_without_a_place(sent, offer):
    assert offers(sent) == [offer]


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("naïve", 9, "naïve"),
        ("a\x00b", 9, "a\\x00b"),
        ("\ud800", 9, "\\ud800"),
        ("a\nb\x1b[31m", 9, "a\\nb\\x1b["),
        ("xyz", 2, "xy"),
        ("", 2, ""),
    ],
)
def test_a_strangers_text_is_told_so_that_every_log_can_hold_it(text, most, expected):
    assert told(text, most=most) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a\x00b", "a\\x00b"), ("x" * 300, "x" * 200), (7, "int"), ("properties.\n", "properties.\\n")],
)
def test_names_are_told_so_that_every_log_can_hold_them(name, expected):
    assert [offer.told for offer in offers_of({name: 1})] == [expected]


def test_keys_are_told_so_that_every_log_can_hold_them():
    assert [offer.told for offer in offers_of({"properties": {"\x00": 1}})] == ["properties.\\x00"]


def test_what_is_offered_is_not_shown():
    (offer,) = offers_of({"company": "Acme"})

    assert offer == Offer(told="company", value="Acme", place=Place("company"))
    assert "Acme" not in repr(offer)


def test_wanted_fields_are_checked_and_kept_as_they_are_named():
    assert read_wanted(["firstName", "company", "properties.title"]) == ("firstName", "company", "properties.title")
    assert read_wanted([]) == ()
    assert read_wanted(STANDARD) == ("email", "first_name", "last_name", "phone", "company")


def test_every_wrong_name_is_told_with_its_place():
    with pytest.raises(InvalidInput) as caught:
        read_wanted(["compny", "company", "score"])

    assert [(fault.path, fault.message, fault.code) for fault in caught.value.faults] == [
        ("$.wanted[0]", "a lead has no such field; did you mean `company`?", "unknown-field"),
        ("$.wanted[2]", "only the command `score` may write it", "unknown-field"),
    ]
    with pytest.raises(InvalidInput, match=r"\$\.fields\[0\]"):
        read_wanted(["compny"], at="$.fields")
