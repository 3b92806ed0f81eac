"""A directory that is given as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import attrs

from leadkit.errors import Fault, InvalidInput
from leadkit.routing import Assignee
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MemoryDirectory"]


@attrs.frozen
class MemoryDirectory:
    """Users and pools, held in memory.

    Attributes:
        users: The users by id.
        pools: For each pool, the ids of its members.

    Example:
        >>> directory = MemoryDirectory.of({"senior-ae": [{"id": "ann", "name": "Ann"}, {"id": "bo", "name": "Bo"}]})
        >>> [member.id for member in directory.pool("senior-ae")]
        ['ann', 'bo']
    """

    users: Mapping[str, Assignee]
    pools: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, pools: Mapping[str, Sequence[Mapping[str, object] | Assignee]]) -> Self:
        """Read pools of users from plain values; a user may stand in several pools, alike in each.

        Args:
            pools: For each pool, its members.

        Raises:
            InvalidInput: With every fault.
        """
        users: dict[str, Assignee] = {}
        members: dict[str, tuple[str, ...]] = {}
        faults: list[Fault] = []
        for name, listed in pools.items():
            # What a file holds may be anything, a text of a million letters among it.
            given: object = listed
            if not isinstance(given, list | tuple):
                faults.append(Fault(path=f"$.{name}", message="a pool is a list of its members", code="wrong-type"))
                continue
            ids: list[str] = []
            for position, member in enumerate(listed):
                try:
                    assignee = read(Assignee, member, at=f"$.{name}[{position}]")
                except InvalidInput as error:
                    faults.extend(error.faults)
                    continue
                users[assignee.id] = assignee
                ids.append(assignee.id)
            members[name] = tuple(ids)
        if faults:
            raise InvalidInput(faults=tuple(faults))
        return cls(users=users, pools=members)

    def assignee(self, user_id: str) -> Assignee | None:
        """Answer a user, or None."""
        return self.users.get(user_id)

    def pool(self, name: str) -> Sequence[Assignee] | None:
        """Answer the members of a pool, or None when there is none of that name."""
        if name not in self.pools:
            return None
        return [self.users[user_id] for user_id in self.pools[name]]
