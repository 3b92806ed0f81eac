"""Tests of rules as data, as pytest runs them: a file is a collector, and each test in it an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from leadkit.errors import InvalidInput
from leadkit.scoring import Ruleset, RuleTests, run_rule_test

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from pathlib import Path

    from leadkit.scoring import RuleTest, RuleTestResult

__all__ = ["RuleTestFailed", "RuleTestFile", "RuleTestItem"]

_TESTS = ".tests.json"


class RuleTestFailed(Exception):
    """A rule test found something else than it expected."""

    def __init__(self, result: RuleTestResult) -> None:
        super().__init__(str(result))
        self.result = result


class RuleTestFile(pytest.File):
    """A file of rule tests, beside the ruleset that it is about."""

    @classmethod
    def at(cls, path: Path, parent: pytest.Collector) -> RuleTestFile:
        """Answer the collector of a file.

        Args:
            path: The file.
            parent: The folder that it stands in.
        """
        # Through `Any`: pytest types no arguments here.
        made: RuleTestFile = cast("Any", cls).from_parent(parent, path=path)
        return made

    def collect(self) -> Iterator[pytest.Item]:
        """Answer one item for each test.

        Raises:
            CollectError: The tests or the rules cannot be read; with every fault and its place.
        """
        tests = self._read(self.path, RuleTests.read_json)
        name = tests.rules or self.path.name.removesuffix(_TESTS) + ".json"
        ruleset = self._read(self.path.parent / name, Ruleset.model_validate_json)
        for test in tests.tests:
            make = cast("Any", RuleTestItem).from_parent
            item: RuleTestItem = make(self, name=test.name, ruleset=ruleset, tests=tests, test=test)
            yield item

    def _read(self, path: Path, read: Any) -> Any:
        try:
            return read(path.read_bytes())
        except OSError as error:
            told = f"{path}: {error.strerror}"
        except InvalidInput as error:
            told = f"{path}: {error}"
        raise self.CollectError(told)


class RuleTestItem(pytest.Item):
    """One test of a ruleset."""

    def __init__(self, *, ruleset: Ruleset, tests: RuleTests, test: RuleTest, **more: Any) -> None:
        super().__init__(**more)  # pyright: ignore[reportUnknownMemberType] - pytest's
        self._ruleset = ruleset
        self._tests = tests
        self._test = test

    def runtest(self) -> None:
        """Run it.

        Raises:
            RuleTestFailed: Something is not as expected.
        """
        result = run_rule_test(self._ruleset, self._tests, self._test)
        if not result.passed:
            raise RuleTestFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what was expected and what was seen, without a traceback through leadkit.

        Args:
            excinfo: What was raised.
            style: How pytest would show a traceback.
        """
        if isinstance(excinfo.value, RuleTestFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Answer where the test stands, and what it is called."""
        return self.path, None, f"rule test: {self.name}"
