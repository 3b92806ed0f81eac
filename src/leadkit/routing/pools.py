"""Picking one member of a pool: who is eligible, whom the strategy chooses, and which pointers move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.routing.assignees import exclusions
from leadkit.routing.pointers import START, level
from leadkit.routing.strategies import Candidate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from fractions import Fraction

    from leadkit.leads import Lead
    from leadkit.routing.assignees import Assignee, Exclusion
    from leadkit.routing.strategies import Strategy

__all__ = ["Pick", "PoolState", "pick"]


@attrs.frozen(kw_only=True)
class PoolState:
    """A pool at one moment.

    Attributes:
        members: Its members; one who is named twice counts once.
        pointers: How far each member has come, by id; newcomers have none, and those of former members do not count.
        open_counts: How many open leads each user has; who is not named has none.
    """

    members: Sequence[Assignee]
    pointers: Mapping[str, Fraction] = attrs.Factory(dict[str, "Fraction"])
    open_counts: Mapping[str, int] = attrs.Factory(dict[str, int])


@attrs.frozen(kw_only=True)
class Pick:
    """Who was picked.

    Attributes:
        assigned_to: The id of the one who gets the lead, or None.
        excluded: Everybody who could not have got it, by id, once for each reason.
        moved: The pointers that are new or changed, by id; nothing moves where nobody was picked.
        problem: Why nobody was picked.
    """

    assigned_to: str | None = None
    excluded: tuple[Exclusion, ...] = ()
    moved: Mapping[str, Fraction] = attrs.Factory(dict[str, "Fraction"])
    problem: str | None = None


def pick(state: PoolState, strategy: Strategy, *, name: str, lead: Lead, as_of: datetime) -> Pick:
    """Pick the member of a pool who gets a lead.

    Args:
        state: The pool.
        strategy: How one is chosen.
        name: The name of the strategy, for what is told.
        lead: The lead.
        as_of: The instant of the assignment.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> from leadkit.routing.assignees import Assignee
        >>> from leadkit.routing.strategies import STRATEGIES
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="lead-1", email="alice@example.com", created_at=now, updated_at=now)
        >>> pool = PoolState(members=[Assignee(id="ann", capacity=3), Assignee(id="bob")], open_counts={"ann": 3})
        >>> picked = pick(pool, STRATEGIES["round-robin"], name="round-robin", lead=lead, as_of=now)
        >>> picked.assigned_to, picked.moved, *map(str, picked.excluded)
        ('bob', {'bob': Fraction(1, 1)}, 'ann (at capacity: 3 of 3 open leads)')
    """
    members = {member.id: member for member in sorted(state.members, key=lambda member: member.id)}
    against = {
        user: exclusions(member, open_leads=state.open_counts.get(user, 0), as_of=as_of)
        for user, member in members.items()
    }
    excluded = tuple(exclusion for reasons in against.values() for exclusion in reasons)
    eligible = [user for user, reasons in against.items() if not reasons]
    if not eligible:
        return Pick(excluded=excluded, problem="nobody is eligible" if members else "the pool has no members")

    kept = {user: pointer for user, pointer in state.pointers.items() if user in members}
    placed = {} if strategy.stride is None else level(kept, eligible)
    candidates = [
        Candidate(assignee=members[user], open_leads=state.open_counts.get(user, 0), pointer=placed.get(user, START))
        for user in eligible
    ]
    answer: object = strategy.choose(candidates, lead, as_of)
    chosen = next((candidate for candidate in candidates if candidate.id == answer), None)
    if chosen is None:
        return Pick(excluded=excluded, problem=f"strategy `{name}` {_refused(answer, against)}")
    if strategy.stride is not None:
        placed[chosen.id] += strategy.stride(chosen.assignee)
    moved = {user: pointer for user, pointer in sorted(placed.items()) if kept.get(user) != pointer}
    return Pick(assigned_to=chosen.id, excluded=excluded, moved=moved)


def _refused(answer: object, against: Mapping[str, Sequence[Exclusion]]) -> str:
    """Say why what a host's strategy answered cannot stand."""
    if answer is None:
        return "chose nobody"
    if not isinstance(answer, str):
        # Not shown: whatever it is, it may be personal.
        return f"answered no user id, but {type(answer).__name__}"
    if answer not in against:
        return f"answered `{answer}`, who is not in the pool"
    return f"answered `{answer}`, who is not eligible: {'; '.join(each.reason for each in against[answer])}"
