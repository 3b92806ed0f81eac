"""Scoring rules, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.errors import ConcurrencyConflict

if TYPE_CHECKING:
    from leadkit.memory.organisation import Organisation, Writer
    from leadkit.scoring import Ruleset

__all__ = ["MemoryRules"]


@attrs.frozen
class MemoryRules:
    """The scoring rules of one organisation."""

    _rows: Organisation
    _writer: Writer

    def latest(self) -> int:
        """Answer the number of the newest version; 0 when there is none."""
        return len(self._rows.rules.rows)

    def get(self, version: int) -> Ruleset | None:
        """Answer a version of the ruleset, or None."""
        return self._rows.rules.rows.get(version)

    def add(self, ruleset: Ruleset, *, version: int) -> None:
        """Keep a new version."""
        if version != self.latest() + 1:
            raise ConcurrencyConflict(kind="ruleset", id="rules", expected=version - 1, found=self.latest())
        self._writer.set(self._rows.rules, version, ruleset)
