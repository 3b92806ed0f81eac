"""The ruleset: rules, the limits of their sums, and what the score means for the lead's priority."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from typing import Annotated, Any, Final, Self, cast

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, ValidationError, ValidationInfo, model_validator

from leadkit.conditions import canonical, dump_condition
from leadkit.conditions.bounds import within_bounds
from leadkit.conditions.json_text import load_json
from leadkit.conditions.wording import described
from leadkit.errors import Fault, RuleErrors
from leadkit.leads.lead import Priority, ScoreLine
from leadkit.scoring.consistency import MOST_RULES, excess, read_rules
from leadkit.scoring.limits import Limits
from leadkit.scoring.rules import ScoringRule, vocabulary_in
from leadkit.values import Document, Label, Points, fingerprint
from leadkit.values.document import faults_of

__all__ = ["Band", "Ruleset"]

_MOST_BANDS: Final = 100
# Around a condition stand the ruleset, the list of its rules, and the rule.
_OUTER_LEVELS: Final = 3


class Band(Document):
    """The priority of a lead whose score reaches a floor.

    Attributes:
        min: The least score of the band; it ends where the next one begins.
        priority: What such a lead's priority becomes.
    """

    min: Points
    priority: Priority


def _ascending(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    for lower, higher in itertools.pairwise(bands):
        if lower.min >= higher.min:
            message = f"bands stand in ascending order, each floor once, but {higher.min} follows {lower.min}"
            raise ValueError(message)
    return bands


class Ruleset(Document):
    """Everything that a score is computed by.

    Attributes:
        name: What people call it.
        rules: In the order of the breakdown; at most 1,000.
        caps: How far the points of a group may go, by its name.
        total: How far the score may go.
        bands: What scores mean, in ascending order: the highest floor that a score reaches decides the priority, and
            a score below all of them leaves it as it is.

    Raises:
        RuleErrors: With every fault of every rule, each with its JSON path; after a hundred no more are looked for.

    Example:
        >>> condition = {"field": "score", "op": "=>", "value": 1}
        >>> rule = {"name": "team", "points": 20, "condition": condition, "grup": "fit"}
        >>> Ruleset.model_validate({"rules": [rule], "caps": {"fit": {"max": 30}}})
        Traceback (most recent call last):
        leadkit.errors.RuleErrors: 3 faults
          $.rules[0].condition.op: unknown operator `=>`; did you mean `>=`?
          $.rules[0].grup: unknown key; did you mean `group`?
          $.caps.fit: no rule is in this group
    """

    name: Label | None = None
    rules: Annotated[tuple[ScoringRule, ...], Field(max_length=MOST_RULES)]
    caps: dict[str, Limits] = {}
    total: Limits | None = None
    bands: Annotated[tuple[Band, ...], Field(max_length=_MOST_BANDS), AfterValidator(_ascending)] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _with_every_fault(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            message = f"a ruleset is an object with a list of `rules`, not {described(data)}"
            raise RuleErrors(faults=(Fault(path="$", message=message, code="wrong-type"),))
        faults: list[Fault] = []
        try:
            ruleset = handler(read_rules(cast("Mapping[str, Any]", data), faults, info.context))
        except ValidationError as error:
            raise RuleErrors(faults=(*faults, *faults_of(error, cls))) from None
        faults.extend(excess(ruleset.rules, ruleset.limits))
        if faults:
            raise RuleErrors(faults=tuple(faults))
        return ruleset

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read a ruleset from JSON text, however hostile.

        Args:
            json_data: The JSON, as text or as UTF-8, at most 256 KiB of it.
            **options: Those of `model_validate`, such as `context={"vocabulary": …}`.

        Raises:
            RuleErrors: With every fault and its place; a key that stands twice is one.
        """
        limits = vocabulary_in(options.get("context")).limits
        text = bytes(json_data) if isinstance(json_data, bytearray) else json_data
        faults: list[Fault] = []
        data = load_json(text, "$", faults, limits, outer_levels=_OUTER_LEVELS)
        if faults or not within_bounds(data, "$", faults, limits, outer_levels=_OUTER_LEVELS):
            raise RuleErrors(faults=tuple(faults))
        return cls.model_validate(data, **options)

    def model_copy(
        self,
        *,
        update: Mapping[str, Any] | None = None,
        deep: bool = False,  # noqa: ARG002 - the signature is pydantic's
    ) -> Self:
        """Answer the ruleset with some parts replaced, read anew: a ruleset is never an unsound one.

        Args:
            update: The parts, by their Python names.
            deep: Of no effect, as a ruleset is frozen.

        Raises:
            RuleErrors: The parts do not fit.
        """
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**parts, **(update or {})})

    @property
    def limits(self) -> tuple[Limits, ...]:
        """The limits of the groups, and of the whole."""
        return (*self.caps.values(), *(() if self.total is None else (self.total,)))

    @functools.cached_property
    def lines(self) -> Mapping[str, ScoreLine]:
        """The line of each rule by its name, as it stands in a breakdown where nothing fades."""
        # A plain dict, which can be copied and pickled with the ruleset.
        return {rule.name: ScoreLine(rule=rule.name, points=rule.points) for rule in self.rules}

    @functools.cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the ruleset's canonical JSON: equal for rules that differ in spelling alone.

        Example:
            >>> typed = {"name": "team", "points": 20.0, "condition": {"field": "firstName", "op": "eq", "value": "Al"}}
            >>> plain = {"name": "team", "points": 20, "condition": {"field": "first_name", "op": "==", "value": "Al"}}
            >>> Ruleset(rules=[typed]).fingerprint == Ruleset(rules=[plain]).fingerprint
            True
        """
        plain = self.model_dump(mode="json")
        for written, rule in zip(plain["rules"], self.rules, strict=True):
            written["condition"] = dump_condition(canonical(rule.condition))
            written["decay"] = None if rule.decay is None else rule.decay.half_life.canonical
        return fingerprint(plain)
