from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import leadkit as lk
from leadkit.errors import ConcurrencyConflict, IdempotencyMismatch, InvalidInput, NotFound, RuleErrors
from leadkit.memory import MemoryStore
from leadkit.scoring import RulesDraft, Ruleset

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def rules(points: int = 5, field: str = "source") -> dict[str, Any]:
    condition = {"field": field, "op": "==", "value": "web"}
    return {"rules": [{"name": "web", "points": points, "condition": condition}]}


def points_of(ruleset: Ruleset) -> int | float:
    return ruleset.rules[0].points


class Clock:
    moment = NOW

    def now(self) -> datetime:
        return self.moment


class Office:
    """Two people of one organisation."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.clock = Clock()
        self.kit = lk.LeadKit(self.store, clock=self.clock)
        self.ann = self.kit.workspace(org="acme", actor="ann").scoring
        self.bob = self.kit.workspace(org="acme", actor="bob").scoring

    def keyed(self, key: str) -> Any:
        return self.kit.workspace(org="acme", actor="ann").keyed(key).scoring


@pytest.fixture
def office() -> Office:
    return Office()


def versions(office: Office) -> list[tuple[int, str | None, str | None, int | float]]:
    return [(each.version, each.author, each.note, points_of(each.ruleset)) for each in office.ann.versions()]


def test_a_version_says_who_published_it_when_and_why(office: Office) -> None:
    office.ann.save_rules(rules(5), note="a first try")
    office.clock.moment += timedelta(hours=1)
    office.bob.save_rules(rules(7))
    assert versions(office) == [(2, "bob", None, 7), (1, "ann", "a first try", 5)]
    assert [version.at for version in office.ann.versions()] == [NOW + timedelta(hours=1), NOW]
    assert points_of(office.ann.rules()) == 7
    assert points_of(office.ann.rules(1)) == 5


def test_versions_are_listed_in_pages(office: Office) -> None:
    assert office.ann.versions() == ()
    for points in range(1, 54):
        office.ann.save_rules(rules(points))
    assert len(office.ann.versions()) == 50
    assert [each.version for each in office.ann.versions(limit=2)] == [53, 52]
    assert [each.version for each in office.ann.versions(before=3)] == [2, 1]
    assert office.ann.versions(limit=-1) == ()


def test_the_same_rules_make_no_new_version(office: Office) -> None:
    assert office.ann.save_rules(rules(5), note="one").version == 1
    again = {"rules": [{**rules(5)["rules"][0], "points": 5.0}]}
    assert office.bob.save_rules(again, note="two").version == 1
    assert versions(office) == [(1, "ann", "one", 5)]


def test_rules_that_were_made_from_older_ones_are_refused(office: Office) -> None:
    assert office.ann.save_rules(rules(5), based_on=0).version == 1
    assert office.bob.save_rules(rules(6), based_on=1).version == 2
    with pytest.raises(ConcurrencyConflict) as caught:
        office.ann.save_rules(rules(7), based_on=1)
    assert (caught.value.kind, caught.value.expected, caught.value.found) == ("ruleset", 1, 2)
    assert points_of(office.ann.rules()) == 6


def test_an_older_version_can_be_restored_as_a_new_one(office: Office) -> None:
    office.ann.save_rules(rules(5))
    office.ann.save_rules(rules(6))
    assert office.bob.restore(1).version == 3
    assert office.bob.restore(2, note="on second thoughts").version == 4
    assert versions(office)[:2] == [(4, "bob", "on second thoughts", 6), (3, "bob", "version 1 restored", 5)]
    assert office.ann.restore(2).version == 4
    with pytest.raises(NotFound):
        office.ann.restore(9)


def test_what_no_longer_fits_the_fields_is_not_restored(office: Office) -> None:
    office.ann.save_rules(rules(5, "properties.team"))
    office.ann.save_rules(rules(6))
    office.kit.workspace(org="acme", actor="ann").settings.update(properties={"size": "number"})
    with pytest.raises(RuleErrors):
        office.ann.restore(1)
    assert len(office.ann.versions()) == 2


def test_a_draft_changes_nothing_until_it_is_published(office: Office) -> None:
    office.ann.save_rules(rules(5))
    assert office.ann.draft() is None
    saved = office.bob.save_draft(rules(6), note="more for the web")
    assert saved.report.ok
    assert saved.draft == office.ann.draft()
    assert saved.draft == RulesDraft(
        revision=1,
        ruleset=Ruleset.model_validate(rules(6)),
        based_on=1,
        author="bob",
        at=NOW,
        note="more for the web",
    )
    assert points_of(office.ann.rules()) == 5
    published = office.ann.publish()
    assert (published.version, points_of(published.ruleset), published.report.ok) == (2, 6, True)
    assert versions(office)[0] == (2, "ann", "more for the web", 6)
    assert office.ann.draft() is None


def test_a_draft_keeps_its_base_and_its_note_until_others_are_named(office: Office) -> None:
    office.ann.save_rules(rules(5))
    office.ann.save_draft(rules(6), note="why")
    office.bob.save_rules(rules(7))
    draft = office.ann.save_draft(rules(8)).draft
    assert (draft.revision, draft.based_on, draft.note) == (2, 1, "why")
    draft = office.bob.save_draft(rules(9), based_on=2, note="because").draft
    assert (draft.revision, draft.based_on, draft.note, draft.author) == (3, 2, "because", "bob")
    assert office.ann.publish(note="at last").version == 3
    assert versions(office)[0] == (3, "ann", "at last", 9)
    assert office.ann.save_draft(rules(1)).draft.based_on == 3
    with pytest.raises(NotFound) as caught:
        office.ann.save_draft(rules(1), based_on=4)
    assert (caught.value.kind, caught.value.id) == ("ruleset", "4")


def test_a_draft_may_have_errors_that_keep_it_from_being_published(office: Office) -> None:
    office.kit.workspace(org="acme", actor="ann").settings.update(properties={"size": "number"})
    saved = office.ann.save_draft(rules(5, "properties.team"))
    assert not saved.report.ok
    with pytest.raises(RuleErrors) as caught:
        office.ann.publish()
    assert caught.value.faults == saved.report.errors
    assert office.ann.draft() == saved.draft
    assert office.ann.versions() == ()
    with pytest.raises(RuleErrors):
        office.ann.save_draft({"rules": [{"name": "x"}]})


def test_a_draft_from_older_rules_is_not_published_over_newer_ones(office: Office) -> None:
    office.ann.save_rules(rules(5))
    office.ann.save_draft(rules(6))
    office.bob.save_rules(rules(7))
    with pytest.raises(ConcurrencyConflict) as caught:
        office.ann.publish()
    assert (caught.value.kind, caught.value.expected, caught.value.found) == ("ruleset", 1, 2)
    assert office.ann.draft() is not None
    office.ann.save_draft(rules(6), based_on=2)
    assert office.ann.publish().version == 3


@pytest.mark.parametrize(
    "act",
    [
        lambda scoring, revision: scoring.save_draft(rules(9), revision=revision),
        lambda scoring, revision: scoring.publish(revision=revision),
        lambda scoring, revision: scoring.discard_draft(revision=revision),
    ],
    ids=["save", "publish", "discard"],
)
def test_who_has_seen_another_draft_changes_nothing(office: Office, act: Any) -> None:
    office.ann.save_draft(rules(6))
    office.bob.save_draft(rules(7))
    for seen in (1, 0, 3):
        with pytest.raises(ConcurrencyConflict) as caught:
            act(office.ann, seen)
        assert (caught.value.kind, caught.value.expected, caught.value.found) == ("draft", seen, 2)
    draft = office.ann.draft()
    assert draft is not None
    assert points_of(draft.ruleset) == 7
    act(office.ann, 2)
    assert office.ann.draft() != draft


def test_a_draft_that_is_gone_is_not_mistaken_for_a_new_one(office: Office) -> None:
    office.ann.save_draft(rules(6))
    office.bob.discard_draft(revision=1)
    with pytest.raises(ConcurrencyConflict) as caught:
        office.ann.save_draft(rules(7), revision=1)
    assert (caught.value.expected, caught.value.found) == (1, None)
    assert office.bob.save_draft(rules(8), revision=0).draft.revision == 3
    with pytest.raises(ConcurrencyConflict):
        office.ann.save_draft(rules(7), revision=1)


def test_without_a_draft_there_is_nothing_to_publish_or_discard(office: Office) -> None:
    for act in (office.ann.publish, office.ann.discard_draft):
        with pytest.raises(NotFound) as caught:
            act()
        assert caught.value.kind == "draft"


def test_publishing_what_is_published_makes_no_new_version(office: Office) -> None:
    office.ann.save_rules(rules(5))
    office.ann.save_draft(rules(5))
    assert office.bob.publish().version == 1
    assert office.ann.draft() is None
    assert len(office.ann.versions()) == 1


def test_a_note_is_a_text_that_a_database_can_hold(office: Office) -> None:
    for act in (office.ann.save_rules, office.ann.save_draft):
        with pytest.raises(InvalidInput) as caught:
            act(rules(5), note="\x00")
        assert caught.value.faults[0].path == "$.note"


def test_the_same_key_does_each_command_once(office: Office) -> None:
    def twice(key: str, act: Any) -> tuple[Any, Any]:
        return act(office.keyed(key)), act(office.keyed(key))

    first, second = twice("1", lambda scoring: scoring.save_draft(rules(5)))
    assert first == second
    assert first.draft.revision == 1
    first, second = twice("2", lambda scoring: scoring.publish())
    assert first == second
    assert first.version == 1
    first, second = twice("3", lambda scoring: scoring.save_rules(rules(6)))
    assert (first, first.version) == (second, 2)
    first, second = twice("4", lambda scoring: scoring.restore(1))
    assert (first, first.version) == (second, 3)
    office.ann.save_draft(rules(7))
    assert twice("5", lambda scoring: scoring.discard_draft()) == (None, None)
    assert len(office.ann.versions()) == 3
    for act in (
        lambda scoring: scoring.save_draft(rules(9)),
        lambda scoring: scoring.save_draft(rules(5), revision=0),
        lambda scoring: scoring.save_draft(rules(5), note="x"),
        lambda scoring: scoring.save_draft(rules(5), based_on=0),
    ):
        with pytest.raises(IdempotencyMismatch):
            act(office.keyed("1"))
    with pytest.raises(IdempotencyMismatch):
        office.keyed("4").restore(2)
    # The draft of the first key was published meanwhile, and is no longer there to be answered.
    with pytest.raises(NotFound):
        office.keyed("1").save_draft(rules(5))


def test_another_organisation_has_rules_and_drafts_of_its_own(office: Office) -> None:
    office.ann.save_rules(rules(5))
    office.ann.save_draft(rules(6))
    other = office.kit.workspace(org="bolt", actor="ann").scoring
    assert other.draft() is None
    assert other.versions() == ()
