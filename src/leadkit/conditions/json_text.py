"""Reading JSON text that may be hostile: size and depth are looked at before any parser that recurses."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.bounds import Repeating, most_levels, most_values, too_deep, too_large, too_many
from leadkit.errors import Fault

if TYPE_CHECKING:
    from leadkit.conditions.vocabulary import Limits

__all__ = ["load_json"]

# A string is taken whole, closed or not, so that no text makes the search go over it twice; brackets alone are kept.
_BRACKET: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([\[{\]}])', re.DOTALL)
_STEPS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_MOST_DIGITS: Final = 400
_MOST_REPEATED: Final = 10


def load_json(text: str | bytes, at: str, faults: list[Fault], limits: Limits, *, outer_levels: int = 0) -> Any:
    """Read JSON text that may be hostile, and answer what it holds; None with a fault when it is refused.

    What is answered has yet to pass `within_bounds`, which also names keys that stand twice and numbers that are none.

    Args:
        text: The JSON, as text or as UTF-8.
        at: The JSON path that faults begin with.
        faults: Where faults are added.
        limits: How large and deep it may be.
        outer_levels: How many levels of lists and objects may stand around a condition.
    """
    refusal = _refused(text, at, limits, outer_levels)
    if refusal is not None:
        faults.append(refusal)
        return None
    try:
        return json.loads(
            text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_int=_integer,
        )
    except UnicodeDecodeError as error:
        faults.append(Fault(path=at, message=f"not UTF-8: byte {error.start + 1} is wrong", code="not-utf-8"))
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        faults.append(Fault(path=at, message=message, code="not-json"))
    return None


def _refused(text: str | bytes, at: str, limits: Limits, outer_levels: int) -> Fault | None:
    # Characters first: to encode ten megabytes, only to find that they are too many, would take longer than this.
    if len(text) > limits.document_bytes or (isinstance(text, str) and _bytes_of(text) > limits.document_bytes):
        return too_large(limits, at)
    levels = opened = 0
    deepest, most = most_levels(limits) + outer_levels, most_values(limits)
    # Any byte can stand for itself here, as no byte of a longer character looks like a bracket or a quote.
    for bracket in filter(None, _BRACKET.findall(text if isinstance(text, str) else text.decode("latin-1"))):
        step = _STEPS[bracket]
        levels += step
        opened += step > 0
        if levels > deepest:
            return too_deep(limits, at)
        if opened > most:
            return too_many(limits, at)
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for key, _ in pairs:
        if key in seen:
            repeated[key] = None
            if len(repeated) == _MOST_REPEATED:
                break
        seen.add(key)
    found = Repeating(plain)
    found.repeated = tuple(repeated)
    return found


def _integer(digits: str) -> int | float:
    # Python refuses to read thousands of digits, with an error that names no place; infinity is refused with one.
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))
