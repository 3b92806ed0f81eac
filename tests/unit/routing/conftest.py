"""The team, the pipeline and the leads that routing is tried on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.leads import Lead
from leadkit.pipelines import Pipeline

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

HOT = {"field": "score", "op": ">=", "value": 80}
WARM = {"field": "score", "op": ">=", "value": 50}
WEB = {"field": "source", "op": "==", "value": "web"}


class Given:
    """Makes what a test is about, with everything else left at what is usual."""

    now = NOW

    def lead(self, lead_id: str = "lead-1", **fields: Any) -> Lead:
        usual = {
            "id": lead_id,
            "email": "alice@example.com",
            "pipeline_id": "inbound",
            "stage": "new",
            "created_at": NOW,
            "updated_at": NOW,
        }
        return Lead(**{**usual, **fields})

    def rules(self, *rules: tuple[dict[str, Any] | None, str]) -> dict[str, Any]:
        return {
            "rules": [
                {"assignTo": to} if condition is None else {"if": condition, "assignTo": to} for condition, to in rules
            ]
        }

    def pipeline(
        self, *rules: tuple[dict[str, Any] | None, str], **stages: list[tuple[dict[str, Any] | None, str]]
    ) -> Pipeline:
        """Make a pipeline of its own rules and of stages with theirs; without any, of one stage `new`."""
        return Pipeline.model_validate(
            {
                "id": "inbound",
                "name": "Inbound",
                "stages": [
                    {"id": stage, "name": stage, "order": order, "autoRoute": self.rules(*own)}
                    for order, (stage, own) in enumerate((stages or {"new": []}).items())
                ],
                "autoRoute": self.rules(*rules),
                "createdAt": NOW,
            }
        )


@pytest.fixture
def given() -> Given:
    return Given()
