"""Finding people who could become leads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.enrichment import Candidate, ProspectCriteria, distinct, lead_from_candidate
from leadkit.errors import ProviderFailure
from leadkit.services.asking import answer_of, chosen, refuse_within
from leadkit.services.capture import capture, known_leads, starting_stage
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.leads import Lead
    from leadkit.ports import ProspectingProvider, UnitOfWork
    from leadkit.services.session import Session

__all__ = ["LeadProspectorService", "Prospects"]


@attrs.frozen(kw_only=True)
class Prospects:
    """What was found.

    Attributes:
        candidates: The people, each once.
        created: The leads that were made of them.
        known: The leads that some of them were already, the oldest of each.
        failed: Why providers could not answer, by provider.
    """

    candidates: tuple[Candidate, ...]
    created: tuple[Lead, ...] = ()
    known: tuple[Lead, ...] = ()
    failed: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen
class LeadProspectorService:
    """People who could become leads of the workspace's organisation."""

    _session: Session

    def find(
        self,
        *,
        providers: Sequence[str] | None = None,
        create: bool = False,
        pipeline_id: str | None = None,
        stage: str | None = None,
        **criteria: Any,
    ) -> Prospects:
        """Look for people: ask one provider after the other until enough are found.

        Args:
            providers: Whom to ask, in this order; left out, all.
            create: Whether those who are not known become leads. A candidate that nothing identifies becomes none.
            pipeline_id: The pipeline that they enter.
            stage: Where they enter it; left out, at the first stage.
            **criteria: Those of `ProspectCriteria`, such as title, country, limit.

        Raises:
            InvalidInput: With every fault of the criteria; or no provider is wired, or a unit of work is open.
            NotFound: There is no such provider, pipeline or stage.
            ProviderFailure: Providers failed, and no other one found anybody.
        """
        refuse_within(self._session)
        wanted = read(ProspectCriteria, criteria)
        whom = chosen(self._session.wiring.prospecting, providers, kind="prospecting")
        with self._session.transaction() as work:
            # Before anybody is paid: the place must exist, and what was carried out under this key is done.
            starting_stage(self._session, work, pipeline_id, stage)
            again = self._session.key is not None and work.idempotency.get(self._session.key) is not None
        found = Prospects(candidates=()) if create and again else _search(whom, wanted)
        if not create:
            return found
        place = {"pipeline_id": pipeline_id, "stage": stage}
        return self._session.command(
            "prospecting.find",
            {"providers": providers, **place, "criteria": criteria},
            lambda work: self._create(work, found, **place),
            result=lambda done: {
                "created": json.dumps([lead.id for lead in done.created]),
                "known": json.dumps([lead.id for lead in done.known]),
            },
            again=self._again,
        )

    def _create(self, work: UnitOfWork, found: Prospects, *, pipeline_id: str | None, stage: str | None) -> Prospects:
        created: list[Lead] = []
        known: list[Lead] = []
        for candidate in found.candidates:
            new = lead_from_candidate(candidate, pipeline_id=pipeline_id, stage=stage)
            if new is None:
                continue
            _, present = known_leads(work, new)
            if present:
                known.append(present[0])
            else:
                created.append(capture(self._session, work, new))
        return attrs.evolve(found, created=tuple(created), known=tuple(known))

    def _again(self, work: UnitOfWork, kept: dict[str, str]) -> Prospects:
        """Answer the leads as they are now; the candidates themselves are not kept."""
        created, known = (
            tuple(self._session.lead(work, lead_id, deleted=True) for lead_id in json.loads(kept[part]))
            for part in ("created", "known")
        )
        return Prospects(candidates=(), created=created, known=known)


def _search(providers: Sequence[ProspectingProvider], wanted: ProspectCriteria) -> Prospects:
    found: tuple[Candidate, ...] = ()
    failures: list[ProviderFailure] = []
    for provider in providers:
        if len(found) >= wanted.limit:
            break
        try:
            found = distinct((*found, *answer_of(provider, lambda: _candidates(provider, wanted))))  # noqa: B023 - asked at once
        except ProviderFailure as failure:
            failures.append(failure)
    if failures and not found:
        raise failures[0]
    failed = {failure.provider: failure.reason for failure in failures}
    return Prospects(candidates=found[: wanted.limit], failed=failed)


def _candidates(provider: ProspectingProvider, wanted: ProspectCriteria) -> list[Candidate]:
    found: list[Any] = list(provider.find(wanted))
    if not all(isinstance(each, Candidate) for each in found):
        raise ProviderFailure(provider=provider.name, reason="expected candidates, found something else")
    return found
