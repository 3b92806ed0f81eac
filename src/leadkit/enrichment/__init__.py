"""Enrichment and prospecting: what others know about leads, and people who could become leads."""

from __future__ import annotations

from leadkit.enrichment.jobs import EnrichmentJob, JobFault, JobState, advanced, begun, ended
from leadkit.enrichment.merging import Merged, Refused, merge, still_wanted
from leadkit.enrichment.outcomes import Deferred, Match, NoMatch, Outcome
from leadkit.enrichment.prospecting import Candidate, ProspectCriteria, lead_from_candidate

__all__ = [
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
    "ended",
    "lead_from_candidate",
    "merge",
    "still_wanted",
]
