"""Scoring: the organisation's rules, kept as versions, and the scores of its leads by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.errors import ConcurrencyConflict, NotFound
from leadkit.leads import Verdict, cell, decide
from leadkit.leads.filtering import LeadFilter
from leadkit.leads.making import remade
from leadkit.scoring import (
    FittedRuleset,
    Ruleset,
    RulesReview,
    Scorecard,
    ScoringReport,
    Simulation,
    SimulationTally,
    check,
    counterfactual,
    diff,
    explain,
    fit_points,
    needs,
    score,
)
from leadkit.services.bundle import Bundle
from leadkit.services.evidence import evidence
from leadkit.services.related import load_related
from leadkit.services.rules import RuleDocuments, fields_of, ruleset_of
from leadkit.values import read, read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from leadkit.leads import Lead
    from leadkit.ports import UnitOfWork
    from leadkit.scoring import Counterfactuals, ScoreExplanation

__all__ = ["ScoringService"]

_SCORED_AT_ONCE: Final = 500
_TRIES: Final = 5


def _converted(lead: Lead) -> bool:
    return cell("score", lead.status) is Verdict.REFUSED


def _as_scored(lead: Lead, card: Scorecard) -> Lead:
    """Answer a lead as it would be with a scorecard."""
    scored = {"score": card.score, "score_breakdown": card.breakdown, "priority": card.priority_after(lead.priority)}
    return remade(lead, scored)


def _names(rules: Iterable[str] | None) -> Iterable[str] | None:
    # Gone through once for each lead; a text, which is iterable too, stays one and is refused as such.
    return rules if rules is None or isinstance(rules, str) else tuple(rules)


def _filter(lead_filter: LeadFilter | Mapping[str, Any] | None) -> LeadFilter:
    return lead_filter if isinstance(lead_filter, LeadFilter) else read(LeadFilter, dict(lead_filter or {}))


@attrs.define
class _Run:
    """A batch under way."""

    ruleset: Ruleset
    version: int
    rules: Iterable[str] | None
    kinds: frozenset[str]
    as_of: datetime
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0

    @property
    def report(self) -> ScoringReport:
        return ScoringReport(
            considered=self.changed + self.unchanged + self.skipped,
            changed=self.changed,
            unchanged=self.unchanged,
            skipped=self.skipped,
            ruleset=self.ruleset.fingerprint,
            version=self.version,
            as_of=self.as_of,
        )


@attrs.frozen
class ScoringService(RuleDocuments):
    """The rules and scores of the workspace's organisation."""

    # --- scores -------------------------------------------------------------------------------------------------------

    def score(self, lead_id: str, *, rules: Iterable[str] | None = None, version: int | None = None) -> Scorecard:
        """Score a lead by the newest rules and keep the scorecard. That it was scored is always told by an event.

        Args:
            lead_id: Which lead.
            rules: The names of the only rules that are to count; None for all.
            version: The version of the lead that the caller has seen; None for whichever there is.

        Raises:
            NotFound: There is no such lead, no rule of such a name, or there are no rules.
            InvalidTransition: The lead is converted and no longer changes.
            ConcurrencyConflict: The lead is no longer at that version, or was changed meanwhile.
        """
        names = _names(rules)

        def body(work: UnitOfWork) -> Scorecard:
            lead = self._session.lead(work, lead_id)
            self._session.expect(lead, version)
            ruleset = ruleset_of(work)[1]
            context = self._session.context()
            related = load_related(self._session, work, [lead], needs(ruleset, rules=names))
            card = score(lead, ruleset, related=related[lead_id], as_of=context.now, rules=names)
            self._session.keep(work, lead, decide(lead, card.command(), context))
            return card

        return self._session.command(
            "scoring.score",
            {"lead": lead_id, "rules": names, "version": version},
            body,
            result=lambda card: {"card": card.model_dump_json()},
            again=lambda _, result: read_json(Scorecard, result["card"]),
        )

    def explain(self, lead_id: str, *, rules: Iterable[str] | None = None) -> ScoreExplanation:
        """Explain what a lead scores by the newest rules, as it is now; nothing is kept.

        Args:
            lead_id: Which lead.
            rules: The names of the only rules that are to count; None for all.

        Raises:
            NotFound: There is no such lead, no rule of such a name, or there are no rules.
        """
        names = _names(rules)
        with self._session.reading() as work:
            lead = self._session.lead(work, lead_id)
            ruleset = ruleset_of(work)[1]
            # Rules that do not count are explained as well, with what they see.
            related = load_related(self._session, work, [lead], needs(ruleset, disabled=True))
            return explain(
                lead,
                ruleset,
                related=related[lead_id],
                as_of=self._session.now,
                rules=names,
                catalogue=fields_of(work),
            )

    def counterfactual(self, lead_id: str, *, rules: Iterable[str] | None = None) -> Counterfactuals:
        """Find the smallest changes of a lead, as it is now, that would turn a rule; nothing is kept.

        Args:
            lead_id: Which lead.
            rules: The names of the only rules that are to count; None for all.

        Raises:
            NotFound: There is no such lead, no rule of such a name, or there are no rules.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> rule = {"name": "web", "points": 5, "condition": {"field": "source", "op": "==", "value": "web"}}
            >>> saved = ws.scoring.save_rules({"rules": [rule]})
            >>> lead = ws.leads.create(email="alice@example.com")
            >>> [str(change) for change in ws.scoring.counterfactual(lead.id)]
            ['source set to "web": +5']
        """
        names = _names(rules)
        with self._session.reading() as work:
            lead = self._session.lead(work, lead_id)
            ruleset = ruleset_of(work)[1]
            related = load_related(self._session, work, [lead], needs(ruleset, rules=names))
            return counterfactual(
                lead,
                ruleset,
                related=related[lead_id],
                as_of=self._session.now,
                rules=names,
                catalogue=fields_of(work),
            )

    def score_batch(
        self,
        filter: LeadFilter | Mapping[str, Any] | None = None,
        *,
        rules: Iterable[str] | None = None,
        progress: Callable[[ScoringReport], object] | None = None,
    ) -> ScoringReport:
        """Score all leads that a filter means, for one instant and by the rules that are newest when it begins.

        Only a scorecard that is another one than before is kept and told by an event. The leads are scored in chunks,
        each a unit of work: a run that is cut short has done its part, and the next one finds the rest to do.

        Args:
            filter: Which leads, as a `LeadFilter` or what it is read from; None for all.
            rules: The names of the only rules that are to count; None for all.
            progress: Called after each chunk with the counts so far.

        Returns:
            The counts.

        Raises:
            InvalidInput: With every fault of the filter.
            NotFound: There is no rule of such a name, or there are no rules.
            ConcurrencyConflict: Leads of one chunk were changed by others again and again.
        """
        chosen, names = _filter(filter), _names(rules)
        with self._session.transaction() as work:
            version, ruleset = ruleset_of(work)
        run = _Run(ruleset, version, names, needs(ruleset, rules=names), self._session.now)
        after: str | None = None
        while True:
            leads, changed, skipped = self._chunk(run, chosen, after)
            run.changed += changed
            run.skipped += skipped
            run.unchanged += len(leads) - changed - skipped
            if progress is not None:
                progress(run.report)
            if len(leads) < _SCORED_AT_ONCE:
                return run.report
            after = leads[-1].id

    def simulate(
        self,
        rules: Ruleset | Mapping[str, Any],
        filter: LeadFilter | Mapping[str, Any] | None = None,
    ) -> Simulation:
        """Find out what scoring by other rules would change. Nothing is written.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case.
            filter: Which leads; None for all.

        Returns:
            The counts, how scores spread before and after, and the leads whose score would change most.

        Raises:
            RuleErrors: They cannot be read as rules, with every fault.
            InvalidInput: With every fault of the filter.
        """
        return self._simulated(Ruleset.model_validate(rules), _filter(filter))

    def review(
        self,
        rules: Ruleset | Mapping[str, Any] | None = None,
        filter: LeadFilter | Mapping[str, Any] | None = None,
    ) -> RulesReview:
        """Put together what there is to know before other rules are published. Nothing is written.

        Leads are scored by both rulesets for one instant: what time alone has changed since is no part of it.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case; None for the draft.
            filter: The leads that are scored by way of trial; None for all.

        Returns:
            How the rules differ from the newest, what a check finds in them, and what scoring by them would change.

        Raises:
            NotFound: No rules were given, and there is no draft.
            RuleErrors: They cannot be read as rules, with every fault.
            InvalidInput: With every fault of the filter.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> rule = {"name": "web", "points": 5, "condition": {"field": "source", "op": "==", "value": "web"}}
            >>> lead = ws.leads.create(email="alice@example.com", source="web")
            >>> review = ws.scoring.review({"rules": [rule]})
            >>> review.ok, review.difference.summary, review.simulation.changed
            (True, 'rules: 1 added', 1)
        """
        chosen = _filter(filter)
        ruleset = self._draft_rules() if rules is None else Ruleset.model_validate(rules)
        with self._session.reading() as work:
            version = work.rules.latest()
            present = ruleset_of(work, version)[1] if version else Ruleset(rules=())
            report = check(ruleset, fields_of(work))
        return RulesReview(
            ruleset=ruleset,
            version=version,
            difference=diff(present, ruleset),
            report=report,
            simulation=self._simulated(ruleset, chosen, against=present if version else None),
        )

    def fit(
        self,
        rules: Ruleset | Mapping[str, Any] | None = None,
        filter: LeadFilter | Mapping[str, Any] | None = None,
        *,
        outcome: str | None = None,
        **options: Any,
    ) -> FittedRuleset:
        """Fit the points of rules to what became of the leads, as `leadkit.fit_points` does. Nothing is written.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case; None for the newest.
            filter: Which leads; None for all.
            outcome: The boolean field that says which leads came to something; None for their conversion.
            **options: `held_out`, `seed` and `points_to_double`, as `fit_points` takes them.

        Raises:
            RuleErrors: They cannot be read as rules, with every fault.
            NotFound: None were given, and there are none.
            InvalidInput: Too few leads of one outcome are known, or an argument is out of its range.
            MissingExtra: scikit-learn is not installed.
        """
        ruleset = self.rules() if rules is None else Ruleset.model_validate(rules)
        leads, related = evidence(self._session, _filter(filter), needs(ruleset))
        return fit_points(ruleset, leads, outcome=outcome, related=related, as_of=self._session.now, **options)

    # --- how ----------------------------------------------------------------------------------------------------------

    def _draft_rules(self) -> Ruleset:
        draft = self.draft()
        if draft is None:
            raise NotFound(kind="draft", id="rules")
        return draft.ruleset

    def _simulated(self, ruleset: Ruleset, chosen: LeadFilter, *, against: Ruleset | None = None) -> Simulation:
        """Score leads by way of trial, and hold that against what they score by other rules, or have scored."""
        as_of, tally = self._session.now, SimulationTally()
        kinds = needs(ruleset) if against is None else needs(ruleset) | needs(against)
        for work, leads in self._chunks(chosen, as_of):
            related = load_related(self._session, work, leads, kinds)
            for lead in leads:
                if _converted(lead):
                    tally.skip()
                    continue
                beside = related[lead.id]
                before = (
                    lead if against is None else _as_scored(lead, score(lead, against, related=beside, as_of=as_of))
                )
                tally.add(before, score(lead, ruleset, related=beside, as_of=as_of))
        return tally.result(ruleset=ruleset.fingerprint, as_of=as_of)

    def _chunk(self, run: _Run, chosen: LeadFilter, after: str | None) -> tuple[Sequence[Lead], int, int]:
        """Score some leads in a unit of work; where another writer came first, in another one.

        Returns:
            The leads, how many of them changed, and how many no longer change.
        """
        # In a unit of work that others share, what happened before it cannot be tried again here.
        tries = _TRIES if self._session.bound is None else 1
        while True:
            tries -= 1
            try:
                with self._session.transaction() as work:
                    leads = work.leads.scan(chosen, after=after, limit=_SCORED_AT_ONCE, as_of=run.as_of)
                    return leads, *self._scored(work, run, leads)
            except ConcurrencyConflict:
                if not tries:
                    raise

    def _scored(self, work: UnitOfWork, run: _Run, leads: Sequence[Lead]) -> tuple[int, int]:
        context = self._session.context()
        related = load_related(self._session, work, leads, run.kinds)
        bundle = Bundle(session=self._session, work=work)
        changed = skipped = 0
        for lead in leads:
            if _converted(lead):
                skipped += 1
                continue
            card = score(lead, run.ruleset, related=related[lead.id], as_of=run.as_of, rules=run.rules)
            decision = decide(lead, card.command(only_if_changed=True), context)
            bundle.take(lead, decision)
            changed += decision.changed
        bundle.keep()
        return changed, skipped

    def _chunks(self, chosen: LeadFilter, as_of: datetime) -> Iterator[tuple[UnitOfWork, Sequence[Lead]]]:
        """Read leads in chunks, each in a unit of work that is open while it is worked on."""
        after: str | None = None
        while True:
            with self._session.reading() as work:
                leads = work.leads.scan(chosen, after=after, limit=_SCORED_AT_ONCE, as_of=as_of)
                yield work, leads
            if len(leads) < _SCORED_AT_ONCE:
                return
            after = leads[-1].id
