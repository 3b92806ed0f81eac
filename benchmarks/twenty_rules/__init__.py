"""The twenty rules of the benchmarks: as data, by hand, for each engine, and the leads that they are asked of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AS_OF", "RULES", "Contender", "condition_of", "points_of"]

AS_OF: Final = datetime(2026, 11, 24, tzinfo=UTC)
"""Now, for every rule that looks back from it."""

RULES: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).resolve().parent.parent / "data" / "rules20.json").read_text(encoding="utf-8")
)["rules"]
"""The rules in leadkit's own language."""


def points_of(rule: dict[str, Any]) -> float:
    """Answer what a rule brings."""
    points: float = rule["points"]
    return points


def condition_of(rule: dict[str, Any]) -> dict[str, Any]:
    """Answer when a rule matches."""
    condition: dict[str, Any] = rule["condition"]
    return condition


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One way to ask the twenty rules of a lead, prepared once.

    Attributes:
        name: What the table calls it.
        form: The form that it runs in, in a few words.
        answers: Whether each rule matches, in the order of `RULES`; compared with the hand-written ones.
        score: The points of the rules that match.
        timed: What is timed, where it is something else than `score`: work that answers more than the points.
    """

    name: str
    form: str
    answers: Callable[[Any], list[bool]]
    score: Callable[[Any], float]
    timed: Callable[[Any], object] | None = None
