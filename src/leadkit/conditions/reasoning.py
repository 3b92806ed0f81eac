"""What can be said of a condition without any record: that it never holds, always holds, or follows from another.

Whatever is said here is true; what cannot be made out is not said. Clauses on one field are weighed through its
cells; what is beyond that (a pattern, another field, the items of a list) may hold or not, but never both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from leadkit.conditions.ast import And, Atom, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.canonical import canonical_atom
from leadkit.conditions.catalogue import FieldCatalogue
from leadkit.conditions.cells import Cells, Domain, cells_of
from leadkit.conditions.kinds import Kind
from leadkit.conditions.paths import Path
from leadkit.conditions.related import AGGREGATES
from leadkit.conditions.walking import children_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["NOTHING_KNOWN", "Reasoner", "Subject", "always_holds", "implies", "never_holds"]

Subject: TypeAlias = Path | Related | JsonLogic
"""What clauses speak of: a field, an aggregate of related records, or a rule of JSON Logic by itself."""

_Goal: TypeAlias = tuple[Condition, bool]

# After so many steps the question is left open: conditions can be made that would take longer than anybody waits.
_MOST_STEPS: Final = 20_000

_MOST_CHOICES: Final = 64

NOTHING_KNOWN: Final = FieldCatalogue()
"""The catalogue of somebody who knows nothing of the fields."""


def never_holds(condition: Condition, catalogue: FieldCatalogue = NOTHING_KNOWN) -> bool:
    """Tell whether a condition is known to hold for no record at all, whatever `as_of` is.

    Args:
        condition: Any condition.
        catalogue: What is known of the fields.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> never_holds(read_condition({"and": [
        ...     {"field": "score", "op": ">", "value": 90},
        ...     {"field": "score", "op": "<", "value": 50},
        ... ]}))
        True
    """
    return Reasoner([condition], catalogue).never(condition)


def always_holds(condition: Condition, catalogue: FieldCatalogue = NOTHING_KNOWN) -> bool:
    """Tell whether a condition is known to hold for every record, whatever `as_of` is.

    Args:
        condition: Any condition.
        catalogue: What is known of the fields.
    """
    return Reasoner([condition], catalogue).always(condition)


def implies(one: Condition, other: Condition, catalogue: FieldCatalogue = NOTHING_KNOWN) -> bool:
    """Tell whether a condition is known to hold wherever another does, as a rule that can never be reached.

    Args:
        one: The condition that holds.
        other: The condition that then must hold.
        catalogue: What is known of the fields.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> strict = read_condition({"field": "score", "op": ">=", "value": 80})
        >>> loose = read_condition({"field": "score", "op": ">=", "value": 50})
        >>> implies(strict, loose), implies(loose, strict)
        (True, False)
    """
    return Reasoner([one, other], catalogue).contradictory((one, True), (other, False))


@attrs.frozen
class _Clause:
    """A clause in the one form that it shares with its opposite, and the cells in which it can hold and can fail.

    Attributes:
        subject: What it speaks of.
        atom: The clause in that form.
        opposite: Whether it is written as the opposite of that form.
        holds: The cells in which that form can hold.
        fails: The cells in which that form can fail.
    """

    subject: Subject
    atom: Atom
    opposite: bool
    holds: int = 0
    fails: int = 0


@attrs.define
class _World:
    """What is left possible, once some clauses are taken to hold and others to fail."""

    spaces: dict[Subject, int]
    taken: dict[Atom, bool] = attrs.field(factory=dict)

    def copy(self) -> _World:
        return _World(dict(self.spaces), dict(self.taken))


class Reasoner:
    """Answers questions about conditions, all of whose clauses it has looked at once.

    Args:
        conditions: Every condition that will be asked about; parts of them may be asked about as well.
        catalogue: What is known of the fields.
    """

    def __init__(self, conditions: Iterable[Condition], catalogue: FieldCatalogue = NOTHING_KNOWN) -> None:
        self._catalogue = catalogue
        self._clauses: dict[Atom, _Clause] = {}
        self._cells: dict[Subject, Cells] = {}
        self._steps = _MOST_STEPS
        self._blamed: Subject | None = None
        by_subject: dict[Subject, list[_Clause]] = {}
        for atom in (atom for condition in conditions for atom in _atoms(condition)):
            clause = _normal(atom)
            self._clauses[atom] = clause
            by_subject.setdefault(clause.subject, []).append(clause)
        for subject, clauses in by_subject.items():
            asked = [clause.atom.criterion for clause in clauses if not isinstance(clause.atom, Items | JsonLogic)]
            self._cells[subject] = cells_of(asked, self._domain(subject))
        self._clauses = {atom: self._weighed(clause) for atom, clause in self._clauses.items()}
        self._everything = {subject: cells.everything for subject, cells in self._cells.items()}
        paths = [subject for subject in by_subject if isinstance(subject, Path)]
        self._inside = [(outer, inner) for outer in paths for inner in paths if _lies_inside(inner, outer)]

    def never(self, condition: Condition) -> bool:
        """Tell whether a condition is known never to hold.

        Args:
            condition: One of the conditions, or a part of one.
        """
        return self.contradictory((condition, True))

    def always(self, condition: Condition) -> bool:
        """Tell whether a condition is known always to hold.

        Args:
            condition: One of the conditions, or a part of one.
        """
        return self.contradictory((condition, False))

    def contradictory(self, *goals: _Goal) -> bool:
        """Tell whether it is known that no record exists for which conditions answer so.

        Args:
            goals: Conditions, and what they are to answer.
        """
        self._blamed = None
        return not self._possible(list(goals), [], _World(dict(self._everything)))

    def clashing(self, condition: Condition) -> tuple[Atom, ...]:
        """Answer the clauses, among those that all must hold, on the subject for which nothing was left to be.

        Args:
            condition: What was just found never to hold.
        """
        clauses = [atom for atom in _demanded(condition) if self._clauses[atom].subject == self._blamed]
        return tuple(dict.fromkeys(clauses))

    def _domain(self, subject: Subject) -> Domain:
        if isinstance(subject, Related):
            row = AGGREGATES[subject.aggregate]
            return Domain(kinds=row.gives, required=row.sure, whole=row.name == "count")
        if isinstance(subject, JsonLogic):
            return Domain()
        field = self._catalogue.find(subject)
        if field is None or field.kind is None:
            return Domain(required=field is not None and field.required)
        # What is declared an instant may be ISO text in free JSON.
        kinds = {field.kind, Kind.TEXT} if field.kind is Kind.INSTANT else {field.kind}
        return Domain(kinds=frozenset(kinds), required=field.required, choices=field.choices)

    def _weighed(self, clause: _Clause) -> _Clause:
        cells, atom = self._cells[clause.subject], clause.atom
        if isinstance(atom, Items):
            holds, fails = self._weighed_items(atom, cells)
        elif isinstance(atom, JsonLogic):
            # It may hold or not, whatever stands beside it, but never both.
            holds, fails = cells.everything, cells.everything
        else:
            holds, fails = cells.answers(atom.criterion)
        return attrs.evolve(clause, holds=holds, fails=fails)

    def _weighed_items(self, atom: Items, cells: Cells) -> tuple[int, int]:
        field = self._catalogue.find(atom.path)
        known = field.items if field is not None and field.items is not None else NOTHING_KNOWN
        inner = Reasoner([atom.condition], known)
        lists = cells.where([Kind.LIST], missing=False)
        others = cells.everything & ~lists
        if atom.quantifier == "any":
            return (0 if inner.never(atom.condition) else lists), others | lists
        return lists, others | (0 if inner.always(atom.condition) else lists)

    def _possible(self, goals: list[_Goal], choices: list[list[_Goal]], world: _World) -> bool:
        """Look for a world in which all the goals come true, and one of each choice."""
        while goals:
            self._steps -= 1
            if self._steps < 0:
                return True
            condition, wanted = goals.pop()
            if isinstance(condition, Not):
                goals.append((condition.item, not wanted))
            elif isinstance(condition, And | Or):
                parts = [(item, wanted) for item in condition.items]
                # All of an `and` that holds, and of an `or` that does not; otherwise one of them.
                if isinstance(condition, And) is wanted:
                    goals.extend(parts)
                else:
                    choices = [*choices, parts]
            elif not self._take(condition, world, wanted=wanted):
                return False
        if not choices:
            return True
        if len(choices) > _MOST_CHOICES:
            return True
        first, *rest = sorted(choices, key=len)
        return any(self._possible([goal], rest, world.copy()) for goal in first)

    def _take(self, atom: Atom, world: _World, *, wanted: bool) -> bool:
        clause = self._clauses[atom]
        truth = wanted is not clause.opposite
        if world.taken.setdefault(clause.atom, truth) is not truth:
            self._blamed = clause.subject
            return False
        return self._narrow(clause.subject, clause.holds if truth else clause.fails, world) and all(
            self._fit(outer, inner, world) for outer, inner in self._inside if clause.subject in (outer, inner)
        )

    def _narrow(self, subject: Subject, cells: int, world: _World) -> bool:
        world.spaces[subject] &= cells
        if not world.spaces[subject]:
            self._blamed = subject
        return world.spaces[subject] != 0

    def _fit(self, outer: Path, inner: Path, world: _World) -> bool:
        """Narrow down two fields of which one lies in the other: what holds a field is an object."""
        missing = self._cells[inner].where((), missing=True)
        objects = self._cells[outer].where([Kind.OBJECT], missing=False)
        if not world.spaces[inner] & missing:
            return self._narrow(outer, objects, world)
        return bool(world.spaces[outer] & objects) or self._narrow(inner, missing, world)


def _atoms(condition: Condition) -> Iterator[Atom]:
    if isinstance(condition, Comparison | Items | JsonLogic | Related):
        yield condition
    for child in children_of(condition):
        yield from _atoms(child)


def _demanded(condition: Condition) -> Iterator[Atom]:
    """Answer the clauses that stand directly under `and`."""
    if isinstance(condition, Comparison | Items | JsonLogic | Related):
        yield condition
    elif isinstance(condition, And):
        for item in condition.items:
            yield from _demanded(item)


def _normal(atom: Atom) -> _Clause:
    normal = canonical_atom(atom)
    opposite = False
    if isinstance(normal, Items):
        opposite = normal.quantifier == "none"
        normal = attrs.evolve(normal, quantifier="any") if opposite else normal
    elif not isinstance(normal, JsonLogic):
        twin = normal.criterion.row.negates
        opposite = twin is not None
        normal = normal if twin is None else attrs.evolve(normal, operator=twin)
    return _Clause(_subject(normal), normal, opposite)


def _subject(atom: Atom) -> Subject:
    if isinstance(atom, Related):
        # One and the same aggregate, whatever is asked of it.
        return attrs.evolve(atom, operator="exists", operand=None, ignore_case=False)
    return atom if isinstance(atom, JsonLogic) else atom.path


def _lies_inside(inner: Path, outer: Path) -> bool:
    length = len(outer.segments)
    return length < len(inner.segments) and inner.segments[:length] == outer.segments
