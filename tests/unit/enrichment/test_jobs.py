from datetime import UTC, datetime

import pytest

from leadkit.enrichment import (
    MOST_FAULTS,
    MOST_IDS,
    EnrichmentJob,
    JobFault,
    JobState,
    advanced,
    begun,
    ended,
    finished,
)
from leadkit.errors import InvalidInput
from leadkit.leads.filtering import LeadFilter
from leadkit.values import read

BEFORE = datetime(2026, 11, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def job(**fields):
    return EnrichmentJob(
        **{
            "id": "job-1",
            "lead_ids": ("a", "b", "c"),
            "total": 3,
            "created_at": BEFORE,
            "updated_at": BEFORE,
            **fields,
        }
    )


FILTERED = job(lead_ids=(), filter=LeadFilter(status="new"), state="running")
FINAL = [JobState.DONE, JobState.FAILED]


def test_a_job_begins_queued_with_nothing_done():
    made = job()

    assert (made.state, made.done, made.changed, made.failed, made.errors) == (JobState.QUEUED, 0, 0, 0, ())
    assert (made.providers, made.wanted, made.overwrite, made.actor, made.reason) == ((), None, False, None, None)
    assert [state.is_final for state in JobState] == [False, False, True, True]


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_that_waits_or_was_interrupted_runs(state):
    assert begun(job(state=state), at=NOW) == job(state="running", updated_at=NOW)


@pytest.mark.parametrize("state", FINAL)
def test_a_job_that_has_ended_does_not_run_again(state):
    final = job(state=state)

    assert begun(final, at=NOW) is final


def test_a_chunk_of_leads_moves_a_job_on():
    after = advanced(job(), ["a", "b"], [("b", "not-found: it is gone")], changed=1, at=NOW)

    assert after == job(
        lead_ids=("c",),
        done=1,
        changed=1,
        failed=1,
        errors=(JobFault(lead_id="b", reason="not-found: it is gone"),),
        updated_at=NOW,
    )
    assert advanced(after, ["c"], [("c", "x")], changed=0, at=NOW) == job(
        lead_ids=(),
        done=1,
        changed=1,
        failed=2,
        errors=(JobFault(lead_id="b", reason="not-found: it is gone"), JobFault(lead_id="c", reason="x")),
        updated_at=NOW,
    )


def test_a_job_by_filter_remembers_the_last_lead():
    after = advanced(FILTERED, ["a", "b"], [], changed=2, at=NOW)

    assert (after.after, after.done, after.changed, after.lead_ids) == ("b", 2, 2, ())
    assert advanced(after, [], [], changed=0, at=NOW) == after
    assert advanced(job(), ["a"], [], changed=0, at=NOW).after is None


def test_only_the_first_errors_are_kept_and_all_are_counted():
    many = [(f"lead-{number}", "x") for number in range(MOST_FAULTS + 5)]
    after = advanced(FILTERED, [lead_id for lead_id, _ in many], many, changed=0, at=NOW)

    assert MOST_FAULTS == 100
    assert (after.failed, after.done, len(after.errors)) == (105, 0, 100)
    assert [fault.lead_id for fault in after.errors] == [f"lead-{number}" for number in range(100)]
    assert advanced(after, ["z"], [("z", "x")], changed=0, at=NOW).errors == after.errors


@pytest.mark.parametrize(
    ("reason", "kept"), [("a\x00\nb", "a\\x00\\nb"), ("\ud800", "\\ud800"), ("ü" * 600, "ü" * 500)]
)
def test_a_reason_is_kept_so_that_every_store_can_hold_it(reason, kept):
    assert advanced(job(), ["a"], [("a", reason)], changed=0, at=NOW).errors[0].reason == kept
    assert ended(job(), reason, at=NOW).reason == kept


@pytest.mark.parametrize(
    ("done", "failed", "state"),
    [(3, 0, "done"), (1, 2, "done"), (0, 0, "done"), (0, 3, "failed"), (0, 1, "failed")],
)
def test_a_job_is_done_unless_not_one_lead_could_be_enriched(done, failed, state):
    assert finished(job(lead_ids=(), state="running", done=done, failed=failed), at=NOW) == job(
        lead_ids=(), state=state, done=done, failed=failed, total=done + failed, updated_at=NOW
    )


def test_a_job_that_cannot_go_on_keeps_what_it_did():
    assert ended(job(state="running", done=1, lead_ids=("b", "c")), "no provider", at=NOW) == job(
        state="failed", done=1, lead_ids=("b", "c"), reason="no provider", updated_at=NOW
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"total": -1}, "$.total"),
        ({"done": True}, "$.done"),
        ({"failed": -1}, "$.failed"),
        ({"changed": 1.5}, "$.changed"),
        ({"state": "paused"}, "$.state"),
        ({"leadIds": ["x"] * (MOST_IDS + 1)}, "$.leadIds"),
        ({"errors": [{"leadId": "x", "reason": "y"}] * 101}, "$.errors"),
        ({"overwrite": 1}, "$.overwrite"),
    ],
)
def test_a_job_is_checked(changes, path):
    with pytest.raises(InvalidInput) as caught:
        read(EnrichmentJob, {**job().model_dump(mode="json"), **changes})
    assert [fault.path for fault in caught.value.faults] == [path]


def test_a_job_takes_ten_thousand_ids():
    assert len(job(lead_ids=["x"] * 10_000).lead_ids) == 10_000


@pytest.mark.parametrize(
    "made",
    [
        job(),
        job(providers=("apollo",), wanted=("properties.title",), overwrite=True, actor="user-7", state="done"),
        job(lead_ids=(), filter=LeadFilter(condition={"field": "company", "op": "missing"}), after="b", reason="x"),
    ],
)
def test_a_job_goes_over_the_wire_and_comes_back(made):
    assert read(EnrichmentJob, made.model_dump(mode="json")) == made
