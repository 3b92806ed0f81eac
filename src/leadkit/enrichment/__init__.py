"""Enrichment and prospecting: what others know about leads, and people who could become leads."""

from __future__ import annotations

from leadkit.enrichment.jobs import (
    MOST_FAULTS,
    MOST_IDS,
    EnrichmentJob,
    JobFault,
    JobState,
    advanced,
    begun,
    ended,
    finished,
)
from leadkit.enrichment.merging import Merged, Refused, goes_on, merge, still_wanted
from leadkit.enrichment.outcomes import Deferred, Match, NoMatch, Outcome
from leadkit.enrichment.places import STANDARD, read_wanted
from leadkit.enrichment.prospecting import Candidate, ProspectCriteria, distinct, lead_from_candidate

__all__ = [
    "MOST_FAULTS",
    "MOST_IDS",
    "STANDARD",
    "Candidate",
    "Deferred",
    "EnrichmentJob",
    "JobFault",
    "JobState",
    "Match",
    "Merged",
    "NoMatch",
    "Outcome",
    "ProspectCriteria",
    "Refused",
    "advanced",
    "begun",
    "distinct",
    "ended",
    "finished",
    "goes_on",
    "lead_from_candidate",
    "merge",
    "read_wanted",
    "still_wanted",
]
