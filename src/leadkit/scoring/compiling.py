"""A ruleset in its compiled form, and `score`, which uses it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.compiling.forms import Form, form
from leadkit.conditions.compiling.recent import Recent
from leadkit.conditions.evaluating import NO_RELATED, moment_of
from leadkit.scoring.reckoning import asked_rules, interpreted
from leadkit.scoring.writing import Sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from leadkit.leads.lead import Lead
    from leadkit.scoring.rules import ScoringRule
    from leadkit.scoring.ruleset import Ruleset
    from leadkit.scoring.scorecards import Scorecard

__all__ = ["CompiledRuleset", "compile_ruleset", "compiled_ruleset", "score"]


@attrs.define(eq=False, kw_only=True)
class CompiledRuleset:
    """A ruleset, compiled once, to score many leads; threads can share it.

    Attributes:
        ruleset: The rules.
        asked: Those that count.
    """

    ruleset: Ruleset
    asked: tuple[ScoringRule, ...] = attrs.field(repr=False)
    # How many leads are scored before it is worth being compiled.
    _patience: int = attrs.field(default=0, repr=False, alias="patience")

    def score(self, lead: Any, *, related: Mapping[str, Any] = NO_RELATED, as_of: datetime) -> float:
        """Answer what a lead scores, without its breakdown.

        Args:
            lead: A lead, or plain values in camelCase or snake_case.
            related: The lead's related records by kind.
            as_of: The instant for which to score; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        answer: float = self.scores.at(as_of)(lead, related)
        return answer

    def card(self, lead: Any, *, related: Mapping[str, Any] = NO_RELATED, as_of: datetime) -> Scorecard:
        """Answer the scorecard of a lead.

        Args:
            lead: A lead, or plain values in camelCase or snake_case.
            related: The lead's related records by kind.
            as_of: The instant for which to score; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        if self._patience:
            self._patience -= 1
            return interpreted(self.ruleset, self.asked, lead, related, moment_of(as_of))
        answer: Scorecard = self.cards.at(as_of)(lead, related)
        return answer

    def score_at(self, as_of: datetime) -> Callable[..., float]:
        """Answer the function of a lead, and its related records, that answers its score: `score`, for an instant.

        Args:
            as_of: The instant for which to score; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        return self.scores.at(as_of)

    def card_at(self, as_of: datetime) -> Callable[..., Scorecard]:
        """Answer the function of a lead, and its related records, that answers its scorecard: `card`, for an instant.

        Args:
            as_of: The instant for which to score; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        return self.cards.at(as_of)

    @functools.cached_property
    def scores(self) -> Form:
        """The function that was generated for scores alone."""
        return self._form(lines=False, reference=lambda *given: interpreted(self.ruleset, self.asked, *given).score)

    @functools.cached_property
    def cards(self) -> Form:
        """The function that was generated for scorecards."""
        return self._form(lines=True, reference=lambda *given: interpreted(self.ruleset, self.asked, *given))

    def _form(self, *, lines: bool, reference: Callable[..., Any]) -> Form:
        return form(Sum(ruleset=self.ruleset, asked=self.asked, lines=lines).write, reference)

    def __reduce__(self) -> tuple[Any, ...]:
        return _anew, (self.ruleset, self.asked)


def _anew(ruleset: Ruleset, asked: tuple[ScoringRule, ...]) -> CompiledRuleset:
    return CompiledRuleset(ruleset=ruleset, asked=asked)


def compile_ruleset(ruleset: Ruleset, *, rules: Iterable[str] | None = None) -> CompiledRuleset:
    """Compile a ruleset. The functions themselves are generated when they are first wanted.

    Args:
        ruleset: The rules.
        rules: The names of the only rules that are to count; None for all.

    Raises:
        NotFound: There is no rule of such a name.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.scoring import Ruleset
        >>> large = {"field": "team", "op": ">=", "value": 10}
        >>> compiled = compile_ruleset(Ruleset(rules=[{"name": "team", "points": 20, "condition": large}]))
        >>> score = compiled.score_at(datetime(2026, 11, 24, tzinfo=UTC))
        >>> score({"team": 12}), score({"team": 2})
        (20, 0)
    """
    return CompiledRuleset(ruleset=ruleset, asked=asked_rules(ruleset, rules))


# Generating a function takes as long as the reference interpreter does for some hundred leads.
_PATIENCE: Final = 20
_RECENT: Final[Recent[CompiledRuleset]] = Recent(most=64)


def compiled_ruleset(ruleset: Ruleset, rules: Iterable[str] | None = None) -> CompiledRuleset:
    """Answer the compiled form of a ruleset; rulesets of one fingerprint share it, as long as it was asked for lately.

    The function for scorecards is generated when some leads have been scored, so that one alone costs nothing more.

    Args:
        ruleset: The rules.
        rules: The names of the only rules that are to count; None for all.

    Raises:
        NotFound: There is no rule of such a name.
    """
    # A text is refused where the rules are looked up.
    named = rules if rules is None or isinstance(rules, str) else tuple(rules)
    key = (ruleset.fingerprint, named)
    return _RECENT.get(key) or _RECENT.keep(
        key, CompiledRuleset(ruleset=ruleset, asked=asked_rules(ruleset, named), patience=_PATIENCE)
    )


def score(
    lead: Lead | Mapping[str, Any],
    ruleset: Ruleset,
    *,
    related: Mapping[str, Any] | None = None,
    as_of: datetime,
    rules: Iterable[str] | None = None,
) -> Scorecard:
    """Score a lead: the sum of the points of the rules that match, kept within the limits.

    Pure and total: nothing is read but what is given, nothing is changed, and no lead makes it fail.

    Args:
        lead: A lead, or plain values in camelCase or snake_case.
        ruleset: The rules.
        related: The lead's related records by kind, as `needs` names them: a list of them, or a single one.
        as_of: The instant for which to score; an aware datetime.
        rules: The names of the only rules that are to count; None for all.

    Returns:
        The scorecard, whose lines always add up.

    Raises:
        InvalidInput: `as_of` has no time zone.
        NotFound: There is no rule of such a name.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.scoring import Ruleset
        >>> large = {"field": "team", "op": ">=", "value": 10}
        >>> pro = {"field": "plan", "op": "==", "value": "pro"}
        >>> rules = Ruleset(
        ...     rules=[
        ...         {"name": "team", "points": 20, "group": "fit", "condition": large},
        ...         {"name": "plan", "points": 15, "group": "fit", "condition": pro},
        ...     ],
        ...     caps={"fit": {"max": 30}},
        ... )
        >>> card = score({"team": 12, "plan": "pro"}, rules, as_of=datetime(2026, 11, 24, tzinfo=UTC))
        >>> card.score, [(line.rule, line.points) for line in card.breakdown]
        (30, [('team', 20), ('plan', 15), ('cap: fit', -5)])
    """
    beside = NO_RELATED if related is None else related
    return compiled_ruleset(ruleset, rules).card(lead, related=beside, as_of=as_of)
