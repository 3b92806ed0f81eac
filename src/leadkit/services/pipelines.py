"""Pipelines and stages: create, change, remove, reorder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import InUse, NotFound, UnknownStrategy
from leadkit.leads import commands, decide
from leadkit.leads.filtering import LeadFilter
from leadkit.pipelines import (
    NewPipeline,
    Pipeline,
    PipelinePatch,
    Stage,
    StagePatch,
    add_stage,
    change_pipeline,
    change_stage,
    parse_target,
    remove_stage,
    reorder,
)
from leadkit.routing import STRATEGIES
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["PipelineService"]

_CHUNK = 500


@attrs.frozen
class PipelineService:
    """The pipelines of the workspace's organisation."""

    _session: Session

    def create(self, **fields: Any) -> Pipeline:
        """Create a pipeline.

        Args:
            **fields: Those of `NewPipeline`: id (made when left out), name, stages, auto_route.

        Raises:
            InvalidInput: With every fault.
            RuleErrors: A route's condition is not acceptable.
            UnknownStrategy: A route names a strategy that nobody registered.
            AlreadyExists: There is one with that id.
        """
        new = read(NewPipeline, fields)

        def body(work: UnitOfWork) -> Pipeline:
            return self._add(work, new)

        return self._command("pipelines.create", {"fields": new}, body)

    def put(self, **fields: Any) -> Pipeline:
        """Make a pipeline what a document says: create it, or replace what it was.

        Args:
            **fields: Those of `NewPipeline`, with its id.

        Raises:
            InvalidInput: With every fault.
            RuleErrors: A route's condition is not acceptable.
            UnknownStrategy: A route names a strategy that nobody registered.
            InUse: Open leads stand in a stage that would be gone.
        """
        new = read(NewPipeline, fields)

        def body(work: UnitOfWork) -> Pipeline:
            before = None if new.id is None else work.pipelines.get(new.id)
            if before is None:
                return self._add(work, new)
            update = {"name": new.name, "stages": new.stages, "auto_route": new.auto_route}
            after = before.model_copy(update=update)
            if after == before:
                return before
            self._check_strategies(after)
            for stage_id in before.stage_ids:
                if after.stage(stage_id) is None:
                    self._empty(work, before.id, stage_id, None)
            after = after.model_copy(update={"version": before.version + 1})
            work.pipelines.save(after, expected=before.version)
            return after

        return self._command("pipelines.put", {"fields": new}, body)

    def get(self, pipeline_id: str) -> Pipeline:
        """Answer a pipeline.

        Raises:
            NotFound: There is none with that id.
        """
        with self._session.reading() as work:
            return self._session.pipeline(work, pipeline_id)

    def list(self) -> Sequence[Pipeline]:
        """Answer all pipelines, the oldest first."""
        with self._session.reading() as work:
            return work.pipelines.list()

    def update(self, pipeline_id: str, **changes: Any) -> Pipeline:
        """Change a pipeline's name or catch-all routes.

        Raises:
            NotFound: There is none with that id.
            InvalidInput: With every fault.
        """
        patch = read(PipelinePatch, changes)
        return self._change("update", pipeline_id, {"patch": patch}, lambda present: change_pipeline(present, patch))

    def remove(self, pipeline_id: str) -> None:
        """Remove a pipeline. Closed leads keep its id as history.

        Raises:
            NotFound: There is none with that id.
            InUse: Open leads stand in it.
        """
        with self._session.transaction() as work:
            pipeline = self._session.pipeline(work, pipeline_id)
            inside = LeadFilter.model_validate({"pipelineId": pipeline_id, "open": True})
            count = work.leads.count(inside, as_of=self._session.now)
            if count:
                raise InUse(kind="pipeline", id=pipeline_id, leads=count)
            work.pipelines.remove(pipeline_id, expected=pipeline.version)

    def add_stage(self, pipeline_id: str, **fields: Any) -> Pipeline:
        """Add a stage at its order; those from there on move up. Without an order it becomes the last.

        Args:
            pipeline_id: Which pipeline.
            **fields: Those of `Stage`.

        Raises:
            NotFound: There is no such pipeline.
            InvalidInput: With every fault.
            AlreadyExists: The pipeline has a stage with that id.
        """
        return self._change(
            "add_stage",
            pipeline_id,
            {"stage": fields},
            lambda present: add_stage(present, read(Stage, {"order": len(present.stages), **fields})),
        )

    def update_stage(self, pipeline_id: str, stage_id: str, **changes: Any) -> Pipeline:
        """Change what a stage is called, worth, or routes to.

        Raises:
            NotFound: There is no such pipeline or stage.
            InvalidInput: With every fault.
        """
        patch = read(StagePatch, changes)
        return self._change(
            "update_stage",
            pipeline_id,
            {"stage": stage_id, "patch": patch},
            lambda present: change_stage(present, stage_id, patch),
        )

    def remove_stage(self, pipeline_id: str, stage_id: str, *, move_to: str | None = None) -> Pipeline:
        """Remove a stage. Closed leads keep its id as history.

        Args:
            pipeline_id: Which pipeline.
            stage_id: Which stage.
            move_to: The stage into which its open leads move; None refuses when there are any.

        Raises:
            NotFound: There is no such pipeline or stage.
            InUse: Open leads stand in it and no other stage was named for them.
        """

        def body(work: UnitOfWork) -> Pipeline:
            pipeline = self._session.pipeline(work, pipeline_id)
            after = remove_stage(pipeline, stage_id)
            if move_to is not None and after.stage(move_to) is None:
                raise NotFound(kind="stage", id=move_to, known=after.stage_ids)
            self._empty(work, pipeline_id, stage_id, move_to)
            work.pipelines.save(after, expected=pipeline.version)
            return after

        return self._command(
            "pipelines.remove_stage", {"pipeline": pipeline_id, "stage": stage_id, "moveTo": move_to}, body
        )

    def reorder(self, pipeline_id: str, stage_ids: Sequence[str]) -> Pipeline:
        """Put the stages into a new order; no lead is touched.

        Args:
            pipeline_id: Which pipeline.
            stage_ids: Every stage's id exactly once.

        Raises:
            NotFound: There is no such pipeline.
            NotAPermutation: Some are missing, unknown or named twice.
        """
        return self._change(
            "reorder", pipeline_id, {"stages": list(stage_ids)}, lambda present: reorder(present, stage_ids)
        )

    def _add(self, work: UnitOfWork, new: NewPipeline) -> Pipeline:
        pipeline = Pipeline(
            id=new.id or self._session.wiring.ids.new("pipeline"),
            name=new.name,
            stages=new.stages,
            auto_route=new.auto_route,
            created_at=self._session.now,
        )
        self._check_strategies(pipeline)
        work.pipelines.add(pipeline)
        return pipeline

    def _empty(self, work: UnitOfWork, pipeline_id: str, stage_id: str, move_to: str | None) -> None:
        inside = LeadFilter.model_validate({"pipelineId": pipeline_id, "stage": stage_id, "open": True})
        count = work.leads.count(inside, as_of=self._session.now)
        if move_to is None:
            if count:
                raise InUse(kind="stage", id=stage_id, leads=count)
            return
        context = self._session.context()
        move = commands.Move(pipeline_id=pipeline_id, stage=move_to)
        # Those that moved no longer match, so each chunk begins anew.
        while leads := work.leads.scan(inside, after=None, limit=_CHUNK, as_of=context.now):
            for lead in leads:
                self._session.keep(work, lead, decide(lead, move, context))

    def _change(
        self, name: str, pipeline_id: str, arguments: dict[str, object], change: Callable[[Pipeline], Pipeline]
    ) -> Pipeline:
        def body(work: UnitOfWork) -> Pipeline:
            before = self._session.pipeline(work, pipeline_id)
            after = change(before)
            if after is not before:
                self._check_strategies(after)
                work.pipelines.save(after, expected=before.version)
            return after

        return self._command(f"pipelines.{name}", {"pipeline": pipeline_id, **arguments}, body)

    def _command(self, name: str, arguments: dict[str, object], body: Callable[[UnitOfWork], Pipeline]) -> Pipeline:
        return self._session.command(
            name,
            arguments,
            body,
            result=lambda pipeline: {"pipeline": pipeline.id},
            again=lambda work, result: self._session.pipeline(work, result["pipeline"]),
        )

    def _check_strategies(self, pipeline: Pipeline) -> None:
        known = (*STRATEGIES, *self._session.wiring.strategies)
        for routes in (pipeline.auto_route, *(stage.auto_route for stage in pipeline.stages)):
            for rule in routes.rules:
                strategy = parse_target(rule.assign_to).strategy
                if strategy not in known:
                    raise UnknownStrategy(name=strategy, known=known)
