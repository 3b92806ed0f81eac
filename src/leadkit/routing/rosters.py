"""The roster: everybody to whom leads could go, their open leads and the pointers of their pools, at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.pipelines import parse_target
from leadkit.routing.matching import rules_of
from leadkit.routing.pools import PoolState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from leadkit.pipelines import Pipeline, Target
    from leadkit.routing.assignees import Assignee

__all__ = ["Roster", "rotation", "targets_of"]


def targets_of(pipeline: Pipeline) -> tuple[Target, ...]:
    """Answer everything that the rules of a pipeline assign to, each once, in one order.

    Args:
        pipeline: The pipeline.
    """
    # `ann` and `user:ann` are the same.
    found = {rotation(target): target for target in (parse_target(rule.assign_to) for rule in rules_of(pipeline))}
    return tuple(target for _, target in sorted(found.items()))


def rotation(target: Target) -> str:
    """Name the pointers by which a target's pool takes turns: `round-robin:senior-ae`.

    Pointers belong to a pool *and* a strategy. Were they shared, a run of weighted assignments would have to be made up
    for by the next ones in turn, and neither strategy could keep what it promises of its own assignments. Every rule of
    every pipeline that names the same target shares them.

    Example:
        >>> from leadkit.pipelines import parse_target
        >>> rotation(parse_target("weighted:senior-ae"))
        'weighted:senior-ae'
    """
    return f"{target.strategy}:{target.name}"


@attrs.frozen(kw_only=True)
class Roster:
    """Everybody to whom leads could go, at one moment.

    Attributes:
        users: Users by id, for routes that name one.
        pools: The members of each pool by its name.
        open_counts: How many open leads each user has, in all pipelines; who is not named has none.
        pointers: For each rotation, how far its members have come.

    Example:
        >>> from leadkit.routing.assignees import Assignee
        >>> team = Roster(pools={"senior-ae": [Assignee(id="ann"), Assignee(id="bob")]}, open_counts={"ann": 3})
        >>> team.open_counts["ann"]
        3
    """

    users: Mapping[str, Assignee] = attrs.Factory(dict[str, "Assignee"])
    pools: Mapping[str, Sequence[Assignee]] = attrs.Factory(dict[str, "Sequence[Assignee]"])
    open_counts: Mapping[str, int] = attrs.Factory(dict[str, int])
    pointers: Mapping[str, Mapping[str, Fraction]] = attrs.Factory(dict[str, "Mapping[str, Fraction]"])

    def state(self, target: Target, *, of_pool: bool) -> PoolState | None:
        """Answer the pool that a target means, a user being a pool of one; None when there is none of that name.

        Args:
            target: The target.
            of_pool: Whether it names a pool.
        """
        if of_pool:
            members = self.pools.get(target.name)
        else:
            user = self.users.get(target.name)
            members = None if user is None else (user,)
        if members is None:
            return None
        return PoolState(
            members=members, open_counts=self.open_counts, pointers=self.pointers.get(rotation(target), {})
        )
