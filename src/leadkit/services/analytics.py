"""Figures: what became of the organisation's leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.analytics import AnalyticsReport, Basis, Dimension, History, Question, Tally, report_of
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from leadkit.analytics import Priced
    from leadkit.leads import Event
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["AnalyticsService"]

_CHUNK: Final = 500


@attrs.frozen
class AnalyticsService:
    """The figures of the workspace's organisation."""

    _session: Session

    def report(  # noqa: PLR0913 - one obvious call: everything that can be asked, by name
        self,
        start: date | str,
        end: date | str,
        *,
        timezone: str | None = None,
        basis: Basis | str = Basis.COHORT,
        group_by: Dimension | str | Iterable[Dimension | str] = tuple(Dimension),
        outcome: str | None = None,
        value_field: str | None = None,
        currency: str | None = None,
        as_of: datetime | str | None = None,
    ) -> AnalyticsReport:
        """Report on the leads of a range, from their events.

        The histories are read in chunks, each in a unit of work of its own, so that a long report keeps nobody waiting;
        what happens meanwhile lies after `as_of` and is not seen.

        Args:
            start: Where the range begins: a day, an aware datetime, or either as ISO text.
            end: The first day, or instant, that is no longer in it.
            timezone: The IANA name of the zone in which days begin; None for the organisation's.
            basis: `cohort` for the leads created in the range, followed up to `as_of`; `event` for what happened in it.
            group_by: The breakdowns that are wanted: source, campaign, assignee.
            outcome: A boolean field that scores are judged by, such as `properties.converted`; None for the conversion.
            value_field: A field with what an open lead may be worth, such as `properties.deal_size`; None for none.
            currency: The currency of that field.
            as_of: The instant up to which it is looked; None for now.

        Raises:
            InvalidInput: The question is not acceptable, or a lead's events are not complete.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> lead = ws.leads.create(email="alice@example.com", source="web")
            >>> lead = ws.leads.qualify(lead.id)
            >>> report = ws.analytics.report("2020-01-01", "2100-01-01", timezone="Europe/Berlin")
            >>> report.conversion.qualification_rate, report.sources[0].name
            (1.0, 'web')
        """
        with self._session.reading() as work:
            question = {
                "start": start,
                "end": end,
                "as_of": self._session.now if as_of is None else as_of,
                "timezone": work.settings.get().time_zone if timezone is None else timezone,
                "basis": basis,
                "group_by": group_by,
                "outcome": outcome,
                "value_field": value_field,
                "currency": currency,
            }
            tally = Tally(question=read(Question, question), pipelines=tuple(work.pipelines.list()))
        after: str | None = None
        while chunk := self._next(after, tally):
            after = max(chunk)
        return report_of(tally)

    def _next(self, after: str | None, tally: Tally) -> Mapping[str, Sequence[Event]]:
        """Count the next leads; answer their events, none at the end."""
        with self._session.reading() as work:
            chunk = work.events.scan(after=after, limit=_CHUNK)
            histories = [
                history
                for events in chunk.values()
                if (history := History.of(events, as_of=tally.question.as_of)) is not None
            ]
            opportunities = self._opportunities(work, [each for each in histories if tally.asks_for_opportunity(each)])
        for history in histories:
            tally.add(history, opportunities.get(history.opportunity_id or ""))
        return chunk

    def _opportunities(self, work: UnitOfWork, converted: Sequence[History]) -> dict[str, Priced]:
        contacts = {history.contact_id for history in converted if history.contact_id is not None}
        if not contacts:
            return {}
        found = self._session.contacts(work).opportunities_of(contacts)
        return {opportunity.id: opportunity for several in found.values() for opportunity in several}
