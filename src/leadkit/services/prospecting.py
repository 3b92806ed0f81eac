"""Finding people who could become leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.enrichment import Candidate, ProspectCriteria, lead_from_candidate
from leadkit.errors import NotFound, ProviderFailure
from leadkit.services.capture import capture, known_leads
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.leads import Lead
    from leadkit.ports import ProspectingProvider
    from leadkit.services.session import Session

__all__ = ["LeadProspectorService", "Prospects"]


@attrs.frozen(kw_only=True)
class Prospects:
    """What was found.

    Attributes:
        candidates: The people.
        created: The leads that were made of them.
        known: The leads that some of them were already, the oldest of each.
        failed: Why providers could not answer, by provider.
    """

    candidates: tuple[Candidate, ...]
    created: tuple[Lead, ...] = ()
    known: tuple[Lead, ...] = ()
    failed: dict[str, str] = attrs.Factory(dict)


@attrs.frozen
class LeadProspectorService:
    """People who could become leads of the workspace's organisation."""

    _session: Session

    def find(
        self,
        *,
        providers: Sequence[str] = (),
        create: bool = False,
        pipeline_id: str | None = None,
        stage: str | None = None,
        **criteria: Any,
    ) -> Prospects:
        """Look for people.

        Args:
            providers: Whom to ask; empty for all.
            create: Whether those that are not known become leads.
            pipeline_id: The pipeline that they enter.
            stage: Where they enter it; left out, at the first stage.
            **criteria: Those of `ProspectCriteria`, such as title, country, limit.

        Raises:
            InvalidInput: With every fault of the criteria.
            NotFound: There is no such provider, pipeline or stage.
            ProviderFailure: Every provider that was asked failed.
        """
        wanted = read(ProspectCriteria, criteria)
        found: list[Candidate] = []
        failed: dict[str, str] = {}
        chosen = self._providers(providers)
        for provider in chosen:
            try:
                found.extend(provider.find(wanted)[: wanted.limit - len(found)])
            except ProviderFailure as error:
                failed[provider.name] = error.reason
            if len(found) >= wanted.limit:
                break
        if failed and len(failed) == len(chosen):
            name, reason = next(iter(failed.items()))
            raise ProviderFailure(provider=name, reason=reason)
        if not create:
            return Prospects(candidates=tuple(found), failed=failed)
        return self._create(found, failed, pipeline_id, stage)

    def _create(
        self, candidates: list[Candidate], failed: dict[str, str], pipeline_id: str | None, stage: str | None
    ) -> Prospects:
        created: list[Lead] = []
        known: list[Lead] = []
        with self._session.transaction() as work:
            for candidate in candidates:
                new = lead_from_candidate(candidate, pipeline_id=pipeline_id, stage=stage)
                if new is None:
                    continue
                _, present = known_leads(work, new)
                if present:
                    known.append(present[0])
                else:
                    created.append(capture(self._session, work, new))
        return Prospects(
            candidates=tuple(candidates), created=tuple(created), known=tuple(known), failed=failed
        )

    def _providers(self, names: Sequence[str]) -> Sequence[ProspectingProvider]:
        known = {provider.name: provider for provider in self._session.wiring.prospecting}
        for name in names:
            if name not in known:
                raise NotFound(kind="prospecting provider", id=name, known=tuple(known))
        return [known[name] for name in names] if names else list(known.values())
