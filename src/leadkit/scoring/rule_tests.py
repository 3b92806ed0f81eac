"""Unit tests of rules as data: a lead, and what it is expected to score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, cast

from pydantic import Field, ValidationError, model_validator

from leadkit.conditions.bounds import within_bounds
from leadkit.conditions.json_text import load_json
from leadkit.conditions.vocabulary import Limits as Bounds
from leadkit.errors import Fault, InvalidInput
from leadkit.leads.lead import Priority
from leadkit.values import Document, Label, Points, Text
from leadkit.values.document import faults_of
from leadkit.values.times import Instant

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Expected", "RuleTest", "RuleTests"]

_MOST_TESTS: Final = 10_000
# Leads with their properties and their related records; many of them in one file.
_BOUNDS: Final = Bounds(depth=40, nodes=1_000_000, list_items=100_000, document_bytes=8 * 1024 * 1024)


class Expected(Document):
    """What a lead is expected to score; what is left out may be anything.

    Attributes:
        score: The score.
        points: What rules bring, by their names; 0 for one that brings nothing. The lines of limits are named as in a
            breakdown, such as `cap: total`.
        matches: The names of rules that match, whether they bring points or not.
        does_not_match: The names of rules that do not.
        priority: The priority that the bands make of the score.
    """

    score: Points | None = None
    points: dict[Label, Points] = {}
    matches: tuple[Label, ...] = ()
    does_not_match: tuple[Label, ...] = ()
    priority: Priority | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.model_fields_set:
            message = "expects nothing; expected `score`, `points`, `matches`, `doesNotMatch` or `priority`"
            raise ValueError(message)
        return self


class RuleTest(Document):
    """One test: a lead, and what it is expected to score.

    Attributes:
        name: A sentence that says what is expected.
        lead: The lead, as plain values in camelCase or snake_case; only what the rules look at is needed.
        related: Its related records by kind.
        as_of: The instant for which to score; left out, that of the document.
        rules: The names of the only rules that count; left out, all of them do.
        expected: What it is expected to score.
    """

    name: Label
    lead: dict[str, Any]
    related: dict[str, Any] = {}
    as_of: Instant | None = None
    rules: tuple[Label, ...] | None = None
    expected: Expected


class RuleTests(Document):
    """Tests of a ruleset: what `rules.tests.json` holds. A list of tests alone is read too.

    Attributes:
        rules: The file of the ruleset, from where this file stands; left out, the one of the same name without
            `.tests`.
        as_of: The instant for which to score, where a test names none.
        tests: The tests, each with a name of its own.
        description: What they are about.

    Example:
        >>> tests = RuleTests.read({"asOf": "2026-11-24T09:00:00Z", "tests": [
        ...     {"name": "twelve are a large team", "lead": {"team": 12}, "expected": {"score": 20}},
        ... ]})
        >>> tests.tests[0].expected.score
        20
    """

    rules: Text | None = None
    as_of: Instant | None = None
    tests: Annotated[tuple[RuleTest, ...], Field(max_length=_MOST_TESTS)]
    description: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_a_list(cls, data: object) -> object:
        return {"tests": cast("object", data)} if isinstance(data, list | tuple) else data

    @model_validator(mode="after")
    def _sound(self) -> Self:
        first: dict[str, int] = {}
        for index, test in enumerate(self.tests):
            if first.setdefault(test.name, index) != index:
                message = f"tests[{index}] has the name of tests[{first[test.name]}]; each name stands once"
                raise ValueError(message)
            if test.as_of is None and self.as_of is None:
                message = f"tests[{index}] needs `asOf`, of its own or for all of them, such as 2026-11-24T09:00:00Z"
                raise ValueError(message)
        return self

    @classmethod
    def read(cls, data: object) -> Self:
        """Read tests from plain values.

        Args:
            data: An object with `tests`, or a list of them.

        Raises:
            InvalidInput: With every fault and its path.
        """
        if not isinstance(data, Mapping | list | tuple):
            message = "expected an object with `tests`, or a list of them"
            raise InvalidInput(faults=(Fault(path="$", message=message, code="wrong-type"),))
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InvalidInput(faults=faults_of(error, cls)) from None

    @classmethod
    def read_json(cls, text: str | bytes) -> Self:
        """Read tests from JSON text, however hostile.

        Args:
            text: The JSON, as text or as UTF-8, at most 8 MiB of it.

        Raises:
            InvalidInput: With every fault and its path; a key that stands twice is one.
        """
        faults: list[Fault] = []
        data = load_json(text, "$", faults, _BOUNDS)
        if faults or not within_bounds(data, "$", faults, _BOUNDS):
            raise InvalidInput(faults=tuple(faults))
        return cls.read(data)

    def moment(self, test: RuleTest) -> datetime:
        """Answer the instant for which a test scores.

        Args:
            test: One of the tests.
        """
        # One of the two is there, or the tests would not have been read.
        return cast("datetime", test.as_of or self.as_of)
