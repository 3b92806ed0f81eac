"""Analytics: what became of leads, how far and how fast they came, and how well their scores foretold it."""

from __future__ import annotations

from leadkit.analytics.histories import History, Place, Stay, Step, histories_of
from leadkit.analytics.questions import Basis, Dimension, Question
from leadkit.analytics.reporting import report, report_of
from leadkit.analytics.reports import (
    AnalyticsReport,
    Conversion,
    Funnel,
    FunnelStep,
    Group,
    Outcomes,
    PipelineFunnel,
    StageTime,
    Velocity,
)
from leadkit.analytics.separation import Separation, area_under_curve
from leadkit.analytics.spreads import Length, Spread, percentile
from leadkit.analytics.tallies import Tally
from leadkit.analytics.worth import Holding, PipelineValue, Priced, ValueLine

__all__ = [
    "AnalyticsReport",
    "Basis",
    "Conversion",
    "Dimension",
    "Funnel",
    "FunnelStep",
    "Group",
    "History",
    "Holding",
    "Length",
    "Outcomes",
    "PipelineFunnel",
    "PipelineValue",
    "Place",
    "Priced",
    "Question",
    "Separation",
    "Spread",
    "StageTime",
    "Stay",
    "Step",
    "Tally",
    "ValueLine",
    "Velocity",
    "area_under_curve",
    "histories_of",
    "percentile",
    "report",
    "report_of",
]
