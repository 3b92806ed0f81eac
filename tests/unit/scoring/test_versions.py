from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.errors import InvalidInput, RuleErrors
from leadkit.scoring import DraftState, RulesDraft, RulesVersion
from leadkit.values import read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULES: dict[str, Any] = {"rules": [{"name": "a", "points": 1, "condition": {"and": []}}]}
DRAFT = {"revision": 3, "ruleset": RULES, "basedOn": 2, "author": "ann", "at": "2026-11-24T12:00:00Z", "note": "why"}


def test_a_version_is_written_and_read_back() -> None:
    version = read(RulesVersion, {"version": 2, "ruleset": RULES, "author": "ann", "at": "2026-11-24T12:00:00Z"})
    assert (version.version, version.author, version.at, version.note) == (2, "ann", NOW, None)
    assert version.model_dump(mode="json")["at"] == "2026-11-24T12:00:00Z"
    assert read(RulesVersion, version.model_dump(mode="json")) == version


def test_an_older_version_may_have_nobody_who_wrote_it() -> None:
    version = read(RulesVersion, {"version": 1, "ruleset": RULES})
    assert (version.author, version.at, version.note) == (None, None, None)


def test_a_draft_is_written_and_read_back() -> None:
    draft = read(RulesDraft, DRAFT)
    assert (draft.revision, draft.based_on, draft.author, draft.at, draft.note) == (3, 2, "ann", NOW, "why")
    state = DraftState(revision=3, draft=draft)
    assert state.model_dump(mode="json")["draft"]["basedOn"] == 2
    assert read(DraftState, state.model_dump(mode="json")) == state
    assert read(DraftState, {}) == DraftState(revision=0, draft=None)


@pytest.mark.parametrize(
    ("kind", "data", "path"),
    [
        (RulesVersion, {"version": 0, "ruleset": RULES}, "$.version"),
        (RulesVersion, {"version": True, "ruleset": RULES}, "$.version"),
        (RulesDraft, {**DRAFT, "revision": 0}, "$.revision"),
        (RulesDraft, {**DRAFT, "basedOn": -1}, "$.basedOn"),
        (RulesDraft, {key: value for key, value in DRAFT.items() if key != "author"}, "$.author"),
        (DraftState, {"revision": -1}, "$.revision"),
    ],
)
def test_numbers_count_from_where_they_begin(kind: Any, data: Any, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(kind, data)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_rules_that_cannot_be_read_are_no_draft() -> None:
    with pytest.raises(RuleErrors):
        read(RulesDraft, {**DRAFT, "ruleset": {"rules": [{"name": "a"}]}})
