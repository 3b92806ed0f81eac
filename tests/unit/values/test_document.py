from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from leadkit.errors import Fault, InvalidInput
from leadkit.leads import Lead
from leadkit.values import Document, read, read_json
from leadkit.values.document import faults_of


class Wheel(Document):
    tyre_size: int


class Cart(Document):
    owner_name: str
    wheels: tuple[Wheel, ...] = ()
    spare: Wheel | None = None
    labels: dict[str, int] = {}


def test_a_document_takes_both_spellings_and_writes_camel_case():
    assert Cart(owner_name="Ann") == Cart.model_validate({"ownerName": "Ann"})
    assert Cart(owner_name="Ann").model_dump() == {"ownerName": "Ann", "wheels": (), "spare": None, "labels": {}}


def test_a_document_is_frozen():
    with pytest.raises(ValidationError):
        Cart(owner_name="Ann").owner_name = "Bo"


def test_what_was_sent_never_stands_in_an_error():
    with pytest.raises(ValidationError) as caught:
        Wheel.model_validate({"tyre_size": "secret-value"})

    assert "secret-value" not in str(caught.value)


def test_reading_lists_every_fault_with_its_path():
    with pytest.raises(InvalidInput) as caught:
        read(Cart, {"wheels": [{"tyreSize": 1}, {"tyreSise": 2}], "spare": {"x": 1, "tyreSize": 3}, "zzz": 1})

    assert caught.value.faults == (
        Fault(path="$.ownerName", message="required, but missing", code="missing"),
        Fault(path="$.wheels[1].tyreSize", message="required, but missing", code="missing"),
        Fault(path="$.wheels[1].tyreSise", message="unknown key; did you mean `tyreSize`?", code="extra-forbidden"),
        Fault(path="$.spare.x", message="unknown key; possible are `tyreSize`", code="extra-forbidden"),
        Fault(
            path="$.zzz",
            message="unknown key; possible are `labels`, `ownerName`, `spare`, `wheels`",
            code="extra-forbidden",
        ),
    )


def test_reading_begins_at_the_place_that_is_named():
    with pytest.raises(InvalidInput) as caught:
        read(Wheel, {}, at="$.cart.spare")

    assert str(caught.value) == "$.cart.spare.tyreSize: required, but missing"


def test_reading_text_that_is_no_json_is_a_fault_too():
    with pytest.raises(InvalidInput) as caught:
        read_json(Wheel, "{", at="$.body")

    assert caught.value.faults[0].path == "$.body"
    assert caught.value.faults[0].code == "json-invalid"
    assert caught.value.faults[0].message.startswith("invalid JSON")
    assert read_json(Wheel, b'{"tyreSize": 4}') == Wheel(tyre_size=4)


@pytest.mark.parametrize("text", ['\ufeff{"tyreSize": 4}', '\ufeff{"tyreSize": 4}'.encode()], ids=["text", "bytes"])
def test_json_may_begin_with_a_mark(text):
    assert read_json(Wheel, text) == Wheel(tyre_size=4)


def test_an_unknown_key_below_a_place_that_is_no_document_gets_no_wrong_hint():
    class Outer(Document):
        anything: dict[str, Wheel]

    with pytest.raises(InvalidInput) as caught:
        read(Outer, {"anything": {"front": {"tyreSize": 1, "x": 2}}})

    assert str(caught.value) == "$.anything.front.x: unknown key"


def test_a_slotted_document_is_read_like_any_other():
    with pytest.raises(InvalidInput) as caught:
        read(Lead, {"id": "7", "emial": "a@example.com", "createdAt": datetime(2026, 1, 1, tzinfo=UTC)})

    assert [str(fault) for fault in caught.value.faults] == [
        "$.updatedAt: required, but missing",
        "$.emial: unknown key; did you mean `email`?",
    ]


def test_a_flood_of_faults_is_told_by_its_first_hundred_and_their_number():
    with pytest.raises(InvalidInput) as caught:
        read(Wheel, {"tyreSize": 1, **{f"x{number}": 1 for number in range(1_101)}})

    assert len(caught.value.faults) == 101
    assert str(caught.value.faults[-1]) == "$: and 1,001 more faults"
    assert caught.value.faults[-1].code == "more-faults"
    with pytest.raises(InvalidInput) as exactly:
        read(Wheel, {"tyreSize": 1, **{f"x{number}": 1 for number in range(100)}})
    assert len(exactly.value.faults) == 100


def test_an_unknown_key_in_a_field_that_holds_no_document_gets_no_hint():
    found = {"type": "extra_forbidden", "loc": ("properties", "compny"), "input": 1}
    error = ValidationError.from_exception_data("Lead", [found])

    assert faults_of(error, Lead) == (Fault(path="$.properties.compny", message="unknown key", code="extra-forbidden"),)
