"""Looking through a rule without running it: its operations, each with its place, and the fields that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.jsonlogic.building import arguments_of
from leadkit.conditions.jsonlogic.operations import JSONLOGIC_OPERATIONS, NAMES
from leadkit.conditions.jsonlogic.running import Run
from leadkit.conditions.jsonlogic.values import text_of
from leadkit.conditions.paths import Path, parse_path, snake
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_list, is_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Call", "calls_in", "path_of", "paths_in"]


@attrs.frozen(kw_only=True)
class Call:
    """An operation in a rule.

    Attributes:
        key: The key under which it is called.
        given: What stands under the key.
        at: The JSON path of the object that calls it.
        depth: In how many operations it stands, itself included.
        root: Whether it is asked of the record itself.
    """

    key: str
    given: Any
    at: str
    depth: int
    root: bool


def calls_in(rule: Any, at: str = "$", *, depth: int = 1, root: bool = True) -> Iterator[Call]:
    """Answer the operations of a rule, in the order in which they stand, also those that are not known.

    Args:
        rule: Plain JSON values that are not too deep to be walked.
        at: The JSON path of the rule.
        depth: In how many operations it stands, itself included.
        root: Whether it is asked of the record itself.

    Example:
        >>> [call.key for call in calls_in({"<": [{"var": "age"}, 18]})]
        ['<', 'var']
    """
    if is_list(rule):
        for index, item in enumerate(rule):
            yield from calls_in(item, at_index(at, index), depth=depth, root=root)
    elif is_mapping(rule) and len(rule) == 1:
        ((key, given),) = rule.items()
        yield Call(key=key, given=given, at=at, depth=depth, root=root)
        inside = at_key(at, key)
        for index, argument in enumerate(arguments_of(given)):
            place = at_index(inside, index) if is_list(given) else inside
            yield from calls_in(argument, place, depth=depth + 1, root=root and not _asks_others(key, index))


def _asks_others(key: str, index: int) -> bool:
    """Tell whether an argument is asked of other data than the operation: items, or an error."""
    name = NAMES.get(key)
    if name == "try":
        return index > 0
    return index == 1 and name is not None and JSONLOGIC_OPERATIONS[name].asks


def path_of(segments: tuple[str, ...]) -> Path:
    """Answer the native path of some keys.

    Args:
        segments: The keys, at least one.

    Example:
        >>> path_of(("firstName",)).text, path_of(("properties", "a.b")).text
        ('firstName', 'properties["a.b"]')
    """
    first, *others = segments
    known = Path(segments=(snake(first) or first, *others), text="")
    try:
        written = parse_path(".".join(segments))
    except ValueError:
        written = known
    return written if written == known and written.text else attrs.evolve(known, text=known.canonical)


def paths_in(rule: Any) -> tuple[Path, ...]:
    """Answer the fields of the record that a rule is seen to read, each once, in the order in which they stand.

    Args:
        rule: Plain JSON values. What it reads by names that it computes itself cannot be seen.

    Example:
        >>> [path.text for path in paths_in({"<": [{"var": "properties.seats"}, {"var": "score"}]})]
        ['properties.seats', 'score']
    """
    found: dict[Path, None] = {}
    for call in calls_in(rule):
        if call.root:
            for segments in _read_by(call):
                found.setdefault(path_of(segments))
    return tuple(found)


_BY_KEYS: Final = ("val", "exists")


def _read_by(call: Call) -> list[tuple[str, ...]]:
    arguments = arguments_of(call.given)
    if call.key in _BY_KEYS:
        keys = tuple(_text(key) for key in arguments if _is_key(key))
        return [keys] if keys and len(keys) == len(arguments) else []
    if call.key == "var":
        names = arguments[:1]
    elif call.key == "missing":
        names = arguments[0] if arguments and is_list(arguments[0]) else arguments
    elif call.key == "missing_some":
        names = arguments_of(arguments[1]) if len(arguments) > 1 else ()
    else:
        return []
    return [tuple(_text(name).split(".")) for name in names if _is_key(name) and name != ""]


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _text(key: Any) -> str:
    return text_of(key, Run())
