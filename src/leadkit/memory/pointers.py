"""Whose turn it is, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemoryPointers"]


@attrs.frozen
class MemoryPointers:
    """The pointers of the pools of one organisation; the unit of work's lock covers them."""

    _rows: Organisation
    _writer: Writer

    def get(self, pool: str) -> Mapping[str, Fraction]:
        """Answer the pointers of a pool's members."""
        return dict(self._rows.pointers.rows.get(pool, {}))

    def put(self, pool: str, pointers: Mapping[str, Fraction]) -> None:
        """Keep the pointers of a pool's members."""
        self._writer.set(self._rows.pointers, pool, dict(pointers))
