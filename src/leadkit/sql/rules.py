"""Scoring rules and their draft, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import bindparam, func, select, update

from leadkit.errors import ConcurrencyConflict
from leadkit.scoring import DraftState, Ruleset, RulesVersion
from leadkit.sql.documents import document_of, json_of
from leadkit.sql.schema import drafts, rules
from leadkit.sql.statements import InsertNew

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.sql.transactions import Transaction

__all__ = ["SqlRules"]

_OF_ORG: Final = rules.c.org == bindparam("org")
_COLUMNS: Final = (rules.c.version, rules.c.document, rules.c.author, rules.c.at, rules.c.note)
_LATEST: Final = select(func.coalesce(func.max(rules.c.version), 0)).where(_OF_ORG)
_ONE: Final = select(*_COLUMNS).where(_OF_ORG, rules.c.version == bindparam("version"))
_SOME: Final = (
    select(*_COLUMNS)
    .where(_OF_ORG, rules.c.version < bindparam("before"))
    .order_by(rules.c.version.desc())
    .limit(bindparam("limit"))
)
_INSERT: Final = InsertNew(rules)

_DRAFT: Final = select(drafts.c.document).where(drafts.c.org == bindparam("org"))
_FIRST_DRAFT: Final = InsertNew(drafts)
_NEXT_DRAFT: Final = (
    update(drafts)
    .where(drafts.c.org == bindparam("org"), drafts.c.revision == bindparam("expected"))
    .values(revision=bindparam("revision"), document=bindparam("document"))
)


@attrs.frozen
class SqlRules:
    """The scoring rules of one organisation."""

    _work: Transaction

    def latest(self) -> int:
        """Answer the number of the newest version; 0 when there is none."""
        return int(self._work.value(_LATEST))

    def get(self, version: int) -> RulesVersion | None:
        """Answer a version, or None."""
        found = self._work.row(_ONE, version=version)
        return None if found is None else _version(found)

    def list(self, *, before: int | None = None, limit: int) -> Sequence[RulesVersion]:
        """Answer versions, the newest first."""
        end = self.latest() + 1 if before is None else before
        return [_version(row) for row in self._work.rows(_SOME, before=end, limit=limit)]

    def add(self, version: RulesVersion) -> None:
        """Keep a new version."""
        row = {
            "version": version.version,
            "document": json_of(version.ruleset),
            "author": version.author,
            "at": version.at,
            "note": version.note,
        }
        if version.version != self.latest() + 1 or not self._work.change(_INSERT, row):
            raise ConcurrencyConflict(kind="ruleset", id="rules", expected=version.version - 1, found=self.latest())

    def draft(self) -> DraftState:
        """Answer the draft; at revision 0 where there has never been one."""
        found = self._work.value(_DRAFT)
        return DraftState() if found is None else document_of(DraftState, found)

    def put_draft(self, state: DraftState, *, expected: int) -> None:
        """Keep the draft anew, or that there is none any more."""
        row = {"revision": state.revision, "document": json_of(state)}
        kept = self._work.change(_NEXT_DRAFT, {**row, "expected": expected})
        if not kept and (expected or not self._work.change(_FIRST_DRAFT, row)):
            raise ConcurrencyConflict(kind="draft", id="rules", expected=expected, found=self.draft().revision)


def _version(row: tuple[Any, ...]) -> RulesVersion:
    number, document, author, at, note = row
    ruleset = document_of(Ruleset, document)
    return RulesVersion(version=number, ruleset=ruleset, author=author, at=at, note=note)
