"""What a rule store must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.errors import ConcurrencyConflict
from leadkit.scoring import DraftState
from leadkit.testing.builders import NOON, build_draft, build_rules, build_ruleset
from leadkit.testing.contracts.opening import OTHER_ORG, StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["RuleStoreContract"]


class RuleStoreContract(StoreFixture):
    """Rulesets are kept as versions that never change, beside one draft of the next."""

    def test_without_rules_the_newest_version_is_none(self, store: Store) -> None:
        found = self.seen(
            store,
            lambda work: (work.rules.latest(), work.rules.get(0), work.rules.get(1), list(work.rules.list(limit=9))),
        )
        assert found == (0, None, None, [])

    def test_every_version_stays_with_its_author_time_and_note(self, store: Store) -> None:
        first = build_rules(author="user-1", at=NOON, note="a first try")
        second = build_rules(2, ruleset=build_ruleset(total={"max": 100}))
        with self.writing(store) as work:
            work.rules.add(first)
        with self.writing(store) as work:
            work.rules.add(second)

        assert self.seen(store, lambda work: (work.rules.latest(), work.rules.get(1), work.rules.get(2))) == (
            2,
            first,
            second,
        )
        kept = self.seen(store, lambda work: work.rules.get(2))
        assert kept is not None
        assert kept.ruleset.fingerprint == second.ruleset.fingerprint

    def test_versions_are_listed_the_newest_first(self, store: Store) -> None:
        with self.writing(store) as work:
            for number in range(1, 6):
                work.rules.add(build_rules(number, note=f"no. {number}"))

        def listed(before: int | None, limit: int) -> list[int]:
            found = self.seen(store, lambda work: list(work.rules.list(before=before, limit=limit)))
            assert [version.note for version in found] == [f"no. {version.version}" for version in found]
            return [version.version for version in found]

        assert listed(None, 9) == [5, 4, 3, 2, 1]
        assert listed(None, 2) == [5, 4]
        assert listed(4, 2) == [3, 2]
        assert listed(2, 9) == [1]
        assert listed(1, 9) == []
        assert listed(99, 1) == [5]

    @pytest.mark.parametrize("version", [1, 3])
    def test_a_version_that_does_not_follow_the_newest_is_a_conflict(self, store: Store, version: int) -> None:
        with self.writing(store) as work:
            work.rules.add(build_rules())
        with pytest.raises(ConcurrencyConflict) as caught, self.writing(store) as work:
            work.rules.add(build_rules(version))

        assert (caught.value.kind, caught.value.expected, caught.value.found) == ("ruleset", version - 1, 1)
        assert self.seen(store, lambda work: work.rules.latest()) == 1

    def test_before_the_first_draft_there_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.rules.draft()) == DraftState(revision=0, draft=None)

    def test_a_draft_is_kept_anew_and_goes(self, store: Store) -> None:
        first, second = build_draft(note="begun"), build_draft(2, ruleset=build_ruleset(total={"max": 9}), based_on=7)
        for revision, state in enumerate((first, second, DraftState(revision=3), build_draft(4))):
            with self.writing(store) as work:
                work.rules.put_draft(state, expected=revision)
            assert self.seen(store, lambda work: work.rules.draft()) == state

        assert self.seen(store, lambda work: work.rules.latest()) == 0

    @pytest.mark.parametrize(("kept", "expected"), [(0, 1), (1, 0), (1, 2), (3, 1)])
    def test_a_draft_that_somebody_else_has_saved_meanwhile_is_a_conflict(
        self, store: Store, kept: int, expected: int
    ) -> None:
        with self.writing(store) as work:
            for revision in range(1, kept + 1):
                work.rules.put_draft(build_draft(revision, note=f"no. {revision}"), expected=revision - 1)
        before = self.seen(store, lambda work: work.rules.draft())
        with pytest.raises(ConcurrencyConflict) as caught, self.writing(store) as work:
            work.rules.put_draft(build_draft(9, note="lost"), expected=expected)

        assert (caught.value.kind, caught.value.expected, caught.value.found) == ("draft", expected, kept)
        assert self.seen(store, lambda work: work.rules.draft()) == before

    def test_the_draft_of_another_organisation_is_not_seen(self, store: Store) -> None:
        with self.writing(store) as work:
            work.rules.put_draft(build_draft(), expected=0)

        assert self.seen(store, lambda work: work.rules.draft(), OTHER_ORG) == DraftState()
