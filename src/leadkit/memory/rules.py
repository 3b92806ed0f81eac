"""Scoring rules, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.errors import ConcurrencyConflict
from leadkit.scoring import DraftState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.memory.organisation import Organisation, Writer
    from leadkit.scoring import RulesVersion

__all__ = ["MemoryRules"]

_DRAFT: Final = "draft"


@attrs.frozen
class MemoryRules:
    """The scoring rules of one organisation."""

    _rows: Organisation
    _writer: Writer

    def latest(self) -> int:
        """Answer the number of the newest version; 0 when there is none."""
        return len(self._rows.rules.rows)

    def get(self, version: int) -> RulesVersion | None:
        """Answer a version, or None."""
        return self._rows.rules.rows.get(version)

    def list(self, *, before: int | None = None, limit: int) -> Sequence[RulesVersion]:
        """Answer versions, the newest first."""
        newest = self.latest() if before is None else min(before - 1, self.latest())
        return [self._rows.rules.rows[version] for version in range(newest, max(newest - limit, 0), -1)]

    def add(self, version: RulesVersion) -> None:
        """Keep a new version."""
        if version.version != self.latest() + 1:
            raise ConcurrencyConflict(kind="ruleset", id="rules", expected=version.version - 1, found=self.latest())
        self._writer.set(self._rows.rules, version.version, version)

    def draft(self) -> DraftState:
        """Answer the draft; at revision 0 where there has never been one."""
        return self._rows.drafts.rows.get(_DRAFT, DraftState())

    def put_draft(self, state: DraftState, *, expected: int) -> None:
        """Keep the draft anew, or that there is none any more."""
        found = self.draft().revision
        if found != expected:
            raise ConcurrencyConflict(kind="draft", id="rules", expected=expected, found=found)
        self._writer.set(self._rows.drafts, _DRAFT, state)
