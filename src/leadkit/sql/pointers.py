"""Whose turn it is, in SQL: one row for each pool, locked from the look to the end of the unit of work."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import bindparam, select

from leadkit.sql.schema import pointers
from leadkit.sql.statements import InsertNew, Upsert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.sql.transactions import Transaction

__all__ = ["SqlPointers"]

_OF_ORG: Final = pointers.c.org == bindparam("org")
_ONE: Final = select(pointers.c.members).where(_OF_ORG, pointers.c.pool == bindparam("pool"))
_LOCKED: Final = _ONE.with_for_update()
_FIRST: Final = InsertNew(pointers)
_PUT: Final = Upsert(pointers)


@attrs.frozen
class SqlPointers:
    """The pointers of the pools of one organisation."""

    _work: Transaction

    def get(self, pool: str) -> Mapping[str, Fraction]:
        """Answer the pointers of a pool's members, locked until the unit of work ends."""
        if self._work.locks_rows:
            found = self._work.value(_LOCKED, pool=pool)
            if found is None:
                # Where there is no row there is nothing to lock: the first to come makes it, and the next one waits.
                self._work.change(_FIRST, {"pool": pool, "members": {}})
                found = self._work.value(_LOCKED, pool=pool)
        else:
            found = self._work.value(_ONE, pool=pool)
        members: dict[str, str] = found or {}
        return {member: Fraction(pointer) for member, pointer in members.items()}

    def put(self, pool: str, pointers: Mapping[str, Fraction]) -> None:
        """Keep the pointers of a pool's members."""
        members = {member: str(pointer) for member, pointer in pointers.items()}
        self._work.change(_PUT, {"pool": pool, "members": members})
