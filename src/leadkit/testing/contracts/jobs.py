"""What a job store and a job runner must hold to."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from leadkit.testing.builders import NOON, build_job
from leadkit.testing.contracts.opening import StoreFixture
from leadkit.testing.contracts.overriding import must_override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import JobRunner, Store

__all__ = ["JobRunnerContract", "JobStoreContract"]

_PATIENCE = 30.0


class JobStoreContract(StoreFixture):
    """Jobs are kept with how far they are."""

    def test_a_job_that_is_not_there_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.jobs.get("nothing")) is None
        assert list(self.seen(store, lambda work: work.jobs.unfinished())) == []

    def test_a_job_is_kept_anew_under_its_id(self, store: Store) -> None:
        moved = build_job(state="running", done=1, lead_ids=(), errors=[{"leadId": "x", "reason": "y"}], failed=1)
        with self.writing(store) as work:
            work.jobs.put(build_job())
        with self.writing(store) as work:
            work.jobs.put(moved)

        assert self.seen(store, lambda work: work.jobs.get("job-1")) == moved

    def test_unfinished_jobs_come_oldest_first(self, store: Store) -> None:
        jobs = [
            build_job("z", created_at=NOON - timedelta(days=1)),
            build_job("a", state="running"),
            build_job("b"),
        ]
        with self.writing(store) as work:
            for job in [*reversed(jobs), build_job("c", state="done"), build_job("d", state="failed")]:
                work.jobs.put(job)

        assert list(self.seen(store, lambda work: work.jobs.unfinished())) == jobs


class JobRunnerContract:
    """Work that is handed over is done, once."""

    @pytest.fixture
    def runner(self) -> Iterator[JobRunner]:
        """Answer a runner; override it."""
        raise must_override(self, "runner")

    def test_work_is_done_once(self, runner: JobRunner) -> None:
        done = threading.Semaphore(0)
        runner.submit(done.release)

        assert done.acquire(timeout=_PATIENCE)
        assert not done.acquire(timeout=0.05)
