"""Writing conditions for editors: the parts that their documents share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or
from leadkit.conditions.operands import Literal, Literals, NowOperand, Pair, Pattern
from leadkit.conditions.operators import OPPOSITES
from leadkit.conditions.places import at_index, at_key
from leadkit.errors import Fault, NotExpressible

if TYPE_CHECKING:
    from leadkit.conditions.editors.dialects import Dialect, Word

__all__ = ["DocumentWriter", "Refused", "literals_of"]

_OP, _VALUE, _CASE, _RELATED, _LEAF = "op", "value", "ignoreCase", "related", "jsonlogic"


class Refused(Exception):
    """Something that an editor cannot say, and under which key it stands."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key, self.reason = key, reason


@attrs.define
class DocumentWriter(ABC):
    """Writes one document; what differs between editors is left to those who inherit.

    Attributes:
        dialect: The editor's operators.
        faults: Where faults are added.
    """

    dialect: Dialect
    faults: list[Fault] = attrs.field(factory=list)

    def document(self, condition: Condition, at: str) -> dict[str, Any]:
        """Write a condition as a whole document, which is a group.

        Args:
            condition: The condition.
            at: The JSON path that faults begin with.

        Raises:
            NotExpressible: Something in it cannot be said; every such thing is named.
        """
        written = self.node(condition, at)
        if self.faults:
            raise NotExpressible(target=self.dialect.editor, faults=tuple(self.faults))
        return written if "rules" in written else self.group("and", [written], negated=False)

    def node(self, node: Condition, at: str) -> dict[str, Any]:
        """Write a condition as a rule or a group; where a fault is added, what is answered is of no use.

        Args:
            node: The condition.
            at: Its JSON path.
        """
        try:
            return self._node(node, at)
        except Refused as refused:
            self.faults.append(Fault(path=at_key(at, refused.key), message=refused.reason, code="not-expressible"))
            return {}

    def _node(self, node: Condition, at: str) -> dict[str, Any]:
        match node:
            case And(items=items, spelling=key) | Or(items=items, spelling=key):
                inside = at_key(at, key)
                rules = [self.node(item, at_index(inside, index)) for index, item in enumerate(items)]
                return self.group("and" if isinstance(node, And) else "or", rules, negated=False)
            case Not(item=Comparison() as item):
                inside = at_key(at, "not")
                twin = OPPOSITES.get(item.operator)
                if twin is not None:
                    return self.node(attrs.evolve(item, operator=twin), inside)
                if self.dialect.word_for(item.operator, negated=True) is not None:
                    return self._comparison(item, inside, negated=True)
                return self.group("and", [self.node(item, inside)], negated=True)
            case Not(item=item, spelling=key):
                inner = self.node(item, at if key == "none" else at_key(at, "not"))
                return {**inner, "not": True} if _can_be_negated(inner) else self.group("and", [inner], negated=True)
            case Comparison():
                return self._comparison(node, at, negated=False)
            case Items():
                return self.items(node, at)
            case JsonLogic():
                raise Refused(_LEAF, f"{self.dialect.editor} knows no JSON Logic")
            case _:
                raise Refused(_RELATED, f"{self.dialect.editor} knows no related records")

    def _comparison(self, node: Comparison, at: str, *, negated: bool) -> dict[str, Any]:
        try:
            return self._asked(node, negated=negated)
        except Refused as refused:
            self.faults.append(Fault(path=at_key(at, refused.key), message=refused.reason, code="not-expressible"))
            return {}

    def _asked(self, node: Comparison, *, negated: bool) -> dict[str, Any]:
        if node.ignore_case:
            raise Refused(_CASE, f"{self.dialect.editor} cannot disregard case")
        value = node.operand.value if isinstance(node.operand, Literal) else None
        word = self.dialect.word_for(node.operator, negated=negated, value=value)
        if word is None:
            raise Refused(_OP, f"{self.dialect.editor} has no operator `{node.operator}`")
        if isinstance(node.operand, NowOperand) or (
            isinstance(node.operand, Pair) and NowOperand in map(type, (node.operand.low, node.operand.high))
        ):
            raise Refused(_VALUE, f"{self.dialect.editor} knows no time relative to now")
        return self.rule(node, word)

    @abstractmethod
    def group(self, combinator: str, rules: list[dict[str, Any]], *, negated: bool) -> dict[str, Any]:
        """Write a group.

        Args:
            combinator: Whether all of the rules must hold, `and`, or one, `or`.
            rules: The rules and groups in it.
            negated: Whether its opposite is meant.
        """

    @abstractmethod
    def rule(self, node: Comparison, word: Word) -> dict[str, Any]:
        """Write a rule.

        Args:
            node: The comparison.
            word: What the editor calls its operator.
        """

    def items(self, node: Items, at: str) -> dict[str, Any]:  # noqa: ARG002 - an editor that can asks for it
        """Write a condition over the items of a list, where the editor can say it.

        Args:
            node: The condition.
            at: Its JSON path.
        """
        raise Refused(node.quantifier, f"{self.dialect.editor} does not look into lists")


def _can_be_negated(written: dict[str, Any]) -> bool:
    return "rules" in written and not written.get("not")


def literals_of(node: Comparison) -> Any:
    """Answer the values that a comparison is written with: one, or a list of them; None for an operator without.

    Args:
        node: A comparison with literals only.
    """
    match node.operand:
        case Literal(value) | Pattern(value):
            return value
        case Literals(values):
            return list(values)
        case Pair(Literal(low), Literal(high)):
            return [low, high]
        case _:
            return None
