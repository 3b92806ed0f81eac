"""The operators that python-jsonlogic leaves to its users: `and`, `or`, `!` and `in`, written as its own are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from jsonlogic import Operator
from jsonlogic.evaluation import EvaluationContext, get_value
from jsonlogic.operators import operator_registry

if TYPE_CHECKING:
    from jsonlogic.registry import OperatorRegistry
    from jsonlogic.typing import OperatorArgument

__all__ = ["registry"]


@dataclass
class _Several(Operator):
    arguments: list[OperatorArgument]

    @classmethod
    def from_expression(cls, operator: str, arguments: list[OperatorArgument]) -> Self:
        return cls(operator=operator, arguments=arguments)


class _And(_Several):
    def evaluate(self, context: EvaluationContext) -> bool:
        return all(get_value(argument, context) for argument in self.arguments)


class _Or(_Several):
    def evaluate(self, context: EvaluationContext) -> bool:
        return any(get_value(argument, context) for argument in self.arguments)


class _Not(_Several):
    def evaluate(self, context: EvaluationContext) -> bool:
        return not get_value(self.arguments[0], context)


class _In(_Several):
    def evaluate(self, context: EvaluationContext) -> bool:
        item: Any = get_value(self.arguments[0], context)
        held: Any = get_value(self.arguments[1], context)
        return held is not None and item in held


def registry() -> OperatorRegistry:
    """Answer its own operators and these."""
    extended = operator_registry.copy()
    for name, operator in (("and", _And), ("or", _Or), ("!", _Not), ("in", _In)):
        extended.register(name, operator)
    return extended
