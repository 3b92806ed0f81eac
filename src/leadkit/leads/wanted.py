"""What a filter may ask of a lead's free properties, and of the records beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema

from leadkit.conditions import ConditionField, related_needs
from leadkit.conditions.kinds import SCALARS, kind_of
from leadkit.conditions.records import is_list
from leadkit.values.json import read_json_object

if TYPE_CHECKING:
    from leadkit.conditions import Condition

__all__ = ["LISTED_RECORDS", "LeadCondition", "WantedProperties"]

LISTED_RECORDS: Final = ("activities", "tasks")
"""The related records that a list looks up: those that every store keeps beside its leads."""


def _listed(condition: Condition) -> Condition:
    for need in related_needs(condition):
        if need.kind not in LISTED_RECORDS:
            possible = " and ".join(f"`{kind}`" for kind in LISTED_RECORDS)
            message = f"a list looks up {possible} of a lead, not `{need.kind}`"
            raise ValueError(message)
    return condition


LeadCondition = Annotated[ConditionField, AfterValidator(_listed)]
"""A condition on a lead, its activities and its tasks."""

_MOST_PROPERTIES: Final = 100
_MOST_VALUES: Final = 1_000


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _read_properties(value: object) -> dict[str, tuple[Any, ...]]:
    """Read the wanted values of properties: for each name one value, or several of which any will do."""
    given = read_json_object(value)
    if len(given) > _MOST_PROPERTIES:
        _refuse(f"at most {_MOST_PROPERTIES} properties are asked for")
    wanted: dict[str, tuple[Any, ...]] = {}
    for name, values in given.items():
        several: tuple[Any, ...] = tuple(values) if is_list(values) else (values,)
        if len(several) > _MOST_VALUES:
            _refuse(f"{name} has more than {_MOST_VALUES:,} values")
        if not all(kind_of(each) in SCALARS for each in several):
            _refuse(f"{name} is text, a number, true or false, or a list of these; a condition asks for anything else")
        wanted[name] = several
    return wanted


WantedProperties = Annotated[
    dict[str, tuple[Any, ...]],
    PlainValidator(_read_properties),
    PlainSerializer(lambda wanted: {name: list(values) for name, values in wanted.items()}, return_type=dict[str, Any]),
    WithJsonSchema({"type": "object", "additionalProperties": True}),
]
"""The wanted values of properties, by name."""
