"""Building a rule into steps: each operation once, so that nothing is looked up while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from leadkit.conditions.jsonlogic import computing
from leadkit.conditions.jsonlogic.members import ABSENT, found
from leadkit.conditions.jsonlogic.running import Run, Thrown
from leadkit.conditions.jsonlogic.values import UNDEFINED, plain, text_of, truthy
from leadkit.conditions.records import is_list, is_mapping

if TYPE_CHECKING:
    from leadkit.conditions.jsonlogic.custom import CustomOperation

__all__ = ["Build", "Builder", "Step", "Write"]

Step: TypeAlias = Callable[[Any, Run], Any]
"""Answers a value for the data that a rule is asked of."""

Write: TypeAlias = "Callable[[Builder, Any], Step]"
"""Makes the step of an operation, of what stands under its name."""

Build: TypeAlias = Callable[[Any, "Builder"], Step]

_REDUCED: Final = ("current", "accumulator")
# So many constants among the arguments of an operation are as much work as another one.
_CONSTANTS: Final = 4


@attrs.frozen(kw_only=True)
class Builder:
    """Builds rules.

    Attributes:
        operations: How each operation is built, by all its names.
        custom: The host's own operations by name.
        root: Whether the data is the record itself, whose fields go by either spelling.
    """

    operations: Mapping[str, Write]
    custom: Mapping[str, CustomOperation]
    root: bool

    def build(self, rule: Any) -> Step:
        """Build a rule.

        Args:
            rule: Plain JSON values.

        Raises:
            Thrown: It uses an operation that is not known.
        """
        if not _computes(rule):
            return lambda _data, _run: rule
        if is_list(rule):
            return _listed([self.build(item) for item in rule])
        ((name, given),) = rule.items()
        write = self.operations.get(name)
        if write is not None:
            return write(self, given)
        own = self.custom.get(name)
        if own is None:
            raise Thrown({"type": "Unknown Operator", "key": name})
        return _computed(self, given, own.computed)

    def inside(self) -> Builder:
        """Answer a builder for what is asked of other data than the record."""
        return attrs.evolve(self, root=False)

    def each(self, given: Any) -> list[Step]:
        """Build the arguments of an operation.

        Args:
            given: A list of them, or a single one.
        """
        return [self.build(item) for item in arguments_of(given)]


def arguments_of(given: Any) -> Sequence[Any]:
    """Answer the arguments of an operation: what stands under its name, or the single item that it is."""
    return given if is_list(given) else (given,)


def _computes(rule: Any) -> bool:
    """Tell whether there is an operation in what stands in a rule."""
    return any(map(_computes, rule)) if is_list(rule) else is_mapping(rule) and len(rule) == 1


def _listed(steps: Sequence[Step]) -> Step:
    def step(data: Any, run: Run) -> list[Any]:
        run.spend(len(steps))
        return [item(data, run) for item in steps]

    return step


# --- operations that compute of the values of all their arguments -----------------------------------------------------


def _computed(builder: Builder, given: Any, compute: Callable[[Sequence[Any], Run], Any]) -> Step:
    steps = builder.each(given)
    cost = 1 + len(steps) // _CONSTANTS

    def step(data: Any, run: Run) -> Any:
        run.spend(cost)
        return compute([argument(data, run) for argument in steps], run)

    return step


def computed(compute: Callable[[Sequence[Any], Run], Any]) -> Write:
    """Make an operation of a function of its arguments."""
    return lambda builder, given: _computed(builder, given, compute)


def spread(compute: Callable[[Sequence[Any], Run], Any]) -> Write:
    """Make an operation of a function of its arguments, to which one operation alone may answer all of them."""

    def write(builder: Builder, given: Any) -> Step:
        if not is_mapping(given):
            return _computed(builder, given, compute)
        whole = builder.build(given)

        def step(data: Any, run: Run) -> Any:
            value = whole(data, run)
            arguments = value if is_list(value) else [value]
            run.spend(1 + len(arguments))
            return compute(arguments, run)

        return step

    return write


def paired(holds: Callable[[Any, Any, Run], bool]) -> Write:
    """Make an operation that holds when every argument and the next one satisfy something."""

    def write(builder: Builder, given: Any) -> Step:
        first, *others = builder.each(given) or [_undefined]
        following = others or [_undefined]

        def step(data: Any, run: Run) -> bool:
            run.spend()
            one = first(data, run)
            for argument in following:
                other = argument(data, run)
                if not holds(one, other, run):
                    return False
                one = other
            return True

        return step

    return write


def _undefined(_data: Any, _run: Run) -> Any:
    return UNDEFINED


# --- operations that decide which of their arguments are looked at ----------------------------------------------------


def first_false(builder: Builder, given: Any) -> Step:
    """Answer the first argument that counts as false, or the last one."""
    return _first(builder.each(given), lambda value: not truthy(value))


def first_true(builder: Builder, given: Any) -> Step:
    """Answer the first argument that counts as true, or the last one."""
    return _first(builder.each(given), truthy)


def first_known(builder: Builder, given: Any) -> Step:
    """Answer the first argument that is not null, or null."""
    steps = builder.each(given)
    return _first([*steps, lambda _data, _run: None], lambda value: value is not None and value is not UNDEFINED)


def _first(steps: Sequence[Step], wanted: Callable[[Any], bool]) -> Step:
    def step(data: Any, run: Run) -> Any:
        run.spend()
        value: Any = False
        for argument in steps:
            value = argument(data, run)
            if wanted(value):
                break
        return value

    return step


def chosen(builder: Builder, given: Any) -> Step:
    """Answer the argument after the first condition that counts as true, or the one left over."""
    steps = builder.each(given)
    cases = list(zip(steps[::2], steps[1::2], strict=False))
    otherwise = steps[-1] if len(steps) % 2 else _nothing

    def step(data: Any, run: Run) -> Any:
        run.spend()
        for condition, result in cases:
            if truthy(condition(data, run)):
                return result(data, run)
        return otherwise(data, run)

    return step


def _nothing(_data: Any, _run: Run) -> Any:
    return None


# --- operations over the items of a list ------------------------------------------------------------------------------


def over_items(answer: Callable[[Sequence[Any], Step, Run], Any], otherwise: Callable[[], Any]) -> Write:
    """Make an operation over the items of a list, of each of which the second argument is asked.

    Args:
        answer: Answers of the items, the question and the run.
        otherwise: Makes what is answered for what is no list, anew each time: a list equals nothing but itself.
    """

    def write(builder: Builder, given: Any) -> Step:
        arguments = arguments_of(given)
        listed = builder.build(arguments[0]) if arguments else _undefined
        asked = builder.inside().build(arguments[1]) if len(arguments) > 1 else _undefined

        def step(data: Any, run: Run) -> Any:
            run.spend()
            items = listed(data, run)
            return answer(items, asked, run) if is_list(items) else otherwise()

        return step

    return write


def _asked(items: Sequence[Any], asked: Step, run: Run) -> Any:
    for item in items:
        run.spend()
        datum = plain(item)
        yield datum, asked(datum, run)


def mapped(items: Sequence[Any], asked: Step, run: Run) -> list[Any]:
    """Answer what is answered for each item."""
    return [value for _, value in _asked(items, asked, run)]


def filtered(items: Sequence[Any], asked: Step, run: Run) -> list[Any]:
    """Answer the items for which what is answered counts as true."""
    return [item for item, value in _asked(items, asked, run) if truthy(value)]


def all_true(items: Sequence[Any], asked: Step, run: Run) -> bool:
    """Tell whether there are items, and what is answered counts as true for all of them."""
    return len(items) > 0 and all(truthy(value) for _, value in _asked(items, asked, run))


def some_true(items: Sequence[Any], asked: Step, run: Run) -> bool:
    """Tell whether what is answered counts as true for an item."""
    return any(truthy(value) for _, value in _asked(items, asked, run))


def none_true(items: Sequence[Any], asked: Step, run: Run) -> bool:
    """Tell whether what is answered counts as true for no item."""
    return not some_true(items, asked, run)


def reduced(builder: Builder, given: Any) -> Step:
    """Answer the last of what is answered for each item together with what was answered for the one before."""
    arguments = arguments_of(given)
    inner = builder.inside()
    listed = builder.build(arguments[0]) if arguments else _undefined
    asked = inner.build(arguments[1]) if len(arguments) > 1 else _undefined
    initial = builder.build(arguments[2]) if len(arguments) > len(_REDUCED) else _nothing

    def step(data: Any, run: Run) -> Any:
        run.spend()
        items, result = listed(data, run), initial(data, run)
        for item in items if is_list(items) else ():
            run.spend()
            result = asked({"current": plain(item), "accumulator": result}, run)
        return result

    return step


# --- operations on the data -------------------------------------------------------------------------------------------


def variable(builder: Builder, given: Any) -> Step:
    """Answer what a path with dots leads to, or a default."""
    steps, root = builder.each(given), builder.root
    path = steps[0] if steps else _undefined
    default = steps[1] if len(steps) > 1 else _nothing

    def step(data: Any, run: Run) -> Any:
        run.spend()
        value = found(data, computing.segments_of(path(data, run), run), root=root)
        return default(data, run) if value is ABSENT else value

    return step


def _keys(builder: Builder, given: Any) -> Callable[[Any, Run], list[str]]:
    steps = builder.each(given)

    def keys(data: Any, run: Run) -> list[str]:
        values = [step(data, run) for step in steps]
        if values and is_list(values[0]):
            raise Thrown({"type": "Invalid Arguments"})
        return [text_of(value, run) for value in values if value is not None]

    return keys


def value_at(builder: Builder, given: Any) -> Step:
    """Answer what keys lead to, each taken as it is, or null."""
    keys, root = _keys(builder, given), builder.root

    def step(data: Any, run: Run) -> Any:
        run.spend()
        value = found(data, keys(data, run), root=root)
        return None if value is ABSENT else value

    return step


def is_there(builder: Builder, given: Any) -> Step:
    """Tell whether keys lead to anything, be it null."""
    keys, root = _keys(builder, given), builder.root

    def step(data: Any, run: Run) -> bool:
        run.spend()
        return found(data, keys(data, run), root=root) is not ABSENT

    return step


def missing_of(builder: Builder, given: Any) -> Step:
    """Answer the keys whose values are missing: those named, or those of a list."""
    steps, root = builder.each(given), builder.root

    def step(data: Any, run: Run) -> list[Any]:
        values = [argument(data, run) for argument in steps]
        keys = values[0] if values and is_list(values[0]) else values
        run.spend()
        return computing.missing(keys, data, run, root=root)

    return step


def missing_some_of(builder: Builder, given: Any) -> Step:
    """Answer the keys whose values are missing, unless enough are there."""
    steps, root = builder.each(given), builder.root

    def step(data: Any, run: Run) -> list[Any]:
        values = [argument(data, run) for argument in steps]
        run.spend()
        return computing.missing_some(values, data, run, root=root)

    return step


# --- failing ----------------------------------------------------------------------------------------------------------


def attempted(builder: Builder, given: Any) -> Step:
    """Answer the first argument that does not fail; those after the first are asked of the error before them."""
    arguments = arguments_of(given)
    steps = [(builder.inside() if index else builder).build(item) for index, item in enumerate(arguments)]

    def step(data: Any, run: Run) -> Any:
        run.spend()
        before, run.trying = run.trying, True
        try:
            return _attempt(steps, data, run)
        finally:
            run.trying = before

    return step


def _attempt(steps: Sequence[Step], data: Any, run: Run) -> Any:
    failed: Thrown | None = None
    for step in steps:
        try:
            return step(data, run)
        except Thrown as thrown:
            failed, data = thrown, thrown.error
    if failed is not None:
        raise failed
    return None
