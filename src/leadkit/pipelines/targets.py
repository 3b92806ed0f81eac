"""To whom a route sends a lead: a user, or a pool by some strategy."""

from __future__ import annotations

from typing import Annotated, Final

import attrs
from pydantic import AfterValidator

from leadkit.values.text import Identifier

__all__ = ["USER", "AssignTo", "Target", "parse_target"]

USER: Final = "user"


@attrs.frozen(kw_only=True)
class Target:
    """What `assignTo` says, taken apart.

    Attributes:
        strategy: `user` for one person, else how one is picked: `round-robin`, `weighted`, `least-loaded`, or the
            name under which the host registered its own.
        name: The id of the user, or the name of the pool.
    """

    strategy: str
    name: str


def parse_target(assign_to: str) -> Target:
    """Take an `assignTo` apart.

    Args:
        assign_to: A user id, or `strategy:pool`. An id that holds a colon is written `user:<id>`.

    Raises:
        ValueError: Nothing stands before or behind the colon.

    Example:
        >>> parse_target("round-robin:senior-ae")
        Target(strategy='round-robin', name='senior-ae')
        >>> parse_target("user-7")
        Target(strategy='user', name='user-7')
    """
    strategy, colon, name = assign_to.partition(":")
    if not colon:
        return Target(strategy=USER, name=assign_to)
    if not strategy or not name:
        message = "expected a user id, or a strategy and a pool such as round-robin:senior-ae"
        raise ValueError(message)
    return Target(strategy=strategy, name=name)


def _checked(assign_to: str) -> str:
    parse_target(assign_to)
    return assign_to


AssignTo = Annotated[Identifier, AfterValidator(_checked)]
"""A user id, or `strategy:pool`."""
