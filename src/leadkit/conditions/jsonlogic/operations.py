"""THE table of the operations of JSON Logic.

One row says everything about an operation: its name, how it is built, where it was settled, and an example that the
tests run. Evaluating, reading, exporting and the reference page all go by it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.jsonlogic import building, computing
from leadkit.conditions.jsonlogic.values import loosely_equal, strictly_equal

if TYPE_CHECKING:
    from leadkit.conditions.jsonlogic.building import Write

__all__ = ["JSONLOGIC_OPERATIONS", "NAMES", "JsonLogicOperation"]


@attrs.frozen(kw_only=True)
class JsonLogicOperation:
    """One row of the table.

    Attributes:
        name: The key under which rules call it.
        write: Makes its step.
        description: What it answers, in one sentence.
        example: A rule, the data that it is asked of, and what it answers.
        aliases: Other keys that are read.
        reference: Whether the reference implementation has it; the others came later, and not every engine has them.
        fails: Whether it can fail, and with it the rule.
        asks: Whether its second argument is asked of other data than the record.
    """

    name: str
    write: Write
    description: str
    example: tuple[Any, Any, Any]
    aliases: tuple[str, ...] = ()
    reference: bool = True
    fails: bool = False
    asks: bool = False


_TEAM: Final = {"team": [{"age": 17}, {"age": 40}]}
_ADULT: Final = {">=": [{"var": "age"}, 18]}

_TABLE: Final = (
    JsonLogicOperation(
        name="var",
        write=building.variable,
        description="What a path with dots leads to, by keys and by the indexes of lists; else the second argument, or "
        'null; `""` is the data itself.',
        example=({"var": ["address.city", "unknown"]}, {"address": {"city": "Bonn"}}, "Bonn"),
    ),
    JsonLogicOperation(
        name="val",
        write=building.value_at,
        description="What keys lead to, each taken as it is, so that it may hold dots; else null.",
        example=({"val": ["a.b", "c"]}, {"a.b": {"c": 1}}, 1),
        reference=False,
        fails=True,
    ),
    JsonLogicOperation(
        name="exists",
        write=building.is_there,
        description="Whether keys lead to anything, be it null.",
        example=({"exists": ["a", "b"]}, {"a": {"b": None}}, True),
        reference=False,
        fails=True,
    ),
    JsonLogicOperation(
        name="missing",
        write=building.missing_of,
        description="Those of some paths that lead to nothing, to null or to empty text.",
        example=({"missing": ["a", "b"]}, {"a": 1, "b": ""}, ["b"]),
    ),
    JsonLogicOperation(
        name="missing_some",
        write=building.missing_some_of,
        description="Nothing when as many of the paths as the first argument says lead to something; else those that "
        "do not.",
        example=({"missing_some": [1, ["a", "b"]]}, {"c": 1}, ["a", "b"]),
    ),
    JsonLogicOperation(
        name="if",
        write=building.chosen,
        description="The argument after the first condition that counts as true; else the last one; else null.",
        example=({"if": [{"<": [{"var": "n"}, 0]}, "below", "above"]}, {"n": 1}, "above"),
        aliases=("?:",),
    ),
    JsonLogicOperation(
        name="==",
        write=building.paired(loosely_equal),
        description="Whether values are equal once coerced; each is compared with the next.",
        example=({"==": [1, "1"]}, {}, True),
    ),
    JsonLogicOperation(
        name="===",
        write=building.paired(strictly_equal),
        description="Whether values are equal and of one kind; each is compared with the next.",
        example=({"===": [1, "1"]}, {}, False),
    ),
    JsonLogicOperation(
        name="!=",
        write=building.paired(computing.differ),
        description="Whether values differ even when coerced; each is compared with the next.",
        example=({"!=": [1, "1"]}, {}, False),
    ),
    JsonLogicOperation(
        name="!==",
        write=building.paired(computing.differ_strictly),
        description="Whether values differ, or are of different kinds; each is compared with the next.",
        example=({"!==": [1, "1"]}, {}, True),
    ),
    JsonLogicOperation(
        name="!",
        write=building.computed(computing.negation),
        description="Whether the value counts as false: null, false, zero, NaN, empty text, an empty list.",
        example=({"!": [{"var": "tags"}]}, {"tags": []}, True),
        aliases=("not",),
    ),
    JsonLogicOperation(
        name="!!",
        write=building.computed(computing.truth),
        description="Whether the value counts as true.",
        example=({"!!": ["0"]}, {}, True),
    ),
    JsonLogicOperation(
        name="or",
        write=building.first_true,
        description="The first argument that counts as true, or the last one.",
        example=({"or": [0, "a", "b"]}, {}, "a"),
    ),
    JsonLogicOperation(
        name="and",
        write=building.first_false,
        description="The first argument that counts as false, or the last one.",
        example=({"and": [1, "a", "b"]}, {}, "b"),
    ),
    JsonLogicOperation(
        name="??",
        write=building.first_known,
        description="The first argument that is not null, or null.",
        example=({"??": [None, False, 1]}, {}, False),
        reference=False,
    ),
    JsonLogicOperation(
        name=">",
        write=building.paired(computing.more),
        description="Whether each value is greater than the next: as text when both are, else as numbers; null is 0.",
        example=({">": ["10", 9]}, {}, True),
    ),
    JsonLogicOperation(
        name=">=",
        write=building.paired(computing.at_least),
        description="Whether each value is greater than the next, or equal to it.",
        example=({">=": [3, 2, 2]}, {}, True),
    ),
    JsonLogicOperation(
        name="<",
        write=building.paired(computing.less),
        description="Whether each value is less than the next.",
        example=({"<": [1, {"var": "n"}, 3]}, {"n": 2}, True),
    ),
    JsonLogicOperation(
        name="<=",
        write=building.paired(computing.at_most),
        description="Whether each value is less than the next, or equal to it.",
        example=({"<=": [{"var": "days"}, 14]}, {}, True),
    ),
    JsonLogicOperation(
        name="max",
        write=building.spread(computing.greatest),
        description="The greatest number.",
        example=({"max": [1, "3", 2]}, {}, 3),
    ),
    JsonLogicOperation(
        name="min",
        write=building.spread(computing.least),
        description="The least number.",
        example=({"min": [1, "3", 2]}, {}, 1),
    ),
    JsonLogicOperation(
        name="+",
        write=building.spread(computing.add),
        description="The sum; one argument is turned into a number.",
        example=({"+": ["1.5", 2]}, {}, 3.5),
        fails=True,
    ),
    JsonLogicOperation(
        name="-",
        write=building.spread(computing.subtract),
        description="The difference; one argument is negated.",
        example=({"-": [4, 2, 1]}, {}, 1),
        fails=True,
    ),
    JsonLogicOperation(
        name="*",
        write=building.spread(computing.multiply),
        description="The product.",
        example=({"*": [4, "2"]}, {}, 8),
        fails=True,
    ),
    JsonLogicOperation(
        name="/",
        write=building.spread(computing.divide),
        description="The quotient; one argument is inverted.",
        example=({"/": [4, 2]}, {}, 2),
        fails=True,
    ),
    JsonLogicOperation(
        name="%",
        write=building.spread(computing.remainder),
        description="What division leaves, with the sign of the first argument.",
        example=({"%": [-7, 3]}, {}, -1),
        fails=True,
    ),
    JsonLogicOperation(
        name="map",
        write=building.over_items(building.mapped, list),
        description="What the second argument answers for each item of a list.",
        example=({"map": [{"var": "team"}, {"var": "age"}]}, _TEAM, [17, 40]),
        fails=True,
        asks=True,
    ),
    JsonLogicOperation(
        name="filter",
        write=building.over_items(building.filtered, list),
        description="The items for which the second argument counts as true.",
        example=({"filter": [{"var": "team"}, _ADULT]}, _TEAM, [{"age": 40}]),
        fails=True,
        asks=True,
    ),
    JsonLogicOperation(
        name="reduce",
        write=building.reduced,
        description="What the second argument answers at last, asked of each item as `current` and of what it answered "
        "before as `accumulator`; the third argument is the first accumulator.",
        example=({"reduce": [[1, 2], {"+": [{"var": "current"}, {"var": "accumulator"}]}, 10]}, {}, 13),
        fails=True,
        asks=True,
    ),
    JsonLogicOperation(
        name="all",
        write=building.over_items(building.all_true, bool),
        description="Whether there are items, and the second argument counts as true for all of them.",
        example=({"all": [{"var": "team"}, _ADULT]}, _TEAM, False),
        fails=True,
        asks=True,
    ),
    JsonLogicOperation(
        name="none",
        write=building.over_items(building.none_true, lambda: True),
        description="Whether the second argument counts as true for no item.",
        example=({"none": [{"var": "team"}, _ADULT]}, _TEAM, False),
        fails=True,
        asks=True,
    ),
    JsonLogicOperation(
        name="some",
        write=building.over_items(building.some_true, bool),
        description="Whether the second argument counts as true for an item.",
        example=({"some": [{"var": "team"}, _ADULT]}, _TEAM, True),
        fails=True,
        asks=True,
    ),
    JsonLogicOperation(
        name="merge",
        write=building.computed(computing.merge),
        description="One list of the items of lists, and of values that are none.",
        example=({"merge": [[1, 2], 3]}, {}, [1, 2, 3]),
        fails=True,
    ),
    JsonLogicOperation(
        name="in",
        write=building.computed(computing.contains),
        description="Whether a text holds another, or a list holds a value.",
        example=({"in": ["Spring", "Springfield"]}, {}, True),
        fails=True,
    ),
    JsonLogicOperation(
        name="cat",
        write=building.spread(computing.concatenate),
        description="The texts, joined.",
        example=({"cat": ["I am ", 7]}, {}, "I am 7"),
        fails=True,
    ),
    JsonLogicOperation(
        name="substr",
        write=building.computed(computing.substring),
        description="A part of a text: from a position, from the end when it is negative; of a length, or up to as "
        "many from the end when that is negative.",
        example=({"substr": ["jsonlogic", -5, -2]}, {}, "log"),
        fails=True,
    ),
    JsonLogicOperation(
        name="log",
        write=building.computed(computing.unchanged),
        description="Its argument; nothing is logged, since a condition has no side effect.",
        example=({"log": ["here"]}, {}, "here"),
    ),
    JsonLogicOperation(
        name="throw",
        write=building.computed(computing.throw),
        description="Nothing: it fails, with the type of error that it is given.",
        example=({"try": [{"throw": "no team"}, {"val": "type"}]}, {}, "no team"),
        reference=False,
        fails=True,
    ),
    JsonLogicOperation(
        name="try",
        write=building.attempted,
        description="The first argument that does not fail; those after it are asked of the error before them; in it, "
        "a number that is none is a failure.",
        example=({"try": [{"/": [1, 0]}, "none"]}, {}, "none"),
        reference=False,
        fails=True,
    ),
)

JSONLOGIC_OPERATIONS: Final = MappingProxyType({row.name: row for row in _TABLE})
"""Every operation by its name, in the order in which the reference lists them."""

NAMES: Final = MappingProxyType(
    {**{row.name: row.name for row in _TABLE}, **{alias: row.name for row in _TABLE for alias in row.aliases}}
)
"""Every key that calls an operation, and its name."""
