"""What becomes of the answers of providers: merged into the lead as it is by then, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from leadkit.enrichment import Deferred, EnrichmentJob, merge
from leadkit.errors import ConcurrencyConflict
from leadkit.leads import decide

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.enrichment import Refused
    from leadkit.leads import Context, Lead
    from leadkit.ports import UnitOfWork
    from leadkit.services.asking import Answers
    from leadkit.services.session import Session

__all__ = ["Enrichment", "persistently", "queue_job", "take_up"]

_TRIES: Final = 5

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Enrichment:
    """What came of enriching a lead.

    Attributes:
        lead: The lead after it.
        changed: The fields and properties that it gained.
        unchanged: Those that were offered and stay as they are.
        refused: What was offered and left out, with the reasons.
        deferred: Request ids under which providers will answer later, by provider.
        failed: Why providers could not answer, by provider.
        credits: What it cost, by provider, in the providers' own credits.
    """

    lead: Lead
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    deferred: dict[str, str] = attrs.field(factory=dict)
    failed: dict[str, str] = attrs.field(factory=dict)
    credits: dict[str, float] = attrs.field(factory=dict)


def take_up(
    session: Session, work: UnitOfWork, lead_id: str, answers: Answers, context: Context, *, overwrite: bool
) -> Enrichment:
    """Keep what providers know of a lead.

    Args:
        session: The session.
        work: The unit of work.
        lead_id: The lead.
        answers: What they answered.
        context: Time, actor and policy.
        overwrite: Whether values that are there already give way.

    Raises:
        NotFound: The lead was deleted meanwhile.
        InvalidTransition: The lead was converted meanwhile.
    """
    # Read again: while the providers were asked, somebody may have changed it.
    lead = session.lead(work, lead_id)
    merged = merge(lead, answers.outcomes, at=context.now, overwrite=overwrite)
    return Enrichment(
        lead=session.keep(work, lead, decide(lead, merged.command, context)),
        changed=tuple(merged.provenance),
        unchanged=merged.unchanged,
        refused=merged.refused,
        deferred={each.provider: each.request_id for each in answers.outcomes if isinstance(each, Deferred)},
        failed={failure.provider: failure.reason for failure in answers.failures},
        credits={outcome.provider: outcome.credits for outcome in answers.outcomes},
    )


def persistently(session: Session, attempt: Callable[[], T]) -> T:
    """Try again where another writer came first, but for what is part of a larger unit of work.

    Args:
        session: The session.
        attempt: A unit of work that begins anew each time.

    Raises:
        ConcurrencyConflict: Others came first again and again.
    """
    tries = _TRIES if session.bound is None else 1
    while True:
        tries -= 1
        try:
            return attempt()
        except ConcurrencyConflict:
            if not tries:
                raise


def queue_job(session: Session, work: UnitOfWork, **fields: object) -> EnrichmentJob:
    """Keep a new job, in the name of whoever asks.

    Args:
        session: The session.
        work: The unit of work that the job becomes part of.
        **fields: Those of `EnrichmentJob` that say what is to be done.
    """
    now = session.now
    made = {"id": session.wiring.ids.new("job"), "actor": session.actor, "created_at": now, "updated_at": now}
    job = EnrichmentJob.model_validate({**made, **fields})
    work.jobs.put(job)
    return job
