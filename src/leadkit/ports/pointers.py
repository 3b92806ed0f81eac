"""Whose turn it is in each pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

__all__ = ["PointerStore"]


class PointerStore(Protocol):
    """The pointers of the pools of one organisation."""

    def get(self, pool: str) -> Mapping[str, Fraction]:
        """Answer the pointers of a pool's members, locked until the unit of work ends."""
        ...

    def put(self, pool: str, pointers: Mapping[str, Fraction]) -> None:
        """Keep the pointers of a pool's members; those of members that are not named are forgotten."""
        ...
