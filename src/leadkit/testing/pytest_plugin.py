"""What leadkit adds to pytest: contract suites that explain their failures, and tests of rules as data.

Found by pytest through the `pytest11` entry point. It runs at the start of every pytest session of every project that
has leadkit installed, so it imports nothing and registers names only: the rule language is imported when a file of rule
tests is met, and not before.

A file is one of rule tests by its name alone: `rules.tests.json`, or any that ends in `.rules.tests.json`. Other names
are given in the ini option `leadkit_rule_tests`.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["pytest_addoption", "pytest_collect_file"]

# Whatever in this package holds assertions. Not the package itself: it is imported by now, and cannot be rewritten.
_WITH_ASSERTIONS: Final = ("leadkit.testing.contracts",)
_INI: Final = "leadkit_rule_tests"
_NAMES: Final = ("rules.tests.json", "*.rules.tests.json")

pytest.register_assert_rewrite(*_WITH_ASSERTIONS)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project say which files are rule tests.

    Args:
        parser: pytest's.
    """
    told = "names of files that hold tests of leadkit's rules; none to collect none of them"
    parser.addini(_INI, told, type="args", default=list(_NAMES))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Answer the tests in a file of rule tests; None for any other file.

    Args:
        file_path: The file.
        parent: The folder that it stands in.
    """
    if file_path.suffix != ".json" or not any(fnmatch(file_path.name, name) for name in parent.config.getini(_INI)):
        return None
    from leadkit.testing.rule_tests import RuleTestFile  # noqa: PLC0415 - not before there is such a file

    return RuleTestFile.at(file_path, parent)
