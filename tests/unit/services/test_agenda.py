import logging

import attrs
import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import MemoryStore
from leadkit.services.agenda import Agenda, Agendas
from leadkit.services.session import Session, Wiring


def test_each_open_unit_of_work_has_one_agenda_of_its_own():
    agendas, one, other = Agendas(), object(), object()

    assert agendas.of(one) is agendas.of(one)
    assert agendas.of(one) is not agendas.of(other)


def test_a_unit_of_work_that_ends_takes_its_agenda_along():
    agendas, work = Agendas(), object()
    first = agendas.of(work)

    assert agendas.end(work) is first
    assert agendas.of(work) is not first
    assert agendas.end(object()).after == []


def test_what_belongs_to_the_unit_of_work_may_fail_it():
    def broken():
        raise lk.StoreUnavailable(reason="gone")

    done = []
    with pytest.raises(lk.StoreUnavailable):
        Agenda(before=[lambda: done.append(1), broken, lambda: done.append(2)]).close()
    assert done == [1]


def test_what_follows_fails_alone_and_quotes_nothing(caplog):
    def broken():
        raise ConnectionError("secret")

    done = []
    with caplog.at_level(logging.WARNING):
        Agenda(after=[lambda: done.append(1), broken, lambda: done.append(2)]).carry_on()

    assert done == [1, 2]
    assert caplog.messages == ["work after a command failed: ConnectionError"]


def session_of(store):
    return Session(wiring=Wiring(store=store, clock=SteppingClock(), ids=CountedIds()), org="acme", actor="user-7")


def test_what_follows_is_done_once_the_unit_of_work_is_kept():
    store = MemoryStore()
    session, seen = session_of(store), []
    with session.transaction() as work:
        agenda = session.wiring.agendas.of(work)
        agenda.before.append(lambda: seen.append(("before", store.organisation("acme").busy)))
        agenda.after.append(lambda: seen.append(("after", store.organisation("acme").busy)))
        assert seen == []

    assert seen == [("before", True), ("after", False)]


@pytest.mark.parametrize("fails", ["body", "before"])
def test_nothing_follows_a_unit_of_work_that_was_not_kept(fails):
    session, seen = session_of(MemoryStore()), []

    def broken():
        raise lk.StoreUnavailable(reason="gone")

    with pytest.raises(lk.StoreUnavailable), session.transaction() as work:
        agenda = session.wiring.agendas.of(work)
        agenda.after.append(lambda: seen.append("after"))
        agenda.before.append(broken)
        if fails == "body":
            broken()

    assert seen == []
    assert session.wiring.agendas.of(work).after == []


def test_units_of_work_at_the_same_time_do_not_mix_their_agendas():
    seen = []
    one = session_of(MemoryStore())
    other = attrs.evolve(one, org="other")
    with one.transaction() as work:
        one.wiring.agendas.of(work).after.append(lambda: seen.append("acme"))
        with other.transaction() as elsewhere:
            other.wiring.agendas.of(elsewhere).after.append(lambda: seen.append("other"))
        assert seen == ["other"]
    assert seen == ["other", "acme"]


def test_a_unit_of_work_within_another_shares_its_agenda():
    seen = []
    session = session_of(MemoryStore())
    with session.transaction() as work:
        with attrs.evolve(session, bound=work).transaction() as same:
            session.wiring.agendas.of(same).after.append(lambda: seen.append("after"))
        assert seen == []
    assert seen == ["after"]
