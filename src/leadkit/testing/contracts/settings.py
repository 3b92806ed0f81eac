"""What a settings store must hold to."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from leadkit.leads import OrganisationSettings
from leadkit.testing.contracts.opening import OTHER_ORG, StoreFixture
from leadkit.testing.contracts.together import together
from leadkit.values import read

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["SettingsStoreContract"]


class SettingsStoreContract(StoreFixture):
    """Settings are the organisation's own."""

    def test_without_settings_there_are_the_defaults(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.settings.get()) == OrganisationSettings()

    def test_settings_are_kept_whole(self, store: Store) -> None:
        sent = {
            "conversion": "auto_qualify",
            "duplicates": "update",
            "autoEnrichment": {"enabled": True, "providers": ["apollo"]},
            "timeZone": "Europe/Berlin",
            "properties": {"team_size": "number"},
        }
        settings = read(OrganisationSettings, sent)
        with self.writing(store) as work:
            work.settings.put(settings)

        assert self.seen(store, lambda work: work.settings.get()) == settings
        assert self.seen(store, lambda work: work.settings.get(), OTHER_ORG) == OrganisationSettings()

    def test_of_several_that_change_settings_at_once_none_undoes_what_another_has_done(self, store: Store) -> None:
        numbers = itertools.count()

        def declare() -> str:
            with self.writing(store) as work:
                settings = work.settings.get(to_change=True)
                name = f"property_{next(numbers)}"
                properties = {**settings.properties, name: "number"}
                work.settings.put(read(OrganisationSettings, {"properties": properties}))
                return name

        declared = [name for _ in range(5) for name in together(declare)]
        assert sorted(self.seen(store, lambda work: work.settings.get()).properties) == sorted(declared)
