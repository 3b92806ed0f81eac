"""Settings, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import bindparam, select

from leadkit.leads import OrganisationSettings
from leadkit.sql.documents import document_of, json_of
from leadkit.sql.locking import lock_words
from leadkit.sql.schema import settings
from leadkit.sql.statements import Upsert

if TYPE_CHECKING:
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlSettings"]

_ONE: Final = select(settings.c.document).where(settings.c.org == bindparam("org"))
_PUT: Final = Upsert(settings)


@attrs.frozen
class SqlSettings:
    """The settings of one organisation."""

    _work: Transaction

    def get(self, *, to_change: bool = False) -> OrganisationSettings:
        """Answer the settings; the defaults when none were kept."""
        if to_change:
            lock_words(self._work, "settings", ("settings",))
        found = self._work.value(_ONE)
        return OrganisationSettings() if found is None else document_of(OrganisationSettings, found)

    def put(self, settings: OrganisationSettings) -> None:
        """Keep the settings."""
        self._work.change(_PUT, {"document": json_of(settings)})
