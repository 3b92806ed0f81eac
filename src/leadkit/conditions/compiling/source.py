"""The source that is generated: its functions, the names in it, and the values that stand behind the names.

Nothing that the author of a rule wrote ever stands in the source. Whatever a rule brings along (texts, numbers, names
of fields, patterns) is a value of the namespace under a name that was made here, such as `k7`.
"""

from __future__ import annotations

import math
import re
import sys
from datetime import UTC, datetime
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.compiling.answering import member
from leadkit.conditions.evaluating import holds
from leadkit.conditions.records import LISTS, records_in

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

__all__ = ["Program", "indented"]

# All that generated source can name, besides what the rules bring along: no other builtin is within its reach.
_NAMES: Final[dict[str, Any]] = {
    "__builtins__": {},
    "Exception": Exception,
    "INFINITY": math.inf,
    "LISTS": LISTS,
    "UNSET": object(),
    "UTC": UTC,
    "WIRE": "--T::Z",
    "datetime": datetime,
    "dict": dict,
    "float": float,
    "holds": holds,
    "int": int,
    "isinstance": isinstance,
    "len": len,
    "list": list,
    "member": member,
    "read": datetime.fromisoformat,
    "records": records_in,
    "str": str,
    "tuple": tuple,
    "type": type,
}


def indented(lines: Iterable[str]) -> list[str]:
    """Answer lines one step further in.

    Args:
        lines: Lines of source.
    """
    return [f"    {line}" for line in lines]


@attrs.define(eq=False, kw_only=True)
class Program:
    """Functions under construction, all of them bound to one instant when they are done.

    Attributes:
        hopeful: Whether values may be compared before their class was looked at.

    Example:
        >>> program = Program()
        >>> program.literal("Chief"), program.literal("VP"), program.literal("Chief")
        ('k0', 'k1', 'k0')
    """

    hopeful: bool = True
    _constants: dict[str, Any] = attrs.field(factory=dict, init=False)
    _literals: dict[str, Any] = attrs.field(factory=dict, init=False)
    _known: dict[Hashable, str] = attrs.field(factory=dict, init=False)
    _moments: dict[str, Callable[[datetime], Any]] = attrs.field(factory=dict, init=False)
    _functions: list[str] = attrs.field(factory=list, init=False)
    _made: int = attrs.field(default=0, init=False)

    def fresh(self, letter: str) -> str:
        """Answer a name that nothing else has.

        Args:
            letter: What it begins with.
        """
        name = f"{letter}{self._made}"
        self._made += 1
        return name

    def literal(self, value: Any) -> str:
        """Answer the name of a value that is read or compared with; the same text or number has one name.

        Python loads it as quickly as if it stood in the source. Whatever is called, or stands beside `is`, Python does
        not expect to be a literal: that is a `constant`.

        Args:
            value: Any value.
        """
        # Keys are found the sooner if they are the very same text.
        return self._named(sys.intern(value) if type(value) is str else value, self._literals)

    def constant(self, value: Any) -> str:
        """Answer the name of any other value.

        Args:
            value: Any value.
        """
        return self._named(value, self._constants)

    def _named(self, value: Any, names: dict[str, Any]) -> str:
        # Python holds 1, 1.0 and True equal, and they are different values here; what has no hash is its own.
        key = (type(value), value) if isinstance(value, str | int | float) else ("id", id(value))
        name = self._known.get(key)
        if name is None:
            name = self._known[key] = self.fresh("k")
            names[name] = value
        return name

    def moment(self, key: Hashable, compute: Callable[[datetime], Any]) -> str:
        """Answer the name of a value that depends on now, and is computed once for each.

        Args:
            key: What tells it from others.
            compute: Answers it, given now in UTC.
        """
        name = self._known.get(("moment", key))
        if name is None:
            name = self._known["moment", key] = self.fresh("m")
            self._moments[name] = compute
        return name

    def function(self, key: Hashable, name: str, write: Callable[[str], Sequence[str]]) -> str:
        """Answer the name of a function, which is written where there is none of that key.

        Args:
            key: What tells it from others.
            name: What its name begins with.
            write: Answers its lines, given its name.
        """
        known = self._known.get(("function", key))
        if known is None:
            known = self._known["function", key] = self.fresh(name)
            self._functions.extend(write(known))
        return known

    def add(self, lines: Iterable[str]) -> None:
        """Add a function.

        Args:
            lines: Its source.
        """
        self._functions.extend(lines)

    def source(self, answer: str) -> str:
        """Answer the whole source: a function of now that answers a function of a record.

        Args:
            answer: The name of that function.
        """
        head = f"def at({', '.join(('now', *self._moments))}):"
        return "\n".join([head, *indented(self._functions), f"    return {answer}"])

    def ready(self, source: str) -> Callable[[datetime], Any]:
        """Compile the source, and answer the function that binds it to an instant in UTC.

        Args:
            source: What `source` answered.
        """
        marked = _LITERAL.sub(lambda name: f'"{_MARK}{name[0]}"' if name[0] in self._literals else name[0], source)
        # Only names that were made here, and operators, stand in the source; see the module.
        code = _filled(compile(marked, "<compiled rules>", "exec"), self._literals)
        namespace = {**_NAMES, **self._constants}
        exec(code, namespace)  # noqa: S102 - no text of a user is executed
        at: Callable[..., Any] = namespace["at"]
        computed = tuple(self._moments.values())
        return lambda as_of: at(as_of, *[compute(as_of) for compute in computed])


# Stands before the names of literals while Python compiles them, as texts; no other text stands in the source.
_MARK: Final = "$"
_LITERAL: Final = re.compile(r"\bk\d+\b", re.ASCII)


def _filled(code: CodeType, literals: Mapping[str, Any]) -> CodeType:
    """Answer code with the literals in the place of the marked texts."""

    def filled(constant: Any) -> Any:
        if isinstance(constant, CodeType):
            return _filled(constant, literals)
        # Constants that stand beside each other are put together by Python's compiler.
        if constant.__class__ is tuple:
            return tuple(map(filled, constant))
        return literals[constant[1:]] if type(constant) is str and constant.startswith(_MARK) else constant

    return code.replace(co_consts=tuple(map(filled, code.co_consts)))
