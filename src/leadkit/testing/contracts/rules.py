"""What a rule store must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.errors import ConcurrencyConflict
from leadkit.testing.builders import build_ruleset
from leadkit.testing.contracts.opening import StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["RuleStoreContract"]


class RuleStoreContract(StoreFixture):
    """Rulesets are kept as versions that never change."""

    def test_without_rules_the_newest_version_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: (work.rules.latest(), work.rules.get(0), work.rules.get(1))) == (
            0,
            None,
            None,
        )

    def test_every_version_stays(self, store: Store) -> None:
        first, second = build_ruleset(), build_ruleset(total={"max": 100})
        with self.writing(store) as work:
            work.rules.add(first, version=1)
        with self.writing(store) as work:
            work.rules.add(second, version=2)

        assert self.seen(store, lambda work: (work.rules.latest(), work.rules.get(1), work.rules.get(2))) == (
            2,
            first,
            second,
        )
        kept = self.seen(store, lambda work: work.rules.get(2))
        assert kept is not None
        assert kept.fingerprint == second.fingerprint

    @pytest.mark.parametrize("version", [1, 3])
    def test_a_version_that_does_not_follow_the_newest_is_a_conflict(self, store: Store, version: int) -> None:
        with self.writing(store) as work:
            work.rules.add(build_ruleset(), version=1)
        with pytest.raises(ConcurrencyConflict), self.writing(store) as work:
            work.rules.add(build_ruleset(), version=version)

        assert self.seen(store, lambda work: work.rules.latest()) == 1
