from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import AlreadyExists, InvalidInput, NotAPermutation, NotFound
from leadkit.pipelines import (
    Pipeline,
    PipelinePatch,
    Stage,
    StagePatch,
    add_stage,
    change_pipeline,
    change_stage,
    remove_stage,
    reorder,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def stage(stage_id, order=0):
    return Stage(id=stage_id, name=stage_id.upper(), order=order)


def pipeline(*stage_ids):
    return Pipeline(
        id="p",
        name="P",
        stages=[stage(stage_id, order * 10) for order, stage_id in enumerate(stage_ids)],
        created_at=NOW,
    )


def orders(changed):
    return [(each.id, each.order) for each in changed.stages]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (0, [("x", 0), ("a", 1), ("b", 2)]),
        (10, [("a", 0), ("x", 1), ("b", 2)]),
        (5, [("a", 0), ("x", 1), ("b", 2)]),
        (11, [("a", 0), ("b", 1), ("x", 2)]),
        (999, [("a", 0), ("b", 1), ("x", 2)]),
    ],
)
def test_a_stage_is_added_at_its_order_and_the_others_make_room(order, expected):
    changed = add_stage(pipeline("a", "b"), stage("x", order))

    assert orders(changed) == expected
    assert changed.version == 2


def test_a_stage_that_is_there_cannot_be_added():
    with pytest.raises(AlreadyExists) as caught:
        add_stage(pipeline("a"), stage("a", 5))

    assert (caught.value.kind, caught.value.id) == ("stage", "a")


def test_a_pipeline_takes_a_hundred_stages_and_no_more():
    full = add_stage(pipeline(*(f"s{i}" for i in range(99))), stage("last", 5_000))

    assert len(full.stages) == 100
    with pytest.raises(InvalidInput) as caught:
        add_stage(full, stage("x", 6_000))
    assert str(caught.value) == "$.stages: a pipeline has at most 100 stages"
    assert caught.value.faults[0].code == "too-many"


def test_a_stage_is_changed_in_its_place():
    before = pipeline("a", "b")
    changed = change_stage(before, "b", StagePatch(name="Won", probability=0.9, terminal=True))

    assert changed.stage("b") == Stage(id="b", name="Won", order=10, probability=0.9, terminal=True)
    assert changed.stage("a") == before.stage("a")
    assert changed.version == 2


def test_a_pipeline_is_renamed():
    changed = change_pipeline(pipeline("a"), PipelinePatch(name="Q"))

    assert (changed.name, changed.version) == ("Q", 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: change_pipeline(p, PipelinePatch()),
        lambda p: change_pipeline(p, PipelinePatch(name="P")),
        lambda p: change_stage(p, "a", StagePatch(name="A")),
    ],
)
def test_a_change_that_changes_nothing_answers_the_very_same_pipeline(change):
    before = pipeline("a", "b")

    assert change(before) is before


@pytest.mark.parametrize(
    "change",
    [
        lambda p: change_stage(p, "nope", StagePatch(name="X")),
        lambda p: remove_stage(p, "nope"),
    ],
)
def test_a_stage_that_does_not_exist_is_told_with_those_that_do(change):
    with pytest.raises(NotFound) as caught:
        change(pipeline("a", "b"))

    assert (caught.value.kind, caught.value.id, caught.value.known) == ("stage", "nope", ("a", "b"))


def test_a_stage_is_removed_and_the_others_close_up():
    changed = remove_stage(pipeline("a", "b", "c"), "b")

    assert orders(changed) == [("a", 0), ("c", 1)]
    assert changed.version == 2


def test_the_last_stage_stays():
    with pytest.raises(InvalidInput) as caught:
        remove_stage(pipeline("a"), "a")

    assert str(caught.value) == "$.stages: a pipeline keeps at least one stage"
    assert caught.value.faults[0].code == "too-few"


@pytest.mark.parametrize(
    ("named", "missing", "unknown", "repeated"),
    [
        ([], ("a", "b"), (), ()),
        (["a"], ("b",), (), ()),
        (["a", "b", "c"], (), ("c",), ()),
        (["a", "b", "a"], (), (), ("a",)),
        (["a", "a", "x", "x"], ("b",), ("x",), ("a", "x")),
    ],
)
def test_an_order_that_is_no_permutation_is_refused_with_what_is_wrong(named, missing, unknown, repeated):
    with pytest.raises(NotAPermutation) as caught:
        reorder(pipeline("a", "b"), named)

    assert (caught.value.missing, caught.value.unknown, caught.value.repeated) == (missing, unknown, repeated)


@given(st.permutations(["a", "b", "c", "d"]))
def test_reordering_is_a_permutation_of_the_very_same_stages(named):
    before = pipeline("a", "b", "c", "d")
    after = reorder(before, named)

    assert after.stage_ids == tuple(named)
    assert [each.order for each in after.stages] == [0, 1, 2, 3]
    assert {each.id: each.model_copy(update={"order": 0}) for each in after.stages} == {
        each.id: each.model_copy(update={"order": 0}) for each in before.stages
    }
    assert reorder(after, named) is after
