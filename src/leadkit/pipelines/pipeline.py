"""The documents: a pipeline, its stages, and the rules by which leads in it are routed."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StrictBool, StrictInt, field_validator

from leadkit.conditions import And, ConditionField
from leadkit.pipelines.targets import AssignTo
from leadkit.values import Document, Identifier, Instant, Label

__all__ = [
    "MOST_STAGES",
    "RESERVED_IDS",
    "AutoRoute",
    "NewPipeline",
    "Pipeline",
    "PipelinePatch",
    "RouteRule",
    "Stage",
    "StageId",
    "StagePatch",
]

RESERVED_IDS: Final = frozenset({"reorder", "stages", "batch", "auto", "contact", "status"})
"""Words that stand in the paths of the HTTP resource where an id could; no pipeline or stage may take them."""

MOST_STAGES: Final = 100
_MOST_RULES: Final = 1_000
_MOST_DAYS: Final = 36_500


def _not_reserved(identifier: str) -> str:
    if identifier in RESERVED_IDS:
        message = f"`{identifier}` is reserved; so are {', '.join(sorted(RESERVED_IDS))}"
        raise ValueError(message)
    return identifier


StageId = Annotated[Identifier, AfterValidator(_not_reserved)]
PipelineId = StageId

_Probability = Annotated[float, Field(ge=0, le=1, strict=True)]
_Days = Annotated[float, Field(gt=0, le=_MOST_DAYS, strict=True)]
_Order = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class RouteRule(Document):
    """If the condition holds, assign to this user or by this strategy.

    Example:
        >>> condition = {"field": "score", "op": ">=", "value": 80}
        >>> RouteRule.model_validate({"if": condition, "assignTo": "user-7"}).assign_to
        'user-7'
    """

    condition: ConditionField = Field(default=And(items=()), alias="if", description="Left out, every lead matches.")
    assign_to: AssignTo


class AutoRoute(Document):
    """Rules in order; the first that matches decides."""

    rules: tuple[RouteRule, ...] = Field(default=(), max_length=_MOST_RULES)


class Stage(Document):
    """One position in a pipeline.

    Attributes:
        id: Its id, unique in the pipeline.
        name: What people call it.
        order: Its place; lower comes first.
        probability: The share of its leads that are expected to convert, 0 to 1.
        expected_duration_days: How long a lead should stay.
        auto_route: Rules tried before the pipeline's own.
        terminal: Whether leads end here.
    """

    id: StageId
    name: Label
    order: _Order
    probability: _Probability = 0.0
    expected_duration_days: _Days | None = None
    auto_route: AutoRoute = AutoRoute()
    terminal: StrictBool = False


def _ordered(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    for key, values in (("id", [stage.id for stage in stages]), ("order", [stage.order for stage in stages])):
        repeated = [str(value) for value, count in Counter[Any](values).items() if count > 1]
        if repeated:
            message = f"two stages have the same {key}: {', '.join(repeated)}"
            raise ValueError(message)
    return tuple(sorted(stages, key=lambda stage: stage.order))


Stages = Annotated[tuple[Stage, ...], Field(min_length=1, max_length=MOST_STAGES), AfterValidator(_ordered)]


class NewPipeline(Document):
    """What is sent to create a pipeline."""

    id: PipelineId | None = None
    name: Label
    stages: Stages
    auto_route: AutoRoute = AutoRoute()


class Pipeline(Document):
    """An ordered set of stages.

    Attributes:
        id: Its id, unique in the organisation.
        name: What people call it.
        stages: At least one, always in order.
        auto_route: The catch-all rules, tried after the stage's own.
        created_at: When it was made.
        version: Grows by one with every change.
    """

    id: PipelineId
    name: Label
    stages: Stages
    auto_route: AutoRoute = AutoRoute()
    created_at: Instant
    version: Annotated[StrictInt, Field(ge=1)] = 1

    def stage(self, stage_id: str) -> Stage | None:
        """Answer a stage by its id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    @property
    def stage_ids(self) -> tuple[str, ...]:
        """The ids of the stages, in order."""
        return tuple(stage.id for stage in self.stages)


class _Patch(Document):
    """A partial change: what is not sent stays; null only where nothing is a value."""

    @field_validator("name", "probability", "auto_route", "terminal", mode="before", check_fields=False)
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            message = "cannot be null; leave it out to keep it as it is"
            raise ValueError(message)
        return value

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by their Python names."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class PipelinePatch(_Patch):
    """What is sent to change a pipeline; stages are changed one by one."""

    name: Label | None = None
    auto_route: AutoRoute | None = None


class StagePatch(_Patch):
    """What is sent to change a stage; its place changes by reordering."""

    name: Label | None = None
    probability: _Probability | None = None
    expected_duration_days: _Days | None = None
    auto_route: AutoRoute | None = None
    terminal: StrictBool | None = None
