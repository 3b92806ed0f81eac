"""A change of one field, or a few more related records: what a counterfactual proposes, and how it is applied.

Nothing is changed in place: applying a change answers a changed copy.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs
from pydantic import BaseModel

from leadkit.conditions.phrasing import phrase_path
from leadkit.conditions.records import is_list, is_mapping, opener_of, records_in
from leadkit.conditions.wording import as_json, described, printable, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadkit.conditions.paths import Path

__all__ = ["Addition", "Change", "Replacement"]


@attrs.frozen(kw_only=True)
class Replacement:
    """One field gets another value.

    Attributes:
        path: The field.
        before: Its value, None when it is missing.
        after: What it becomes, None when it goes missing.
        example: Whether the value stands for any that the field may have.

    Example:
        >>> from leadkit.conditions import parse_path
        >>> change = Replacement(path=parse_path("properties.team_size"), before=7, after=10)
        >>> str(change), change.applied({"properties": {"team_size": 7}}, {})
        ('properties.team_size from 7 to 10', ({'properties': {'team_size': 10}}, {}))
    """

    path: Path
    before: Any
    after: Any
    example: bool = False

    def applied(self, record: Any, related: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Answer the record with the change, and its related records as they are.

        Args:
            record: The record.
            related: The records that belong to it, by kind.

        Raises:
            ValueError: The record cannot hold the value there.
        """
        return _changed(record, self.path.spellings, self.path.segments[1:], self.after), related

    def __str__(self) -> str:
        field = phrase_path(self.path)
        if is_list(self.after) and not self.example:
            had = self.before if is_list(self.before) else ()
            if len(self.after) > len(had):
                return f"{field} with {_listed(self.after[len(had) :])}"
            return f"{field} without {_listed(_taken(had, self.after))}"
        if self.example:
            other = "known" if self.before is None else f"from {shown(self.before)} to another value"
            return f"{field} {other}, such as {shown(self.after)}"
        if self.before is None:
            return f"{field} set to {shown(self.after)}"
        return f"{field} from {shown(self.before)} to {shown(self.after)}"

    def as_dict(self) -> dict[str, Any]:
        """Answer the change as plain JSON values."""
        return {
            "field": self.path.text,
            "before": as_json(self.before),
            "after": as_json(self.after),
            "example": self.example,
        }


@attrs.frozen(kw_only=True)
class Addition:
    """A few more related records of one kind, all of them alike.

    Attributes:
        kind: The kind, such as `activities`.
        record: One such record.
        count: How many of them.
        time: The field that holds their time, which is now; None when they have none.

    Example:
        >>> change = Addition(kind="activities", record={"type": "call"}, count=2)
        >>> str(change), change.applied({}, {})[1]
        ('activities: 2 more with type "call"', {'activities': [{'type': 'call'}, {'type': 'call'}]})
    """

    kind: str
    record: Mapping[str, Any]
    count: int
    time: Path | None = None

    def applied(self, record: Any, related: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Answer the record as it is, and its related records with the new ones.

        Args:
            record: The record.
            related: The records that belong to it, by kind.
        """
        present = records_in(related.get(self.kind))
        return record, {**related, self.kind: [*present, *[self.record] * self.count]}

    def __str__(self) -> str:
        timed = () if self.time is None else self.time.segments
        told = [f"{printable(name)} {shown(value)}" for name, value in self.record.items() if (name,) != timed]
        matching = f" with {' and '.join(told)}" if told else ""
        return f"{printable(self.kind)}: {self.count} more{matching}{', now' if timed else ''}"

    def as_dict(self) -> dict[str, Any]:
        """Answer the change as plain JSON values."""
        record = {name: as_json(value) for name, value in self.record.items()}
        return {"related": self.kind, "record": record, "count": self.count}


Change: TypeAlias = Replacement | Addition
"""What a counterfactual proposes."""


def _changed(record: Any, names: Sequence[str], rest: Sequence[str], value: Any) -> Any:
    """Answer a record with another member.

    Args:
        record: The record.
        names: The spellings of the member, in the order in which a path looks for them.
        rest: The way from the member on.
        value: What stands at the end of the way; None for nothing.
    """
    held: object = record
    member = opener_of(type(held))
    if member is None:
        message = f"{described(record)} has no fields"
        raise ValueError(message)
    name = next((name for name in names if member(record, name) is not None), names[0])
    if rest:
        inner = member(record, name)
        value = _changed({} if inner is None else inner, rest[:1], rest[1:], value)
    if is_mapping(record):
        # Under the other spelling an older value would come to light.
        kept = {key: item for key, item in record.items() if value is not None or key not in names}
        return kept if value is None else {**kept, name: value}
    return _with_attribute(record, name, value)


def _with_attribute(record: Any, name: str, value: Any) -> Any:
    try:
        if isinstance(record, BaseModel):
            return record.model_copy(update={name: value})
        if dataclasses.is_dataclass(record) and not isinstance(record, type):
            return dataclasses.replace(record, **{name: value})
        return attrs.evolve(record, **{name: value})
    except TypeError as error:
        # The field is not one that its constructor takes.
        raise ValueError(str(error)) from None


def _listed(items: Sequence[Any]) -> str:
    return ", ".join(map(shown, items))


def _taken(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    """Answer the items that are gone; what is left stands in the order in which it stood."""
    rest = iter(after)
    expected = next(rest, None)
    gone: list[Any] = []
    for item in before:
        if item is expected:
            expected = next(rest, None)
        else:
            gone.append(item)
    return gone
