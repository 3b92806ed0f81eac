"""What scoring many leads came to, and what it would come to under other rules."""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.leads.lead import Lead, Priority
from leadkit.values import Document, Points, from_hundredths, hundredths
from leadkit.values.times import Instant

if TYPE_CHECKING:
    from datetime import datetime

    from leadkit.scoring.scorecards import Scorecard

__all__ = ["Bucket", "Mover", "ScoringReport", "Simulation", "SimulationTally", "differs"]

MOST_MOVERS: Final = 20
MOST_BUCKETS: Final = 12


def differs(lead: Lead, card: Scorecard) -> bool:
    """Tell whether a scorecard is another one than a lead has.

    Args:
        lead: The lead as it is.
        card: The scorecard; one without a priority leaves the lead's.
    """
    priority = lead.priority if card.priority is None else card.priority
    return (lead.score, lead.score_breakdown, lead.priority) != (card.score, card.breakdown, priority)


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

    def __str__(self) -> str:
        would = f"{self.changed:,} would change, {self.unchanged:,} would not, {self.skipped:,} skipped"
        score = f"{self.raised:,} would rise, {self.lowered:,} would fall, {self.unscored:,} would get their first"
        before, after = self.priorities_before, self.priorities_after
        spread = [(each.value, before[each], after[each]) for each in reversed(Priority)]
        spread += [(f"{bucket.start:,} to {bucket.end:,}", bucket.before, bucket.after) for bucket in self.histogram]
        lines = [
            f"{_leads(self.considered)}: {would}",
            f"score: {score}",
            f"mean: {_shown(self.mean_before)} before, {_shown(self.mean_after)} after",
            *(f"{name}: {now:,} before, {then:,} after" for name, now, then in spread),
            *(f"{mover.lead_id}: {mover.before:,} to {mover.after:,} ({mover.change:+,})" for mover in self.movers),
        ]
        return "\n".join(lines)


def _leads(count: int) -> str:
    return f"{count:,} lead{'' if count == 1 else 's'}"


def _shown(mean: float | None) -> str:
    return "none" if mean is None else f"{mean:,}"


@attrs.define
class _Side:
    """The scores and priorities before the change, or after it."""

    # By whole points, rounded down: a million leads with scores of their own take no more room than their range.
    scores: Counter[int] = attrs.field(factory=Counter)
    priorities: Counter[Priority] = attrs.field(factory=Counter)
    total: int = 0
    count: int = 0

    def add(self, score: float | None, priority: Priority) -> None:
        self.priorities[priority] += 1
        if score is not None:
            points = hundredths(score)
            self.scores[points // 100] += 1
            self.total += points
            self.count += 1

    @property
    def mean(self) -> float | None:
        return round(self.total / self.count / 100, 2) if self.count else None

    @property
    def by_priority(self) -> dict[Priority, int]:
        return {priority: self.priorities[priority] for priority in Priority}


@attrs.define
class SimulationTally:
    """Adds up what other rules would change, lead by lead, in little room.

    Example:
        >>> from datetime import UTC
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="1", email="a@example.com", score=7, created_at=now, updated_at=now)
        >>> tally = SimulationTally()
        >>> tally.add(lead, Scorecard(score=0, breakdown=(), fingerprint="0" * 64, at=now))
        >>> tally.result(ruleset="0" * 64, as_of=now).lowered
        1
    """

    _before: _Side = attrs.field(factory=_Side, init=False)
    _after: _Side = attrs.field(factory=_Side, init=False)
    _counts: Counter[str] = attrs.field(factory=Counter, init=False)
    # A heap whose first is the least of the largest changes; of equal ones the later id goes first.
    _movers: list[tuple[int, _Descending, Mover]] = attrs.field(factory=list, init=False)

    def skip(self) -> None:
        """Count a lead that no longer changes."""
        self._counts["skipped"] += 1

    def add(self, lead: Lead, card: Scorecard) -> None:
        """Count a lead.

        Args:
            lead: The lead as it is.
            card: Its scorecard under the other rules.
        """
        self._before.add(lead.score, lead.priority)
        self._after.add(card.score, lead.priority if card.priority is None else card.priority)
        self._counts["changed" if differs(lead, card) else "unchanged"] += 1
        if lead.score is None:
            self._counts["unscored"] += 1
            return
        change = hundredths(card.score) - hundredths(lead.score)
        if change:
            self._counts["raised" if change > 0 else "lowered"] += 1
            self._moved(lead.id, lead.score, card.score, change)

    def _moved(self, lead_id: str, before: float, after: float, change: int) -> None:
        mover = Mover(lead_id=lead_id, before=before, after=after, change=from_hundredths(change))
        entry = (abs(change), _Descending(lead_id), mover)
        if len(self._movers) < MOST_MOVERS:
            heapq.heappush(self._movers, entry)
        else:
            heapq.heappushpop(self._movers, entry)

    def result(self, *, ruleset: str, as_of: datetime) -> Simulation:
        """Answer what would change.

        Args:
            ruleset: The fingerprint of the other rules.
            as_of: The instant for which the scores would hold.
        """
        counts = {name: self._counts[name] for name in ("changed", "unchanged", "skipped")}
        return Simulation(
            considered=sum(counts.values()),
            **counts,
            unscored=self._counts["unscored"],
            raised=self._counts["raised"],
            lowered=self._counts["lowered"],
            mean_before=self._before.mean,
            mean_after=self._after.mean,
            histogram=_histogram(self._before.scores, self._after.scores),
            priorities_before=self._before.by_priority,
            priorities_after=self._after.by_priority,
            movers=tuple(mover for _, _, mover in sorted(self._movers, reverse=True)),
            ruleset=ruleset,
            as_of=as_of,
        )


@attrs.frozen(order=False)
class _Descending:
    """A text that sorts the other way round."""

    text: str

    def __lt__(self, other: _Descending) -> bool:
        return other.text < self.text


def _histogram(before: Counter[int], after: Counter[int]) -> tuple[Bucket, ...]:
    """Gather scores into at most a dozen buckets of a round width."""
    scores = before.keys() | after.keys()
    if not scores:
        return ()
    width = _width(min(scores), max(scores))
    wider = [Counter[int](), Counter[int]()]
    for side, counts in zip(wider, (before, after), strict=True):
        for score, count in counts.items():
            side[score // width] += count
    first, last = min(scores) // width, max(scores) // width
    return tuple(
        Bucket(start=place * width, end=(place + 1) * width, before=wider[0][place], after=wider[1][place])
        for place in range(first, last + 1)
    )


def _width(least: int, most: int) -> int:
    """Answer the smallest of 1, 2, 5, 10, 20, 50 … points of which few enough buckets are needed."""
    decade = 1
    while True:
        for width in (decade, 2 * decade, 5 * decade):
            if most // width - least // width < MOST_BUCKETS:
                return width
        decade *= 10
