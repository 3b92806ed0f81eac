from __future__ import annotations

from fractions import Fraction
from math import lcm

import pytest

from leadkit.errors import InvalidInput
from leadkit.routing.pointers import Pointer, level, parse_pointer, write_pointer
from leadkit.values import Document, read


class Place(Document):
    pointer: Pointer


@pytest.mark.parametrize(
    ("pointer", "text"),
    [(Fraction(0), "0/1"), (Fraction(2), "2/1"), (Fraction(7, 3), "7/3"), (Fraction(4, 6), "2/3")],
)
def test_a_pointer_is_written_exactly(pointer: Fraction, text: str) -> None:
    assert write_pointer(pointer) == text
    assert parse_pointer(text) == pointer
    assert Place(pointer=pointer).model_dump() == {"pointer": text}
    assert Place.model_validate_json(f'{{"pointer": "{text}"}}').pointer == pointer


def test_the_finest_pointer_that_weights_can_make_is_read() -> None:
    finest = 1 + Fraction(1, lcm(*range(1, 1001)))
    assert parse_pointer(write_pointer(finest)) == finest


@pytest.mark.parametrize("text", ["1" * 1000 + "/1", "0/" + "1" * 1000])
def test_a_pointer_of_a_thousand_digits_is_the_longest(text: str) -> None:
    assert write_pointer(parse_pointer(text)).startswith(text[:1])
    above, _, below = text.partition("/")
    with pytest.raises(ValueError, match="expected a pointer"):
        parse_pointer(f"{above}1/{below}" if len(above) > 1 else f"{above}/{below}1")


@pytest.mark.parametrize(
    "text", ["", "1", "1/0", "-1/2", "1/-2", "1.5", "a/b", "1/2/3", " 1/2", "1/2\n", "٣/1", 1, None, 0.5]
)
def test_what_is_no_pointer_is_refused(text: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(Place, {"pointer": text})
    assert str(caught.value) == "$.pointer: expected a pointer such as 7/3"


def places(**pointers: float) -> dict[str, Fraction]:
    return {user: Fraction(pointer) for user, pointer in pointers.items()}


def test_a_new_pool_begins_at_zero() -> None:
    assert level({}, ["ann", "bob"]) == places(ann=0, bob=0)


def test_nobody_moves_where_all_are_present() -> None:
    assert level(places(ann=3, bob=4), ["ann", "bob"]) == places(ann=3, bob=4)


def test_a_newcomer_starts_at_the_lowest_pointer() -> None:
    assert level(places(ann=7, bob=6.5), ["ann", "bob", "cleo"]) == places(ann=7, bob=6.5, cleo=6.5)


def test_who_is_off_and_behind_is_lifted_to_the_lowest_of_those_who_are_not() -> None:
    assert level(places(ann=7, bob=2, cleo=8), ["ann", "cleo"]) == places(ann=7, bob=7, cleo=8)


def test_who_is_off_and_ahead_stays_there() -> None:
    assert level(places(ann=7, bob=7.5, cleo=8), ["ann", "cleo"]) == places(ann=7, bob=7.5, cleo=8)


def test_a_newcomer_does_not_start_at_the_debt_of_somebody_who_is_off() -> None:
    assert level(places(ann=7, bob=2), ["ann", "cleo"]) == places(ann=7, bob=7, cleo=7)


def test_a_newcomer_who_is_alone_starts_where_the_others_stand() -> None:
    assert level(places(ann=7, bob=5), ["cleo"]) == places(ann=7, bob=5, cleo=5)


def test_newcomers_who_are_off_get_no_place_yet() -> None:
    assert level(places(ann=7), ["ann"]) == places(ann=7)


def test_what_was_kept_is_not_touched() -> None:
    kept = places(ann=7, bob=2)
    level(kept, ["ann", "cleo"])
    assert kept == places(ann=7, bob=2)
