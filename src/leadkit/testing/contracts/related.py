"""What a source of related records must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.testing.builders import build_lead
from leadkit.testing.contracts.overriding import must_override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.leads import Lead
    from leadkit.ports import RelatedRecords

__all__ = ["RelatedRecordsContract"]


class RelatedRecordsContract:
    """Records by kind and lead, for a whole batch in one call.

    A host names a kind of its own.
    """

    kind = "company"

    @pytest.fixture
    def related(self) -> Iterator[RelatedRecords]:
        """Answer the source; override it."""
        raise must_override(self, "related")

    @pytest.fixture
    def known_lead(self) -> Lead:
        """Answer a lead that has records of the kind; override it."""
        raise must_override(self, "known_lead")

    def test_a_lead_has_its_records(self, related: RelatedRecords, known_lead: Lead) -> None:
        found = related.load([known_lead, build_lead("nobody")], [self.kind])

        assert set(found) <= {self.kind}
        assert len(found[self.kind][known_lead.id]) > 0
        assert list(found[self.kind].get("nobody", ())) == []

    def test_kinds_that_are_not_known_have_no_records(self, related: RelatedRecords, known_lead: Lead) -> None:
        found = related.load([known_lead], ["no such kind"])

        assert list(found.get("no such kind", {}).get(known_lead.id, ())) == []

    def test_no_leads_have_no_records(self, related: RelatedRecords) -> None:
        found = related.load([], [self.kind])

        assert all(len(records) == 0 for records in found.values())
