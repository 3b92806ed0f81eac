"""The condition as a tree: frozen, hashable, and ready to be asked.

What was written in several ways has one form here: `all` is `And`, `any` over conditions is `Or`, `none` over
conditions is `Not` of `Or`, an alias of an operator is the operator. Two conditions that differ only in such
spelling are equal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias
from typing import Literal as OneOf

import attrs

from leadkit.conditions.criteria import Criterion
from leadkit.conditions.jsonlogic.program import Program
from leadkit.conditions.jsonlogic.running import Thrown
from leadkit.errors import Fault, RuleErrors

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

    from leadkit.conditions.jsonlogic.custom import CustomOperation
    from leadkit.conditions.operands import Operand
    from leadkit.conditions.paths import Path
    from leadkit.values.times import Duration

__all__ = ["And", "Atom", "Comparison", "Condition", "Items", "JsonLogic", "Not", "Or", "Quantifier", "Related"]

Quantifier: TypeAlias = OneOf["any", "all", "none"]


class _Node:
    """What all nodes share: how they are copied, pickled, and read and written by pydantic."""

    __slots__ = ()

    # By the constructor, since what a node made ready (a pattern's program) cannot travel.

    def __reduce__(self) -> tuple[Any, ...]:
        cls: type[Any] = type(self)
        fields = [field for field in attrs.fields(cls) if field.init]
        return _build, (type(self), {field.name: getattr(self, field.name) for field in fields})

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        # How a condition is read and written stands above the tree, which pydantic asks for it.
        from leadkit.conditions.field import core_schema_of_conditions  # noqa: PLC0415 - it stands above

        return core_schema_of_conditions()


def _build(cls: type[Any], data: dict[str, Any]) -> Any:
    return cls(**data)


def _ready(node: Comparison | Related) -> Criterion:
    return Criterion(node.operator, node.operand, node.ignore_case)


@attrs.frozen(kw_only=True, cache_hash=True)
class And(_Node):
    """Holds when every item does; an empty one holds.

    Attributes:
        items: The conditions.
        spelling: The key under which it was written, for the places of faults.
    """

    items: tuple[Condition, ...]
    spelling: str = attrs.field(default="and", eq=False, repr=False)


@attrs.frozen(kw_only=True, cache_hash=True)
class Or(_Node):
    """Holds when one of the items does; an empty one does not.

    Attributes:
        items: The conditions.
        spelling: The key under which it was written, for the places of faults.
    """

    items: tuple[Condition, ...]
    spelling: str = attrs.field(default="or", eq=False, repr=False)


@attrs.frozen(kw_only=True, cache_hash=True)
class Not(_Node):
    """Holds when the item does not.

    Attributes:
        item: The condition.
        spelling: The key under which it was written: `not`, or `none` for the opposite of an `Or`.
    """

    item: Condition
    spelling: str = attrs.field(default="not", eq=False, repr=False)


@attrs.frozen(kw_only=True, cache_hash=True)
class Comparison(_Node):
    """A field, an operator, and what the field is compared with.

    Attributes:
        path: The field.
        operator: The canonical name of the operator.
        operand: What stands under `value`, None for an operator that takes nothing.
        ignore_case: Whether text is compared in lower case.

    Raises:
        RuleErrors: The operator is unknown, or does not take such an operand.
    """

    path: Path
    operator: str
    operand: Operand | None = None
    ignore_case: bool = False
    criterion: Criterion = attrs.field(init=False, eq=False, repr=False, default=attrs.Factory(_ready, takes_self=True))


@attrs.frozen(kw_only=True, cache_hash=True)
class Items(_Node):
    """A condition over the items of a list, whose fields are the items' own.

    Attributes:
        path: The field that holds the list.
        quantifier: Whether any, all or none of the items are to satisfy it.
        condition: What is asked of each item.
    """

    path: Path
    quantifier: Quantifier
    condition: Condition


@attrs.frozen(kw_only=True, cache_hash=True)
class Related(_Node):
    """A condition over records that belong to this one.

    Attributes:
        kind: The kind of related record, such as `activities`.
        where: Which of them count; None for all.
        within: How far back they count, by the kind's time; None for ever.
        aggregate: What is computed of them: `count`, `sum`, `min`, `max`, `avg`, `latest`, `earliest`.
        of: The field that is aggregated; None for `count`, and for the kind's time.
        operator: What is asked of the aggregate.
        operand: What the aggregate is compared with.
        ignore_case: Whether text is compared in lower case.
        time: The field that holds the time of such records, None when they have none.

    Raises:
        RuleErrors: The operator is unknown, or does not take such an operand.
    """

    kind: str
    where: Condition | None = None
    within: Duration | None = None
    aggregate: str = "count"
    of: Path | None = None
    operator: str
    operand: Operand | None = None
    ignore_case: bool = False
    time: Path | None = None
    criterion: Criterion = attrs.field(init=False, eq=False, repr=False, default=attrs.Factory(_ready, takes_self=True))


def _program(node: JsonLogic) -> Program:
    try:
        return Program(node.rule, node.operations)
    except Thrown as thrown:
        message = f"unknown operation `{thrown.error['key']}`"
        raise RuleErrors(faults=(Fault(path="$", message=message, code="unknown-operation"),)) from None


@attrs.frozen(kw_only=True)
class JsonLogic(_Node):
    """A rule of JSON Logic, which holds where its value counts as true; where it fails, it does not hold.

    Attributes:
        text: The rule, as canonical JSON.
        operations: The host's own operations that it calls.
        program: The rule, ready to be asked.

    Raises:
        RuleErrors: It calls an operation that is not known.
    """

    text: str
    operations: tuple[CustomOperation, ...] = ()
    program: Program = attrs.field(init=False, eq=False, repr=False, default=attrs.Factory(_program, takes_self=True))

    @property
    def rule(self) -> Any:
        """The rule, as plain JSON values."""
        return json.loads(self.text)


Atom: TypeAlias = Comparison | Items | JsonLogic | Related
"""A node that holds no other of the same record."""

Condition: TypeAlias = And | Or | Not | Comparison | Items | JsonLogic | Related
"""Any node of the tree."""
