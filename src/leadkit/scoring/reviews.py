"""What other rules would mean, put together: how they differ, what a check finds in them, and whom they would move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from leadkit.scoring.checking import RuleReport
    from leadkit.scoring.differences import RulesetDiff
    from leadkit.scoring.reports import Simulation
    from leadkit.scoring.ruleset import Ruleset

__all__ = ["RulesReview"]


@attrs.frozen(kw_only=True)
class RulesReview:
    """What other rules would mean; nothing was written.

    Attributes:
        ruleset: The other rules.
        version: The version that they are compared with, 0 where there are no rules yet.
        difference: How they differ from it.
        report: What a check finds in them.
        simulation: What they would change, for the instant of the review: the scores before are those by the version
            that they are compared with, or those that the leads have where there is none.
    """

    ruleset: Ruleset
    version: int
    difference: RulesetDiff
    report: RuleReport
    simulation: Simulation

    @property
    def ok(self) -> bool:
        """Whether they could be saved: the check found no errors."""
        return self.report.ok

    def as_dict(self) -> dict[str, Any]:
        """Answer the review as plain JSON values."""
        return {
            "ok": self.ok,
            "version": self.version,
            "ruleset": self.ruleset.fingerprint,
            "difference": self.difference.as_dict(),
            "check": self.report.as_dict(),
            "simulation": self.simulation.model_dump(mode="json"),
        }

    def __str__(self) -> str:
        against = f"against version {self.version}" if self.version else "the first rules"
        parts = ((against, self.difference), ("check", self.report), ("your leads", self.simulation))
        return "\n\n".join(f"{head}\n{part}" for head, part in parts)
