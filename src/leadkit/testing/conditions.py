"""Hypothesis strategies for conditions and for the records that they are asked of.

Fields, values and constants come from small pools, so that what is drawn meets what is asked: a random condition is
neither nearly always true nor nearly never.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from leadkit.conditions import AGGREGATES, OPERATORS, RELATED_KINDS, read_condition
from leadkit.conditions.jsonlogic.operations import NAMES as JSONLOGIC_NAMES
from leadkit.conditions.operators import Shape
from leadkit.conditions.related import Aggregate, Needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.conditions import Condition

__all__ = [
    "AS_OF",
    "condition_data",
    "conditions",
    "hostile_values",
    "json_records",
    "json_values",
    "jsonlogic_rules",
    "moments",
    "python_records",
    "related_records",
]

AS_OF: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""An instant around which the drawn times lie."""

FIELDS: Final = (
    "status",
    "score",
    "firstName",
    "created_at",
    "properties.team_size",
    "properties.tags",
    'properties["a.b"]',
)
_TEXTS: Final = ("", "new", "New", "newer", "10", "2026-11-20", "2026-11-24T12:00:00Z", "straße")
_NUMBERS: Final = (0, 1, 10, -3, 0.5, 10.0, 2**60, 1e300)
_INSTANTS: Final = ("2026-11-20", "2026-11-24T12:00:00Z", "2026-11-24T13:00:00+01:00", "2025-01-31")
_DURATIONS: Final = ("0d", "45m", "12h", "30d", "2w", "3mo", "1y", "P1M10D")
_PATTERNS: Final = ("", "^n", "e+w", "[0-9]{2}", "(?i)NEW")


def moments() -> st.SearchStrategy[datetime]:
    """Draw aware datetimes, of any zone, in all the years that UTC has."""
    zones = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12, minutes=30))])
    return st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones)  # noqa: DTZ001 - zones are drawn


def json_values() -> st.SearchStrategy[Any]:
    """Draw what JSON can hold at a field."""
    return st.recursive(_json_scalars(), _nested, max_leaves=8)


def hostile_values() -> st.SearchStrategy[Any]:
    """Draw what only Python can hold: NaN, signalling Decimals, naive and far datetimes, sets, huge ints, odd keys."""
    odd: Sequence[Any] = (
        float("nan"),
        float("inf"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Decimal("1E+999999"),
        Decimal("0.1"),
        10**4000,
        -(10**400),
        "\ud800",
        "\x00",
        b"new",
        {1, 2},
        object(),
        type,
        date(2026, 11, 20),
        datetime(2026, 11, 20),  # noqa: DTZ001 - one without a zone is wanted
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=12))),
        {None: 1, 2: {}, ("a",): [], "status": {"a": float("nan")}},
    )
    return st.recursive(_json_scalars() | st.sampled_from(odd) | moments(), _nested, max_leaves=8)


def _json_scalars() -> st.SearchStrategy[Any]:
    return (
        st.none()
        | st.booleans()
        | st.sampled_from(_TEXTS)
        | st.sampled_from(_NUMBERS)
        | st.sampled_from(_INSTANTS)
        | st.text(max_size=5)
        | st.integers(min_value=-20, max_value=20)
        | st.floats(allow_nan=False, allow_infinity=False)
    )


def _nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["name", "size", "firstName", "a", "a.b"])
    return st.lists(values, max_size=4) | st.dictionaries(keys, values, max_size=3)


def _records(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.fixed_dictionaries({}, optional=dict.fromkeys(("team_size", "tags", "a.b"), values))
    return st.fixed_dictionaries(
        {},
        optional={
            "status": values,
            "score": values,
            "firstName": values,
            "first_name": values,
            "createdAt": values,
            "properties": properties | values,
        },
    )


def json_records() -> st.SearchStrategy[dict[str, Any]]:
    """Draw records as they come from JSON."""
    return _records(json_values())


def python_records() -> st.SearchStrategy[dict[str, Any]]:
    """Draw records as hosts may hand them over, with whatever Python can hold."""
    return _records(hostile_values())


def related_records() -> st.SearchStrategy[dict[str, Any]]:
    """Draw the records that are related to a record."""
    fields = {name: json_values() for name in ("at", "due_at", "createdAt", "type", "amount", "tags")}
    record = st.fixed_dictionaries({}, optional=fields)
    kinds = ("activities", "tasks", "opportunities", "company", "campaign")
    return st.dictionaries(st.sampled_from(kinds), st.lists(record, max_size=4) | record | json_values(), max_size=4)


@st.composite
def condition_data(
    draw: st.DrawFn, *, related: bool = True, patterns: bool = True, jsonlogic: bool = True, depth: int = 3
) -> dict[str, Any]:
    """Draw conditions as JSON, every form and every operator among them.

    Args:
        draw: Given by hypothesis.
        related: Whether related records may be asked for.
        patterns: Whether `matches` may be used, which needs its extra.
        jsonlogic: Whether rules of JSON Logic may stand among the conditions.
        depth: How many conditions may stand inside each other.
    """
    if depth > 1 and draw(st.booleans()):
        inner = condition_data(related=related, patterns=patterns, jsonlogic=jsonlogic, depth=depth - 1)
        return draw(_joined(inner))
    forms = [_comparisons(FIELDS, patterns=patterns), _items(patterns=patterns)]
    forms += [_related(patterns=patterns)] if related else []
    forms += [st.fixed_dictionaries({"jsonlogic": jsonlogic_rules()})] if jsonlogic else []
    return draw(st.one_of(*forms))


def conditions(*, related: bool = True, patterns: bool = True, jsonlogic: bool = True) -> st.SearchStrategy[Condition]:
    """Draw conditions.

    Args:
        related: Whether related records may be asked for.
        patterns: Whether `matches` may be used, which needs its extra.
        jsonlogic: Whether rules of JSON Logic may stand among the conditions.
    """
    return condition_data(related=related, patterns=patterns, jsonlogic=jsonlogic).map(read_condition)


def jsonlogic_rules() -> st.SearchStrategy[Any]:
    """Draw rules of JSON Logic, every operation among them, with as many arguments as it takes or others."""
    names = st.sampled_from(tuple(JSONLOGIC_NAMES))
    paths = st.sampled_from((*FIELDS[:5], "properties.tags.0", "current", "accumulator", "name", "", "type"))
    variables = paths.map(lambda path: {"var": path})
    leaves = variables | variables | st.sampled_from((None, True, False, *_TEXTS, *_NUMBERS))
    literals = st.lists(st.sampled_from((*_TEXTS, 0, 1, None)), max_size=3)
    return st.recursive(leaves | literals, lambda rules: _called(names, rules), max_leaves=8)


def _called(names: st.SearchStrategy[str], rules: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    given = st.lists(rules, max_size=3) | rules
    return st.dictionaries(names, given, min_size=1, max_size=1).filter(_takes_keys)


def _takes_keys(call: dict[str, Any]) -> bool:
    # Scopes around an item are refused when they are read.
    given = call.get("val", call.get("exists"))
    return not (isinstance(given, list) and given and isinstance(given[0], list))


@st.composite
def _joined(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    key = draw(st.sampled_from(("and", "or", "all", "any", "none", "not")))
    return {key: draw(inner) if key == "not" else draw(st.lists(inner, max_size=3))}


@st.composite
def _comparisons(draw: st.DrawFn, fields: Sequence[str], *, patterns: bool) -> dict[str, Any]:
    names = [name for name, row in OPERATORS.items() if patterns or row.shape is not Shape.PATTERN]
    return {"field": draw(st.sampled_from(fields)), **draw(_asked(draw(st.sampled_from(names)), fields))}


@st.composite
def _asked(draw: st.DrawFn, name: str, fields: Sequence[str]) -> dict[str, Any]:
    row = OPERATORS[name]
    if row.shape is Shape.NOTHING:
        return {"op": name}
    if not (row.folds_case and draw(st.booleans())):
        return {"op": name, "value": draw(_values(row.shape, fields))}
    texts = st.sampled_from(_PATTERNS if row.shape is Shape.PATTERN else _TEXTS)
    value: Any = draw(st.lists(texts, max_size=3)) if row.shape is Shape.SCALARS else draw(texts)
    return {"op": name, "value": value, "ignoreCase": True}


@st.composite
def _values(draw: st.DrawFn, shape: Shape, fields: Sequence[str]) -> Any:
    match shape:
        case Shape.SCALAR:
            return draw(_text() | _number() | st.booleans() | _declared() | _now() | _field(fields))
        case Shape.ORDERED:
            return draw(_text() | _number() | _declared() | _now() | _field(fields))
        case Shape.PAIR:
            ends = draw(st.sampled_from((_text(), _number(), _declared() | _now())))
            return [draw(ends | _field(fields)), draw(ends | _field(fields))]
        case Shape.SCALARS:
            scalar = _text() | _number() | st.booleans() | _declared()
            return draw(st.lists(scalar, max_size=4) | _field(fields))
        case Shape.TEXT:
            return draw(_text() | _field(fields))
        case Shape.PATTERN:
            return draw(st.sampled_from(_PATTERNS))
        case Shape.INSTANT:
            return draw(st.sampled_from(_INSTANTS) | _declared() | _now() | _field(fields))
        case _:
            return draw(st.sampled_from(_DURATIONS))


def _text() -> st.SearchStrategy[Any]:
    return st.sampled_from(_TEXTS)


def _number() -> st.SearchStrategy[Any]:
    return st.sampled_from(_NUMBERS)


def _declared() -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"datetime": st.sampled_from(_INSTANTS)})


def _now() -> st.SearchStrategy[Any]:
    distances = [f"{sign}{text}" for sign in ("-", "+", "") for text in _DURATIONS]
    return st.fixed_dictionaries({"now": st.sampled_from(distances)})


def _field(fields: Sequence[str]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"field": st.sampled_from(fields)})


@st.composite
def _items(draw: st.DrawFn, *, patterns: bool) -> dict[str, Any]:
    inner = _comparisons(("@", "name", "firstName"), patterns=patterns)
    field = draw(st.sampled_from(("properties.tags", "status", "score")))
    return {"field": field, draw(st.sampled_from(("any", "all", "none"))): draw(inner | _joined(inner))}


@st.composite
def _related(draw: st.DrawFn, *, patterns: bool) -> dict[str, Any]:
    kind = draw(st.sampled_from(RELATED_KINDS))
    row = draw(st.sampled_from(tuple(AGGREGATES.values())))
    written: dict[str, Any] = {"related": kind.name, "aggregate": row.name}
    if draw(st.booleans()):
        written["where"] = draw(_comparisons(("type", "amount", "at"), patterns=patterns))
    if kind.time is not None and draw(st.booleans()):
        written["within"] = draw(st.sampled_from(_DURATIONS))
    if row.needs is Needs.FIELD or (row.needs is Needs.TIME and (kind.time is None or draw(st.booleans()))):
        written["of"] = draw(st.sampled_from(("amount", "at", "type")))
    return {**written, **draw(_asked_of(row))}


@st.composite
def _asked_of(draw: st.DrawFn, row: Aggregate) -> dict[str, Any]:
    timely = ("before", "after", "within", "older_than")
    ordered = ("==", "!=", ">", ">=", "<", "<=")
    name = draw(st.sampled_from((*(timely if row.needs is Needs.TIME else ordered), "exists", "missing")))
    if name in ordered:
        return {"op": name, "value": draw(_number() | _field(FIELDS))}
    return draw(_asked(name, FIELDS))
