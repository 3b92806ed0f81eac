import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.enrichment import MOST_IDS, JobFault, Match, NoMatch
from leadkit.errors import StoreUnavailable
from leadkit.memory import ImmediateJobs, MemoryStore
from leadkit.testing.faults import CallCounter, FaultyStore


class Companies:
    """A provider that knows the company of every lead but those whose address begins with no."""

    name = "companies"

    def __init__(self, max_batch=10):
        self.max_batch = max_batch
        self.asked = []
        self.before = {}

    def match(self, leads):
        self.asked.append([lead.id for lead in leads])
        self.before.pop(len(self.asked), lambda: None)()
        return [self.outcome(lead) for lead in leads]

    def outcome(self, lead):
        if lead.email.startswith("no"):
            return NoMatch(provider=self.name)
        return Match(provider=self.name, values={"company": "Acme"})

    @property
    def times_asked(self):
        every = [lead_id for batch in self.asked for lead_id in batch]
        return {lead_id: every.count(lead_id) for lead_id in every}


class Office:
    """A kit whose provider can be looked into, and some leads."""

    def __init__(self, count=0, *, provider=None, store=None, **ports):
        self.provider = provider or Companies()
        self.store = store or MemoryStore()
        self.kit = lk.LeadKit(self.store, clock=SteppingClock(), ids=CountedIds(), enrichment=(self.provider,), **ports)
        self.ws = self.kit.workspace(org="acme", actor="user-7")
        self.ids = [self.ws.leads.create(email=f"a{number}@example.com").id for number in range(count)]

    def companies(self):
        return [lead.company for lead in self.ws.leads.each()]

    def queued(self, **which):
        return self.ws.enrichment.enrich_batch(**(which or {"filter": {}}))


def figures(job):
    return job.state.value, job.total, job.done, job.changed, job.failed


BY = pytest.mark.parametrize("by", ["ids", "filter"])


def which(office, by):
    return {"ids": office.ids} if by == "ids" else {"filter": {}}


@BY
def test_a_job_waits_until_it_is_run(by):
    office = Office(3)
    job = office.queued(**which(office, by))
    assert figures(job) == ("queued", 3, 0, 0, 0)
    assert office.provider.asked == []

    done = office.ws.enrichment.run(job.id)
    assert figures(done) == ("done", 3, 3, 3, 0)
    assert (done, done.lead_ids) == (office.ws.enrichment.status(job.id), ())
    assert office.companies() == ["Acme"] * 3
    assert office.ws.enrichment.run(job.id) == done
    assert office.provider.asked == [office.ids]


def test_a_runner_that_works_at_once_has_done_it_when_the_call_returns():
    office = Office(3, jobs=ImmediateJobs())
    job = office.queued()

    assert figures(job) == ("done", 3, 3, 3, 0)


@BY
@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 50, 51])
def test_a_job_of_any_size_deals_with_every_lead_once(by, count):
    office = Office(count)
    if not count and by == "ids":
        office.ids = []
    job = office.ws.enrichment.run(office.queued(**which(office, by)).id)

    assert figures(job) == ("done", count, count, count, 0)
    assert office.provider.times_asked == dict.fromkeys(office.ids, 1)
    assert office.companies() == ["Acme"] * count


@pytest.mark.parametrize(
    ("max_batch", "batches"),
    [(1, [1] * 130), (10, [10, 10, 5] * 5 + [5]), (60, [60, 60, 10]), (100, [100, 30]), (1_000, [100, 30])],
)
def test_leads_are_dealt_with_by_chunks_as_large_as_the_provider_takes(max_batch, batches):
    office = Office(130, provider=Companies(max_batch))
    office.ws.enrichment.run(office.queued().id)

    assert [len(batch) for batch in office.provider.asked] == batches


def test_progress_is_kept_with_each_chunk():
    office, seen = Office(60, provider=Companies(25)), []
    job = office.queued(ids=office.ids)

    def look():
        status = office.ws.enrichment.status(job.id)
        seen.append((figures(status), len(status.lead_ids)))

    office.provider.before = {1: look, 2: look, 3: look}
    office.ws.enrichment.run(job.id)

    assert seen == [
        (("running", 60, 0, 0, 0), 60),
        (("running", 60, 25, 25, 0), 35),
        (("running", 60, 50, 50, 0), 10),
    ]


def test_no_unit_of_work_is_open_while_a_provider_is_asked():
    office, seen = Office(1), []
    office.provider.before = {1: lambda: seen.append(office.store.organisation("acme").busy)}
    office.ws.enrichment.run(office.queued().id)

    assert seen == [False]


@pytest.mark.parametrize("run", [lambda work, job: work.run(job), lambda work, _: work.run_pending()])
def test_no_job_runs_within_a_unit_of_work(run):
    office = Office(1)
    job = office.queued()
    with office.ws.unit_of_work() as work, pytest.raises(lk.InvalidInput, match="outside of units of work"):
        run(work.enrichment, job.id)
    assert office.provider.asked == []


def test_a_job_that_is_asked_for_within_a_unit_of_work_runs_after_it():
    office = Office(2, jobs=ImmediateJobs())
    with office.ws.unit_of_work() as work:
        job = work.enrichment.enrich_batch(ids=office.ids)
        assert figures(job) == ("queued", 2, 0, 0, 0)
        assert office.provider.asked == []

    assert figures(office.ws.enrichment.status(job.id)) == ("done", 2, 2, 2, 0)


def test_a_job_of_a_unit_of_work_that_was_not_kept_never_runs():
    office = Office(2, jobs=ImmediateJobs())
    with pytest.raises(RuntimeError), office.ws.unit_of_work() as work:
        job = work.enrichment.enrich_batch(ids=office.ids)
        raise RuntimeError

    assert office.provider.asked == []
    with pytest.raises(lk.NotFound):
        office.ws.enrichment.status(job.id)


# --- which leads -----------------------------------------------------------------------------------------------------


def test_a_filter_says_which_leads():
    office = Office(4)
    office.ws.leads.qualify(office.ids[1])
    job = office.queued(filter={"status": "new", "ids": office.ids[:3]})
    assert job.total == 2
    office.ws.enrichment.run(job.id)

    assert office.provider.asked == [[office.ids[0], office.ids[2]]]


def convert(office, lead_id):
    office.ws.leads.qualify(lead_id)
    office.ws.leads.convert(lead_id)


def test_a_filter_leaves_converted_leads_out_unless_it_names_them():
    office = Office(3)
    convert(office, office.ids[0])
    convert(office, office.ids[1])
    office.ws.leads.disqualify(office.ids[2], reason="bad-fit")

    assert figures(office.ws.enrichment.run(office.queued(filter={}).id)) == ("done", 1, 1, 1, 0)
    named = office.ws.enrichment.run(office.queued(filter={"status": ["converted", "disqualified"]}).id)
    assert figures(named) == ("done", 3, 1, 0, 2)
    assert [fault.lead_id for fault in named.errors] == office.ids[:2]


def test_leads_that_a_filter_means_no_longer_are_not_counted():
    office = Office(30)
    job = office.queued(filter={"condition": {"field": "company", "op": "missing"}})
    office.ws.leads.update(office.ids[29], company="Bolt")

    assert figures(office.ws.enrichment.run(job.id)) == ("done", 29, 29, 29, 0)


def test_a_lead_that_is_named_twice_is_enriched_once():
    office = Office(2)

    assert office.queued(ids=[*office.ids, office.ids[0]]).lead_ids == tuple(office.ids)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "$: name the leads by ids, or by a filter"),
        ({"ids": [], "filter": {}}, "$: name the leads by ids, or by a filter"),
        ({"filter": {"statsu": "new"}}, "$.filter.statsu: unknown key; did you mean `status`?"),
        ({"ids": [str(n) for n in range(MOST_IDS + 1)]}, "$.ids: a job takes at most 10,000 ids; use a filter"),
        ({"filter": {}, "wanted": ["compny"]}, "$.wanted[0]: a lead has no such field; did you mean `company`?"),
    ],
)
def test_what_is_asked_is_checked(options, message):
    with pytest.raises(lk.InvalidInput) as caught:
        Office().ws.enrichment.enrich_batch(**options)
    assert str(caught.value) == message


def test_leads_and_providers_must_exist():
    office = Office(1)
    with pytest.raises(lk.NotFound, match="nobody"):
        office.queued(ids=[*office.ids, "nobody"])
    with pytest.raises(lk.NotFound, match="enrichment provider"):
        office.queued(ids=office.ids, providers=["nobody"])
    with pytest.raises(lk.NotFound, match="there is no job with id 'nothing'"):
        office.ws.enrichment.status("nothing")
    with pytest.raises(lk.NotFound, match="there is no job with id 'nothing'"):
        office.ws.enrichment.run("nothing")
    assert list(office.ws.enrichment.run_pending()) == []


def test_a_job_is_carried_out_as_it_was_asked_for():
    office = Office(2)
    office.ws.leads.update(office.ids[0], company="Bolt")
    job = office.queued(ids=office.ids, providers=["companies"], wanted=["company"], overwrite=True)
    assert (job.providers, job.wanted, job.overwrite, job.actor) == (("companies",), ("company",), True, "user-7")
    office.ws.enrichment.run(job.id)

    assert office.companies() == ["Acme", "Acme"]
    kept = office.queued(ids=office.ids, wanted=["company"])
    assert figures(office.ws.enrichment.run(kept.id)) == ("done", 2, 2, 0, 0)
    assert len(office.provider.asked) == 1


def test_leads_change_in_the_name_of_whoever_asked():
    office = Office(1)
    job = office.queued()
    office.kit.workspace(org="acme", actor="night-shift").enrichment.run(job.id)

    assert [event.actor for event in office.ws.leads.history(office.ids[0])] == ["user-7", "user-7"]


def test_a_job_under_a_key_is_one_job():
    office = Office(2)
    first = office.ws.keyed("k").enrichment.enrich_batch(filter={})
    office.ws.enrichment.run(first.id)

    assert figures(office.ws.keyed("k").enrichment.enrich_batch(filter={})) == ("done", 2, 2, 2, 0)
    with pytest.raises(lk.IdempotencyMismatch):
        office.ws.keyed("k").enrichment.enrich_batch(ids=office.ids)


def test_a_keyed_workspace_runs_jobs_too():
    office = Office(2, jobs=ImmediateJobs())

    assert figures(office.ws.keyed("k").enrichment.enrich_batch(filter={})) == ("done", 2, 2, 2, 0)
    assert office.companies() == ["Acme"] * 2
    other = Office(2)
    job = other.queued()
    assert figures(other.ws.keyed("k").enrichment.run(job.id)) == ("done", 2, 2, 2, 0)


# --- what fails ------------------------------------------------------------------------------------------------------


class Failing(Companies):
    """A provider that fails for the leads that it is told."""

    def __init__(self, *bad, max_batch=1):
        super().__init__(max_batch)
        self.bad = bad

    def outcome(self, lead):
        if lead.id in self.bad:
            raise lk.ProviderFailure(provider=self.name, reason="rate limit")
        return super().outcome(lead)


def test_a_provider_that_fails_for_some_leads_fails_for_these_alone():
    office = Office(3)
    office.provider = Failing(office.ids[1])
    office.ws = office.kit.rewired(enrichment=(office.provider,)).workspace(org="acme", actor="user-7")
    job = office.ws.enrichment.run(office.queued().id)

    assert figures(job) == ("done", 3, 2, 2, 1)
    reason = "provider-failure: provider `companies` failed: rate limit"
    assert job.errors == (JobFault(lead_id=office.ids[1], reason=reason),)
    assert office.companies() == ["Acme", None, "Acme"]


def test_a_job_of_which_every_lead_failed_has_failed():
    office = Office(2)
    office.provider = Failing(*office.ids)
    office.ws = office.kit.rewired(enrichment=(office.provider,)).workspace(org="acme", actor="user-7")

    assert figures(office.ws.enrichment.run(office.queued().id)) == ("failed", 2, 0, 0, 2)


def test_a_lead_that_nobody_knows_is_done_and_not_changed():
    office = Office()
    office.ws.leads.create(email="nobody@example.com")

    assert figures(office.ws.enrichment.run(office.queued().id)) == ("done", 1, 1, 0, 0)


def test_leads_that_went_before_they_were_dealt_with_are_told_and_not_paid_for():
    office = Office(4)
    job = office.queued(ids=office.ids)
    office.ws.leads.delete(office.ids[0])
    convert(office, office.ids[2])
    done = office.ws.enrichment.run(job.id)

    assert figures(done) == ("done", 4, 2, 2, 2)
    assert [(fault.lead_id, fault.reason.partition(":")[0]) for fault in done.errors] == [
        (office.ids[0], "not-found"),
        (office.ids[2], "invalid-transition"),
    ]
    assert office.provider.asked == [[office.ids[1], office.ids[3]]]


def test_leads_that_went_while_a_provider_was_asked_are_told():
    office = Office(4)
    job = office.queued(ids=office.ids)
    office.provider.before = {
        1: lambda: (office.ws.leads.delete(office.ids[3]), convert(office, office.ids[0])),
    }
    done = office.ws.enrichment.run(job.id)

    assert figures(done) == ("done", 4, 2, 2, 2)
    assert [(fault.lead_id, fault.reason.partition(":")[0]) for fault in done.errors] == [
        (office.ids[0], "invalid-transition"),
        (office.ids[3], "not-found"),
    ]


def test_a_lead_that_is_gone_from_the_store_is_told():
    office = Office(2)
    job = office.queued(ids=office.ids)
    office.store.organisation("acme").leads.drop(office.ids[0])

    assert figures(office.ws.enrichment.run(job.id)) == ("done", 2, 1, 1, 1)


@pytest.mark.parametrize(
    ("providers", "asked_for", "reason"),
    [
        ((), (), "invalid-input: $.providers: there is no enrichment provider; give the kit one, as LeadKit(…, enri"),
        ((Failing(),), ("gone",), "not-found: there is no enrichment provider with id 'gone'; possible are"),
    ],
)
def test_a_job_whose_providers_are_gone_has_failed(providers, asked_for, reason):
    office = Office(1)
    gone = Companies()
    gone.name = "gone"
    both = office.kit.rewired(enrichment=(office.provider, gone)).workspace(org="acme", actor="user-7")
    job = both.enrichment.enrich_batch(filter={}, providers=asked_for)
    ended = office.kit.rewired(enrichment=providers).workspace(org="acme", actor="user-7").enrichment.run(job.id)

    assert figures(ended) == ("failed", 1, 0, 0, 0)
    assert ended.reason.startswith(reason)
    assert ended == office.ws.enrichment.status(job.id)
    assert list(office.ws.enrichment.run_pending()) == []


# --- interrupted -----------------------------------------------------------------------------------------------------


class Died(BaseException):
    """The process is killed."""


def die():
    raise Died


@BY
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_job_that_was_interrupted_goes_on_behind_what_was_kept(by, batch):
    office = Office(60, provider=Companies(25))
    job = office.queued(**which(office, by))
    office.provider.before = {batch: die}
    with pytest.raises(Died):
        office.ws.enrichment.run(job.id)
    done = 25 * (batch - 1)
    assert figures(office.ws.enrichment.status(job.id)) == ("running", 60, done, done, 0)

    (finished,) = office.ws.enrichment.run_pending()
    assert figures(finished) == ("done", 60, 60, 60, 0)
    assert office.companies() == ["Acme"] * 60
    # The batch that was lost is asked for again; what was kept is not.
    lost = office.ids[done : done + 25]
    assert office.provider.times_asked == {lead_id: 1 + (lead_id in lost) for lead_id in office.ids}
    assert all(len(office.ws.leads.history(lead_id)) == 2 for lead_id in office.ids)


@BY
@pytest.mark.parametrize("for_ever", [False, True])
def test_a_store_that_fails_at_any_call_leaves_a_job_that_can_go_on(by, for_ever):
    def interrupted(fail_at):
        counter, inner = CallCounter(), MemoryStore()
        office = Office(30, store=FaultyStore(inner, counter))
        job = office.queued(**which(office, by))
        counter.calls, counter.fail_at, counter.for_ever = 0, fail_at, for_ever
        if fail_at is None:
            office.ws.enrichment.run(job.id)
        else:
            with pytest.raises(StoreUnavailable):
                office.ws.enrichment.run(job.id)
        calls, counter.fail_at = counter.calls, None
        assert figures(office.ws.enrichment.run(job.id)) == ("done", 30, 30, 30, 0)
        assert office.companies() == ["Acme"] * 30
        assert all(len(office.ws.leads.history(lead_id)) == 2 for lead_id in office.ids)
        return calls

    for failing in range(1, interrupted(None) + 1):
        interrupted(failing)


def test_a_job_that_another_process_has_moved_on_is_left_to_that_one():
    office = Office(60, provider=Companies(25))
    job = office.queued()
    other = Companies(25)
    elsewhere = office.kit.rewired(enrichment=(other,)).workspace(org="acme", actor="user-7")
    office.provider.before = {2: lambda: elsewhere.enrichment.run(job.id)}
    done = office.ws.enrichment.run(job.id)

    assert figures(done) == ("done", 60, 60, 60, 0)
    assert [len(batch) for batch in office.provider.asked] == [25, 25]
    assert [len(batch) for batch in other.asked] == [25, 10]
    assert all(len(office.ws.leads.history(lead_id)) == 2 for lead_id in office.ids)


def test_waiting_jobs_are_run_the_oldest_first():
    office = Office(3)
    jobs = [office.queued(ids=[lead_id]) for lead_id in reversed(office.ids)]

    assert [job.id for job in office.ws.enrichment.run_pending()] == [job.id for job in jobs]
    assert office.provider.asked == [[lead_id] for lead_id in reversed(office.ids)]
    assert list(office.ws.enrichment.run_pending()) == []


def test_a_runner_that_refuses_a_job_leaves_it_to_be_run_later(caplog):
    class Full:
        def submit(self, _):
            raise OverflowError

    office = Office(2, jobs=Full())
    job = office.queued()

    assert figures(job) == ("queued", 2, 0, 0, 0)
    assert caplog.messages == ["work after a command failed: OverflowError"]
    assert figures(office.ws.enrichment.run_pending()[0]) == ("done", 2, 2, 2, 0)


def test_jobs_of_another_organisation_are_out_of_reach():
    office = Office(2)
    job = office.queued()
    other = office.kit.workspace(org="other", actor="user-7")

    assert list(other.enrichment.run_pending()) == []
    with pytest.raises(lk.NotFound):
        other.enrichment.run(job.id)


# --- new leads -------------------------------------------------------------------------------------------------------

CSV = b"email\n" + b"".join(b"row%d@example.com\n" % number for number in range(30))


def test_each_new_lead_is_enriched_once_it_is_switched_on():
    office = Office(1, jobs=ImmediateJobs())
    office.ws.enrichment.set_auto(enabled=True)
    lead = office.ws.leads.create(email="b@example.com")

    assert office.ws.leads.get(lead.id).company == "Acme"
    assert office.ws.leads.get(office.ids[0]).company is None
    office.ws.enrichment.set_auto(enabled=False)
    assert office.ws.leads.get(office.ws.leads.create(email="c@example.com").id).company is None


def test_a_lead_that_was_known_already_is_not_new():
    office = Office(1, jobs=ImmediateJobs())
    office.ws.settings.update(duplicates="update")
    office.ws.enrichment.set_auto(enabled=True)
    office.ws.leads.create(email="a0@example.com", first_name="Alice")

    assert office.provider.asked == []


@pytest.mark.parametrize("runner", [None, ImmediateJobs()])
def test_all_leads_of_a_unit_of_work_are_one_job(runner):
    office = Office(jobs=runner)
    office.ws.enrichment.set_auto(enabled=True)
    with office.ws.unit_of_work() as work:
        ids = [work.leads.create(email=f"b{number}@example.com").id for number in range(3)]
        assert office.provider.asked == []
    if runner is None:
        (job,) = office.ws.enrichment.run_pending()
        assert (figures(job), job.actor) == (("done", 3, 3, 3, 0), "user-7")

    assert office.provider.asked == [ids]


def test_leads_that_were_not_kept_are_not_enriched():
    office = Office(jobs=ImmediateJobs())
    office.ws.enrichment.set_auto(enabled=True)
    with pytest.raises(RuntimeError), office.ws.unit_of_work() as work:
        work.leads.create(email="b@example.com")
        raise RuntimeError

    assert office.provider.asked == []
    assert list(office.ws.enrichment.run_pending()) == []


def test_imported_leads_are_enriched_too():
    office = Office(jobs=ImmediateJobs())
    office.ws.enrichment.set_auto(enabled=True)
    assert office.ws.imports.csv(CSV, dry_run=True).created == 30
    assert office.provider.asked == []
    assert office.ws.imports.csv(CSV, batch_size=20).created == 30

    assert office.companies() == ["Acme"] * 30
    assert [len(batch) for batch in office.provider.asked] == [10, 10, 10]


def test_a_lead_that_is_made_from_a_contact_is_enriched_too():
    office = Office(1, jobs=ImmediateJobs())
    convert(office, office.ids[0])
    contact = office.ws.leads.get(office.ids[0]).converted_to_contact_id
    office.ws.enrichment.set_auto(enabled=True)

    assert office.ws.leads.get(office.ws.leads.from_contact(contact).id).company == "Acme"


def test_the_providers_that_were_chosen_are_asked():
    office, other = Office(), Companies()
    other.name = "other"
    ws = office.kit.rewired(enrichment=(office.provider, other), jobs=ImmediateJobs()).workspace(
        org="acme", actor="user-7"
    )
    ws.enrichment.set_auto(enabled=True, providers=["other"])
    ws.leads.create(email="b@example.com")

    assert (len(office.provider.asked), len(other.asked)) == (0, 1)


def test_creating_a_lead_works_whatever_providers_do(caplog):
    office = Office(provider=Failing("lead-000001"), jobs=ImmediateJobs())
    office.ws.enrichment.set_auto(enabled=True)
    lead = office.ws.leads.create(email="b@example.com")

    assert lead.id == "lead-000001"
    assert caplog.messages == ["provider `companies` failed: rate limit"]


def test_more_leads_than_a_job_takes_are_several_jobs(monkeypatch):
    monkeypatch.setattr("leadkit.services.enrichment_jobs.MOST_IDS", 2)
    office = Office()
    office.ws.enrichment.set_auto(enabled=True)
    with office.ws.unit_of_work() as work:
        for number in range(5):
            work.leads.create(email=f"b{number}@example.com")

    assert [job.total for job in office.ws.enrichment.run_pending()] == [2, 2, 1]
    assert office.companies() == ["Acme"] * 5
