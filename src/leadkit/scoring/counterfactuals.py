"""What would change a score: the smallest changes that turn a rule, and what each of them really brings.

A rule's points are not what its turning brings: the same change may turn others, and a cap or a floor may bite. So
each change is applied, the lead is scored again by the whole ruleset, and the difference is what is told.

Only fields are offered that somebody can simply write. A field with a command behind it never changes alone: to qualify
a lead also stamps it, and the score is what is asked for here. Of related records one more can come, and none can go.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from leadkit.conditions import And, Comparison, Items, Not, Or, Path, Related, fields_of, related_needs
from leadkit.conditions.counterfactuals import more_records, replacements, subjects_of
from leadkit.conditions.evaluating import NO_RELATED, holds, moment_of
from leadkit.conditions.phrasing import phrase_path
from leadkit.conditions.walking import children_of
from leadkit.conditions.wording import printable
from leadkit.leads.documents import PROTECTED, WRITABLE
from leadkit.leads.fields import FieldCatalogue
from leadkit.leads.lead import Lead
from leadkit.scoring.changes import Counterfactual, Counterfactuals, Turn, Unturned
from leadkit.scoring.reckoning import asked_rules, points_of, reckon
from leadkit.values.numbers import from_hundredths, hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from leadkit.conditions import Condition
    from leadkit.conditions import FieldCatalogue as Fields
    from leadkit.conditions.counterfactuals import Trial
    from leadkit.scoring.rules import ScoringRule
    from leadkit.scoring.ruleset import Ruleset

__all__ = ["counterfactual"]

# So many answers of rules are asked for; then what was found is told, and that it is not all.
_MOST_ASKED: Final = 10_000
_FORMS: Final = frozenset({And, Or, Not, Comparison, Items, Related})
_ADDED: Final = frozenset({"activities", "tasks"})

_Place: TypeAlias = Path | str
"""Where a change happens: a field, or a kind of related record."""


def counterfactual(
    lead: Lead | Mapping[str, Any],
    ruleset: Ruleset,
    *,
    related: Mapping[str, Any] | None = None,
    as_of: datetime,
    rules: Iterable[str] | None = None,
    catalogue: Fields | None = None,
) -> Counterfactuals:
    """Find the smallest single changes that would turn a rule, with the points that they bring.

    Each change is of one field that create and update can write, or a few more activities or tasks of now. For each
    rule and each field the smallest change that turns the rule is offered; equal ones become one.

    Args:
        lead: A lead, or plain values in camelCase or snake_case.
        ruleset: The rules.
        related: The lead's related records by kind.
        as_of: The instant for which to score; an aware datetime.
        rules: The names of the only rules that are to count; None for all.
        catalogue: The fields that there are, such as `FieldCatalogue.for_leads(properties=…)`; with one, no value is
            offered that a field cannot have. A `Lead` has that of its own fields; its properties may then be anything.

    Returns:
        The changes, those that bring most points first. Each of them, applied, gives exactly the score that it names.

    Raises:
        InvalidInput: `as_of` has no time zone.
        NotFound: There is no rule of such a name.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.scoring import Ruleset
        >>> rules = Ruleset(rules=[
        ...     {"name": "team", "points": 20, "condition": {"field": "team", "op": ">=", "value": 10}},
        ...     {"name": "plan", "points": 15, "condition": {"field": "plan", "op": "==", "value": "pro"}},
        ... ])
        >>> changes = counterfactual({"team": 7}, rules, as_of=datetime(2026, 11, 24, tzinfo=UTC))
        >>> [str(change) for change in changes]
        ['team from 7 to 10: +20', 'plan set to "pro": +15']
    """
    moment = moment_of(as_of)
    search = _Search(
        lead=lead,
        related=NO_RELATED if related is None else related,
        as_of=moment,
        ruleset=ruleset,
        rules=asked_rules(ruleset, rules),
    )
    fields = _lead_fields() if catalogue is None and isinstance(lead, Lead) else catalogue
    trials = [*_of_fields(search, fields), *_of_related(search)]
    for place, tried in trials:
        search.look(place, tried, most=_MOST_ASKED // len(trials))
    return search.result(fields)


@functools.cache
def _lead_fields() -> FieldCatalogue:
    return FieldCatalogue.for_leads()


def _is_offered(path: Path, lead: Any, fields: Fields | None) -> bool:
    name = path.segments[0]
    own = name in WRITABLE if isinstance(lead, Lead) else name not in PROTECTED
    return own and (fields is None or fields.find(path) is not None)


def _of_fields(search: _Search, fields: Fields | None) -> Iterator[tuple[_Place, Iterator[Trial]]]:
    for path, asked in subjects_of(rule.condition for rule in search.rules).items():
        if _is_offered(path, search.lead, fields):
            field = None if fields is None else fields.find(path)
            yield path, replacements(path, asked, search.lead, search.as_of, field)


def _of_related(search: _Search) -> Iterator[tuple[_Place, Iterator[Trial]]]:
    for rule in search.rules:
        for node in _nodes(rule.condition):
            if isinstance(node, Related) and node.kind in _ADDED:
                yield node.kind, more_records(node, search.as_of)


def _nodes(condition: Condition) -> Iterator[Condition]:
    yield condition
    for child in children_of(condition):
        yield from _nodes(child)


@attrs.frozen
class _Reads:
    """What a rule looks at.

    Attributes:
        paths: The fields.
        kinds: The kinds of related record.
        known: Whether that is all; not so where the rule holds a form of condition that is not known here.
    """

    paths: tuple[Path, ...]
    kinds: frozenset[str]
    known: bool

    @classmethod
    def of(cls, rule: ScoringRule) -> _Reads:
        condition = rule.condition
        kinds = frozenset(need.kind for need in related_needs(condition))
        return cls(fields_of(condition), kinds, all(type(node) in _FORMS for node in _nodes(condition)))

    def has(self, place: _Place) -> bool:
        """Tell whether a change there can reach the rule."""
        if not self.known:
            return True
        if isinstance(place, Path):
            return any(_overlap(place.segments, path.segments) for path in self.paths)
        return place in self.kinds


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(left == right for left, right in zip(one, other, strict=False))


@attrs.define(kw_only=True)
class _Search:
    """A lead under a ruleset, and the best changes that were found so far."""

    lead: Any
    related: Mapping[str, Any]
    as_of: datetime
    ruleset: Ruleset
    rules: tuple[ScoringRule, ...]
    complete: bool = True
    _held: list[bool] = attrs.field(init=False)
    _reads: list[_Reads] = attrs.field(init=False)
    _score: int | float = attrs.field(init=False)
    # For each place and rule the smallest change; of equally small ones the one that brings most, then the first.
    _best: dict[tuple[_Place, int], tuple[Any, Counterfactual]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._held = [holds(rule.condition, self.lead, self.related, self.as_of) for rule in self.rules]
        self._reads = [_Reads.of(rule) for rule in self.rules]
        self._score = self._reckoned(self._held, self.related).score

    def _reckoned(self, held: Sequence[bool], related: Mapping[str, Any]) -> Any:
        earned = [
            (rule, points_of(rule, related, self.as_of))
            for rule, holds_ in zip(self.rules, held, strict=True)
            if holds_
        ]
        return reckon(self.ruleset, self.rules, earned, self.as_of)

    def look(self, place: _Place, trials: Iterable[Trial], *, most: int) -> None:
        """Try changes at a place, until so many answers were asked for."""
        reached = [number for number, reads in enumerate(self._reads) if reads.has(place)]
        for trial in trials:
            if most < len(reached):
                self.complete = False
                return
            most -= len(reached)
            self._weigh(place, trial, reached)

    def _weigh(self, place: _Place, trial: Trial, reached: Iterable[int]) -> None:
        """Apply a change; where it turns rules, keep it for those of which it is the smallest so far."""
        try:
            lead, related = trial.change.applied(self.lead, self.related)
        except ValueError:
            # The lead cannot hold such a value.
            return
        held = list(self._held)
        for number in reached:
            held[number] = holds(self.rules[number].condition, lead, related, self.as_of)
        turned = [number for number, answer in enumerate(held) if answer is not self._held[number]]
        if not turned:
            return
        card = self._reckoned(held, related)
        found = Counterfactual(
            change=trial.change,
            points=from_hundredths(hundredths(card.score) - hundredths(self._score)),
            score=card.score,
            priority=card.priority,
            turns=tuple(Turn(rule=self.rules[number].name, matches=held[number]) for number in turned),
        )
        rated = (trial.rank, -found.points)
        for number in turned:
            known = self._best.get((place, number))
            if known is None or rated < known[0]:
                self._best[place, number] = rated, found

    def result(self, fields: Fields | None) -> Counterfactuals:
        """Answer what was found.

        Args:
            fields: The fields that there are; None when that is not known.
        """
        # One and the same change may be the best for several rules.
        found = {id(change): change for _, change in self._best.values()}.values()
        turned = {number for _, number in self._best}
        return Counterfactuals(
            score=self._score,
            changes=tuple(sorted(found, key=lambda change: (-change.points, str(change.change)))),
            unturned=tuple(
                Unturned(rule=rule.name, why=self._why(number, fields))
                for number, rule in enumerate(self.rules)
                if number not in turned
            ),
            complete=self.complete,
        )

    def _why(self, number: int, fields: Fields | None) -> str:
        """Say why nothing that is offered turns a rule."""
        reads = self._reads[number]
        kept = [path for path in reads.paths if path.segments and not _is_offered(path, self.lead, fields)]
        reasons = [
            f"{phrase_path(path)} changes by a command: {PROTECTED[path.segments[0]]}"
            for path in kept
            if path.segments[0] in PROTECTED
        ]
        reasons += [f"nothing is offered for related {printable(kind)}" for kind in sorted(reads.kinds - _ADDED)]
        return "; ".join(["no single change that is offered turns it", *reasons])
