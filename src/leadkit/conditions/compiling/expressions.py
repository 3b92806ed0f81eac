"""Expressions in parts, so that those over one value can be joined into one.

A hopeful expression compares at once, and looks at the class of a value only where the comparison held. It is sound:

- What does not hold in Python does not hold by `kinds` either: for values of one kind it is the same comparison, and
  for values of two kinds nothing holds there.
- What does hold is checked: where the class is none for which Python compares as `kinds` does, the criterion is asked.
- Where Python cannot compare and raises, the function that was generated answers in another way; see `compiled`.

Everything else looks at the class first. Conditions are total and pure, so that the order in which clauses are asked,
and whether one is asked that need not be, changes no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

__all__ = ["Expression", "Hopeful", "OfText", "joined"]


@attrs.frozen(kw_only=True)
class Hopeful:
    """A comparison, what has to hold before it, and what makes it sure.

    Attributes:
        test: The comparison.
        guard: What has to hold before it; empty where nothing has to.
        sure: What has to hold after it for the comparison to be the answer.
        slow: What answers where it is not sure; empty where the answer is no.

    Example:
        >>> print(Hopeful(guard="v is not None", test="v >= k", sure="type(v) is int", slow="a(v)"))
        (v is not None and v >= k and (type(v) is int or a(v)))
    """

    test: str
    guard: str = ""
    sure: str
    slow: str = ""

    @property
    def key(self) -> Hashable:
        """What those share that can be joined."""
        return Hopeful, self.guard, self.sure

    def with_others(self, others: Sequence[Hopeful], word: str) -> Hopeful:
        """Answer this one and others, joined by `and` or `or`."""
        every = (self, *others)
        slow = _among(word, (one.slow for one in every)) if self.slow else ""
        return attrs.evolve(self, test=_among(word, (one.test for one in every)), slow=slow)

    def __str__(self) -> str:
        sure = f"({self.sure} or {self.slow})" if self.slow else self.sure
        return f"({' and '.join(filter(None, (self.guard, self.test, sure)))})"


@attrs.frozen(kw_only=True)
class OfText:
    """A test of a text, and what answers for anything else.

    Attributes:
        seen: The name of the value.
        test: The test where it is a text.
        listed: The test where it is a list; empty where lists are like anything else.
        slow: What answers for all others that are there.

    Example:
        >>> print(OfText(seen="v", test="k in v", slow="a(v)"))
        (k in v if type(v) is str else v is not None and a(v))
    """

    seen: str
    test: str
    listed: str = ""
    slow: str

    @property
    def key(self) -> Hashable:
        """What those share that can be joined."""
        return OfText, self.seen, bool(self.listed)

    def with_others(self, others: Sequence[OfText], word: str) -> OfText:
        """Answer this one and others, joined by `and` or `or`."""
        every = (self, *others)
        return attrs.evolve(
            self,
            test=_among(word, (one.test for one in every)),
            listed=_among(word, (f"({one.listed})" for one in every)) if self.listed else "",
            slow=_among(word, (one.slow for one in every)),
        )

    def __str__(self) -> str:
        listed = f"{self.listed} if type({self.seen}) is list else " if self.listed else ""
        return f"({self.test} if type({self.seen}) is str else {listed}{self.seen} is not None and {self.slow})"


Expression: TypeAlias = Hopeful | OfText | str
"""An expression in parts, or one that stands for itself."""

_EMPTY: Final = {"and": "True", "or": "False"}


def _among(word: str, parts: Iterable[str]) -> str:
    return f"({f' {word} '.join(parts)})"


def joined(expressions: Iterable[Expression], word: str) -> Expression:
    """Join expressions by `and` or `or`, those first into one that share their guard.

    Args:
        expressions: The expressions, the cheapest first.
        word: `and` or `or`.

    Example:
        >>> one, other = (OfText(seen="v", test=f"k{n} in v", slow=f"a{n}(v)") for n in (1, 2))
        >>> print(joined([one, "x", other], "or"))
        (((k1 in v or k2 in v) if type(v) is str else v is not None and (a1(v) or a2(v))) or x)
    """
    # Of one class under one key, which the types of a mapping cannot say.
    groups: dict[Hashable, list[Any]] = {}
    for number, expression in enumerate(expressions):
        key = number if isinstance(expression, str) else expression.key
        groups.setdefault(key, []).append(expression)
    parts: list[Expression] = [first.with_others(rest, word) if rest else first for first, *rest in groups.values()]
    if not parts:
        return _EMPTY[word]
    return parts[0] if len(parts) == 1 else _among(word, map(str, parts))
