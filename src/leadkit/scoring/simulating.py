"""What scoring by other rules would change, added up lead by lead."""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.leads.lead import Priority
from leadkit.scoring.reports import Bucket, Mover, Simulation
from leadkit.values.numbers import from_hundredths, hundredths

if TYPE_CHECKING:
    from datetime import datetime

    from leadkit.leads.lead import Lead
    from leadkit.scoring.scorecards import Scorecard

__all__ = ["SimulationTally", "differs"]

_MOST_MOVERS: Final = 20
_MOST_BUCKETS: Final = 12


def differs(lead: Lead, card: Scorecard) -> bool:
    """Tell whether a scorecard is another one than a lead has.

    Args:
        lead: The lead as it is.
        card: The scorecard; one without a priority leaves the lead's.
    """
    scored = (card.score, card.breakdown, card.priority_after(lead.priority))
    return (lead.score, lead.score_breakdown, lead.priority) != scored


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
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> from leadkit.scoring import Scorecard
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
        self._after.add(card.score, card.priority_after(lead.priority))
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
        if len(self._movers) < _MOST_MOVERS:
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
    now, then = _gathered(before, width), _gathered(after, width)
    return tuple(
        Bucket(start=place * width, end=(place + 1) * width, before=now[place], after=then[place])
        for place in range(min(scores) // width, max(scores) // width + 1)
    )


def _gathered(scores: Counter[int], width: int) -> Counter[int]:
    gathered: Counter[int] = Counter()
    for score, count in scores.items():
        gathered[score // width] += count
    return gathered


def _width(least: int, most: int) -> int:
    """Answer the smallest of 1, 2, 5, 10, 20, 50 … points of which few enough buckets are needed."""
    decade = 1
    while True:
        for width in (decade, 2 * decade, 5 * decade):
            if most // width - least // width < _MOST_BUCKETS:
                return width
        decade *= 10
