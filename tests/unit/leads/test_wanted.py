import pytest

from leadkit.errors import InvalidInput
from leadkit.leads.filtering import LeadFilter
from leadkit.values import read


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"properties": "plan"}, "$.properties: expected an object"),
        ({"properties": {"a": float("nan")}}, "$.properties: a must be a finite number"),
        (
            {"properties": {"a": None}},
            "$.properties: a is text, a number, true or false, or a list of these; a condition asks for anything else",
        ),
        ({"properties": {"a": ["x", {}]}}, "$.properties: a is text, a number, true or false, or a list of these;"),
        ({"properties": {"a": list(range(1_001))}}, "$.properties: a has more than 1,000 values"),
        ({"properties": {str(i): 1 for i in range(101)}}, "$.properties: at most 100 properties are asked for"),
        (
            {"condition": {"related": "company", "op": ">=", "value": 1}},
            "$.condition: a list looks up `activities` and `tasks` of a lead, not `company`",
        ),
    ],
)
def test_what_no_list_can_look_for_is_refused_with_the_place(sent, fault):
    with pytest.raises(InvalidInput) as caught:
        read(LeadFilter, sent)

    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize("kind", ["activities", "tasks"])
def test_a_condition_may_ask_for_what_every_store_keeps_beside_its_leads(kind):
    sent = {"related": kind, "aggregate": "count", "op": ">=", "value": 1}

    assert read(LeadFilter, {"condition": {"not": sent}}).model_dump()["condition"] == {"not": sent}


def test_a_filter_may_ask_for_as_many_properties_and_values_as_the_limits_allow():
    names = {str(i): 1 for i in range(100)}

    assert len(read(LeadFilter, {"properties": {**names, "0": list(range(1_000))}}).properties) == 100
    assert LeadFilter(properties={"a": ["x", 1]}).properties == {"a": ("x", 1)}
    assert LeadFilter(properties={"a": "x"}).model_dump(mode="json")["properties"] == {"a": ["x"]}
