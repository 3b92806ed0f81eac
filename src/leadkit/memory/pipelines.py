"""Pipelines, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.errors import AlreadyExists, ConcurrencyConflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.memory.organisation import Organisation, Writer
    from leadkit.pipelines import Pipeline

__all__ = ["MemoryPipelines"]


@attrs.frozen
class MemoryPipelines:
    """The pipelines of one organisation."""

    _rows: Organisation
    _writer: Writer

    def get(self, pipeline_id: str) -> Pipeline | None:
        """Answer a pipeline, or None."""
        return self._rows.pipelines.rows.get(pipeline_id)

    def list(self) -> Sequence[Pipeline]:
        """Answer all pipelines, the oldest first, then by id."""
        return tuple(
            sorted(self._rows.pipelines.rows.values(), key=lambda pipeline: (pipeline.created_at, pipeline.id))
        )

    def add(self, pipeline: Pipeline) -> None:
        """Keep a new pipeline."""
        if pipeline.id in self._rows.pipelines.rows:
            raise AlreadyExists(kind="pipeline", id=pipeline.id)
        self._writer.set(self._rows.pipelines, pipeline.id, pipeline)

    def save(self, pipeline: Pipeline, *, expected: int) -> None:
        """Keep a changed pipeline."""
        self._expect(pipeline.id, expected)
        self._writer.set(self._rows.pipelines, pipeline.id, pipeline)

    def remove(self, pipeline_id: str, *, expected: int) -> None:
        """Forget a pipeline."""
        self._expect(pipeline_id, expected)
        self._writer.drop(self._rows.pipelines, pipeline_id)

    def _expect(self, pipeline_id: str, expected: int) -> None:
        present = self._rows.pipelines.rows.get(pipeline_id)
        found = None if present is None else present.version
        if found != expected:
            raise ConcurrencyConflict(kind="pipeline", id=pipeline_id, expected=expected, found=found)
