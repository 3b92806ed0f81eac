"""Jobs, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import bindparam, select

from leadkit.enrichment import EnrichmentJob
from leadkit.sql.documents import document_of, json_of
from leadkit.sql.schema import jobs, unfinished
from leadkit.sql.statements import Upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.sql.transactions import Transaction

__all__ = ["SqlJobs"]

_OF_ORG: Final = jobs.c.org == bindparam("org")
_ONE: Final = select(jobs.c.document).where(_OF_ORG, jobs.c.id == bindparam("id"))
_UNFINISHED: Final = select(jobs.c.document).where(_OF_ORG, unfinished).order_by(jobs.c.created_at, jobs.c.id)
_PUT: Final = Upsert(jobs)


@attrs.frozen
class SqlJobs:
    """The jobs of one organisation."""

    _work: Transaction

    def get(self, job_id: str) -> EnrichmentJob | None:
        """Answer a job, or None."""
        found = self._work.value(_ONE, id=job_id)
        return None if found is None else document_of(EnrichmentJob, found)

    def put(self, job: EnrichmentJob) -> None:
        """Keep a job anew under its id."""
        row = {"id": job.id, "state": job.state.value, "created_at": job.created_at, "document": json_of(job)}
        self._work.change(_PUT, row)

    def unfinished(self) -> Sequence[EnrichmentJob]:
        """Answer the jobs that are queued or running, the oldest first."""
        return [document_of(EnrichmentJob, row[0]) for row in self._work.rows(_UNFINISHED)]
