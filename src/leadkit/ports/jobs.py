"""Work that outlives a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadkit.enrichment import EnrichmentJob

__all__ = ["JobRunner", "JobStore"]


class JobStore(Protocol):
    """The jobs of one organisation and how far they are."""

    def get(self, job_id: str) -> EnrichmentJob | None:
        """Answer a job, or None."""
        ...

    def put(self, job: EnrichmentJob) -> None:
        """Keep a job anew under its id."""
        ...

    def unfinished(self) -> Sequence[EnrichmentJob]:
        """Answer the jobs that are queued or running, the oldest first: what a restart takes up again."""
        ...


class JobRunner(Protocol):
    """Runs work outside of the call that asked for it."""

    def submit(self, work: Callable[[], object]) -> None:
        """Run the work, now or later, once; what the work needs to survive a restart is in the job store."""
        ...
