"""What holds of every condition that an editor can say, and of every document that it may hand over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadkit.conditions import (
    equivalent,
    evaluate,
    from_jquery_querybuilder,
    from_react_querybuilder,
    read_condition,
    to_jquery_querybuilder,
    to_react_querybuilder,
)
from leadkit.errors import NotExpressible, RuleErrors
from leadkit.testing.conditions import AS_OF, condition_data, hostile_values, json_records

if TYPE_CHECKING:
    from collections.abc import Callable

# An editor's outermost rule stands in a group: what comes back is equivalent, and not always equal.
native = condition_data(patterns=False, related=False, jsonlogic=False)
EDITORS = [
    pytest.param(to_react_querybuilder, from_react_querybuilder, id="react-querybuilder"),
    pytest.param(to_jquery_querybuilder, from_jquery_querybuilder, id="jQuery QueryBuilder"),
]


@pytest.mark.parametrize(("write", "read"), EDITORS)
def test_what_an_editor_can_say_comes_back_from_it(
    write: Callable[[Any], dict[str, Any]], read: Callable[[Any], Any]
) -> None:
    @given(native, json_records())
    def comes_back(data: Any, record: Any) -> None:
        condition = read_condition(data)
        try:
            document = write(condition)
        except NotExpressible:
            assume(False)  # noqa: FBT003 - hypothesis asks for it by position
            raise
        again = read(json.loads(json.dumps(document)))
        assert equivalent(again, condition)
        assert evaluate(again, record, as_of=AS_OF) is evaluate(condition, record, as_of=AS_OF)
        assert write(again) == document

    comes_back()


def documents(joiner: str) -> st.SearchStrategy[Any]:
    """Draw documents with a group around whatever may stand in one."""
    words: st.SearchStrategy[Any] = st.sampled_from(
        ("and", "OR", "=", "in", "is_null", "between", "x", "integer", 5, None)
    )
    keys = st.sampled_from(
        ("field", "operator", "value", "type", "rules", joiner, "not", "valueSource", "match", "mode")
    )
    inner = st.recursive(
        words | hostile_values(),
        lambda values: st.dictionaries(keys, values, max_size=4) | st.lists(values, max_size=3),
        max_leaves=8,
    )
    return st.builds(lambda rules: {joiner: "and", "rules": rules}, st.lists(inner, max_size=3))


@pytest.mark.parametrize(
    ("read", "joiner"),
    [
        pytest.param(from_react_querybuilder, "combinator", id="react-querybuilder"),
        pytest.param(from_jquery_querybuilder, "condition", id="jQuery QueryBuilder"),
    ],
)
def test_whatever_an_editor_hands_over_is_read_or_refused(read: Callable[[Any], Any], joiner: str) -> None:
    @given(documents(joiner))
    def read_or_refused(document: Any) -> None:
        try:
            condition = read(document)
        except RuleErrors as refused:
            assert all(fault.path.startswith("$") for fault in refused.faults)
        else:
            assert evaluate(condition, {}, as_of=AS_OF) in (True, False)

    read_or_refused()
