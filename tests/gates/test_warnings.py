"""Whatever `check` warns of is true, judged by trying it on every record of a small world; and it finds most of it."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.conditions import Field, FieldCatalogue, Kind, evaluate, read_condition
from leadkit.conditions.reasoning import Reasoner
from leadkit.leads.lead import Priority
from leadkit.pipelines import Pipeline
from leadkit.routing import check_routes
from leadkit.scoring import Ruleset, check, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadkit.conditions import Condition
    from leadkit.errors import Fault

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)

NUMBERS = (0, 1, 2, 2.5)
PLANS = ("free", "pro", "team")
DAYS = (0, 1, 5)
CATALOGUE = FieldCatalogue.of(
    {
        "size": Field(path="size", kind=Kind.NUMBER),
        "plan": Field(path="plan", kind=Kind.TEXT, choices=PLANS),
        "hot": Field(path="hot", kind=Kind.BOOLEAN),
        "seen": Field(path="seen", kind=Kind.INSTANT),
    }
)
# Every constant, a value between each two of them, one beyond them on either side, and none.
WORLD = tuple(
    {"size": size, "plan": plan, "hot": hot, "seen": seen}
    for size, plan, hot, seen in itertools.product(
        (None, -1, 0, 0.5, 1, 1.5, 2, 2.25, 2.5, 3),
        (None, *PLANS),
        (None, True, False),
        (None, *(AS_OF + timedelta(days=days) for days in (1, 0, -0.5, -1, -3, -5, -9))),
    )
)


def clause(chance: random.Random) -> dict[str, Any]:
    """Write a clause on one of the fields, of a kind that it has."""
    field = chance.choice(("size", "size", "plan", "hot", "seen"))
    if chance.random() < 0.1:
        return {"field": field, "op": chance.choice(("exists", "missing"))}
    if field == "size":
        op = chance.choice(("==", "!=", ">", ">=", "<", "<=", "between", "in", "not_in"))
        if op == "between":
            return {"field": field, "op": op, "value": [chance.choice(NUMBERS), chance.choice(NUMBERS)]}
        several = [chance.choice(NUMBERS) for _ in range(2)]
        return {"field": field, "op": op, "value": several if op.endswith("in") else chance.choice(NUMBERS)}
    if field == "plan":
        op = chance.choice(("==", "!=", "in", "not_in"))
        return {"field": field, "op": op, "value": chance.sample(PLANS, 2) if "in" in op else chance.choice(PLANS)}
    if field == "hot":
        return {"field": field, "op": chance.choice(("==", "!=")), "value": chance.random() < 0.5}
    op = chance.choice(("within", "older_than", "before", "after"))
    day = f"{chance.choice(DAYS)}d"
    return {"field": field, "op": op, "value": day if op in ("within", "older_than") else {"now": f"-{day}"}}


def condition(chance: random.Random, depth: int = 3) -> dict[str, Any]:
    """Write a condition, more often with `and` than with `or`, so that a good part of them contradict themselves."""
    if depth == 0 or chance.random() < 0.3:
        return clause(chance)
    key = chance.choice(("and", "and", "and", "or", "not", "none"))
    if key == "not":
        return {"not": condition(chance, depth - 1)}
    return {key: [condition(chance, depth - 1) for _ in range(chance.randint(1, 3))]}


def ruleset(chance: random.Random) -> dict[str, Any]:
    rules: list[dict[str, Any]] = [
        {
            "name": f"rule {number}",
            "points": chance.choice((-20, -5, 5, 10, 20)),
            "condition": condition(chance),
            **({"group": "fit"} if chance.random() < 0.5 else {}),
        }
        for number in range(chance.randint(1, 4))
    ]
    written: dict[str, Any] = {
        "rules": rules,
        "total": {"min": chance.choice((-30, 0)), "max": chance.choice((10, 40))},
    }
    if any("group" in rule for rule in rules):
        written["caps"] = {"fit": {"max": chance.choice((5, 15, 40))}}
    floors = sorted(chance.sample(range(-40, 60, 5), 3))
    written["bands"] = [{"min": low, "priority": name} for low, name in zip(floors, Priority, strict=True)]
    return written


def held(asked: Condition, kept: dict[Condition, tuple[bool, ...]]) -> tuple[bool, ...]:
    """Answer whether a condition holds, for each record of the world."""
    if asked not in kept:
        kept[asked] = tuple(evaluate(asked, record, as_of=AS_OF) for record in WORLD)
    return kept[asked]


def at(path: str, document: Any) -> Any:
    """Answer what stands at a JSON path."""
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        document = document[key] if key else document[int(index)]
    return document


def answers_of(path: str, document: Any) -> set[bool]:
    found = at(path, document)
    return set(held(read_condition(found), {}))


class Judge:
    """Holds the warnings of one ruleset against the small world."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.written = written
        self.ruleset = Ruleset.model_validate(written)
        self.report = check(self.ruleset, CATALOGUE)
        self.kept: dict[Condition, tuple[bool, ...]] = {}
        self.matches = [held(rule.condition, self.kept) for rule in self.ruleset.rules]
        # Each record counts once for all that match the same rules.
        profiles = dict.fromkeys(zip(*self.matches, strict=True))
        self.cards = [self._card(profile) for profile in profiles]

    def _card(self, profile: Sequence[bool]) -> Any:
        always, never = {"and": []}, {"or": []}
        rules = [
            {**rule, "condition": always if matched else never}
            for rule, matched in zip(self.written["rules"], profile, strict=True)
        ]
        return score({}, Ruleset.model_validate({**self.written, "rules": rules}), as_of=AS_OF)

    def is_true(self, warning: Fault) -> bool:
        match warning.code:
            case "never-matches" | "never-matches-in-part":
                return answers_of(warning.path, self.written) == {False}
            case "always-matches" | "always-matches-in-part":
                return answers_of(warning.path, self.written) == {True}
            case "duplicate-rule":
                own = self.matches[int(warning.path.split("[")[1].split("]")[0])]
                return self.matches.count(own) > 1
            case "duplicate-clause":
                own, other = (at(path, self.written) for path in (warning.path, warning.message.split()[-1]))
                return held(read_condition(own), self.kept) == held(read_condition(other), self.kept)
            case "idle-limit":
                name = "total" if warning.path.startswith("$.total") else "fit"
                kind = "cap" if warning.path.endswith("max") else "floor"
                return not any(line.rule == f"{kind}: {name}" for card in self.cards for line in card.breakdown)
            case "unreachable-band":
                return at(warning.path, self.written)["priority"] not in {card.priority for card in self.cards}
            case _:
                pytest.fail(f"nobody judges {warning}")

    def idle(self) -> Iterator[str]:
        """Answer the path of each rule that never matches in the small world."""
        for index, matched in enumerate(self.matches):
            if not any(matched):
                yield f"$.rules[{index}].condition"


def seeds(count: int) -> Iterator[int]:
    start = random.SystemRandom().randrange(10**9)
    return iter(range(start, start + count))


@pytest.mark.gate
def test_no_warning_of_a_ruleset_is_false_and_most_rules_that_never_match_are_found(
    gate_size: Callable[[int, int], int], say: Callable[[str], None]
):
    size = gate_size(150, 10_000)
    told: Counter[str] = Counter()
    there = found = 0
    for seed in seeds(size):
        judge = Judge(ruleset(random.Random(seed)))
        assert judge.report.ok, f"seed {seed}"
        for warning in judge.report.warnings:
            assert judge.is_true(warning), f"seed {seed}: {warning}"
            told[warning.code] += 1
        warned = [each.path for each in judge.report.warnings if each.code == "never-matches"]
        for path in judge.idle():
            there += 1
            found += any(each.startswith(path) for each in warned)
    say(f"{size:,} rulesets, 0 false warnings of {told.total():,}: {dict(told.most_common())}")
    say(f"{there:,} rules never match, {found:,} of them were found: {found / there:.2%}")
    assert found >= 0.95 * there > 0


@pytest.mark.gate
def test_no_route_that_is_said_never_to_be_reached_is_and_most_that_are_not_are_found(
    gate_size: Callable[[int, int], int], say: Callable[[str], None]
):
    size = gate_size(150, 10_000)
    there = found = 0
    for seed in seeds(size):
        chance = random.Random(seed)
        conditions = [condition(chance, depth=2) for _ in range(chance.randint(2, 5))]
        pipeline = Pipeline.model_validate(
            {
                "id": "inbound",
                "name": "Inbound",
                "stages": [{"id": "new", "name": "New", "order": 0}],
                "autoRoute": {"rules": [{"if": each, "assignTo": "user-7"} for each in conditions]},
                "createdAt": AS_OF,
            }
        )
        matches = [held(read_condition(each), {}) for each in conditions]
        warnings = check_routes(pipeline, catalogue=CATALOGUE).warnings
        warned = {each.path for each in warnings if each.code in ("unreachable", "never-matches")}
        for index, own in enumerate(matches):
            reached = any(mine and not any(others) for mine, *others in zip(own, *matches[:index], strict=True))
            path = f"$.autoRoute.rules[{index}]"
            said = any(each.startswith(path) for each in warned)
            assert not (said and reached), f"seed {seed}: {path}"
            there += not reached
            found += said
    say(f"{size:,} pipelines: {there:,} routes are never reached, {found:,} were found: {found / there:.2%}")
    assert found >= 0.95 * there > 0


def test_a_false_warning_is_noticed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Reasoner, "never", lambda _self, _condition: True)
    judge = Judge({"rules": [{"name": "a", "points": 5, "condition": {"field": "hot", "op": "==", "value": True}}]})
    said = [warning for warning in judge.report.warnings if warning.code == "never-matches"]
    assert [judge.is_true(warning) for warning in said] == [False]
