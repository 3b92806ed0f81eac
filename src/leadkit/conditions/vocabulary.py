"""What a host may set for the rule language: its limits, its own kinds of related record, its own operations."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs
from attrs.validators import and_, ge, instance_of, le

from leadkit.conditions.jsonlogic.operations import NAMES
from leadkit.conditions.related import RELATED_KINDS, RelatedKind
from leadkit.errors import Fault, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leadkit.conditions.jsonlogic.custom import CustomOperation

__all__ = ["DEFAULT", "Limits", "Vocabulary"]

# Reading, evaluating and writing recurse over what was accepted, and must stay far from Python's own limit.
_MOST_DEPTH: Final = 100
_POSITIVE: Final = and_(instance_of(int), ge(1))


@attrs.frozen(kw_only=True)
class Limits:
    """How large a condition may be.

    Attributes:
        depth: How many conditions may stand inside each other, at most 100.
        nodes: How many conditions there may be in all.
        list_items: How many values a list may hold.
        document_bytes: How large the document may be, as UTF-8.
        patterns: How many regular expressions there may be, since each takes time to build.
    """

    depth: int = attrs.field(default=32, validator=and_(_POSITIVE, le(_MOST_DEPTH)))
    nodes: int = attrs.field(default=500, validator=_POSITIVE)
    list_items: int = attrs.field(default=1_000, validator=_POSITIVE)
    document_bytes: int = attrs.field(default=256 * 1024, validator=_POSITIVE)
    patterns: int = attrs.field(default=20, validator=_POSITIVE)


def _by_name(kinds: Iterable[RelatedKind]) -> Mapping[str, RelatedKind]:
    return MappingProxyType({kind.name: kind for kind in kinds})


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The words and the limits by which conditions are read.

    Attributes:
        limits: How large a condition may be.
        related: The kinds of related record by name.
        operations: The host's own operations of JSON Logic by name.

    Example:
        >>> vocabulary = Vocabulary().with_related(RelatedKind(name="invoices", time="paid_at"))
        >>> sorted(vocabulary.related)
        ['activities', 'campaign', 'company', 'invoices', 'opportunities', 'tasks']
    """

    limits: Limits = Limits()
    related: Mapping[str, RelatedKind] = _by_name(RELATED_KINDS)
    operations: Mapping[str, CustomOperation] = MappingProxyType({})

    def with_related(self, *kinds: RelatedKind) -> Vocabulary:
        """Answer a vocabulary that also knows these kinds; a name that is known already is declared anew.

        Args:
            kinds: The host's own kinds.
        """
        return attrs.evolve(self, related=_by_name((*self.related.values(), *kinds)))

    def with_operations(self, *operations: CustomOperation) -> Vocabulary:
        """Answer a vocabulary whose rules of JSON Logic may also call these; a name that is known is declared anew.

        Args:
            operations: The host's own operations.

        Raises:
            InvalidInput: One has the name of an operation of JSON Logic, which means one thing everywhere.

        Example:
            >>> from leadkit.conditions import CustomOperation, evaluate, read_condition
            >>> vocabulary = Vocabulary().with_operations(CustomOperation(name="lower", call=str.lower))
            >>> rule = {"jsonlogic": {"===": [{"lower": {"var": "city"}}, "bonn"]}}
            >>> from datetime import UTC, datetime
            >>> condition = read_condition(rule, vocabulary=vocabulary)
            >>> evaluate(condition, {"city": "BONN"}, as_of=datetime(2026, 11, 24, tzinfo=UTC))
            True
        """
        taken = [operation.name for operation in operations if operation.name in NAMES]
        if taken:
            raise InvalidInput(
                faults=tuple(
                    Fault(path="operations", message=f"`{name}` is an operation of JSON Logic", code="name-taken")
                    for name in taken
                )
            )
        own = {**self.operations, **{operation.name: operation for operation in operations}}
        return attrs.evolve(self, operations=MappingProxyType(own))


DEFAULT: Final = Vocabulary()
"""What holds when a host sets nothing."""
