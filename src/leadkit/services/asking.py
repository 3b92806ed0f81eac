"""Asking providers: one after the other, in batches as large as each takes, and never within a unit of work.

A provider is a stranger: whatever it raises becomes a `ProviderFailure`, which quotes nothing but what the provider
itself declared fit to be told.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import attrs

from leadkit.enrichment import Deferred, Match, NoMatch, goes_on
from leadkit.errors import Fault, InvalidInput, NotFound, ProviderFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadkit.enrichment import Outcome
    from leadkit.leads import Lead
    from leadkit.ports import EnrichmentProvider
    from leadkit.services.session import Session

__all__ = ["Answers", "answer_of", "ask", "chosen", "refuse_within"]

_LOG: Final = logging.getLogger("leadkit")


class Named(Protocol):
    """What can be chosen by its name."""

    @property
    def name(self) -> str:
        """The name."""
        ...


P = TypeVar("P", bound=Named)
T = TypeVar("T")


def refuse_within(session: Session) -> None:
    """Refuse to ask providers while a unit of work is open, which a slow one would hold open.

    Args:
        session: The session.

    Raises:
        InvalidInput: The session is part of a unit of work.
    """
    if session.bound is not None:
        message = "providers are asked outside of units of work, since a slow one would hold it open"
        raise InvalidInput(faults=(Fault(path="$", message=message, code="within-unit-of-work"),))


def chosen(providers: Sequence[P], names: Sequence[str] | None, *, kind: str) -> list[P]:
    """Choose providers by their names, in the order of the names.

    Args:
        providers: Those that the host wired.
        names: The names; none of them for all providers.
        kind: What they are, for errors.

    Raises:
        NotFound: There is none of that name.
        InvalidInput: None is wired at all.
    """
    known = {provider.name: provider for provider in providers}
    for name in names or ():
        if name not in known:
            raise NotFound(kind=f"{kind} provider", id=name, known=tuple(known))
    if not known:
        message = f"there is no {kind} provider; give the kit one, as LeadKit(…, {kind}=(provider,))"
        raise InvalidInput(faults=(Fault(path="$.providers", message=message, code="no-provider"),))
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def answer_of(provider: Named, question: Callable[[], T]) -> T:
    """Ask a provider, and tell its failure without quoting what may be secret or personal.

    Args:
        provider: The provider.
        question: Asks it.

    Raises:
        ProviderFailure: It cannot answer.
    """
    try:
        return question()
    except ProviderFailure as error:
        failure = ProviderFailure(provider=provider.name, reason=error.reason)
    except Exception as error:  # noqa: BLE001 - a stranger may raise anything, and its text may quote anything
        failure = ProviderFailure(provider=provider.name, reason=type(error).__name__)
    _LOG.warning("%s", failure)
    raise failure


@attrs.define
class Answers:
    """What providers answered about one lead.

    Attributes:
        outcomes: Their answers, in order.
        failures: Those who could not answer, and why.
    """

    outcomes: list[Outcome] = attrs.field(factory=list)
    failures: list[ProviderFailure] = attrs.field(factory=list)

    @property
    def failure(self) -> ProviderFailure | None:
        """Why nothing is known of the lead, where that is because providers failed."""
        if self.failures and all(isinstance(outcome, NoMatch) for outcome in self.outcomes):
            return self.failures[0]
        return None


def ask(
    providers: Sequence[EnrichmentProvider],
    leads: Sequence[Lead],
    *,
    wanted: Sequence[str] | None,
    overwrite: bool,
) -> list[Answers]:
    """Ask one provider after the other about leads, each only about those of which something is still wanted.

    Args:
        providers: The providers, in order.
        leads: The leads.
        wanted: The fields for which they are asked; None for whatever they know.
        overwrite: Whether values that are there already give way.

    Returns:
        What was answered about each lead, in their order.
    """
    asked = [(lead, Answers()) for lead in leads]
    for provider in providers:
        waiting = [
            (lead, answers)
            for lead, answers in asked
            if goes_on(lead, answers.outcomes, wanted=wanted, overwrite=overwrite)
        ]
        size = max(1, provider.max_batch)
        for start in range(0, len(waiting), size):
            _ask(provider, waiting[start : start + size])
    return [answers for _, answers in asked]


def _ask(provider: EnrichmentProvider, batch: Sequence[tuple[Lead, Answers]]) -> None:
    leads = [lead for lead, _ in batch]
    try:
        outcomes = answer_of(provider, lambda: _outcomes(provider, leads))
    except ProviderFailure as failure:
        for _, answers in batch:
            answers.failures.append(failure)
    else:
        for (_, answers), outcome in zip(batch, outcomes, strict=True):
            answers.outcomes.append(outcome)


def _outcomes(provider: EnrichmentProvider, leads: Sequence[Lead]) -> list[Outcome]:
    # A stranger may break its promise; what it answers is looked at before it is believed.
    outcomes: list[Any] = list(provider.match(leads))
    if len(outcomes) != len(leads) or not all(isinstance(each, Match | NoMatch | Deferred) for each in outcomes):
        # Nobody can tell any more which answer is about which lead.
        reason = f"expected an outcome for each of {len(leads)}, found {len(outcomes)} answers"
        raise ProviderFailure(provider=provider.name, reason=reason)
    return outcomes
