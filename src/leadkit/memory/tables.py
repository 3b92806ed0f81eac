"""Rows that can be put back as they were: what a unit of work on plain dictionaries needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

__all__ = ["Change", "Table"]

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class _Absent:
    """Marks that there was no row."""


_ABSENT: Final = _Absent()


@attrs.frozen
class Change:
    """A row that was written, with what it was before."""

    table: Table[object, object]
    key: object
    before: object

    def undo(self) -> None:
        """Put the row back as it was."""
        if self.before is _ABSENT:
            self.table.drop(self.key)
        else:
            self.table.set(self.key, self.before)


@attrs.define
class Table(Generic[K, V]):
    """Rows by key, with indexes that follow them.

    Attributes:
        name: What the rows are.
        indexes: For each index, the keys under which a row is found by it.
    """

    name: str
    indexes: dict[str, Callable[[V], Iterable[Hashable]]] = attrs.field(factory=dict)
    rows: dict[K, V] = attrs.field(factory=dict)
    # index name: index key: row keys, a dict for its order
    _found: dict[str, dict[Hashable, dict[K, None]]] = attrs.field(factory=dict)

    def set(self, key: K, row: V) -> None:
        """Write a row and its index entries; a row that is there already keeps its place."""
        self._unindex(key)
        self.rows[key] = row
        for name, keys_of in self.indexes.items():
            entries = self._found.setdefault(name, {})
            for index_key in keys_of(row):
                entries.setdefault(index_key, {})[key] = None

    def drop(self, key: K) -> None:
        """Remove a row, if there is one, and its index entries."""
        self._unindex(key)
        self.rows.pop(key, None)

    def _unindex(self, key: K) -> None:
        if key not in self.rows:
            return
        for name, keys_of in self.indexes.items():
            entries = self._found[name]
            for index_key in keys_of(self.rows[key]):
                del entries[index_key][key]
                if not entries[index_key]:
                    del entries[index_key]

    def before(self, key: K) -> object:
        """Answer what is there now, as a change remembers it."""
        return self.rows.get(key, _ABSENT)

    def find(self, index: str, index_key: Hashable) -> Iterator[V]:
        """Answer the rows that an index finds, in the order in which they were written."""
        for key in self._found.get(index, {}).get(index_key, {}):
            yield self.rows[key]
