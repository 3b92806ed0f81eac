"""Changing a pipeline, purely: a pipeline in, the changed one out, or the very same one where nothing changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from leadkit.errors import AlreadyExists, Fault, InvalidInput, NotAPermutation, NotFound
from leadkit.pipelines.pipeline import MOST_STAGES, Pipeline, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leadkit.pipelines.pipeline import PipelinePatch, StagePatch

__all__ = ["add_stage", "change_pipeline", "change_stage", "remove_stage", "reorder"]


def _changed(pipeline: Pipeline, **changes: object) -> Pipeline:
    # Everything that comes here is validated already; only the version is new.
    after = pipeline.model_copy(update=changes)
    return pipeline if after == pipeline else after.model_copy(update={"version": pipeline.version + 1})


def _in_order(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    return tuple(
        stage if stage.order == order else stage.model_copy(update={"order": order})
        for order, stage in enumerate(stages)
    )


def _existing(pipeline: Pipeline, stage_id: str) -> Stage:
    stage = pipeline.stage(stage_id)
    if stage is None:
        raise NotFound(kind="stage", id=stage_id, known=pipeline.stage_ids)
    return stage


def change_pipeline(pipeline: Pipeline, patch: PipelinePatch) -> Pipeline:
    """Change a pipeline's name or catch-all routes.

    Args:
        pipeline: The pipeline.
        patch: What changes.
    """
    return _changed(pipeline, **patch.changes)


def add_stage(pipeline: Pipeline, stage: Stage) -> Pipeline:
    """Add a stage at its order; those from there on move up by one.

    Args:
        pipeline: The pipeline.
        stage: The new stage. An order beyond the last means the end.

    Raises:
        AlreadyExists: The pipeline has a stage with that id.
        InvalidInput: It has a hundred stages already.
    """
    if pipeline.stage(stage.id) is not None:
        raise AlreadyExists(kind="stage", id=stage.id)
    if len(pipeline.stages) >= MOST_STAGES:
        raise InvalidInput(
            faults=(Fault(path="$.stages", message=f"a pipeline has at most {MOST_STAGES} stages", code="too-many"),)
        )
    before = [present for present in pipeline.stages if present.order < stage.order]
    after = pipeline.stages[len(before) :]
    return _changed(pipeline, stages=_in_order([*before, stage, *after]))


def change_stage(pipeline: Pipeline, stage_id: str, patch: StagePatch) -> Pipeline:
    """Change what a stage is called, worth, or routes to.

    Args:
        pipeline: The pipeline.
        stage_id: Which stage.
        patch: What changes.

    Raises:
        NotFound: There is no such stage.
    """
    stage = _existing(pipeline, stage_id)
    changed = stage.model_copy(update=patch.changes)
    return _changed(pipeline, stages=tuple(changed if each.id == stage_id else each for each in pipeline.stages))


def remove_stage(pipeline: Pipeline, stage_id: str) -> Pipeline:
    """Remove a stage. That no lead stands in it is the caller's to see to.

    Args:
        pipeline: The pipeline.
        stage_id: Which stage.

    Raises:
        NotFound: There is no such stage.
        InvalidInput: It is the only one.
    """
    _existing(pipeline, stage_id)
    if len(pipeline.stages) == 1:
        raise InvalidInput(
            faults=(Fault(path="$.stages", message="a pipeline keeps at least one stage", code="too-few"),)
        )
    return _changed(pipeline, stages=_in_order(stage for stage in pipeline.stages if stage.id != stage_id))


def reorder(pipeline: Pipeline, stage_ids: Sequence[str]) -> Pipeline:
    """Put the stages into a new order.

    Args:
        pipeline: The pipeline.
        stage_ids: Every stage's id exactly once.

    Raises:
        NotAPermutation: Some are missing, unknown or named twice.

    Example:
        >>> from datetime import UTC, datetime
        >>> stages = [{"id": "new", "name": "New", "order": 0}, {"id": "won", "name": "Won", "order": 1}]
        >>> made = datetime(2026, 11, 24, tzinfo=UTC)
        >>> inbound = Pipeline.model_validate({"id": "inbound", "name": "Inbound", "stages": stages, "createdAt": made})
        >>> reorder(inbound, ["won", "new"]).stage_ids
        ('won', 'new')
    """
    named = Counter(stage_ids)
    known = {stage.id: stage for stage in pipeline.stages}
    if named != Counter(list(known)):
        raise NotAPermutation(
            missing=tuple(stage_id for stage_id in known if stage_id not in named),
            unknown=tuple(stage_id for stage_id in named if stage_id not in known),
            repeated=tuple(stage_id for stage_id, count in named.items() if count > 1),
        )
    return _changed(pipeline, stages=_in_order(known[stage_id] for stage_id in stage_ids))
