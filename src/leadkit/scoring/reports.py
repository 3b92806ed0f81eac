"""What scoring many leads came to, and what it would come to under other rules."""

from __future__ import annotations

from leadkit.leads.lead import Priority
from leadkit.values import Document, Points
from leadkit.values.times import Instant

__all__ = ["Bucket", "Mover", "ScoringReport", "Simulation"]


class ScoringReport(Document):
    """What scoring many leads came to.

    Attributes:
        considered: The leads that the filter meant.
        changed: Those that got another scorecard.
        unchanged: Those whose scorecard is the one that they had.
        skipped: Those that are converted and no longer change.
        ruleset: The fingerprint of the rules.
        version: Their version.
        as_of: The instant for which the scores hold.
    """

    considered: int
    changed: int
    unchanged: int
    skipped: int
    ruleset: str
    version: int
    as_of: Instant

    def __str__(self) -> str:
        return (
            f"{_leads(self.considered)} scored by version {self.version} of the rules: "
            f"{self.changed:,} changed, {self.unchanged:,} unchanged, {self.skipped:,} skipped"
        )


class Mover(Document):
    """A lead whose score would change much.

    Attributes:
        lead_id: The lead.
        before: Its score.
        after: What it would be.
        change: The difference.
    """

    lead_id: str
    before: Points
    after: Points
    # From one end of what points may be to the other is twice as far as points may be.
    change: int | float


class Bucket(Document):
    """The leads of some scores.

    Attributes:
        start: The least score in it.
        end: The first score that is no longer in it.
        before: How many leads score so now.
        after: How many would.
    """

    start: int
    end: int
    before: int
    after: int


class Simulation(Document):
    """What scoring by other rules would change; nothing was written.

    Attributes:
        considered: The leads that the filter meant.
        changed: Those that would get another scorecard.
        unchanged: Those that would keep theirs.
        skipped: Those that are converted and no longer change.
        unscored: Those that would change and have no score yet.
        raised: Those whose score would rise.
        lowered: Those whose score would fall.
        mean_before: The mean of the scores that there are; None when there are none.
        mean_after: The mean of the scores that there would be.
        histogram: How many leads score how much, before and after.
        priorities_before: How many leads have each priority.
        priorities_after: How many would have.
        movers: The leads whose score would change most, either way.
        ruleset: The fingerprint of the other rules.
        as_of: The instant for which the scores would hold.
    """

    considered: int
    changed: int
    unchanged: int
    skipped: int
    unscored: int
    raised: int
    lowered: int
    mean_before: float | None
    mean_after: float | None
    histogram: tuple[Bucket, ...]
    priorities_before: dict[Priority, int]
    priorities_after: dict[Priority, int]
    movers: tuple[Mover, ...]
    ruleset: str
    as_of: Instant

    @property
    def summary(self) -> tuple[str, ...]:
        """The counts and the means, in a few lines."""
        would = f"{self.changed:,} would change, {self.unchanged:,} would not, {self.skipped:,} skipped"
        score = f"{self.raised:,} would rise, {self.lowered:,} would fall, {self.unscored:,} would get their first"
        return (
            f"{_leads(self.considered)}: {would}",
            f"score: {score}",
            f"mean: {_shown(self.mean_before)} before, {_shown(self.mean_after)} after",
        )

    def __str__(self) -> str:
        before, after = self.priorities_before, self.priorities_after
        spread = [(each.value, before[each], after[each]) for each in reversed(Priority)]
        spread += [(f"{bucket.start:,} to {bucket.end:,}", bucket.before, bucket.after) for bucket in self.histogram]
        lines = [
            *self.summary,
            *(f"{name}: {now:,} before, {then:,} after" for name, now, then in spread),
            *(f"{mover.lead_id}: {mover.before:,} to {mover.after:,} ({mover.change:+,})" for mover in self.movers),
        ]
        return "\n".join(lines)


def _leads(count: int) -> str:
    return f"{count:,} lead{'' if count == 1 else 's'}"


def _shown(mean: float | None) -> str:
    return "none" if mean is None else f"{mean:,}"
