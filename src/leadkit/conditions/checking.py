"""Checking a condition beyond its grammar: fields and kinds against a catalogue, and what can never or always hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Related
from leadkit.conditions.canonical import duplicates
from leadkit.conditions.catalogue import Field, FieldCatalogue
from leadkit.conditions.comparing import Comparing, unknown_field
from leadkit.conditions.jsonlogic.looking import path_of, paths_in
from leadkit.conditions.kinds import Kind
from leadkit.conditions.paths import ITEM, Path
from leadkit.conditions.phrasing import phrase
from leadkit.conditions.places import at_key
from leadkit.conditions.reasoning import NOTHING_KNOWN, Reasoner
from leadkit.conditions.related import AGGREGATES
from leadkit.conditions.walking import placed_children
from leadkit.conditions.wording import named
from leadkit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Findings", "check_condition"]

_MOST_CLASHING: Final = 3
_IN_PART: Final = "-in-part"
_EVERYTHING: Final = And(items=())


@attrs.frozen(kw_only=True)
class Findings:
    """What a check found.

    Attributes:
        errors: Fields that do not exist, and comparisons that are impossible.
        warnings: What can never hold, what always holds, what stands twice; each is certain.
    """

    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.errors or self.warnings)

    def __str__(self) -> str:
        lines = [f"error    {fault}" for fault in self.errors] + [f"warning  {fault}" for fault in self.warnings]
        return "\n".join(lines) or "nothing found"


def check_condition(condition: Condition, catalogue: FieldCatalogue | None = None, *, at: str = "$") -> Findings:
    """Check a condition.

    Args:
        condition: What `read_condition` answered.
        catalogue: The fields that there are; without one only the warnings are looked for.
        at: The JSON path that findings begin with.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> catalogue = FieldCatalogue.of({"score": int, "status": ["new", "qualified"]})
        >>> print(check_condition(read_condition({"and": [
        ...     {"field": "scor", "op": ">", "value": 50},
        ...     {"field": "status", "op": "==", "value": "New"},
        ... ]}), catalogue))
        error    $.and[0].field: unknown field `scor`; did you mean `score`?
        error    $.and[1].value: `status` is never "New"; did you mean `new`?
    """
    errors: tuple[Fault, ...] = ()
    if catalogue is not None:
        errors = tuple(_errors(condition, catalogue, at))
    warnings = _Warnings(condition, catalogue or NOTHING_KNOWN, errors).survey(condition, at, "")
    return Findings(errors=errors, warnings=tuple(warnings))


class _Warnings:
    """Looks for what can never hold, what always holds, and what stands twice."""

    def __init__(self, condition: Condition, catalogue: FieldCatalogue, errors: tuple[Fault, ...]) -> None:
        self._errors = errors
        self._catalogue = catalogue
        self._reasoner = Reasoner([condition], catalogue)

    def survey(self, node: Condition, at: str, part: str = _IN_PART) -> Iterator[Fault]:
        """Look at a condition and at the parts of it."""
        # What would follow from an error goes away with it.
        doubtful = any(error.path.startswith(f"{at}.") for error in self._errors)
        if not doubtful and self._reasoner.never(node):
            culprit, place = self._culprit(node, at)
            yield Fault(path=place, message=self._reason(culprit), code=f"never-matches{part}")
        elif not doubtful and self._reasoner.always(node):
            # An empty `and` is how a catch-all is written.
            if node != _EVERYTHING:
                yield Fault(path=at, message="always holds", code=f"always-matches{part}")
        else:
            yield from _repeated(node, at)
            for child, place in placed_children(node, at):
                yield from self.survey(child, place)
            yield from self._elsewhere(node, at)

    def _culprit(self, node: Condition, at: str) -> tuple[Condition, str]:
        """Find the smallest part that can never hold and with it brings down the whole."""
        if isinstance(node, And):
            for child, place in placed_children(node, at):
                if self._reasoner.never(child):
                    return self._culprit(child, place)
        return node, at

    def _reason(self, node: Condition) -> str:
        self._reasoner.never(node)
        clauses = [f"`{phrase(clause)}`" for clause in self._reasoner.clashing(node)][:_MOST_CLASHING]
        if len(clauses) > 1:
            return f"never holds: {' and '.join(clauses)} exclude each other"
        return f"{clauses[0]} never holds" if clauses and not isinstance(node, And) else "never holds"

    def _elsewhere(self, node: Condition, at: str) -> Iterator[Fault]:
        """Look into conditions that speak of other records."""
        if isinstance(node, Items):
            field = self._catalogue.find(node.path)
            items = NOTHING_KNOWN if field is None or field.items is None else field.items
            yield from _Warnings(node.condition, items, self._errors).survey(
                node.condition, at_key(at, node.quantifier)
            )
        elif isinstance(node, Related) and node.where is not None:
            fields = self._catalogue.related.get(node.kind, NOTHING_KNOWN)
            yield from _Warnings(node.where, fields, self._errors).survey(node.where, at_key(at, "where"))


def _repeated(node: Condition, at: str) -> Iterator[Fault]:
    children = placed_children(node, at)
    for first, *others in duplicates(child for child, _ in children):
        for other in others:
            yield Fault(
                path=children[other][1], message=f"says the same as {children[first][1]}", code="duplicate-clause"
            )


def _errors(condition: Condition, fields: FieldCatalogue, at: str) -> Iterator[Fault]:
    for child, place in placed_children(condition, at):
        yield from _errors(child, fields, place)
    if isinstance(condition, Comparison):
        yield from _unknown(condition.path, fields, at_key(at, "field"))
        yield from Comparing(condition, fields, at).errors(fields.find(condition.path))
    elif isinstance(condition, Items):
        yield from _items(condition, fields, at)
    elif isinstance(condition, JsonLogic):
        for path in paths_in(condition.rule):
            yield from _unknown(_outside_lists(path, fields), fields, at_key(at, "jsonlogic"))
    elif isinstance(condition, Related):
        yield from _related(condition, fields, at)


def _outside_lists(path: Path, fields: FieldCatalogue) -> Path:
    """Answer a path up to the first list on it, into which JSON Logic may reach."""
    for length in range(1, len(path.segments)):
        outer = path_of(path.segments[:length])
        field = fields.find(outer)
        if field is not None and field.kind in (Kind.LIST, Kind.TEXT):
            return outer
    return path


def _unknown(path: Path, fields: FieldCatalogue, at: str) -> Iterator[Fault]:
    fault = unknown_field(path, fields, at)
    if fault is not None:
        yield fault


def _items(node: Items, fields: FieldCatalogue, at: str) -> Iterator[Fault]:
    yield from _unknown(node.path, fields, at_key(at, "field"))
    field = fields.find(node.path)
    if field is None or field.kind is None:
        return
    if field.kind is not Kind.LIST:
        message = f"`{node.path}` is {named(field.kind)}; `{node.quantifier}` asks the items of a list"
        yield Fault(path=at_key(at, "field"), message=message, code="wrong-kind")
    elif field.items is not None:
        yield from _errors(node.condition, field.items, at_key(at, node.quantifier))


def _related(node: Related, fields: FieldCatalogue, at: str) -> Iterator[Fault]:
    theirs = fields.related.get(node.kind)
    if theirs is not None:
        if node.where is not None:
            yield from _errors(node.where, theirs, at_key(at, "where"))
        if node.of is not None:
            yield from _unknown(node.of, theirs, at_key(at, "of"))
    # The values that are written were compared with the aggregate when the condition was read; fields were not.
    gives = AGGREGATES[node.aggregate].gives
    yield from Comparing(node, fields, at).errors(Field(path=ITEM, kind=min(gives) if len(gives) == 1 else None))
