"""Pipelines: an ordered set of stages, what each is worth, and to whom a lead in it goes."""

from __future__ import annotations

from leadkit.pipelines.editing import add_stage, change_pipeline, change_stage, remove_stage, reorder
from leadkit.pipelines.pipeline import (
    RESERVED_IDS,
    AutoRoute,
    NewPipeline,
    Pipeline,
    PipelinePatch,
    RouteRule,
    Stage,
    StagePatch,
)
from leadkit.pipelines.targets import Target, parse_target

__all__ = [
    "RESERVED_IDS",
    "AutoRoute",
    "NewPipeline",
    "Pipeline",
    "PipelinePatch",
    "RouteRule",
    "Stage",
    "StagePatch",
    "Target",
    "add_stage",
    "change_pipeline",
    "change_stage",
    "parse_target",
    "remove_stage",
    "reorder",
]
