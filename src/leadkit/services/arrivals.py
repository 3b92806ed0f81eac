"""Leads that arrive in numbers: matched, then created, updated or left alone; and a rehearsal that writes nothing."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.errors import DuplicateLead, InvalidTransition, LeadkitError, NotFound
from leadkit.importing import OnDuplicate, news_for
from leadkit.leads import commands, create, decide, identity_keys
from leadkit.services.bundle import Bundle
from leadkit.services.capture import starting_stage
from leadkit.services.enrichment_jobs import enrich_when_captured
from leadkit.values import canonical_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.leads import Context, IdentityKey, Lead, NewLead
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["CREATED", "SKIPPED", "UPDATED", "Outcome", "Rehearsal", "land"]

CREATED: Final = "created"
UPDATED: Final = "updated"
SKIPPED: Final = "skipped"

Outcome = str | LeadkitError
"""`created`, `updated` or `skipped`; or why the lead could not be taken."""

_IN_THE_LIST: Final = "an earlier row"


@attrs.define(kw_only=True)
class _Batch:
    """Some leads that arrived together, and those that are known already, which were asked for in one call."""

    session: Session
    work: UnitOfWork
    context: Context
    on_duplicate: OnDuplicate
    keys: Sequence[tuple[IdentityKey, ...]]
    known: dict[IdentityKey, Lead]
    bundle: Bundle
    captured: list[str] = attrs.field(factory=list, init=False)
    _stages: dict[tuple[str | None, str | None], str | None] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, session: Session, work: UnitOfWork, arrivals: Sequence[NewLead], on_duplicate: OnDuplicate) -> _Batch:
        keys = [identity_keys(new) for new in arrivals]
        known = {key: leads[0] for key, leads in work.leads.find(set(chain.from_iterable(keys))).items()}
        return cls(
            session=session,
            work=work,
            context=session.context(),
            on_duplicate=on_duplicate,
            keys=keys,
            known=known,
            bundle=Bundle(session=session, work=work),
        )

    def land(self, new: NewLead, keys: Sequence[IdentityKey], *, dry_run: bool) -> Outcome:
        try:
            for key in keys:
                if key in self.known:
                    return self._meet(key.kind, self.known[key], new, dry_run=dry_run)
            return self._create(new, keys, dry_run=dry_run)
        except (NotFound, InvalidTransition) as error:
            return error

    def _create(self, new: NewLead, keys: Sequence[IdentityKey], *, dry_run: bool) -> Outcome:
        stage = self._entered(new.pipeline_id, new.stage)
        if not dry_run:
            lead_id = self.session.wiring.ids.new("lead")
            decision = create(new, id=lead_id, context=self.context, stage=stage)
            self.bundle.add(decision)
            self.captured.append(lead_id)
            self._learn(decision.lead, keys)
        return CREATED

    def _entered(self, pipeline_id: str | None, stage: str | None) -> str | None:
        place = (pipeline_id, stage)
        if place not in self._stages:
            self._stages[place] = starting_stage(self.session, self.work, pipeline_id, stage)
        return self._stages[place]

    def _meet(self, key: str, lead: Lead, new: NewLead, *, dry_run: bool) -> Outcome:
        if self.on_duplicate is OnDuplicate.FAIL:
            return DuplicateLead(key=key, candidates=(lead.id,))
        changes = news_for(lead, new) if self.on_duplicate is OnDuplicate.UPDATE else {}
        if not changes:
            return SKIPPED
        decision = decide(lead, commands.Update(changes=changes), self.context)
        if not dry_run:
            after = self.bundle.take(lead, decision)
            self._learn(after, identity_keys(after))
        return UPDATED

    def _learn(self, lead: Lead, keys: Sequence[IdentityKey]) -> None:
        for key in keys:
            self.known[key] = lead


def land(session: Session, work: UnitOfWork, arrivals: Sequence[NewLead], on_duplicate: OnDuplicate) -> list[Outcome]:
    """Keep a batch of leads that arrived.

    Args:
        session: The session.
        work: The unit of work that the batch belongs to.
        arrivals: What arrived, in order; a later one may be an earlier one again.
        on_duplicate: What to do with those that are known.

    Returns:
        What became of each.
    """
    batch = _Batch.of(session, work, arrivals, on_duplicate)
    outcomes = [batch.land(new, keys, dry_run=False) for new, keys in zip(arrivals, batch.keys, strict=True)]
    batch.bundle.keep()
    if batch.captured:
        enrich_when_captured(session, work, batch.captured)
    return outcomes


@attrs.define(kw_only=True)
class Rehearsal:
    """Tells what would become of a list, batch by batch, and writes nothing.

    Of the leads that would be there by then it keeps two numbers each, so that a list of millions can be rehearsed.

    Attributes:
        on_duplicate: What to do with those that are known.
    """

    on_duplicate: OnDuplicate
    _seen: dict[int, int] = attrs.field(factory=dict, init=False, repr=False)

    def land(self, session: Session, work: UnitOfWork, arrivals: Sequence[NewLead]) -> list[Outcome]:
        """Answer what would become of a batch.

        Args:
            session: The session.
            work: A unit of work, which is only read.
            arrivals: What arrived, in order.
        """
        batch = _Batch.of(session, work, arrivals, self.on_duplicate)
        return [
            self._again(new, keys) or self._first(batch, new, keys)
            for new, keys in zip(arrivals, batch.keys, strict=True)
        ]

    def _first(self, batch: _Batch, new: NewLead, keys: Sequence[IdentityKey]) -> Outcome:
        outcome = batch.land(new, keys, dry_run=True)
        if isinstance(outcome, str):
            self._seen |= dict.fromkeys(map(hash, keys), _print_of(new))
        return outcome

    def _again(self, new: NewLead, keys: Sequence[IdentityKey]) -> Outcome | None:
        """Answer what becomes of a lead that stood earlier in the list, or None when it did not."""
        matched = next((key for key in keys if hash(key) in self._seen), None)
        if matched is None:
            return None
        if self.on_duplicate is OnDuplicate.FAIL:
            return DuplicateLead(key=matched.kind, candidates=(_IN_THE_LIST,))
        if self.on_duplicate is OnDuplicate.SKIP or self._seen[hash(matched)] == _print_of(new):
            return SKIPPED
        self._seen |= dict.fromkeys(map(hash, keys), _print_of(new))
        return UPDATED


def _print_of(new: NewLead) -> int:
    return hash(canonical_json(new.model_dump(mode="json")))
