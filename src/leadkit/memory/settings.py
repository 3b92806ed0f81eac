"""Settings, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.leads import OrganisationSettings

if TYPE_CHECKING:
    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemorySettings"]

_ROW: Final = "settings"


@attrs.frozen
class MemorySettings:
    """The settings of one organisation."""

    _rows: Organisation
    _writer: Writer

    def get(self, *, to_change: bool = False) -> OrganisationSettings:  # noqa: ARG002 - one unit of work at a time
        """Answer the settings; the defaults when none were kept."""
        return self._rows.settings.rows.get(_ROW, OrganisationSettings())

    def put(self, settings: OrganisationSettings) -> None:
        """Keep the settings."""
        self._writer.set(self._rows.settings, _ROW, settings)
