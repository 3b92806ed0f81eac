"""Pipelines, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import bindparam, delete, select, update

from leadkit.errors import AlreadyExists, ConcurrencyConflict
from leadkit.pipelines import Pipeline
from leadkit.sql.documents import document_of, json_of
from leadkit.sql.schema import pipelines
from leadkit.sql.statements import InsertNew

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.sql.transactions import Transaction

__all__ = ["SqlPipelines"]

_OF_ORG: Final = pipelines.c.org == bindparam("org")
_ID: Final = pipelines.c.id == bindparam("pipeline_id")
_AS_READ: Final = pipelines.c.version == bindparam("expected")

_ONE: Final = select(pipelines.c.document).where(_OF_ORG, _ID)
_ALL: Final = select(pipelines.c.document).where(_OF_ORG).order_by(pipelines.c.created_at, pipelines.c.id)
_VERSION: Final = select(pipelines.c.version).where(_OF_ORG, _ID)
_INSERT: Final = InsertNew(pipelines)
_UPDATE: Final = (
    update(pipelines)
    .where(_OF_ORG, _ID, _AS_READ)
    .values({name: bindparam(name) for name in ("created_at", "version", "document")})
)
_DELETE: Final = delete(pipelines).where(_OF_ORG, _ID, _AS_READ)


def _row(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "id": pipeline.id,
        "created_at": pipeline.created_at,
        "version": pipeline.version,
        "document": json_of(pipeline),
    }


@attrs.frozen
class SqlPipelines:
    """The pipelines of one organisation."""

    _work: Transaction

    def get(self, pipeline_id: str) -> Pipeline | None:
        """Answer a pipeline, or None."""
        found = self._work.value(_ONE, pipeline_id=pipeline_id)
        return None if found is None else document_of(Pipeline, found)

    def list(self) -> Sequence[Pipeline]:
        """Answer all pipelines, the oldest first, then by id."""
        return tuple(document_of(Pipeline, row[0]) for row in self._work.rows(_ALL))

    def add(self, pipeline: Pipeline) -> None:
        """Keep a new pipeline."""
        if not self._work.change(_INSERT, _row(pipeline)):
            raise AlreadyExists(kind="pipeline", id=pipeline.id)

    def save(self, pipeline: Pipeline, *, expected: int) -> None:
        """Keep a changed pipeline."""
        changed = self._work.change(_UPDATE, {**_row(pipeline), "pipeline_id": pipeline.id, "expected": expected})
        self._expect(changed, pipeline.id, expected)

    def remove(self, pipeline_id: str, *, expected: int) -> None:
        """Forget a pipeline."""
        changed = self._work.change(_DELETE, {"pipeline_id": pipeline_id, "expected": expected})
        self._expect(changed, pipeline_id, expected)

    def _expect(self, changed: int, pipeline_id: str, expected: int) -> None:
        if not changed:
            found = self._work.value(_VERSION, pipeline_id=pipeline_id)
            raise ConcurrencyConflict(kind="pipeline", id=pipeline_id, expected=expected, found=found)
