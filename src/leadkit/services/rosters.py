"""Who there is to route to: what the directory says of a pipeline's rules, and the locks under which that is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.routing import Assignee, Roster, rotation, targets_of, with_strategies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadkit.pipelines import Pipeline, Target
    from leadkit.ports import UnitOfWork
    from leadkit.routing import Strategy
    from leadkit.services.session import Session

__all__ = ["Team", "roster_of", "team_of"]

# The name under which open leads are counted by one process at a time; a rotation's name has a colon, so it is none.
_OPEN_LEADS: Final = "open leads"


@attrs.frozen(kw_only=True)
class Team:
    """Everybody whom the rules of a pipeline name, as the directory knows them.

    Attributes:
        targets: What the rules assign to.
        users: The users that there are, by id.
        pools: The members of the pools that there are, by name.
        strategies: The table of strategies, with the host's own.
    """

    targets: tuple[Target, ...]
    users: Mapping[str, Assignee]
    pools: Mapping[str, Sequence[Assignee]]
    strategies: Mapping[str, Strategy]

    @property
    def everybody(self) -> Iterator[Assignee]:
        """All of them; who stands in several pools comes several times."""
        yield from self.users.values()
        for members in self.pools.values():
            yield from members

    @property
    def rotations(self) -> Mapping[str, Sequence[Assignee]]:
        """For each rotation that keeps pointers, its members; in one order, so that nobody waits in a circle."""
        return {
            rotation(target): self.pools.get(target.name, ())
            for target in self.targets
            if (strategy := self.strategies.get(target.strategy)) is not None and strategy.stride is not None
        }

    @property
    def counts_matter(self) -> bool:
        """Whether what is decided hangs on how many leads somebody has, which other pools may change."""
        chosen = (self.strategies.get(target.strategy) for target in self.targets)
        by_count = any(row is not None and row.of_pool and row.stride is None for row in chosen)
        return by_count or any(user.capacity is not None for user in self.everybody)


def team_of(session: Session, pipeline: Pipeline | None) -> Team:
    """Ask the directory for everybody whom the rules of a pipeline name.

    Args:
        session: The session.
        pipeline: The pipeline; None names nobody.
    """
    targets = () if pipeline is None else targets_of(pipeline)
    strategies = with_strategies(session.wiring.strategies)
    users: dict[str, Assignee] = {}
    pools: dict[str, Sequence[Assignee]] = {}
    open_directory = session.wiring.directory
    directory = None if open_directory is None else open_directory(session.org)
    for target in targets:
        if (strategy := strategies.get(target.strategy)) is None:
            continue
        if strategy.of_pool:
            members = None if directory is None else directory.pool(target.name)
            if members is not None:
                pools[target.name] = tuple(members)
        else:
            # A host without a directory names owners itself, and is believed.
            user = Assignee(id=target.name) if directory is None else directory.assignee(target.name)
            if user is not None:
                users[target.name] = user
    return Team(targets=targets, users=users, pools=pools, strategies=strategies)


def roster_of(work: UnitOfWork, team: Team) -> Roster:
    """Lock the pointers, always in the same order, and read what decisions hang on.

    Leads that are to be routed are read behind this: whoever held the locks before may have given them away.

    Args:
        work: The unit of work; the locks last as long as it does.
        team: Everybody to whom leads may go.
    """
    if team.counts_matter:
        work.pointers.get(_OPEN_LEADS)
    pointers = {name: work.pointers.get(name) for name in team.rotations}
    everybody = {user.id for user in team.everybody}
    return Roster(
        users=team.users,
        pools=team.pools,
        open_counts=work.leads.open_counts(everybody),
        pointers=pointers,
    )
