from __future__ import annotations

import builtins
import copy
import importlib
import pickle
import re
from typing import Any

import pytest

from leadkit.conditions import Limits, Vocabulary, evaluate, explain_condition, read_condition
from leadkit.conditions.patterns import compiled, searches
from leadkit.errors import MissingExtra, RuleErrors
from leadkit.testing.conditions import AS_OF


@pytest.fixture
def _re2() -> None:
    pytest.importorskip("re2", reason="needs the extra `regex`")


def matching(pattern: str, **more: Any) -> dict[str, Any]:
    return {"field": "email", "op": "matches", "value": pattern, **more}


@pytest.mark.usefixtures("_re2")
def test_a_pattern_is_searched_anywhere_in_the_text() -> None:
    assert searches(compiled("b+", ignore_case=False), "abbc") is True
    assert searches(compiled("^b", ignore_case=False), "ab") is False
    assert searches(compiled("B", ignore_case=True), "abc") is True
    assert searches(compiled("B", ignore_case=False), "abc") is False


@pytest.mark.usefixtures("_re2")
def test_a_text_that_utf8_cannot_hold_is_matched_by_nothing() -> None:
    assert searches(compiled("", ignore_case=False), "a\ud800") is False


@pytest.mark.usefixtures("_re2")
@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a" * 501, "a pattern is at most 500 characters long"),
        (r"\pL" * 11, "a pattern names at most 10 Unicode classes"),
        (r"\PL" * 11, "a pattern names at most 10 Unicode classes"),
        ("(", "missing ): ("),
        (r"(?:.{0,500}){2}", "pattern too large - compile failed"),
    ],
)
def test_a_pattern_that_would_take_too_long_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compiled(pattern, ignore_case=False)


@pytest.mark.usefixtures("_re2")
def test_the_longest_pattern_and_the_most_classes_are_accepted() -> None:
    assert searches(compiled("a" * 500, ignore_case=False), "a" * 500)
    assert searches(compiled(r"\pZ" * 5 + r"\PZ" * 5, ignore_case=False), " " * 5 + "abcde")


@pytest.mark.usefixtures("_re2")
def test_a_pattern_that_hangs_other_engines_is_done_at_once() -> None:
    condition = read_condition(matching("^(a+)+$"))
    assert evaluate(condition, {"email": "a" * 100_000 + "b"}, as_of=AS_OF) is False


@pytest.mark.usefixtures("_re2")
def test_there_are_only_so_many_patterns_in_a_condition() -> None:
    vocabulary = Vocabulary(limits=Limits(patterns=2))
    read_condition({"and": [matching("a"), matching("b")]}, vocabulary=vocabulary)
    with pytest.raises(RuleErrors) as caught:
        read_condition({"and": [matching("a"), matching("b"), matching("c")]}, vocabulary=vocabulary)
    assert [str(fault) for fault in caught.value.faults] == ["$.and[2]: more than 2 regular expressions"]
    assert caught.value.faults[0].code == "too-many"


@pytest.mark.usefixtures("_re2")
def test_a_condition_with_a_pattern_is_copied_pickled_and_explained() -> None:
    condition = read_condition(matching("@A", ignoreCase=True))
    for twin in (copy.deepcopy(condition), pickle.loads(pickle.dumps(condition))):  # noqa: S301 - our own
        assert twin == condition
        assert evaluate(twin, {"email": "x@acme"}, as_of=AS_OF) is True
    trace = explain_condition(condition, {"email": "x@acme"}, as_of=AS_OF)
    assert (trace.expected, str(trace)) == ("@A", '✓ email matches "@A" (in any case)   saw "x@acme"')


def test_without_its_extra_the_operator_says_which_one_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_re2(name: str) -> Any:
        if name == "re2":
            raise ImportError(name)
        return builtins.__import__(name)

    monkeypatch.setattr(importlib, "import_module", without_re2)
    with pytest.raises(MissingExtra) as caught:
        read_condition(matching("a"))
    assert (caught.value.extra, caught.value.feature) == ("regex", "the operator `matches`")
