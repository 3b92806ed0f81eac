from __future__ import annotations

import copy
import pickle
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.conditions.compiling.forms import form
from leadkit.errors import InvalidInput, NotFound
from leadkit.leads import Lead
from leadkit.scoring import Ruleset, Scorecard, compile_ruleset, compiling, score
from leadkit.scoring.compiling import compiled_ruleset
from leadkit.scoring.reckoning import interpreted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LARGE = {"name": "large", "points": 20, "condition": {"field": "properties.team", "op": ">=", "value": 10}}
WEB = {"name": "web", "points": 5, "condition": {"field": "source", "op": "==", "value": "web"}}
RULES = Ruleset.model_validate({"rules": [LARGE, WEB]})
LEAD = Lead(id="1", email="a@example.com", source="web", properties={"team": 12}, created_at=NOW, updated_at=NOW)


def test_a_compiled_ruleset_answers_the_score_and_the_scorecard_of_any_lead() -> None:
    compiled = compile_ruleset(RULES)
    for lead in (LEAD, LEAD.model_dump(), {"source": "web", "properties": {"team": 12}}):
        assert compiled.score(lead, as_of=NOW) == 25
        card = compiled.card(lead, as_of=NOW)
        assert card == interpreted(RULES, RULES.rules, lead, {}, NOW)
        assert (card.score, card.at, card.priority, card.fingerprint) == (25, NOW, None, RULES.fingerprint)
        assert [line.rule for line in card.breakdown] == ["large", "web"]


def test_a_scorecard_is_one_like_any_other() -> None:
    card = compile_ruleset(RULES).card(LEAD, as_of=NOW)
    assert type(card) is Scorecard
    assert card == Scorecard(score=25, breakdown=card.breakdown, fingerprint=RULES.fingerprint, at=NOW)
    assert pickle.loads(pickle.dumps(card)) == card  # noqa: S301 - pickled a moment ago
    assert card.command().score == 25


def test_a_function_for_one_instant_needs_the_lead_alone() -> None:
    compiled = compile_ruleset(RULES)
    assert (compiled.score_at(NOW)(LEAD), compiled.card_at(NOW)(LEAD).score) == (25, 25)
    for function in (compiled.score_at, compiled.card_at):
        with pytest.raises(InvalidInput, match="time zone"):
            function(NOW.replace(tzinfo=None))


def test_related_records_are_asked() -> None:
    called = {"name": "called", "points": 7, "condition": {"related": "activities"}}
    compiled = compile_ruleset(Ruleset.model_validate({"rules": [called]}))
    related = {"activities": [{"at": NOW}]}
    assert compiled.score(LEAD, as_of=NOW) == compiled.card(LEAD, as_of=NOW).score == 0
    assert compiled.score(LEAD, related=related, as_of=NOW) == 7
    assert compiled.card(LEAD, related=related, as_of=NOW).score == 7
    assert (compiled.score_at(NOW)(LEAD, related), compiled.card_at(NOW)(LEAD, related).score) == (7, 7)


def test_only_the_rules_that_are_asked_for_count() -> None:
    compiled = compile_ruleset(RULES, rules=["web"])
    assert [rule.name for rule in compiled.asked] == ["web"]
    assert compiled.score(LEAD, as_of=NOW) == 5
    assert compile_ruleset(RULES, rules=[]).score(LEAD, as_of=NOW) == 0
    with pytest.raises(NotFound):
        compile_ruleset(RULES, rules=["wbe"])
    with pytest.raises(InvalidInput):
        score(LEAD, RULES, rules="web", as_of=NOW)


def test_rulesets_of_one_fingerprint_share_one_compiled_form() -> None:
    spelled = {**WEB, "condition": {"field": "source", "op": "eq", "value": "web"}}
    twin = Ruleset.model_validate({"rules": [LARGE, spelled]})
    other = Ruleset.model_validate({"rules": [WEB, LARGE]})
    assert compiled_ruleset(twin) is compiled_ruleset(RULES)
    assert compiled_ruleset(RULES, ["web"]) is compiled_ruleset(RULES, ("web",))
    assert len({id(compiled_ruleset(RULES, rules)) for rules in (None, ["web"], ["large"], ["web", "large"])}) == 4
    assert compiled_ruleset(other) is not compiled_ruleset(RULES)


def test_a_compiled_ruleset_is_compiled_anew_where_it_is_unpickled_or_copied() -> None:
    compiled = compile_ruleset(RULES, rules=["web"])
    compiled.card(LEAD, as_of=NOW)
    for twin in (pickle.loads(pickle.dumps(compiled)), copy.deepcopy(compiled)):  # noqa: S301 - pickled a moment ago
        assert [rule.name for rule in twin.asked] == ["web"]
        assert twin.cards.source == compiled.cards.source
        assert twin.score(LEAD, as_of=NOW) == 5


def test_a_ruleset_that_was_scored_by_can_be_pickled() -> None:
    rules = Ruleset.model_validate({"rules": [LARGE]})
    score(LEAD, rules, as_of=NOW)
    twin = pickle.loads(pickle.dumps(rules))  # noqa: S301 - pickled a moment ago
    assert twin == rules
    assert score(LEAD, twin, as_of=NOW).score == 20


def test_what_is_not_wanted_is_not_generated() -> None:
    compiled = compile_ruleset(RULES)
    assert compiled.score(LEAD, as_of=NOW) == 25
    assert "lines" not in compiled.scores.source
    assert "lines" in compiled.cards.source
    assert compiled.cards is compiled.cards


def test_no_text_of_a_rule_stands_in_the_source() -> None:
    hostile = "x'); exit() #"
    rule = {"name": hostile, "points": 5, "group": hostile, "condition": {"field": "a", "op": "==", "value": hostile}}
    rules = Ruleset.model_validate({"rules": [rule], "caps": {hostile: {"max": 3}}})
    compiled = compile_ruleset(rules)
    assert "exit" not in compiled.scores.source + compiled.cards.source
    assert compiled.card({"a": hostile}, as_of=NOW).score == 3


def test_threads_can_share_a_compiled_ruleset_at_different_instants() -> None:
    recent = {"name": "new", "points": 1, "condition": {"field": "at", "op": "within", "value": "1d"}}
    compiled = compile_ruleset(Ruleset.model_validate({"rules": [recent]}))
    wrong: list[Any] = []

    def work(day: int) -> None:
        as_of = datetime(2026, 11, day, tzinfo=UTC)
        for _ in range(300):
            for other in (day, day + 2):
                lead = {"at": datetime(2026, 11, other, tzinfo=UTC)}
                card = compiled.card(lead, as_of=as_of)
                if (card.score, card.at) != (int(other == day), as_of):
                    wrong.append(card)

    threads = [threading.Thread(target=work, args=(day,)) for day in (1, 3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_function_is_generated_when_it_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(compiling, "form", lambda *given: made.append(given) or form(*given))
    rules = Ruleset.model_validate({"rules": [{**WEB, "name": "seldom"}]})
    assert [score(LEAD, rules, as_of=NOW).score for _ in range(20)] == [5] * 20
    assert made == []
    assert [score(LEAD, rules, as_of=NOW).score for _ in range(2)] == [5, 5]
    assert len(made) == 1
    assert compile_ruleset(rules).card(LEAD, as_of=NOW).score == 5
    assert len(made) == 2
    assert compiled_ruleset(rules).score(LEAD, as_of=NOW) == 5
    assert len(made) == 3


def test_a_ruleset_shows_itself_without_what_was_made_of_it() -> None:
    assert repr(compile_ruleset(RULES)) == f"CompiledRuleset(ruleset={RULES!r})"
