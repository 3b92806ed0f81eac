"""What would turn a condition: the smallest change of each field, and how many more related records.

A change is offered only after it was tried: it is applied, the condition is asked again, and its answer is another.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, Related
from leadkit.conditions.candidates import Asked, Rank, candidates
from leadkit.conditions.changing import Addition, Change, Replacement
from leadkit.conditions.evaluating import NO_RELATED, holds, moment_of
from leadkit.conditions.operands import operand_fields
from leadkit.conditions.paths import ITEM
from leadkit.conditions.walking import children_of
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from leadkit.conditions.catalogue import Field, FieldCatalogue
    from leadkit.conditions.paths import Path

__all__ = ["Trial", "changes_that_turn", "more_records", "replacements", "subjects_of"]

_MOST_MORE: Final = 10
_MOST_TRIED: Final = 200
_NO_ITEMS: Final = And(items=())


@attrs.frozen
class Trial:
    """A change worth trying.

    Attributes:
        change: The change.
        rank: How small it is, to be compared with others of the same field.
    """

    change: Change
    rank: Rank


def _clauses(condition: Condition) -> Iterator[Condition]:
    yield condition
    for child in children_of(condition):
        yield from _clauses(child)


def subjects_of(conditions: Iterable[Condition]) -> dict[Path, list[Asked]]:
    """Answer the fields of the record that conditions ask of, each with the clauses that do, in order.

    Args:
        conditions: Any conditions; of a form that is not known here nothing is answered.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> clause = {"field": "score", "op": ">", "value": {"field": "properties.bar"}}
        >>> [(path.text, len(asked)) for path, asked in subjects_of([read_condition(clause)]).items()]
        [('score', 1), ('properties.bar', 1)]
    """
    found: dict[Path, list[Asked]] = {}
    for condition in conditions:
        for node in _clauses(condition):
            if isinstance(node, Comparison | Items):
                others = operand_fields(node.operand) if isinstance(node, Comparison) else ()
                for path in dict.fromkeys((node.path, *others)):
                    found.setdefault(path, []).append(node)
    # The whole record is no field of it.
    return {path: asked for path, asked in found.items() if path.segments}


def replacements(
    path: Path, asked: Sequence[Asked], record: Any, as_of: datetime, field: Field | None = None
) -> Iterator[Trial]:
    """Answer the values worth trying in a field, the smallest change first.

    Args:
        path: The field.
        asked: The clauses that ask of it.
        record: The record.
        as_of: Now, in UTC.
        field: What is known of the field.
    """
    before = path.find(record)
    for candidate in candidates(path, asked, record, as_of, field):
        change = Replacement(path=path, before=before, after=candidate.value, example=candidate.example)
        yield Trial(change, candidate.rank)


def more_records(node: Related, as_of: datetime) -> Iterator[Trial]:
    """Answer how many more records of a kind are worth trying, the fewest first; each is of now and counts.

    Args:
        node: A clause over related records. Where no record could be made that counts, nothing is answered, nor where
            it is not their number or their time that is asked for.
        as_of: Now, in UTC.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.conditions import read_condition
        >>> calls = {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}, "within": "7d"}
        >>> first, *_ = more_records(read_condition(calls), datetime(2026, 11, 24, tzinfo=UTC))
        >>> str(first.change)
        'activities: 1 more with type "call", now'
    """
    if node.of is not None:
        return
    record: dict[str, Any] = {}
    if node.time is not None:
        record, _ = Replacement(path=node.time, before=None, after=isoformat(as_of)).applied(record, NO_RELATED)
    made = _satisfying(node.where or _NO_ITEMS, record, as_of, kept=node.time)
    if made is None:
        return
    most = _MOST_MORE if node.aggregate == "count" else 1
    for count in range(1, most + 1):
        yield Trial(Addition(kind=node.kind, record=made, count=count, time=node.time), (0, False, Fraction(count)))


def _satisfying(
    condition: Condition, record: dict[str, Any], as_of: datetime, *, kept: Path | None
) -> dict[str, Any] | None:
    """Answer a record for which a condition holds, found clause by clause; None where that leads nowhere."""
    for node in condition.items if isinstance(condition, And) else (condition,):
        if not isinstance(node, Comparison) or node.path in (kept, ITEM):
            continue
        if not holds(node, record, NO_RELATED, as_of):
            for trial in replacements(node.path, [node], record, as_of):
                tried, _ = trial.change.applied(record, NO_RELATED)
                if holds(node, tried, NO_RELATED, as_of):
                    record = tried
                    break
    return record if holds(condition, record, NO_RELATED, as_of) else None


def changes_that_turn(
    condition: Condition,
    record: Any,
    *,
    related: Mapping[str, Any] = NO_RELATED,
    as_of: datetime,
    catalogue: FieldCatalogue | None = None,
) -> tuple[Change, ...]:
    """Answer what would turn a condition: for each field that it asks of the smallest change that does.

    At most two hundred values are tried in a field.

    Args:
        condition: What `read_condition` answered.
        record: The record.
        related: The records that belong to it, by kind.
        as_of: Now; an aware datetime.
        catalogue: The fields that there are; with one, no value is offered that a field cannot have.

    Returns:
        The changes, in the order in which the fields stand; each of them, applied, turns the answer.

    Raises:
        InvalidInput: `as_of` has no time zone.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.conditions import read_condition
        >>> condition = read_condition({"and": [
        ...     {"field": "team", "op": ">=", "value": 10},
        ...     {"field": "plan", "op": "==", "value": "pro"},
        ... ]})
        >>> changes = changes_that_turn(condition, {"team": 7, "plan": "pro"}, as_of=datetime(2026, 11, 24, tzinfo=UTC))
        >>> [str(change) for change in changes]
        ['team from 7 to 10']
    """
    moment = moment_of(as_of)
    held = holds(condition, record, related, moment)

    def first_that_turns(trials: Iterable[Trial]) -> Iterator[Change]:
        for trial in itertools.islice(trials, _MOST_TRIED):
            try:
                changed, theirs = trial.change.applied(record, related)
            except ValueError:
                continue
            if holds(condition, changed, theirs, moment) is not held:
                yield trial.change
                return

    found: list[Change] = []
    for path, asked in subjects_of([condition]).items():
        field = None if catalogue is None else catalogue.find(path)
        if catalogue is None or field is not None:
            found.extend(first_that_turns(replacements(path, asked, record, moment, field)))
    for node in _clauses(condition):
        if isinstance(node, Related):
            found.extend(change for change in first_that_turns(more_records(node, moment)) if change not in found)
    return tuple(found)
