"""What a pipeline store must hold to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from leadkit.errors import AlreadyExists, ConcurrencyConflict
from leadkit.testing.builders import NOON, build_pipeline
from leadkit.testing.contracts.opening import StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["PipelineStoreContract"]


class PipelineStoreContract(StoreFixture):
    """Pipelines are kept by id and version."""

    def test_a_pipeline_that_is_not_there_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.pipelines.get("nothing")) is None
        assert list(self.seen(store, lambda work: work.pipelines.list())) == []

    def test_a_pipeline_is_kept_whole(self, store: Store) -> None:
        rules = {"rules": [{"if": {"field": "score", "op": ">=", "value": 80}, "assignTo": "round-robin:ae"}]}
        pipeline = build_pipeline(auto_route=rules)
        with self.writing(store) as work:
            work.pipelines.add(pipeline)

        assert self.seen(store, lambda work: work.pipelines.get("inbound")) == pipeline

    def test_pipelines_come_oldest_first(self, store: Store) -> None:
        pipelines = [
            build_pipeline("z", created_at=NOON - timedelta(days=1)),
            build_pipeline("a"),
            build_pipeline("b"),
        ]
        with self.writing(store) as work:
            for pipeline in reversed(pipelines):
                work.pipelines.add(pipeline)

        assert list(self.seen(store, lambda work: work.pipelines.list())) == pipelines

    def test_an_id_of_a_pipeline_is_used_once(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pipelines.add(build_pipeline())
        with pytest.raises(AlreadyExists), self.writing(store) as work:
            work.pipelines.add(build_pipeline())

    def test_a_changed_pipeline_replaces_the_one_that_was_read(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pipelines.add(build_pipeline())
            work.pipelines.save(build_pipeline(name="Other", version=2), expected=1)

        assert self.seen(store, lambda work: work.pipelines.get("inbound")) == build_pipeline(name="Other", version=2)

    def test_a_pipeline_is_forgotten(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pipelines.add(build_pipeline())
        with self.writing(store) as work:
            work.pipelines.remove("inbound", expected=1)

        assert self.seen(store, lambda work: work.pipelines.get("inbound")) is None

    def test_another_version_of_a_pipeline_is_a_conflict(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pipelines.add(build_pipeline(version=2))
        with pytest.raises(ConcurrencyConflict), self.writing(store) as work:
            work.pipelines.save(build_pipeline(version=2), expected=1)
        with pytest.raises(ConcurrencyConflict), self.writing(store) as work:
            work.pipelines.remove("inbound", expected=1)
        with pytest.raises(ConcurrencyConflict), self.writing(store) as work:
            work.pipelines.remove("nothing", expected=1)

        assert self.seen(store, lambda work: work.pipelines.get("inbound")) == build_pipeline(version=2)
