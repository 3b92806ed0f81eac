import pytest

import leadkit as lk
from leadkit.memory import MemoryDirectory


def test_a_user_may_stand_in_several_pools():
    directory = MemoryDirectory.of({"ae": [{"id": "ann"}, {"id": "bo"}], "senior": [{"id": "ann"}]})
    assert [member.id for member in directory.pool("senior")] == ["ann"]
    assert directory.assignee("bo").id == "bo"


def test_whom_nobody_knows_is_none():
    directory = MemoryDirectory.of({})
    assert directory.pool("ae") is None
    assert directory.assignee("ann") is None


@pytest.mark.parametrize("members", ["ann", 7, None, {"id": "ann"}, "x" * 1_000_000], ids=lambda each: str(each)[:20])
def test_a_pool_that_is_no_list_is_one_fault(members):
    with pytest.raises(lk.InvalidInput) as refused:
        MemoryDirectory.of({"ae": members, "be": [{"id": ""}]})
    assert [str(fault).partition(" (")[0] for fault in refused.value.faults] == [
        "$.ae: a pool is a list of its members",
        "$.be[0].id: string should have at least 1 character",
    ]
