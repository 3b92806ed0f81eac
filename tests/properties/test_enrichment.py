"""What enrichment promises, whatever providers say: nothing raised, nothing protected, nothing lost, all of it told."""

import copy
import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from leadkit.enrichment import (
    EnrichmentJob,
    Match,
    NoMatch,
    advanced,
    begun,
    finished,
    goes_on,
    merge,
    still_wanted,
)
from leadkit.enrichment.places import STANDARD, is_empty
from leadkit.leads import PROTECTED, WRITABLE, Context, Lead, decide, fold, wire_name
from leadkit.leads.documents import NewLead
from leadkit.leads.lifecycle import create
from leadkit.values import canonical_json

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTEXT = Context(now=NOW, actor="user-7")

texts = st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | texts
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
plain = st.none() | st.booleans() | st.integers(-5, 5) | st.text(st.characters(codec="ascii", exclude_categories=["C"]))
spelled = st.sampled_from([spelling for name in (*WRITABLE, *PROTECTED) for spelling in (name, wire_name(name))])
keys = st.sampled_from(["size", "title", "a.b"])
names = spelled | keys.map("properties.{}".format) | keys.map("utmParams.{}".format) | texts

good_values = st.fixed_dictionaries(
    {},
    optional={
        "email": st.just("b@example.com"),
        "firstName": st.sampled_from(["Alice", "Bob"]),
        "phone": st.sampled_from(["5", "+1 555 0100"]),
        "company": st.sampled_from(["Acme", "Bolt", "", None]),
        "properties": st.dictionaries(keys, plain, max_size=3),
    },
)
bad_values = st.dictionaries(names, anything, max_size=5)
outcomes = st.lists(
    st.builds(Match, provider=st.sampled_from(["apollo", "hunter"]), values=good_values | bad_values)
    | st.builds(NoMatch, provider=st.just("pdl")),
    max_size=4,
)


@st.composite
def leads(draw):
    fields = draw(
        st.fixed_dictionaries(
            {"external_id": st.just("crm-1")},
            optional={
                "email": st.just("a@example.com"),
                "first_name": st.sampled_from(["Ann", " "]),
                "company": st.sampled_from(["Core", ""]),
                "properties": st.dictionaries(keys, plain, max_size=3),
            },
        )
    )
    return create(NewLead(**fields), id="lead-1", context=CONTEXT)


def enriched(decision, answers, *, overwrite):
    merged = merge(decision.lead, answers, at=NOW, overwrite=overwrite)
    return merged, decide(decision.lead, merged.command, CONTEXT)


@given(leads(), outcomes, st.booleans())
def test_whatever_is_answered_merges_into_a_lead_whose_events_fold_into_it(made, answers, overwrite):
    merged, decision = enriched(made, answers, overwrite=overwrite)

    assert decision.changed == bool(merged.changes) == bool(merged.provenance)
    assert fold([*made.events, *decision.events]) == decision.lead
    assert Lead.model_validate_json(decision.lead.model_dump_json()) == decision.lead


@given(leads(), outcomes, st.booleans())
def test_only_writable_fields_ever_change(made, answers, overwrite):
    merged, decision = enriched(made, answers, overwrite=overwrite)

    assert set(merged.changes) <= set(WRITABLE)
    for name in set(PROTECTED) - {"enrichment", "updated_at", "version"}:
        assert getattr(decision.lead, name) == getattr(made.lead, name)


def spots(lead):
    """Every field and every property of a lead that enrichment may fill, and what stands there."""
    found = {name: getattr(lead, name) for name in WRITABLE if name not in ("properties", "utm_params")}
    for holder in ("properties", "utm_params"):
        found |= {(holder, key): value for key, value in getattr(lead, holder).items()}
    return found


@given(leads(), outcomes)
def test_what_stands_there_stays_and_nothing_is_ever_cleared(made, answers):
    _, decision = enriched(made, answers, overwrite=False)

    before, after = spots(made.lead), spots(decision.lead)
    assert before.keys() <= after.keys()
    for spot, value in before.items():
        if not is_empty(value):
            assert canonical_json(after[spot]) == canonical_json(value)


@given(leads(), outcomes)
def test_told_to_overwrite_it_still_clears_nothing(made, answers):
    _, decision = enriched(made, answers, overwrite=True)

    before, after = spots(made.lead), spots(decision.lead)
    assert not [spot for spot, value in before.items() if not is_empty(value) and is_empty(after[spot])]


@given(leads(), outcomes, st.booleans())
def test_the_same_answers_again_change_nothing(made, answers, overwrite):
    _, decision = enriched(made, answers, overwrite=overwrite)

    again = merge(decision.lead, answers, at=NOW, overwrite=overwrite)
    assert (again.changes, again.provenance) == ({}, {})


@given(leads(), outcomes, st.booleans())
def test_every_change_remembers_a_provider_that_answered_it(made, answers, overwrite):
    merged, decision = enriched(made, answers, overwrite=overwrite)

    answered = {outcome.provider for outcome in answers if isinstance(outcome, Match)}
    assert {each.provider for each in merged.provenance.values()} <= answered
    after = decision.lead.model_dump()
    for name, each in merged.provenance.items():
        field, _, key = name.partition(".")
        assert canonical_json(after[field][key] if key else after[field]) == canonical_json(
            json.loads(json.dumps(each.value))
        )


@given(leads(), outcomes, outcomes)
def test_a_later_provider_never_changes_what_an_earlier_one_filled(made, first, later):
    alone = merge(made.lead, first, at=NOW)
    both = merge(made.lead, [*first, *later], at=NOW)

    assert alone.provenance.items() <= both.provenance.items() or all(
        canonical_json(both.provenance[name].value) == canonical_json(each.value)
        for name, each in alone.provenance.items()
    )
    assert both.refused[: len(alone.refused)] == alone.refused


@given(leads(), outcomes, st.booleans())
def test_nothing_that_was_given_is_changed(made, answers, overwrite):
    before, values = made.lead.model_dump(), [copy.deepcopy(getattr(each, "values", None)) for each in answers]
    merge(made.lead, answers, at=NOW, overwrite=overwrite)

    assert made.lead.model_dump() == before
    assert [repr(getattr(each, "values", None)) for each in answers] == [repr(value) for value in values]


@given(leads(), outcomes)
def test_every_reason_and_name_can_be_held_by_any_store(made, answers):
    for refused in merge(made.lead, answers, at=NOW).refused:
        assert refused.field.isprintable()
        assert refused.field.encode().decode() == refused.field
        assert "\x00" not in refused.reason
        assert refused.reason.encode().decode() == refused.reason


@given(leads(), outcomes, outcomes, st.booleans())
def test_what_is_wanted_only_shrinks(made, first, later, overwrite):
    before = still_wanted(made.lead, first, overwrite=overwrite)
    after = still_wanted(made.lead, [*first, *later], overwrite=overwrite)

    assert set(after) <= set(before) <= set(STANDARD)
    if first and later and not goes_on(made.lead, first, overwrite=overwrite):
        assert not goes_on(made.lead, [*first, *later], overwrite=overwrite)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), max_size=6))
def test_a_job_counts_every_lead_once(chunks):
    total = sum(size for size, _ in chunks)
    ids = [f"lead-{number}" for number in range(total)]
    job = begun(EnrichmentJob(id="job-1", lead_ids=tuple(ids), total=total, created_at=NOW, updated_at=NOW), at=NOW)
    for size, bad in chunks:
        dealt = job.lead_ids[:size]
        faults = [(lead_id, "x") for lead_id in dealt[:bad]]
        job = advanced(job, dealt, faults, changed=size - len(faults), at=NOW)
        assert job.done + job.failed + len(job.lead_ids) == total
    job = finished(job, at=NOW)

    assert (job.total, job.lead_ids, job.state.is_final) == (total, (), True)
    assert job.changed == job.done
    assert len(job.errors) == min(job.failed, 100)
