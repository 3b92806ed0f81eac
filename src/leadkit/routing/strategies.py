"""THE table of assignment strategies, and how a host adds its own: one function.

A strategy is asked with the eligible members of a pool and answers the id of one of them, or None. It decides nothing
else: who is eligible, what is counted and which pointers move is the same for all.
"""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from leadkit.errors import AlreadyExists, Fault, InvalidInput
from leadkit.pipelines.targets import USER
from leadkit.routing.pointers import START

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from leadkit.leads import Lead
    from leadkit.routing.assignees import Assignee

__all__ = ["STRATEGIES", "Candidate", "Choose", "Strategy", "with_strategies"]


@attrs.frozen(kw_only=True)
class Candidate:
    """A member of a pool who can take the lead.

    Attributes:
        assignee: Who.
        open_leads: How many open leads the member has.
        pointer: How far the member has come; it stays at zero where the strategy moves no pointers.
    """

    assignee: Assignee
    open_leads: int
    pointer: Fraction = START

    @property
    def id(self) -> str:
        """The member's user id."""
        return self.assignee.id


class Choose(Protocol):
    """How one of the candidates is chosen."""

    def __call__(self, candidates: Sequence[Candidate], lead: Lead, as_of: datetime, /) -> str | None:
        """Answer the id of the candidate who gets the lead, or None when nobody should.

        Args:
            candidates: Who is eligible, at least one, by id.
            lead: The lead.
            as_of: The instant of the assignment.
        """
        ...


@attrs.frozen(kw_only=True)
class Strategy:
    """One row of the table.

    Attributes:
        choose: The function that chooses.
        stride: By how much the pointer of the one who got the lead advances; None where no pointers are kept.
        of_pool: Whether the target names a pool; else it names a user.
    """

    choose: Choose
    stride: Callable[[Assignee], Fraction] | None = None
    of_pool: bool = True


# Candidates come by id, and `min` takes the first of equals: so are ties decided.


def _least_far(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
    return min(candidates, key=lambda candidate: candidate.pointer).id


def _least_loaded(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
    return min(candidates, key=lambda candidate: candidate.open_leads).id


def _only_one(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
    return candidates[0].id


STRATEGIES: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        USER: Strategy(choose=_only_one, of_pool=False),
        "round-robin": Strategy(choose=_least_far, stride=lambda _: Fraction(1)),
        "weighted": Strategy(choose=_least_far, stride=lambda assignee: Fraction(1, assignee.weight)),
        "least-loaded": Strategy(choose=_least_loaded),
    }
)
"""The strategies that leadkit brings, by the name that stands before the colon of `assignTo`."""


def with_strategies(own: Mapping[str, Choose | Strategy]) -> Mapping[str, Strategy]:
    """Answer the table with a host's own strategies added.

    Args:
        own: By name, the function that chooses, or a whole row.

    Raises:
        AlreadyExists: A name is taken: what `round-robin` promises, nobody can take back.
        InvalidInput: No `assignTo` could ever name it.

    Example:
        >>> def newest(candidates, lead, as_of):
        ...     return candidates[-1].id
        >>> sorted(with_strategies({"newest": newest}))
        ['least-loaded', 'newest', 'round-robin', 'user', 'weighted']
    """
    for name in own:
        if name in STRATEGIES:
            raise AlreadyExists(kind="strategy", id=name)
        if not name or ":" in name:
            message = "a strategy's name is not empty and holds no colon"
            raise InvalidInput(faults=(Fault(path=f"$.strategies[{name!r}]", message=message, code="strategy-name"),))
    rows = {name: row if isinstance(row, Strategy) else Strategy(choose=row) for name, row in own.items()}
    return MappingProxyType({**STRATEGIES, **rows})
