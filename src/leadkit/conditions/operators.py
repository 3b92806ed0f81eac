"""THE table of operators.

One row says everything about an operator: how it is written and read, what stands under `value`, which fields it
can hold for, and what it means. Reading, evaluating, checking, explaining and the reference page all go by it. A
new operator is one row and its cases in `tests/cases/conditions.jsonl`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions import predicates
from leadkit.conditions.kinds import SCALARS, Kind, same
from leadkit.errors import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ALIASES", "MISTAKEN", "OPERATORS", "OPPOSITES", "Operator", "Shape", "hint_for", "operator_named"]


class Shape(StrEnum):
    """What stands under `value`."""

    NOTHING = "nothing"
    SCALAR = "text, a number, true, false or an instant"
    ORDERED = "a number, text or an instant"
    PAIR = "a list of two: the lowest and the highest"
    SCALARS = "a list of values"
    TEXT = "text"
    PATTERN = "a regular expression as text"
    INSTANT = "an instant"
    DURATION = "a duration such as 30d"


@attrs.frozen(kw_only=True)
class Operator:
    """One row of the table.

    Attributes:
        name: The canonical spelling.
        label: What people read between the field and the value.
        shape: What stands under `value`.
        accepts: The kinds of field for which it can hold.
        holds: Whether a value that is there, and the operand, satisfy it; pure and total.
        description: What it means, in one sentence.
        example: A condition that uses it.
        aliases: Other spellings that are read; an alias is written in snake_case, and any style of it is understood.
        negates: The operator of which it is exactly the opposite, also when the field is missing.
        folds_case: Whether it takes `ignoreCase`.
        reads_instants: Whether it takes ISO text for an instant.
        by_order: Whether its answer for a scalar depends on nothing but how the scalar compares with the operand; lets
            a check reason about it.
    """

    name: str
    label: str
    shape: Shape
    accepts: frozenset[Kind]
    holds: Callable[[Any, Any], bool]
    description: str
    example: Mapping[str, Any]
    aliases: tuple[str, ...] = ()
    negates: str | None = None
    folds_case: bool = False
    reads_instants: bool = False
    by_order: bool = False

    @property
    def when_missing(self) -> bool:
        """Whether it holds for a missing field: only as the opposite of one that does not."""
        return self.negates is not None


_ANY: Final = frozenset(Kind)
_ORDERED: Final = frozenset({Kind.NUMBER, Kind.TEXT, Kind.INSTANT})
_TEXT: Final = frozenset({Kind.TEXT})
_CONTAINERS: Final = frozenset({Kind.TEXT, Kind.LIST})
_INSTANT: Final = frozenset({Kind.INSTANT})

_TABLE: Final = (
    Operator(
        name="==",
        label="is",
        shape=Shape.SCALAR,
        accepts=SCALARS,
        holds=same,
        description="The field equals the value; different kinds never do.",
        example={"field": "status", "op": "==", "value": "new"},
        aliases=("=", "===", "eq", "equal", "equals", "equal_to", "is"),
        folds_case=True,
        by_order=True,
    ),
    Operator(
        name="!=",
        label="is not",
        shape=Shape.SCALAR,
        accepts=SCALARS,
        holds=predicates.differs,
        description="The opposite of `==`; so it holds for a missing field.",
        example={"field": "status", "op": "!=", "value": "new"},
        aliases=("<>", "!==", "≠", "ne", "neq", "not_eq", "not_equal", "not_equals", "not_equal_to", "is_not"),
        negates="==",
        folds_case=True,
        by_order=True,
    ),
    Operator(
        name=">",
        label="is more than",
        shape=Shape.ORDERED,
        accepts=_ORDERED,
        holds=predicates.more,
        description="The field is greater than the value: numbers by value, text by code point, instants by time.",
        example={"field": "score", "op": ">", "value": 50},
        aliases=("gt", "greater", "greater_than", "more_than"),
        by_order=True,
    ),
    Operator(
        name=">=",
        label="is at least",
        shape=Shape.ORDERED,
        accepts=_ORDERED,
        holds=predicates.at_least,
        description="The field is greater than the value, or equal to it.",
        example={"field": "score", "op": ">=", "value": 50},
        aliases=("≥", "ge", "gte", "greater_or_equal", "greater_than_or_equal", "at_least"),
        by_order=True,
    ),
    Operator(
        name="<",
        label="is less than",
        shape=Shape.ORDERED,
        accepts=_ORDERED,
        holds=predicates.less,
        description="The field is less than the value.",
        example={"field": "score", "op": "<", "value": 50},
        aliases=("lt", "less", "less_than"),
        by_order=True,
    ),
    Operator(
        name="<=",
        label="is at most",
        shape=Shape.ORDERED,
        accepts=_ORDERED,
        holds=predicates.at_most,
        description="The field is less than the value, or equal to it.",
        example={"field": "score", "op": "<=", "value": 50},
        aliases=("≤", "le", "lte", "less_or_equal", "less_than_or_equal", "at_most"),
        by_order=True,
    ),
    Operator(
        name="between",
        label="is between",
        shape=Shape.PAIR,
        accepts=_ORDERED,
        holds=predicates.between,
        description="The field lies between two values, or equals one of them.",
        example={"field": "score", "op": "between", "value": [50, 80]},
        aliases=("in_range",),
        by_order=True,
    ),
    Operator(
        name="in",
        label="is one of",
        shape=Shape.SCALARS,
        accepts=SCALARS,
        holds=predicates.among,
        description="The field equals one of the values.",
        example={"field": "source", "op": "in", "value": ["webinar", "referral"]},
        aliases=("one_of", "any_of", "is_in", "is_one_of"),
        folds_case=True,
        by_order=True,
    ),
    Operator(
        name="not_in",
        label="is none of",
        shape=Shape.SCALARS,
        accepts=SCALARS,
        holds=predicates.not_among,
        description="The opposite of `in`; so it holds for a missing field.",
        example={"field": "source", "op": "not_in", "value": ["webinar", "referral"]},
        aliases=("nin", "none_of", "is_not_in", "not_one_of"),
        negates="in",
        folds_case=True,
        by_order=True,
    ),
    Operator(
        name="contains",
        label="contains",
        shape=Shape.SCALAR,
        accepts=_CONTAINERS,
        holds=predicates.contains,
        description="The text holds the value somewhere, or the list holds it as an item.",
        example={"field": "properties.tags", "op": "contains", "value": "enterprise"},
        aliases=("includes", "has"),
        folds_case=True,
    ),
    Operator(
        name="not_contains",
        label="does not contain",
        shape=Shape.SCALAR,
        accepts=_CONTAINERS,
        holds=predicates.not_contains,
        description="The opposite of `contains`; so it holds for a missing field.",
        example={"field": "properties.tags", "op": "not_contains", "value": "enterprise"},
        aliases=("does_not_contain", "doesnt_contain", "excludes", "not_includes"),
        negates="contains",
        folds_case=True,
    ),
    Operator(
        name="starts_with",
        label="starts with",
        shape=Shape.TEXT,
        accepts=_TEXT,
        holds=predicates.starts,
        description="The text begins with the value.",
        example={"field": "email", "op": "starts_with", "value": "sales@"},
        aliases=("begins_with", "startswith", "prefix"),
        folds_case=True,
    ),
    Operator(
        name="ends_with",
        label="ends with",
        shape=Shape.TEXT,
        accepts=_TEXT,
        holds=predicates.ends,
        description="The text ends with the value.",
        example={"field": "email", "op": "ends_with", "value": "@example.com"},
        aliases=("endswith", "suffix"),
        folds_case=True,
    ),
    Operator(
        name="matches",
        label="matches",
        shape=Shape.PATTERN,
        accepts=_TEXT,
        holds=predicates.matches,
        description="The regular expression, in RE2's syntax, matches somewhere in the text; needs the extra `regex`.",
        example={"field": "email", "op": "matches", "value": "@(gmail|yahoo)\\."},
        aliases=("match", "regex", "regexp", "=~", "~"),
        folds_case=True,
    ),
    Operator(
        name="exists",
        label="is known",
        shape=Shape.NOTHING,
        accepts=_ANY,
        holds=predicates.is_there,
        description="The field leads to a value; empty text and an empty list are values.",
        example={"field": "email", "op": "exists"},
        aliases=("is_set", "known", "is_known", "is_not_null", "not_null", "present"),
        by_order=True,
    ),
    Operator(
        name="missing",
        label="is missing",
        shape=Shape.NOTHING,
        accepts=_ANY,
        holds=predicates.is_missing,
        description="The opposite of `exists`: the field is absent, or null.",
        example={"field": "email", "op": "missing"},
        aliases=("not_exists", "is_missing", "is_null", "is_not_set", "not_set", "absent"),
        negates="exists",
        by_order=True,
    ),
    Operator(
        name="before",
        label="is before",
        shape=Shape.INSTANT,
        accepts=_INSTANT,
        holds=predicates.before,
        description="The instant lies before the value; ISO text is read as an instant.",
        example={"field": "createdAt", "op": "before", "value": "2026-01-01T00:00:00Z"},
        aliases=("is_before", "earlier_than"),
        reads_instants=True,
        by_order=True,
    ),
    Operator(
        name="after",
        label="is after",
        shape=Shape.INSTANT,
        accepts=_INSTANT,
        holds=predicates.after,
        description="The instant lies after the value; ISO text is read as an instant.",
        example={"field": "createdAt", "op": "after", "value": "2026-01-01T00:00:00Z"},
        aliases=("is_after", "later_than"),
        reads_instants=True,
        by_order=True,
    ),
    Operator(
        name="within",
        label="is within the last",
        shape=Shape.DURATION,
        accepts=_INSTANT,
        holds=predicates.within,
        description="The instant lies in the last so many days, months …, and not in the future.",
        example={"field": "createdAt", "op": "within", "value": "30d"},
        aliases=("within_last", "within_the_last", "in_the_last", "in_last"),
        reads_instants=True,
        by_order=True,
    ),
    Operator(
        name="older_than",
        label="is older than",
        shape=Shape.DURATION,
        accepts=_INSTANT,
        holds=predicates.older,
        description="The instant lies further back than so many days, months ….",
        example={"field": "createdAt", "op": "older_than", "value": "30d"},
        aliases=("is_older_than", "more_than_ago"),
        reads_instants=True,
        by_order=True,
    ),
)

OPERATORS: Final = MappingProxyType({row.name: row for row in _TABLE})
"""Every operator by its canonical name, in the order in which the reference lists them."""

OPPOSITES: Final = MappingProxyType(
    {row.name: row.negates for row in _TABLE if row.negates is not None}
    | {row.negates: row.name for row in _TABLE if row.negates is not None}
)
"""The operator that holds exactly where another does not, for those that have one."""

ALIASES: Final = MappingProxyType({alias: row.name for row in _TABLE for alias in row.aliases})
"""Every other spelling that is read, and the name that it means."""

MISTAKEN: Final = MappingProxyType({"=>": ">=", "=<": "<=", "=!": "!=", "like": "contains", "ilike": "contains"})
"""Spellings that are refused, since they mean something else elsewhere, and what was probably meant."""

_STYLE: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[\s-]+")


def operator_named(text: str) -> Operator | None:
    """Answer the operator that a spelling means, whatever its style: `startsWith`, `starts with`, `STARTS_WITH`.

    Args:
        text: What stands under `op`.

    Example:
        >>> operator_named("gte").name, operator_named("startsWith").name, operator_named("=>")
        ('>=', 'starts_with', None)
    """
    if text in OPERATORS:
        return OPERATORS[text]
    name = _STYLE.sub("_", text.strip()).lower()
    return OPERATORS.get(ALIASES.get(name, name))


def hint_for(text: str) -> str:
    """Write the ending of a message that names the operator which an unknown spelling most likely meant.

    Args:
        text: What stands under `op`.

    Example:
        >>> hint_for("=>"), hint_for("startWith")
        ('; did you mean `>=`?', '; did you mean `starts_with`?')
    """
    match = MISTAKEN.get(text.lower()) or closest(text, (*OPERATORS, *ALIASES))
    return did_you_mean(text, OPERATORS) if match is None else f"; did you mean `{ALIASES.get(match, match)}`?"
