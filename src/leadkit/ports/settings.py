"""What organisations decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from leadkit.leads import OrganisationSettings

__all__ = ["SettingsStore"]


class SettingsStore(Protocol):
    """The settings of one organisation."""

    def get(self) -> OrganisationSettings:
        """Answer the settings; the defaults when none were kept."""
        ...

    def put(self, settings: OrganisationSettings) -> None:
        """Keep the settings."""
        ...
