"""Scoring rules, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import bindparam, func, select

from leadkit.errors import ConcurrencyConflict
from leadkit.scoring import Ruleset
from leadkit.sql.documents import document_of, json_of
from leadkit.sql.schema import rules
from leadkit.sql.statements import InsertNew

if TYPE_CHECKING:
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlRules"]

_OF_ORG: Final = rules.c.org == bindparam("org")
_LATEST: Final = select(func.coalesce(func.max(rules.c.version), 0)).where(_OF_ORG)
_ONE: Final = select(rules.c.document).where(_OF_ORG, rules.c.version == bindparam("version"))
_INSERT: Final = InsertNew(rules)


@attrs.frozen
class SqlRules:
    """The scoring rules of one organisation."""

    _work: Transaction

    def latest(self) -> int:
        """Answer the number of the newest version; 0 when there is none."""
        return int(self._work.value(_LATEST))

    def get(self, version: int) -> Ruleset | None:
        """Answer a version of the ruleset, or None."""
        found = self._work.value(_ONE, version=version)
        return None if found is None else document_of(Ruleset, found)

    def add(self, ruleset: Ruleset, *, version: int) -> None:
        """Keep a new version."""
        kept = version == self.latest() + 1 and self._work.change(
            _INSERT, {"version": version, "document": json_of(ruleset)}
        )
        if not kept:
            raise ConcurrencyConflict(kind="ruleset", id="rules", expected=version - 1, found=self.latest())
