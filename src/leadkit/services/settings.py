"""What the organisation decided for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.leads import OrganisationSettings
from leadkit.values import read

if TYPE_CHECKING:
    from leadkit.services.session import Session

__all__ = ["SettingsService"]


@attrs.frozen
class SettingsService:
    """The settings of the workspace's organisation."""

    _session: Session

    def get(self) -> OrganisationSettings:
        """Answer the settings; the defaults when none were kept."""
        with self._session.reading() as work:
            return work.settings.get()

    def update(self, **changes: Any) -> OrganisationSettings:
        """Change settings; those that are left out stay.

        Args:
            **changes: Those of `OrganisationSettings`.

        Raises:
            InvalidInput: With every fault.
        """
        # Read alone first, so that a fault in what was sent is told as such.
        sent = read(OrganisationSettings, changes)
        with self._session.transaction() as work:
            update = {name: getattr(sent, name) for name in sent.model_fields_set}
            settings = work.settings.get(to_change=True).model_copy(update=update)
            work.settings.put(settings)
            return settings
