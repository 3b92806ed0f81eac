import attrs
import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.enrichment import Deferred, Match, NoMatch
from leadkit.memory import MemoryStore
from leadkit.services.enriching import persistently
from leadkit.services.session import Session, Wiring


class Known:
    """A provider that knows what it is told, and notes whether a unit of work was open while it was asked."""

    max_batch = 10

    def __init__(self, name="known", *, store=None, then=None, **values):
        self.name = name
        self.values = values
        self.store = store
        self.then = then
        self.calls = 0
        self.within = False

    def match(self, leads):
        self.calls += 1
        if self.store is not None:
            self.within |= self.store.organisation("acme").busy
        if self.then is not None:
            self.then(leads)
        return [self.outcome(lead) for lead in leads]

    def outcome(self, _):
        return Match(provider=self.name, values=self.values, credits=1.5)


class Unknowing(Known):
    def outcome(self, _):
        return NoMatch(provider=self.name)


class Later(Known):
    def outcome(self, _):
        return Deferred(provider=self.name, request_id="r-1", values=self.values, credits=2)


class Broken(Known):
    def outcome(self, _):
        raise lk.ProviderFailure(provider=self.name, reason="rate limit")


def workspace(*providers, store=None):
    kit = lk.LeadKit(store or MemoryStore(), clock=SteppingClock(), ids=CountedIds(), enrichment=providers)
    ws = kit.workspace(org="acme", actor="user-7")
    return ws, ws.leads.create(email="alice@acme.example")


def test_a_lead_takes_up_what_a_provider_knows():
    ws, lead = workspace(Known(company="Acme", phone="no", status="qualified", email="x@y", properties={"size": 5}))
    done = ws.enrichment.enrich(lead.id)

    assert done.lead == ws.leads.get(lead.id)
    assert (done.lead.company, done.lead.properties, done.lead.status) == ("Acme", {"size": 5}, "new")
    assert (done.changed, done.unchanged) == (("company", "properties.size"), ("email",))
    assert [(each.field, each.provider) for each in done.refused] == [("phone", "known"), ("status", "known")]
    assert (done.credits, done.deferred, done.failed) == ({"known": 1.5}, {}, {})
    told = ws.leads.history(lead.id)[-1]
    assert (told.type, told.actor, told.data["providers"]) == ("lead.enriched", "user-7", ["known"])
    assert done.lead.enrichment["company"].at == told.time


def test_enriching_again_changes_nothing():
    ws, lead = workspace(Known(company="Acme"))
    first = ws.enrichment.enrich(lead.id)
    again = ws.enrichment.enrich(lead.id)

    assert again.lead == first.lead
    assert (again.changed, again.unchanged) == ((), ("company",))


def test_told_so_values_give_way():
    ws, lead = workspace(Known(company="Bolt"))
    ws.leads.update(lead.id, company="Acme")

    assert ws.enrichment.enrich(lead.id).lead.company == "Acme"
    assert ws.enrichment.enrich(lead.id, overwrite=True).lead.company == "Bolt"


def test_the_providers_that_are_named_are_asked_in_their_order():
    a, b, c = Known("a", company="A"), Known("b", company="B", source="b"), Known("c", company="C")
    ws, lead = workspace(a, b, c)
    done = ws.enrichment.enrich(lead.id, providers=["c", "b"])

    assert (done.lead.company, done.lead.source, a.calls) == ("C", "b", 0)
    assert {name: each.provider for name, each in done.lead.enrichment.items()} == {"company": "c", "source": "b"}


def test_nobody_is_paid_once_nothing_is_wanted():
    first, second = Known("first", company="Acme"), Known("second")
    ws, lead = workspace(first, second)

    ws.enrichment.enrich(lead.id, wanted=["company"])
    assert (first.calls, second.calls) == (1, 0)
    ws.enrichment.enrich(lead.id, wanted=["company"])
    assert (first.calls, second.calls) == (1, 0)


def test_what_will_come_later_is_told_and_can_be_accepted():
    ws, lead = workspace(Later(company="Acme"))
    done = ws.enrichment.enrich(lead.id)
    assert (done.deferred, done.credits, done.lead.company) == ({"known": "r-1"}, {"known": 2}, "Acme")

    later = Match(provider="known", values={"phone": "+1 555 0100", "company": "Bolt"})
    accepted = ws.enrichment.accept(lead.id, later)
    assert (accepted.lead.phone, accepted.lead.company, accepted.changed) == ("+1 555 0100", "Acme", ("phone",))
    assert ws.enrichment.accept(lead.id, later).lead == accepted.lead
    assert ws.enrichment.accept(lead.id, later, overwrite=True).lead.company == "Bolt"


def test_an_answer_can_be_accepted_within_a_unit_of_work():
    ws, lead = workspace(Known())
    with ws.unit_of_work() as work:
        work.enrichment.accept(lead.id, Match(provider="known", values={"company": "Acme"}))
        work.leads.qualify(lead.id)

    assert (ws.leads.get(lead.id).company, ws.leads.get(lead.id).status) == ("Acme", "qualified")


def test_where_one_provider_fails_and_another_knows_the_failure_is_told_and_no_more():
    ws, lead = workspace(Broken("broken"), Known(company="Acme"))
    done = ws.enrichment.enrich(lead.id)

    assert (done.lead.company, done.failed) == ("Acme", {"broken": "rate limit"})


@pytest.mark.parametrize("others", [[], [Unknowing("unknowing")]])
def test_where_nobody_knows_because_one_failed_that_is_raised(others):
    ws, lead = workspace(Broken("broken"), *others)
    with pytest.raises(lk.ProviderFailure, match="provider `broken` failed: rate limit"):
        ws.enrichment.enrich(lead.id)
    assert ws.leads.get(lead.id) == lead


def test_a_lead_that_nobody_knows_stays_as_it_is():
    ws, lead = workspace(Unknowing())

    assert ws.enrichment.enrich(lead.id).lead == lead


def test_no_provider_is_asked_while_a_unit_of_work_is_open():
    store = MemoryStore()
    provider = Known(store=store, company="Acme")
    ws, lead = workspace(provider, store=store)
    ws.enrichment.enrich(lead.id)
    assert (provider.calls, provider.within) == (1, False)

    with ws.unit_of_work() as work, pytest.raises(lk.InvalidInput, match="outside of units of work"):
        work.enrichment.enrich(lead.id)
    assert provider.calls == 1


def test_what_somebody_entered_while_a_provider_was_asked_stays():
    store = MemoryStore()
    elsewhere = lk.LeadKit(store).workspace(org="acme", actor="user-9")
    provider = Known(company="Bolt", phone="5", then=lambda leads: elsewhere.leads.update(leads[0].id, company="Acme"))
    ws, lead = workspace(provider, store=store)
    done = ws.enrichment.enrich(lead.id)

    assert (done.lead.company, done.lead.phone, done.lead.version) == ("Acme", "5", 3)


@pytest.mark.parametrize(
    ("meanwhile", "error"),
    [
        (lambda ws, lead_id: ws.leads.delete(lead_id), lk.NotFound),
        (lambda ws, lead_id: (ws.leads.qualify(lead_id), ws.leads.convert(lead_id)), lk.InvalidTransition),
    ],
    ids=["deleted", "converted"],
)
def test_a_lead_that_went_while_a_provider_was_asked_is_left_alone(meanwhile, error):
    store = MemoryStore()
    elsewhere = lk.LeadKit(store).workspace(org="acme", actor="user-9")
    ws, lead = workspace(Known(company="Acme", then=lambda leads: meanwhile(elsewhere, leads[0].id)), store=store)
    with pytest.raises(error):
        ws.enrichment.enrich(lead.id)


@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (lambda ws, lead_id: ws.leads.delete(lead_id), lk.NotFound),
        (lambda ws, lead_id: (ws.leads.qualify(lead_id), ws.leads.convert(lead_id)), lk.InvalidTransition),
    ],
    ids=["deleted", "converted"],
)
def test_nobody_is_paid_for_a_lead_that_may_not_change(prepare, error):
    provider = Known(company="Acme")
    ws, lead = workspace(provider)
    prepare(ws, lead.id)
    with pytest.raises(error):
        ws.enrichment.enrich(lead.id)
    assert provider.calls == 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"providers": ["knwon"]}, lk.NotFound, "did you mean `known`?"),
        (
            {"wanted": ["compny"]},
            lk.InvalidInput,
            r"\$\.wanted\[0\]: a lead has no such field; did you mean `company`?",
        ),
    ],
)
def test_what_is_asked_is_checked_before_anybody_is_paid(options, error, message):
    provider = Known()
    ws, lead = workspace(provider)
    with pytest.raises(error, match=message):
        ws.enrichment.enrich(lead.id, **options)
    assert provider.calls == 0


def test_under_a_key_a_provider_is_paid_once():
    provider = Known(company="Acme")
    ws, lead = workspace(provider)
    first = ws.keyed("k").enrichment.enrich(lead.id)
    again = ws.keyed("k").enrichment.enrich(lead.id)

    assert (again.lead, provider.calls) == (first.lead, 1)
    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k").enrichment.enrich(lead.id, overwrite=True)
    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k").enrichment.enrich(lead.id, wanted=["phone"])
    assert provider.calls == 1


def test_a_key_answers_for_a_lead_that_was_converted_since():
    ws, lead = workspace(Known(company="Acme"))
    ws.keyed("k").enrichment.enrich(lead.id)
    ws.leads.qualify(lead.id)
    ws.leads.convert(lead.id)

    assert ws.keyed("k").enrichment.enrich(lead.id).lead.status == "converted"


def test_a_failure_leaves_the_key_for_another_attempt():
    broken = Broken()
    ws, lead = workspace(broken)
    with pytest.raises(lk.ProviderFailure):
        ws.keyed("k").enrichment.enrich(lead.id)
    broken.outcome = lambda lead: Match(provider="known", values={"company": "Acme"})

    assert ws.keyed("k").enrichment.enrich(lead.id).lead.company == "Acme"


class Contended(MemoryStore):
    """A store that loses as many races as it is told to."""

    lost = 0

    def unit_of_work(self, org):
        work = super().unit_of_work(org)
        commit = work.commit

        def contended():
            if self.lost:
                self.lost -= 1
                raise lk.ConcurrencyConflict(kind="lead", id="x", expected=1, found=2)
            commit()

        work.commit = contended
        return work


@attrs.define
class Armed:
    """Loses races from the moment on when the provider is asked."""

    times: int
    store: Contended = attrs.field(factory=Contended)

    def __call__(self, _):
        self.store.lost = self.times


@pytest.mark.parametrize(("lost", "works"), [(0, True), (4, True), (5, False)])
def test_another_writer_may_come_first_a_few_times(lost, works):
    armed = Armed(lost)
    provider = Known(company="Acme", then=armed)
    ws, lead = workspace(provider, store=armed.store)
    if works:
        assert ws.enrichment.enrich(lead.id).lead.company == "Acme"
    else:
        with pytest.raises(lk.ConcurrencyConflict):
            ws.enrichment.enrich(lead.id)
    assert (provider.calls, armed.store.lost) == (1, 0)


@pytest.mark.parametrize(("bound", "tries"), [(False, 5), (True, 1)])
def test_within_a_larger_unit_of_work_nothing_is_tried_again(bound, tries):
    wiring = Wiring(store=MemoryStore(), clock=SteppingClock(), ids=CountedIds())
    session = Session(wiring=wiring, org="acme", actor="user-7")
    seen = []

    def racing():
        seen.append(1)
        raise lk.ConcurrencyConflict(kind="lead", id="x", expected=1, found=2)

    with session.transaction() as work, pytest.raises(lk.ConcurrencyConflict):
        persistently(attrs.evolve(session, bound=work if bound else None), racing)
    assert len(seen) == tries


def test_the_enrichment_of_new_leads_can_be_switched_on_and_off():
    ws, _ = workspace(Known("a"), Known("b"))
    assert ws.enrichment.auto().enabled is False

    on = ws.enrichment.set_auto(enabled=True, providers=["b"])
    assert (on.enabled, on.providers) == (True, ("b",))
    assert ws.enrichment.auto() == on == ws.settings.get().auto_enrichment
    assert ws.enrichment.set_auto(enabled=False).providers == ()
    with pytest.raises(lk.NotFound):
        ws.enrichment.set_auto(enabled=False, providers=["c"])
    with pytest.raises(lk.InvalidInput):
        ws.enrichment.set_auto(enabled="yes")


def test_without_a_provider_it_can_only_be_switched_off():
    ws, lead = workspace()
    with pytest.raises(lk.InvalidInput, match="there is no enrichment provider"):
        ws.enrichment.set_auto(enabled=True)
    assert ws.enrichment.set_auto(enabled=False).enabled is False
    with pytest.raises(lk.InvalidInput, match="there is no enrichment provider"):
        ws.enrichment.enrich(lead.id)


def test_switching_it_on_leaves_the_other_settings_alone():
    ws, _ = workspace(Known())
    ws.settings.update(time_zone="Europe/Berlin")
    ws.enrichment.set_auto(enabled=True)

    assert ws.settings.get().time_zone == "Europe/Berlin"


def test_enrichment_never_touches_another_organisation():
    provider = Known(company="Acme")
    ws, lead = workspace(provider)
    stranger = lk.LeadKit(MemoryStore(), enrichment=(provider,)).workspace(org="other", actor="user-1")
    with pytest.raises(lk.NotFound):
        stranger.enrichment.enrich(lead.id)
    assert ws.leads.get(lead.id) == lead
