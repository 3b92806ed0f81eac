import pytest

import leadkit as lk
from leadkit.services.again import retrying

CONFLICT = lk.ConcurrencyConflict(kind="lead", id="lead-1", expected=1, found=2)


class Work:
    def __init__(self, *errors):
        self.errors = list(errors)
        self.done = 0

    def __call__(self):
        self.done += 1
        if self.errors:
            raise self.errors.pop(0)
        return "kept"


@pytest.fixture
def waits():
    return []


def again(work, waits, **options):
    return retrying(work, sleep=waits.append, chance=lambda: 0.5, **options)


def test_work_that_succeeds_is_done_once(waits):
    work = Work()

    assert again(work, waits) == "kept"
    assert (work.done, waits) == (1, [])


@pytest.mark.parametrize(
    "error",
    [CONFLICT, lk.StoreLocked(reason="x"), lk.StoreUnavailable(reason="x"), lk.OutcomeUnknown(reason="x")],
    ids=lambda error: error.code,
)
def test_work_that_may_succeed_later_is_done_again(waits, error):
    work = Work(error, error)

    assert again(work, waits) == "kept"
    assert (work.done, waits) == (3, [0.05, 0.1])


@pytest.mark.parametrize(
    "error",
    [lk.NotFound(kind="lead", id="x"), lk.StoreFull(reason="x"), lk.StoreReadOnly(reason="x"), ZeroDivisionError()],
    ids=lambda error: type(error).__name__,
)
def test_work_that_cannot_succeed_is_done_once(waits, error):
    work = Work(error)

    with pytest.raises(type(error)):
        again(work, waits)
    assert (work.done, waits) == (1, [])


def test_the_last_attempt_tells_its_error(waits):
    work = Work(*[CONFLICT] * 9)

    with pytest.raises(lk.ConcurrencyConflict):
        again(work, waits, attempts=3)
    assert work.done == 3


def test_waits_grow_up_to_the_longest(waits):
    again(Work(*[CONFLICT] * 6), waits, attempts=7, wait=1, longest=6)

    assert waits == [1, 2, 4, 6, 6, 6]


@pytest.mark.parametrize(("chance", "wait"), [(0.0, 0.5), (1.0, 1.5)])
def test_a_wait_is_drawn_out_by_chance(waits, chance, wait):
    retrying(Work(CONFLICT), wait=1, sleep=waits.append, chance=lambda: chance)

    assert waits == [wait]


def test_a_lost_race_is_decided_anew():
    ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
    lead = ws.leads.create(email="a@example.com", properties={"visits": 0})
    rivals = iter([1, 2])

    def count_up():
        seen = ws.leads.get(lead.id)
        if (rival := next(rivals, None)) is not None:
            ws.leads.update(lead.id, properties={"rival": rival})
        return ws.leads.update(lead.id, properties={"visits": seen.properties["visits"] + 1}, version=seen.version)

    assert retrying(count_up, sleep=lambda _: None).properties == {"visits": 1, "rival": 2}
