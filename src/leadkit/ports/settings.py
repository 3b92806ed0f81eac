"""What organisations decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from leadkit.leads import OrganisationSettings

__all__ = ["SettingsStore"]


class SettingsStore(Protocol):
    """The settings of one organisation."""

    def get(self, *, to_change: bool = False) -> OrganisationSettings:
        """Answer the settings; the defaults when none were kept.

        Args:
            to_change: Whether they are to be put back changed: then whoever wants the same waits until this unit of
                work ends, and sees what it has kept.
        """
        ...

    def put(self, settings: OrganisationSettings) -> None:
        """Keep the settings."""
        ...
