"""Taking up what providers know: empty fields first, nothing protected, nothing lost, and where each value came from.

A provider is a stranger: a value that the lead's model refuses is left out and reported, never raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.enrichment.outcomes import NoMatch
from leadkit.enrichment.places import STANDARD, Place, is_empty, offers_of, place_of
from leadkit.errors import InvalidInput
from leadkit.leads import Enriched, LeadPatch, commands
from leadkit.values import canonical_json, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from leadkit.enrichment.outcomes import Outcome
    from leadkit.enrichment.places import Offer
    from leadkit.leads import Lead

__all__ = ["Merged", "Refused", "goes_on", "merge", "still_wanted"]

_MOST_TOLD: Final = 300


@attrs.frozen(kw_only=True)
class Refused:
    """A value that was not taken up.

    Attributes:
        provider: Who offered it.
        field: For which field.
        reason: Why it was left out; never the value itself.
    """

    provider: str
    field: str
    reason: str


@attrs.frozen(kw_only=True)
class Merged:
    """What is taken up.

    Attributes:
        changes: Fields of the lead and their new values, by their Python names.
        provenance: For each changed field and property, where its value came from, as `Lead.enrichment` names it.
        refused: What was offered and left out, because the lead cannot hold it or no provider may write it.
        unchanged: What was offered and stays as it is, because something stands there, or the same.
    """

    changes: dict[str, Any] = attrs.field(repr=False)
    provenance: dict[str, Enriched] = attrs.field(repr=False)
    refused: tuple[Refused, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def command(self) -> commands.Enrich:
        """The command that carries it out."""
        return commands.Enrich(changes=self.changes, provenance=self.provenance)


@attrs.define
class _Taking:
    """What has been taken up so far, offer by offer."""

    lead: Lead
    overwrite: bool
    changes: dict[str, Any] = attrs.field(factory=dict)
    taken: dict[Place, tuple[str, Any]] = attrs.field(factory=dict)
    refused: list[Refused] = attrs.field(factory=list)
    # Dictionaries for their order.
    unchanged: dict[str, None] = attrs.field(factory=dict)
    # Where a provider has said something that the lead can hold; a later one has nothing to add there.
    answered: set[Place] = attrs.field(factory=set)

    @classmethod
    def of(cls, lead: Lead, outcomes: Iterable[Outcome], *, overwrite: bool) -> _Taking:
        taking = cls(lead, overwrite)
        for outcome in outcomes:
            if not isinstance(outcome, NoMatch):
                for offer in offers_of(outcome.values):
                    taking.weigh(outcome.provider, offer)
        return taking

    def weigh(self, provider: str, offer: Offer) -> None:
        """Take an offer up, leave it, or refuse it."""
        place = offer.place
        if place is None:
            self._refuse(provider, offer, offer.reason)
            return
        if place in self.answered:
            return
        present = place.value_in(self.lead)
        if not (self.overwrite or is_empty(present)):
            self.unchanged[offer.told] = None
            return
        try:
            value, whole = self._fitted(place, offer.value)
        except InvalidInput as error:
            self._refuse(provider, offer, error.faults[0].message)
            return
        self.answered.add(place)
        # Compared as JSON text: a property that turns from 1 to true or 1.0 has changed.
        if canonical_json(value) == canonical_json(present):
            self.unchanged[offer.told] = None
            return
        self.changes[place.field] = whole
        self.taken[place] = (provider, value)

    def _fitted(self, place: Place, value: Any) -> tuple[Any, Any]:
        """Answer the value in the form in which the lead holds it, and the whole field with it."""
        if place.key is None:
            fitted = _read(place.field, value)
            return fitted, fitted
        alone = _read(place.field, {place.key: value})
        # Each fits by itself; together they may be more than the lead can hold.
        before = self.changes.get(place.field, getattr(self.lead, place.field))
        return alone[place.key], _read(place.field, {**before, **alone})

    def _refuse(self, provider: str, offer: Offer, reason: str) -> None:
        self.refused.append(Refused(provider=provider, field=offer.told, reason=reason[:_MOST_TOLD]))


def _read(field: str, value: Any) -> Any:
    return getattr(read(LeadPatch, {field: value}), field)


def merge(lead: Lead, outcomes: Sequence[Outcome], *, at: datetime, overwrite: bool = False) -> Merged:
    """Decide what a lead takes up; what an earlier provider answered comes before what a later one did.

    Args:
        lead: The lead.
        outcomes: What providers answered, in the order in which they are trusted.
        at: The present.
        overwrite: Whether values that are there already give way.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.enrichment import Match
        >>> from leadkit.leads import Lead
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="1", email="a@example.com", company="Acme", created_at=now, updated_at=now)
        >>> found = Match(provider="apollo", values={"company": "ACME Inc", "phone": "+1 555 0100", "score": 99})
        >>> merged = merge(lead, [found], at=now)
        >>> merged.changes, merged.unchanged
        ({'phone': '+1 555 0100'}, ('company',))
        >>> [(refused.field, refused.reason) for refused in merged.refused]
        [('score', 'only the command `score` may write it')]
    """
    taking = _Taking.of(lead, outcomes, overwrite=overwrite)
    return Merged(
        changes=taking.changes,
        provenance={
            place.name: Enriched(provider=provider, value=value, at=at)
            for place, (provider, value) in taking.taken.items()
        },
        refused=tuple(taking.refused),
        unchanged=tuple(taking.unchanged),
    )


def still_wanted(
    lead: Lead, outcomes: Sequence[Outcome], wanted: Sequence[str] = STANDARD, *, overwrite: bool = False
) -> tuple[str, ...]:
    """Answer which of the wanted fields neither the lead nor a provider has: what the next one is asked for.

    Args:
        lead: The lead.
        outcomes: What was answered so far.
        wanted: Fields in either spelling, or `properties.<key>`.
        overwrite: Whether what the lead has does not count, since it will give way.

    Raises:
        ValueError: A name means no field that a provider may write.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.enrichment import Match
        >>> from leadkit.leads import Lead
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="1", email="a@example.com", created_at=now, updated_at=now)
        >>> found = Match(provider="apollo", values={"firstName": "Alice"})
        >>> still_wanted(lead, [found], ["email", "first_name", "phone"])
        ('phone',)
    """
    taking = _Taking.of(lead, outcomes, overwrite=overwrite)
    places = {name: place_of(name) for name in wanted}
    return tuple(
        name
        for name, place in places.items()
        if place not in taking.answered and (overwrite or is_empty(place.value_in(lead)))
    )


def goes_on(
    lead: Lead, outcomes: Sequence[Outcome], *, wanted: Sequence[str] | None = None, overwrite: bool = False
) -> bool:
    """Answer whether the next provider is asked about a lead.

    Args:
        lead: The lead.
        outcomes: What was answered so far.
        wanted: The fields for which providers are asked. None for whatever they know: they are asked until one knows
            the lead and nothing of `STANDARD` is empty.
        overwrite: Whether values that are there already give way.
    """
    if wanted is None and all(isinstance(outcome, NoMatch) for outcome in outcomes):
        return True
    return bool(still_wanted(lead, outcomes, STANDARD if wanted is None else wanted, overwrite=overwrite))
