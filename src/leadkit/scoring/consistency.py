"""What must agree between the parts of a ruleset: names, groups, limits, and the size of it all.

The parts are looked at as they were sent, so that a rule with a fault of its own still counts for the others: one
mistake is told once, and all mistakes are told at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from leadkit.conditions.bounds import MOST_FAULTS
from leadkit.conditions.places import at_index, at_key
from leadkit.errors import Fault, RuleErrors, did_you_mean
from leadkit.scoring.limits import TOTAL, Limits
from leadkit.scoring.rules import ScoringRule
from leadkit.values.numbers import MOST_POINTS, hundredths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["MOST_RULES", "excess", "read_rules"]

MOST_RULES: Final = 1_000
_RULES: Final = "$.rules"
_MOST_HINTS: Final = 50


def read_rules(sent: Mapping[str, Any], faults: list[Fault], context: Mapping[str, Any] | None) -> dict[str, Any]:
    """Read the rules of a ruleset one by one, and look whether its parts agree.

    Args:
        sent: The ruleset as it was sent.
        faults: Where faults are added.
        context: The validation context of pydantic.

    Returns:
        The ruleset with the rules that could be read in the place of what was sent. After a hundred faults no more are
        looked for.
    """
    rules = sent.get("rules")
    # Whatever else is no list of rules is left for pydantic to refuse.
    if not isinstance(rules, Iterable) or isinstance(rules, str | bytes | Mapping):
        return dict(sent)
    items: tuple[object, ...] = tuple(itertools.islice(rules, MOST_RULES + 1))
    if len(items) > MOST_RULES:
        faults.append(Fault(path=_RULES, message=f"a ruleset has at most {MOST_RULES:,} rules", code="too-many"))
        return {**sent, "rules": (), "caps": {}}
    read: list[ScoringRule] = []
    for index, item in enumerate(items):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            read.append(ScoringRule.model_validate(item, context=context))
        except RuleErrors as error:
            at = at_index(_RULES, index)
            faults.extend(attrs.evolve(fault, path=at + fault.path.removeprefix("$")) for fault in error.faults)
    disagreements = itertools.chain(_repeated(items), _ungrouped(sent.get("caps"), items))
    faults.extend(itertools.islice(disagreements, max(0, MOST_FAULTS - len(faults))))
    return {**sent, "rules": tuple(read)}


def _words(items: Sequence[object], key: str) -> Iterator[tuple[int, str]]:
    """Answer the index and the name or group of each rule that has one, whether it could be read or not."""
    for index, item in enumerate(items):
        known = isinstance(item, Mapping)
        word = cast("Mapping[str, Any]", item).get(key) if known else getattr(item, key, None)
        if isinstance(word, str):
            yield index, word


def _repeated(items: Sequence[object]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, name in _words(items, "name"):
        if first.setdefault(name, index) != index:
            message = f"each name stands once; {at_index(_RULES, first[name])} has this one already"
            yield Fault(path=f"{at_index(_RULES, index)}.name", message=message, code="repeated-name")


def _ungrouped(caps: object, items: Sequence[object]) -> Iterator[Fault]:
    groups = {group for _, group in _words(items, "group")}
    names = cast("Mapping[object, Any]", caps) if isinstance(caps, Mapping) else ()
    for name in names:
        if isinstance(name, str) and name not in groups:
            own = f"; the limits of the whole score stand under `{TOTAL}` beside `caps`"
            # To compare every name with every other would take as long as a bomb is meant to.
            near = did_you_mean(name, groups) if len(groups) <= _MOST_HINTS else ""
            hint = own if name == TOTAL else near
            yield Fault(path=at_key("$.caps", name), message=f"no rule is in this group{hint}", code="unknown-group")


def excess(rules: Iterable[ScoringRule], limits: Iterable[Limits]) -> Iterator[Fault]:
    """Find out whether a score, or a line of one, could grow beyond what points may be.

    Args:
        rules: The rules.
        limits: Those of the groups, and of the whole.
    """
    bounds = (bound for each in limits for bound in (each.min, each.max) if bound is not None)
    most = sum(abs(hundredths(points)) for points in itertools.chain((rule.points for rule in rules), bounds))
    if most > hundredths(MOST_POINTS):
        message = f"the points and limits together, without their signs, may come to {MOST_POINTS:,} at most"
        yield Fault(path="$", message=message, code="too-many-points")
