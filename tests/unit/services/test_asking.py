import logging

import attrs
import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.enrichment import Deferred, Match, NoMatch
from leadkit.leads import Lead
from leadkit.memory import MemoryStore
from leadkit.services.asking import Answers, answer_of, ask, chosen, refuse_within
from leadkit.services.session import Session, Wiring

NOW = SteppingClock().now()


class Told:
    """A provider that answers what it is told to."""

    def __init__(self, answer, *, name="apollo", max_batch=100):
        self.answer = answer
        self.name = name
        self.max_batch = max_batch
        self.asked = []

    def match(self, leads):
        self.asked.append([lead.id for lead in leads])
        return self.answer(leads)


def lead(id, **fields):
    return Lead(id=id, email=f"{id}@example.com", created_at=NOW, updated_at=NOW, **fields)


def knows(**values):
    return lambda leads: [Match(provider="x", values=values) for _ in leads]


def nobody(leads):
    return [NoMatch(provider="x") for _ in leads]


def broken(error):
    def answer(_):
        raise error

    return answer


LEADS = [lead("a"), lead("b"), lead("c")]
FULL = {"first_name": "A", "last_name": "B", "phone": "5", "company": "C"}


def asked(*providers, leads=LEADS, wanted=None, overwrite=False):
    return ask(providers, leads, wanted=wanted, overwrite=overwrite)


@pytest.mark.parametrize(
    ("size", "calls"),
    [(1, [["a"], ["b"], ["c"]]), (2, [["a", "b"], ["c"]]), (3, [["a", "b", "c"]]), (0, [["a"], ["b"], ["c"]])],
)
def test_a_provider_is_asked_about_no_more_leads_than_it_takes(size, calls):
    provider = Told(nobody, max_batch=size)

    assert asked(provider) == [Answers([NoMatch(provider="x")])] * 3
    assert provider.asked == calls


def test_the_next_provider_is_asked_only_about_those_of_which_something_is_wanted():
    first = Told(lambda leads: [Match(provider="x", values=FULL if each.id == "b" else {}) for each in leads])
    second = Told(knows(company="Acme"))
    answers = asked(first, second)

    assert second.asked == [["a", "c"]]
    assert [len(each.outcomes) for each in answers] == [2, 1, 2]


def test_nobody_is_asked_when_nothing_is_wanted():
    provider = Told(nobody)

    assert asked(provider, wanted=["email"]) == [Answers()] * 3
    assert provider.asked == []
    asked(provider, wanted=["email"], overwrite=True)
    assert len(provider.asked) == 1


def test_a_provider_that_fails_leaves_its_leads_to_the_next():
    failure = lk.ProviderFailure(provider="whoever", reason="rate limit")
    answers = asked(Told(broken(failure), name="apollo"), Told(knows(company="Acme"), name="hunter"))

    assert [(each.failures[0].provider, each.failures[0].reason) for each in answers] == [("apollo", "rate limit")] * 3
    assert [each.outcomes[0].values for each in answers] == [{"company": "Acme"}] * 3


def test_only_the_batch_that_failed_has_failed():
    def answer(leads):
        return nobody(leads) if leads[0].id == "a" else broken(ConnectionError())(leads)

    assert [len(each.failures) for each in asked(Told(answer, max_batch=1))] == [0, 1, 1]


FAILED = lk.ProviderFailure(provider="x", reason="y")
MATCH, NO_MATCH = Match(provider="x", values={}), NoMatch(provider="x")
LATER = Deferred(provider="x", request_id="r")


@pytest.mark.parametrize(
    ("outcomes", "failures", "failure"),
    [
        ([], [], None),
        ([NO_MATCH], [], None),
        ([], [FAILED], FAILED),
        ([NO_MATCH], [FAILED], FAILED),
        ([MATCH], [FAILED], None),
        ([NO_MATCH, LATER], [FAILED], None),
    ],
)
def test_nothing_is_known_where_somebody_failed_and_nobody_knew(outcomes, failures, failure):
    assert Answers(outcomes, failures).failure is failure


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda leads: [], "expected an outcome for each of 3, found 0 answers"),
        (lambda leads: nobody(leads)[:2], "expected an outcome for each of 3, found 2 answers"),
        (lambda leads: [*nobody(leads)[:2], None], "expected an outcome for each of 3, found 3 answers"),
        (lambda leads: None, "TypeError"),
        (broken(ConnectionError("api-key-4711")), "ConnectionError"),
        (broken(lk.StoreUnavailable(reason="api-key-4711")), "StoreUnavailable"),
    ],
)
def test_whatever_a_stranger_does_is_a_failure_that_quotes_nothing(answer, reason, caplog):
    with caplog.at_level(logging.WARNING):
        answers = asked(Told(answer))

    assert [each.failures[0].reason for each in answers] == [reason] * 3
    assert caplog.messages == [f"provider `apollo` failed: {reason}"]


def test_a_failure_does_not_carry_the_strangers_error_along():
    def question():
        raise ConnectionError("api-key-4711")

    with pytest.raises(lk.ProviderFailure) as caught:
        answer_of(Told(nobody), question)

    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_providers_are_chosen_by_name_and_order():
    apollo, hunter = Told(nobody, name="apollo"), Told(nobody, name="hunter")

    assert chosen([apollo, hunter], None, kind="enrichment") == [apollo, hunter]
    assert chosen([apollo, hunter], [], kind="enrichment") == [apollo, hunter]
    assert chosen([apollo, hunter], ["hunter", "apollo", "hunter"], kind="enrichment") == [hunter, apollo]
    with pytest.raises(lk.NotFound) as caught:
        chosen([apollo, hunter], ["huntre"], kind="enrichment")
    assert str(caught.value) == "there is no enrichment provider with id 'huntre'; did you mean `hunter`?"


def test_without_any_provider_the_host_is_told_how_to_wire_one():
    with pytest.raises(lk.InvalidInput) as caught:
        chosen([], None, kind="prospecting")
    assert str(caught.value) == (
        "$.providers: there is no prospecting provider; give the kit one, as LeadKit(…, prospecting=(provider,))"
    )
    assert caught.value.faults[0].code == "no-provider"


def test_providers_are_not_asked_within_a_unit_of_work():
    wiring = Wiring(store=MemoryStore(), clock=SteppingClock(), ids=CountedIds())
    session = Session(wiring=wiring, org="acme", actor="user-7")
    refuse_within(session)
    with session.transaction() as work, pytest.raises(lk.InvalidInput) as caught:
        refuse_within(attrs.evolve(session, bound=work))
    assert caught.value.faults[0].code == "within-unit-of-work"
