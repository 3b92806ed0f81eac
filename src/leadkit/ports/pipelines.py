"""Where pipelines are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.pipelines import Pipeline

__all__ = ["PipelineStore"]


class PipelineStore(Protocol):
    """The pipelines of one organisation."""

    def get(self, pipeline_id: str) -> Pipeline | None:
        """Answer a pipeline, or None."""
        ...

    def list(self) -> Sequence[Pipeline]:
        """Answer all pipelines, the oldest first, then by id."""
        ...

    def add(self, pipeline: Pipeline) -> None:
        """Keep a new pipeline.

        Raises:
            AlreadyExists: There is one with that id.
        """
        ...

    def save(self, pipeline: Pipeline, *, expected: int) -> None:
        """Keep a changed pipeline.

        Raises:
            ConcurrencyConflict: The version that is kept is not the expected one, or the pipeline is gone.
        """
        ...

    def remove(self, pipeline_id: str, *, expected: int) -> None:
        """Forget a pipeline.

        Raises:
            ConcurrencyConflict: The version that is kept is not the expected one, or the pipeline is gone.
        """
        ...
