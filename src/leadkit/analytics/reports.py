"""The report, as a document: it says what was asked, and reads well in a terminal and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from leadkit.analytics.questions import Basis
from leadkit.analytics.rendering import as_html, as_rich, as_text
from leadkit.analytics.separation import Separation
from leadkit.analytics.spreads import Spread
from leadkit.analytics.worth import PipelineValue
from leadkit.values import Document, Instant

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "AnalyticsReport",
    "Conversion",
    "Funnel",
    "FunnelStep",
    "Group",
    "Outcomes",
    "PipelineFunnel",
    "StageTime",
    "Velocity",
]

_Count = Annotated[int, Field(ge=0)]
_Rate = Annotated[float, Field(ge=0)]


class Outcomes(Document):
    """How many leads came, and what became of them.

    Each lead counts once, at the first time that it reached a status in its life.

    Attributes:
        leads: How many were created.
        qualified: How many were qualified.
        disqualified: How many were disqualified.
        converted: How many were converted.
        qualification_rate: Those qualified to those created; None when none was. By events it may exceed 1, since the
            two are not the same leads.
        conversion_rate: Those converted to those created, likewise.
    """

    leads: _Count
    qualified: _Count
    disqualified: _Count
    converted: _Count
    qualification_rate: _Rate | None
    conversion_rate: _Rate | None


class Conversion(Outcomes):
    """What became of all leads.

    Attributes:
        deleted: How many of those created have been deleted or erased since; they count like any other.
    """

    deleted: _Count


class _Keyed(Document):
    key: str | None
    name: str


# The fields of the last class come first: whose figures they are stands before the figures.
class Group(Outcomes, _Keyed):
    """What became of the leads that share a source, a campaign or an owner as of the report's instant.

    Attributes:
        key: What they share; None for the leads that have none.
        name: The same for people: `unknown` or `unassigned` for none.
    """


class FunnelStep(Document):
    """How many leads came to a status or a stage, and how many went on from it.

    From new and nurturing leads go on to qualified, and from there to converted; from a stage to any later one of its
    pipeline, or to conversion. From the other statuses and from stages that were removed, nothing lies ahead.

    Attributes:
        id: The status, or the stage's id.
        name: What people call it; None for a stage that was removed.
        reached: How many leads came to it, each counted at its first time.
        entries: How often leads came to it, returns included.
        standing: How many of those that reached it stand there as of the report's instant.
        advanced: How many of those that reached it have gone on since; None where nothing lies ahead.
        rate: Those that went on to those that reached it; None where nobody did, or nothing lies ahead.
    """

    id: str
    name: str | None
    reached: _Count
    entries: _Count
    standing: _Count
    advanced: _Count | None
    rate: Annotated[float, Field(ge=0, le=1)] | None


class PipelineFunnel(Document):
    """The stages of one pipeline, in order; those that were removed come last.

    Attributes:
        id: The pipeline's id.
        name: Its name; None for one that was removed.
        reached: How many leads came into it, each counted at its first time.
        stages: Its stages.
    """

    id: str
    name: str | None
    reached: _Count
    stages: tuple[FunnelStep, ...]


class Funnel(Document):
    """How far leads came.

    Attributes:
        statuses: By outcome.
        pipelines: By position, one pipeline after the other.
        outside: How many of those created stand in no pipeline.
    """

    statuses: tuple[FunnelStep, ...]
    pipelines: tuple[PipelineFunnel, ...]
    outside: _Count


class StageTime(Document):
    """How long leads were worked in a stage, all their stays there added up.

    A stay ends when the lead goes elsewhere or is closed; one that goes on is not counted yet.

    Attributes:
        pipeline_id: The pipeline's id.
        stage: The stage's id.
        time: How long.
    """

    pipeline_id: str
    stage: str
    time: Spread


class Velocity(Document):
    """How long things take.

    Attributes:
        to_qualify: From creation to the first qualification.
        to_convert: From creation to conversion.
        stages: In each stage.
    """

    to_qualify: Spread
    to_convert: Spread
    stages: tuple[StageTime, ...]


class AnalyticsReport(Document):
    """What became of the leads of a range.

    `print` shows it as tables, a notebook as HTML, and rich in colour; `model_dump_json` writes it for the wire.

    Attributes:
        basis: Which leads and transitions are counted.
        timezone: The zone in which its days begin.
        start: The first instant of the range.
        end: The first instant after it.
        as_of: The instant up to which it was looked.
        conversion: How many leads came, and what became of them.
        funnel: How far they came.
        velocity: How long it took.
        sources: The outcomes by source; None when not asked for.
        campaigns: The outcomes by campaign; None when not asked for.
        assignees: The outcomes by owner; None when not asked for.
        value: What they may bring: the leads of the cohort; by events, all open leads and those converted in the range.
        scoring: How well their scores told them apart.
    """

    basis: Basis
    timezone: str
    start: Instant
    end: Instant
    as_of: Instant
    conversion: Conversion
    funnel: Funnel
    velocity: Velocity
    sources: tuple[Group, ...] | None
    campaigns: tuple[Group, ...] | None
    assignees: tuple[Group, ...] | None
    value: PipelineValue
    scoring: Separation

    def __str__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        # Only rich asks for this, so it is there.
        yield from as_rich(self)
