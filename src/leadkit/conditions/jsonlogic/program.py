"""A rule of JSON Logic, ready to be asked."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.jsonlogic.building import Builder, Step
from leadkit.conditions.jsonlogic.operations import JSONLOGIC_OPERATIONS, NAMES
from leadkit.conditions.jsonlogic.running import Run, Thrown
from leadkit.conditions.jsonlogic.values import UNDEFINED, truthy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.conditions.jsonlogic.building import Write
    from leadkit.conditions.jsonlogic.custom import CustomOperation

__all__ = ["Program"]

_WRITES: Final[MappingProxyType[str, Write]] = MappingProxyType(
    {key: JSONLOGIC_OPERATIONS[name].write for key, name in NAMES.items()}
)


class Program:
    """A rule, built once and asked of many records.

    Args:
        rule: Plain JSON values that are not too deep to be walked.
        operations: The host's own operations.
        root: Whether it is asked of records, whose fields go by either spelling, or of plain JSON.

    Raises:
        Thrown: It uses an operation that is not known.

    Example:
        >>> Program({"<": [{"var": "age"}, 18]}).holds({"age": 17})
        True
    """

    __slots__ = ("_step",)

    def __init__(self, rule: Any, operations: Iterable[CustomOperation] = (), *, root: bool = True) -> None:
        own = {operation.name: operation for operation in operations}
        self._step: Step = Builder(operations=_WRITES, custom=own, root=root).build(rule)

    def value(self, data: Any) -> Any:
        """Answer the value of the rule.

        Args:
            data: What it is asked of.

        Raises:
            Thrown: The rule fails.
        """
        value = self._step(data, Run())
        return None if value is UNDEFINED else value

    def holds(self, data: Any) -> bool:
        """Tell whether the value of the rule counts as true; a rule that fails does not hold.

        Args:
            data: What it is asked of.
        """
        try:
            return truthy(self._step(data, Run()))
        except Thrown:
            return False

    def failure(self, data: Any) -> Any:
        """Answer the error with which the rule fails, None when it does not.

        Args:
            data: What it is asked of.
        """
        try:
            self._step(data, Run())
        except Thrown as thrown:
            return thrown.error
        return None
