"""Jobs, in memory, and runners for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadkit.enrichment import EnrichmentJob
    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["ImmediateJobs", "MemoryJobs"]


@attrs.frozen
class MemoryJobs:
    """The jobs of one organisation."""

    _rows: Organisation
    _writer: Writer

    def get(self, job_id: str) -> EnrichmentJob | None:
        """Answer a job, or None."""
        return self._rows.jobs.rows.get(job_id)

    def put(self, job: EnrichmentJob) -> None:
        """Keep a job anew under its id."""
        self._writer.set(self._rows.jobs, job.id, job)

    def unfinished(self) -> Sequence[EnrichmentJob]:
        """Answer the jobs that are queued or running, the oldest first."""
        waiting = (job for job in self._rows.jobs.rows.values() if job.state in ("queued", "running"))
        return sorted(waiting, key=lambda job: (job.created_at, job.id))


@attrs.frozen
class ImmediateJobs:
    """Runs work at once, in the call that asked for it: for notebooks, scripts and tests."""

    def submit(self, work: Callable[[], object]) -> None:
        """Run the work."""
        work()
