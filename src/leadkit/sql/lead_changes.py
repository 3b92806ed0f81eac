"""What of a lead is written: what changed since it was read.

A score moves in five columns of forty. Writing only those takes a third of the time, and leaves the indexes of the
others alone.
"""

from __future__ import annotations

import functools
import itertools
from operator import is_not
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import bindparam, update

from leadkit.leads.making import LEAD_FIELDS, values_of
from leadkit.sql.lead_rows import DERIVED, row_of
from leadkit.sql.schema import leads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Update

    from leadkit.leads import Lead

__all__ = ["KnownLeads", "order_of", "update_of"]

_MOST_KNOWN: Final = 10_000
_MOST_STATEMENTS: Final = 200
_EVERY: Final = (*LEAD_FIELDS[1:], *DERIVED)


@functools.cache
def _written(changed: tuple[bool, ...]) -> tuple[str, ...]:
    """Answer the columns that are written where fields have changed, those that are derived from them too."""
    fields = tuple(itertools.compress(LEAD_FIELDS, changed))
    derived = tuple(column for column, sources in DERIVED.items() if not sources.isdisjoint(fields))
    return (*fields, *derived)


@functools.cache
def _statement(columns: tuple[str, ...]) -> Update:
    return (
        update(leads)
        .where(
            leads.c.org == bindparam("org"),
            leads.c.id == bindparam("lead_id"),
            leads.c.version == bindparam("expected"),
        )
        .values({leads.c[name]: bindparam(name) for name in columns})
    )


def update_of(columns: tuple[str, ...]) -> Update:
    """Answer the statement that writes some columns of a lead, if it is at the version that was read.

    Args:
        columns: Which columns; nothing else of what `KnownLeads.change` answers will do.
    """
    return _statement(columns)


def order_of(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Name the parameters of `update_of`, without the organisation, in the order in which `KnownLeads.change` has them.

    Args:
        columns: Which columns.
    """
    return (*columns, "lead_id", "expected")


@attrs.frozen
class KnownLeads:
    """The leads that one unit of work has read, as they are kept."""

    _known: dict[str, Lead] = attrs.field(factory=dict, repr=False)

    def note(self, leads: Iterable[Lead]) -> None:
        """Note leads that were read or written.

        Args:
            leads: As they are kept now.
        """
        if len(self._known) > _MOST_KNOWN:
            # A unit of work that reads a whole list must not hold it; who is not known is written whole.
            self._known.clear()
        self._known.update((lead.id, lead) for lead in leads)

    def change(self, lead: Lead, expected: int) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """Answer what is written to change a lead.

        Args:
            lead: The lead as it is now.
            expected: The version that was read.

        Returns:
            The columns, and the parameters of `update_of` for them, in the order of `order_of`.
        """
        columns = self._columns(lead, expected)
        return columns, (*row_of(lead, columns), lead.id, expected)

    def _columns(self, lead: Lead, expected: int) -> tuple[str, ...]:
        before = self._known.get(lead.id)
        # What is kept at the version that was read is what was read.
        if before is None or before.version != expected:
            return _EVERY
        # A change makes leads whose other values are the very same ones, so that no two documents are compared.
        columns = _written(tuple(map(is_not, values_of(before), values_of(lead))))
        few = _statement.cache_info().currsize < _MOST_STATEMENTS
        return columns if few else _EVERY
