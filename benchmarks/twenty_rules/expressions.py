"""The twenty rules for engines that read expressions as text: zen-engine, rule-engine and cel-python.

All three raise on a comparison with null, so every comparison has its guard; how each writes a guard, a window or a
list is a row of its dialect.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from twenty_rules import AS_OF, RULES, Contender, condition_of, points_of

__all__ = ["Dialect", "cel_python", "expression", "rule_engine", "zen_engine"]

# The only field that holds a list; a language with types asks lists and text differently.
_LISTS: Final = {"properties.tags"}
# Whole numbers in some leads, decimals in others.
_DECIMALS: Final = {"properties.budget"}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one engine writes what conditions are made of: patterns of a field `{f}` and values `{v}`, `{low}`, `{high}`.

    Attributes:
        both: Between the parts of an `and`.
        either: Between the parts of an `or`.
        opposite: Around a negation, `{c}`.
        step: Between the segments of a path.
        start: Before a path.
        known: The field leads to a value; `{p}` is what holds it, `{k}` its key there, quoted.
        unknown: It does not.
        compared: The field stands in the order `{op}` to a value.
        decimal: The field as a number, where it holds both whole ones and decimals.
        among: The field is one of a list.
        in_text: The text holds a value.
        in_list: The list holds a value.
        window: An instant as text lies between two.
        seconds: Whether the ends of a window are written as seconds since 1970, not as text.
    """

    both: str = " and "
    either: str = " or "
    opposite: str = "not ({c})"
    step: str = "."
    start: str = ""
    known: str = "{f} != null"
    unknown: str = "{f} == null"
    compared: str = "{f} {op} {v}"
    decimal: str = "{f}"
    among: str = "{f} in {v}"
    in_text: str
    in_list: str
    window: str = "{f} >= {low} and {f} <= {high}"
    seconds: bool = False


_ZEN: Final = Dialect(
    in_text="contains({f}, {v})",
    in_list="contains({f}, {v})",
    window="date({f}) in [{low}..{high}]",
    seconds=True,
)
# Text in one form compares as its times do, and quicker than they do. A path is one name, which a resolver of ours
# looks up: its own look-ups spend most of their time on suggestions for every key that is not there.
_RULE_ENGINE: Final = Dialect(step="__", in_text="{v} in {f}", in_list="{v} in {f}")
# It compares neither numbers nor text with null: what is null is left out of the lead beforehand. Its quicker runner
# answers `has(x) && …` with an error where `has` is false, so a key is looked for with `in`.
_CEL: Final = Dialect(
    both=" && ",
    either=" || ",
    opposite="!({c})",
    start="lead.",
    known="{k} in {p}",
    unknown="!({k} in {p})",
    decimal="double({f})",
    in_text="{f}.contains({v})",
    in_list="{v} in {f}",
    window="{f} >= {low} && {f} <= {high}",
)


def expression(condition: dict[str, Any], dialect: Dialect) -> str:
    """Write a condition as text that answers alike on leads with gaps.

    Args:
        condition: A condition in leadkit's language, of the operators that the twenty rules use.
        dialect: How the engine writes it.
    """
    for word, between in (("and", dialect.both), ("or", dialect.either)):
        if word in condition:
            return f"({between.join(expression(item, dialect) for item in condition[word])})"
    if "not" in condition:
        return dialect.opposite.format(c=expression(condition["not"], dialect))
    if condition["op"] == "not_in":
        return dialect.opposite.format(c=expression({**condition, "op": "in"}, dialect))
    field = dialect.start + condition["field"].replace(".", dialect.step)
    parent, _, key = field.rpartition(dialect.step)
    pattern = dialect.unknown if condition["op"] == "missing" else dialect.known
    presence = pattern.format(f=field, p=parent, k=json.dumps(key))
    if condition["op"] in ("exists", "missing"):
        return presence
    return f"({presence}{dialect.both}{_held(condition, field, dialect)})"


def _held(condition: dict[str, Any], field: str, dialect: Dialect) -> str:
    """Write what a comparison asks of a field that is there."""
    path, value = condition["field"], condition["value"]
    match condition["op"]:
        case "in":
            return dialect.among.format(f=field, v=json.dumps(value))
        case "contains":
            pattern = dialect.in_list if path in _LISTS else dialect.in_text
            return pattern.format(f=field, v=json.dumps(value))
        case "between":
            ends = zip((">=", "<="), value, strict=True)
            return dialect.both.join(_compared(path, field, op, end, dialect) for op, end in ends)
        case "within":
            return dialect.window.format(f=field, low=_end(value, dialect), high=_end("0d", dialect))
        case order:
            return _compared(path, field, order, value, dialect)


def _compared(path: str, field: str, op: str, value: object, dialect: Dialect) -> str:
    if path in _DECIMALS and dialect.decimal != "{f}":
        field, value = dialect.decimal.format(f=field), float(str(value))
    return dialect.compared.format(f=field, op=op, v=json.dumps(value))


def _end(duration: str, dialect: Dialect) -> str:
    moment = AS_OF - timedelta(days=int(duration.removesuffix("d")))
    return str(int(moment.timestamp())) if dialect.seconds else json.dumps(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _conditions(dialect: Dialect) -> list[str]:
    return [expression(condition_of(rule), dialect) for rule in RULES]


def _points(conditions: list[str]) -> str:
    # With a decimal point, since one of the languages adds no whole numbers to decimals.
    pairs = zip(RULES, conditions, strict=True)
    return " + ".join(f"({condition} ? {float(points_of(rule))} : 0.0)" for rule, condition in pairs)


def zen_engine() -> Contender:
    """Prepare zen-engine: one compiled expression, the dict as it is."""
    import zen  # noqa: PLC0415 - only here when it is installed

    conditions = _conditions(_ZEN)
    all_of_them = zen.compile_expression(f"[{', '.join(conditions)}]")
    total = zen.compile_expression(_points(conditions))
    return Contender(
        name="zen-engine",
        form="one compiled expression",
        answers=all_of_them.evaluate,
        score=total.evaluate,
    )


def rule_engine() -> Contender:
    """Prepare rule-engine: one parsed rule, the dict as it is, and a resolver that knows how to read it."""
    from rule_engine import Context, Rule  # noqa: PLC0415 - only here when it is installed

    context = Context(resolver=_resolved, default_value=None)
    conditions = _conditions(_RULE_ENGINE)
    all_of_them = Rule(f"[{', '.join(conditions)}]", context=context)
    total = Rule(_points(conditions), context=context)
    return Contender(
        name="rule-engine",
        form="one parsed rule, a resolver of its own",
        answers=lambda lead: list(all_of_them.evaluate(lead)),
        score=lambda lead: float(total.evaluate(lead)),
    )


def _resolved(lead: dict[str, Any] | None, name: str) -> Any:
    found: Any = lead
    for key in name.split("__"):
        if found is None:
            return None
        found = found.get(key)
    return found


def cel_python() -> Contender:
    """Prepare cel-python: one program, made into Python by its quicker runner; converting the lead is part of it."""
    import celpy  # noqa: PLC0415 - only here when it is installed
    from celpy.adapter import json_to_cel  # noqa: PLC0415 - likewise

    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    conditions = _conditions(_CEL)
    all_of_them = environment.program(environment.compile(f"[{', '.join(conditions)}]"))
    total = environment.program(environment.compile(_points(conditions)))

    def asked(program: Any, lead: dict[str, Any]) -> Any:
        context = {"lead": json_to_cel({"properties": {}, "utmParams": {}, **_without_nulls(lead)})}
        return program.evaluate(context)

    return Contender(
        name="cel-python",
        form="one program, CompiledRunner",
        answers=lambda lead: [bool(answer) for answer in asked(all_of_them, lead)],
        score=lambda lead: float(asked(total, lead)),
    )


def _without_nulls(document: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_nulls(value) if isinstance(value, dict) else value
        for key, value in document.items()
        if value is not None
    }
