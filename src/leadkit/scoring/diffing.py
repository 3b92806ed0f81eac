"""Comparing two rulesets: which rules were added, removed and changed, and what changed around them.

What is merely spelled another way is no difference: a diff is empty exactly where the fingerprints are equal.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from leadkit.conditions.canonical import canonical
from leadkit.conditions.outlining import outline, outline_changes
from leadkit.conditions.wording import printable, shortened
from leadkit.scoring.differences import Difference, RuleDifference, RulesetDiff, Verb
from leadkit.scoring.limits import TOTAL
from leadkit.values.numbers import signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from leadkit.conditions import Condition
    from leadkit.scoring.limits import Limits
    from leadkit.scoring.rules import ScoringRule
    from leadkit.scoring.ruleset import Band, Ruleset

__all__ = ["diff"]

_NONE: Final = "none"


def diff(old: Ruleset, new: Ruleset) -> RulesetDiff:
    """Tell what differs between two rulesets, in words.

    A rule is known by its name; one that only got another name is told as such. What is spelled another way (an alias,
    an order of clauses, 20.0 for 20) is no difference.

    Args:
        old: The ruleset as it was.
        new: The ruleset as it is.

    Example:
        >>> from leadkit.scoring import Ruleset
        >>> team = {"name": "team", "points": 20, "condition": {"field": "team", "op": ">=", "value": 10}}
        >>> more = {**team, "points": 25, "condition": {"field": "team", "op": "gte", "value": 20}}
        >>> plan = {"name": "plan", "points": 15, "condition": {"field": "plan", "op": "==", "value": "pro"}}
        >>> print(diff(Ruleset(rules=[team]), Ruleset(rules=[plan, more], total={"max": 30})))
        rules: 1 added, 1 changed; around them: 1 changed
        + plan  +15
            plan is "pro"
        ~ team
            points: +20 → +25
            condition:
              - team is at least 10
              + team is at least 20
        ~ total: none → at most 30
    """
    names = _matched(old, new)
    before = {rule.name: rule for rule in old.rules}
    moved = _moved([rule.name for rule in old.rules], [names[rule.name] for rule in new.rules if rule.name in names])
    rules: list[RuleDifference] = []
    for place, rule in enumerate(new.rules):
        if rule.name not in names:
            rules.append(_whole(Verb.ADDED, rule))
            continue
        was = names[rule.name]
        found = list(_of_rule(before[was], rule))
        if was in moved:
            found.append(_place(old.rules, was, new.rules, place))
        if found:
            rules.append(RuleDifference(verb=Verb.CHANGED, rule=rule, was=was, differences=tuple(found)))
    kept = set(names.values())
    rules.extend(_whole(Verb.REMOVED, rule) for rule in old.rules if rule.name not in kept)
    return RulesetDiff(rules=tuple(rules), parts=tuple(_around(old, new)))


def _matched(old: Ruleset, new: Ruleset) -> dict[str, str]:
    """Answer, for each rule that is not new, the name that it had."""
    before, after = {rule.name for rule in old.rules}, {rule.name for rule in new.rules}
    gone: dict[Condition, list[str]] = {}
    for rule in reversed(old.rules):
        if rule.name not in after:
            gone.setdefault(canonical(rule.condition), []).append(rule.name)
    names: dict[str, str] = {}
    for rule in new.rules:
        if rule.name in before:
            names[rule.name] = rule.name
        elif same := gone.get(canonical(rule.condition)):
            names[rule.name] = same.pop()
    return names


def _whole(verb: Verb, rule: ScoringRule) -> RuleDifference:
    return RuleDifference(verb=verb, rule=rule, was=rule.name, outline=tuple(outline(rule.condition)))


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Name the rules that changed their place among the others: as few as explain the new order."""
    places = {name: place for place, name in enumerate(old)}
    order = [places[name] for name in new]
    # The longest run of rules that kept their order stays; what is not in it has moved.
    ends: list[int] = []
    lengths: list[int] = []
    for place in order:
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        lengths.append(length)
    wanted, moved = len(ends) - 1, set(new)
    for name, length in zip(reversed(new), reversed(lengths), strict=True):
        if length == wanted:
            moved.discard(name)
            wanted -= 1
    return moved


def _place(old: Sequence[ScoringRule], was: str, new: Sequence[ScoringRule], place: int) -> Difference:
    names = [rule.name for rule in old]
    return Difference(
        subject="place", before=_behind(names, names.index(was)), after=_behind([rule.name for rule in new], place)
    )


def _behind(names: Sequence[str], place: int) -> str:
    return f"behind {_told(names[place - 1])}" if place else "first"


def _told(text: str | None) -> str:
    return _NONE if text is None else printable(shortened(text))


def _half_life(rule: ScoringRule) -> str:
    return _NONE if rule.decay is None else rule.decay.half_life.text


_ATTRIBUTES: Final[Sequence[tuple[str, Callable[[ScoringRule], object], Callable[[ScoringRule], str]]]] = (
    ("name", lambda rule: rule.name, lambda rule: _told(rule.name)),
    ("points", lambda rule: rule.points, lambda rule: signed(rule.points)),
    ("enabled", lambda rule: rule.enabled, lambda rule: "on" if rule.enabled else "off"),
    ("group", lambda rule: rule.group, lambda rule: _told(rule.group)),
    ("half-life", lambda rule: rule.decay, _half_life),
    ("description", lambda rule: rule.description, lambda rule: _told(rule.description)),
)
"""What a rule says beside its condition: how it is called, by what it is compared, and how it is told."""


def _of_rule(old: ScoringRule, new: ScoringRule) -> Iterator[Difference]:
    for subject, compared, told in _ATTRIBUTES:
        if compared(old) != compared(new):
            yield Difference(subject=subject, before=told(old), after=told(new))
    lines = outline_changes(old.condition, new.condition)
    if lines:
        yield Difference(subject="condition", lines=tuple(lines))


def _around(old: Ruleset, new: Ruleset) -> Iterator[Difference]:
    if old.name != new.name:
        yield Difference(subject="name", before=_told(old.name), after=_told(new.name))
    for group in dict.fromkeys((*old.caps, *new.caps)):
        yield from _limits(f"limits of {_told(group)}", old.caps.get(group), new.caps.get(group))
    yield from _limits(TOTAL, old.total, new.total)
    if old.bands != new.bands:
        yield Difference(subject="bands", before=_bands(old.bands), after=_bands(new.bands))


def _limits(subject: str, old: Limits | None, new: Limits | None) -> Iterator[Difference]:
    if old != new:
        yield Difference(subject=subject, before=_range(old), after=_range(new))


def _range(limits: Limits | None) -> str:
    if limits is None:
        return _NONE
    parts = (("at least", limits.min), ("at most", limits.max))
    return ", ".join(f"{word} {bound:,}" for word, bound in parts if bound is not None)


def _bands(bands: Iterable[Band]) -> str:
    return ", ".join(f"{band.priority.value} from {band.min:,}" for band in bands) or _NONE
