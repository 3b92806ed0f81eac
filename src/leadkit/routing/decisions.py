"""What routing answers: a decision for each lead, and a report of many, both as documents that explain themselves."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from leadkit.leads.commands import Assign
from leadkit.routing.assignees import Exclusion
from leadkit.routing.pointers import Pointer
from leadkit.values import Document, Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["RoutingDecision", "RoutingOutcome", "RoutingReport"]


class RoutingOutcome(StrEnum):
    """What routing did with a lead."""

    ASSIGNED = "assigned"
    UNMATCHED = "unmatched"
    NOBODY_ELIGIBLE = "nobody-eligible"
    SKIPPED = "skipped"
    ALREADY_ASSIGNED = "already-assigned"

    @property
    def words(self) -> str:
        """The outcome in running text."""
        return self.value.replace("-", " ")


class RoutingDecision(Document):
    """Who gets a lead, and why.

    Attributes:
        lead_id: The lead.
        outcome: What was decided.
        reason: Why, in a few words.
        route: Where the rule that matched stands, such as "stage `new`, rule 2".
        assign_to: What that rule says: a user, or a strategy and a pool.
        strategy: The strategy, where a rule matched.
        pool: The pool, where the rule names one.
        assigned_to: Who owns the lead from now on, or did before.
        excluded: Who could not get it, once for each reason.
        pointers: The pointers that move with the assignment, by user id.
    """

    lead_id: Identifier
    outcome: RoutingOutcome
    reason: str
    route: str | None = None
    assign_to: str | None = None
    strategy: str | None = None
    pool: str | None = None
    assigned_to: Identifier | None = None
    excluded: tuple[Exclusion, ...] = ()
    pointers: dict[str, Pointer] = {}

    @property
    def command(self) -> Assign | None:
        """The command that carries the decision out, or None where there is nothing to do."""
        if self.outcome is not RoutingOutcome.ASSIGNED:
            return None
        return Assign(assigned_to=self.assigned_to, reason=self.reason)

    def __str__(self) -> str:
        head = f" → {self.assigned_to}" if self.outcome is RoutingOutcome.ASSIGNED else f" {self.outcome.words}"
        without = f"; without {', '.join(map(str, self.excluded))}" if self.excluded else ""
        return f"{self.lead_id}{head}: {self.reason}{without}"


_Count = Annotated[int, Field(ge=0)]


class RoutingReport(Document):
    """What routing did with many leads; the counts of the outcomes add up to the number of decisions.

    Attributes:
        as_of: The instant for which it was decided.
        dry_run: Whether nothing was kept.
        assigned: How many leads got an owner.
        unmatched: For how many no rule holds.
        nobody_eligible: For how many a rule holds, but nobody could take them.
        skipped: How many are closed.
        already_assigned: How many had an owner.
        by_assignee: How many leads each user got, by id.
        decisions: One for each lead, in the order in which they were decided.
    """

    as_of: Instant
    dry_run: bool = False
    assigned: _Count
    unmatched: _Count
    nobody_eligible: _Count
    skipped: _Count
    already_assigned: _Count
    by_assignee: dict[str, _Count]
    decisions: tuple[RoutingDecision, ...]

    @classmethod
    def of(cls, decisions: Iterable[RoutingDecision], *, as_of: datetime, dry_run: bool = False) -> Self:
        """Count decisions.

        Args:
            decisions: In the order in which they were made.
            as_of: The instant for which they were made.
            dry_run: Whether nothing was kept.

        Example:
            >>> from datetime import UTC, datetime
            >>> decision = RoutingDecision(lead_id="lead-1", outcome="unmatched", reason="no rule holds")
            >>> print(RoutingReport.of([decision], as_of=datetime(2026, 11, 24, tzinfo=UTC), dry_run=True))
            1 lead, dry run: 0 assigned, 1 unmatched, 0 nobody eligible, 0 skipped, 0 already assigned
        """
        made = tuple(decisions)
        outcomes = Counter(each.outcome for each in made)
        owners = Counter(str(each.assigned_to) for each in made if each.outcome is RoutingOutcome.ASSIGNED)
        return cls(
            as_of=as_of,
            dry_run=dry_run,
            by_assignee=dict(sorted(owners.items())),
            decisions=made,
            **{outcome.name.lower(): outcomes[outcome] for outcome in RoutingOutcome},
        )

    def __str__(self) -> str:
        total = len(self.decisions)
        counts = ", ".join(f"{getattr(self, each.name.lower())} {each.words}" for each in RoutingOutcome)
        head = f"{total} lead{'' if total == 1 else 's'}{', dry run' if self.dry_run else ''}: {counts}"
        return "\n".join([head, *(f"  {user}: {count}" for user, count in self.by_assignee.items())])
