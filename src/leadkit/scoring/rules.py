"""A scoring rule: a condition, and the points that it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self, cast

from pydantic import (
    ModelWrapValidatorHandler,
    StrictBool,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from leadkit.conditions import DEFAULT, And, Condition, ConditionField, Related, Vocabulary, collect
from leadkit.conditions.wording import described
from leadkit.errors import Fault, RuleErrors
from leadkit.scoring.decay import Decay
from leadkit.scoring.limits import Group, RuleName
from leadkit.values import Document, Points, Text
from leadkit.values.document import faults_of

__all__ = ["ScoringRule", "vocabulary_in"]

# Takes the place of a condition that could not be read, so that the faults of the other keys are found as well.
_UNREAD: Final = And(items=())


def vocabulary_in(context: Mapping[str, Any] | None) -> Vocabulary:
    """Answer the vocabulary that the caller of pydantic gave as `context={"vocabulary": …}`, or the default one.

    Args:
        context: What pydantic hands to a validator.
    """
    found: Vocabulary = (context or {}).get("vocabulary", DEFAULT)
    return found


class ScoringRule(Document):
    """If the condition holds, the lead gets the points.

    Attributes:
        name: Unique in its ruleset; the name of its line in the breakdown.
        points: What it brings: any sign, at most two decimals. A negative rule reduces the score and never blocks.
        condition: When it matches.
        group: The group whose limits it falls under.
        enabled: Whether it counts at all.
        description: What it is for.
        decay: How fast its points fade with the age of the latest record that made it match.

    Raises:
        RuleErrors: With every fault of the rule, those of its condition included.

    Example:
        >>> rule = ScoringRule(name="team", points=20, condition={"field": "score", "op": "gte", "value": 10})
        >>> rule.condition.operator, rule.enabled
        ('>=', True)
    """

    name: RuleName
    points: Points
    condition: ConditionField
    group: Group | None = None
    enabled: StrictBool = True
    description: Text | None = None
    decay: Decay | None = None

    @field_validator("decay")
    @classmethod
    def _dated(cls, decay: Decay | None, info: ValidationInfo) -> Decay | None:
        condition: Condition = info.data.get("condition", _UNREAD)
        if decay is None or condition is _UNREAD:
            return decay
        if not isinstance(condition, Related) or condition.time is None:
            message = "only points for related records that have a time can fade; this condition is none over such"
            raise ValueError(message)
        return decay

    @model_validator(mode="wrap")
    @classmethod
    def _with_every_fault(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            message = f"a rule is an object with a `name`, `points` and a `condition`, not {described(data)}"
            raise RuleErrors(faults=(Fault(path="$", message=message, code="wrong-type"),))
        faults: list[Fault] = []
        sent = dict(cast("Mapping[str, Any]", data))
        if "condition" in sent and not isinstance(sent["condition"], Condition):
            condition = collect(sent["condition"], "$.condition", faults, vocabulary_in(info.context))
            sent["condition"] = _UNREAD if condition is None else condition
        try:
            rule = handler(sent)
        except ValidationError as error:
            raise RuleErrors(faults=(*faults, *faults_of(error, cls))) from None
        if faults:
            raise RuleErrors(faults=tuple(faults))
        return rule
