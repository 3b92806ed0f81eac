"""What a store and its units of work must hold to."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from leadkit.testing.builders import build_activity, build_contact, build_event, build_lead
from leadkit.testing.contracts.opening import ORG, OTHER_ORG, StoreFixture
from leadkit.testing.contracts.snapshots import everything, fill
from leadkit.testing.contracts.together import together

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["UnitOfWorkContract"]


class UnitOfWorkContract(StoreFixture):
    """All or nothing, one organisation, one after the other."""

    def test_what_is_committed_is_there_afterwards(self, store: Store) -> None:
        with self.writing(store) as work:
            fill(work)
            within = everything(work)

        assert self.seen(store, everything) == within

    def test_what_is_not_committed_was_never_there(self, store: Store) -> None:
        before = self.seen(store, everything)
        with store.unit_of_work(ORG) as work:
            fill(work)

        assert self.seen(store, everything) == before
        assert list(store.outbox.pending(10)) == []

    def test_what_an_error_interrupts_was_never_there(self, store: Store) -> None:
        with self.writing(store) as work:
            fill(work)
        before = self.seen(store, everything)
        with pytest.raises(ZeroDivisionError), store.unit_of_work(ORG) as work:
            work.leads.save(build_lead(company="changed", version=2), expected=1)
            work.leads.add(build_lead("lead-9"))
            work.events.append([build_event("lead-9", 1)])
            work.pipelines.remove("inbound", expected=1)
            work.activities.save(build_activity(notes="changed"))
            raise ZeroDivisionError

        assert self.seen(store, everything) == before

    def test_what_follows_a_commit_in_the_same_unit_of_work_needs_another(self, store: Store) -> None:
        with store.unit_of_work(ORG) as work:
            work.leads.add(build_lead("lead-1"))
            work.commit()
            work.leads.add(build_lead("lead-2"))

        assert set(self.seen(store, lambda work: work.leads.get_many(["lead-1", "lead-2"]))) == {"lead-1"}

    def test_what_is_committed_is_there_for_a_unit_of_work_that_only_reads(self, store: Store) -> None:
        with self.writing(store) as work:
            fill(work)
            within = everything(work)
        with store.reading(ORG) as work:
            assert everything(work) == within
        with store.reading(OTHER_ORG) as work:
            assert everything(work) != within

    def test_writing_goes_on_after_a_unit_of_work_that_only_reads(self, store: Store) -> None:
        with store.reading(ORG) as work:
            assert work.leads.get("lead-1") is None
        with self.writing(store) as work:
            work.leads.add(build_lead())
        with store.reading(ORG) as work:
            assert work.leads.get("lead-1") == build_lead()

    def test_a_unit_of_work_sees_what_it_wrote(self, store: Store) -> None:
        with store.unit_of_work(ORG) as work:
            work.leads.add(build_lead())
            work.leads.save(build_lead(company="Acme", version=2), expected=1)

            found = work.leads.get("lead-1")
            assert found is not None
            assert found.company == "Acme"

    def test_organisations_do_not_see_each_other(self, store: Store) -> None:
        empty = self.seen(store, everything, OTHER_ORG)
        with self.writing(store) as work:
            fill(work)

        assert self.seen(store, everything, OTHER_ORG) == empty

    def test_organisations_may_use_the_same_ids(self, store: Store) -> None:
        for org in (ORG, OTHER_ORG):
            with self.writing(store, org) as work:
                fill(work)
        with self.writing(store, OTHER_ORG) as work:
            work.leads.save(build_lead(company="theirs", version=2), expected=1)

        ours = self.seen(store, lambda work: work.leads.get("lead-1"))
        assert ours is not None
        assert ours.company is None

    def test_what_was_written_is_exactly_what_is_read(self, store: Store) -> None:
        rich = build_lead(
            first_name="Zoë 🎉",
            properties={
                "size": 12,
                "ratio": 0.1,
                "big": 2**53 + 1,
                "yes": True,
                "none": None,
                "tags": ["a", {"b": []}],
            },
            utm_params={"utm.source": "ads"},
            score=12.5,
            score_breakdown=[{"rule": "fit", "points": 12.5}],
            enrichment={"company": {"provider": "x", "value": "Acme", "at": "2026-11-24T12:00:00.123456Z"}},
        )
        with self.writing(store) as work:
            work.leads.add(rich)

        found = self.seen(store, lambda work: work.leads.get("lead-1"))
        assert found is not None
        assert found == rich
        # By text too: 1, 1.0 and True are equal, and are not the same.
        assert repr(found.properties) == repr(rich.properties)

    def test_units_of_work_of_one_organisation_lose_no_update(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pointers.put("pool", {})
            work.leads.add(build_lead(properties={"count": 0}))

        def count_up() -> None:
            with self.writing(store) as work:
                lead = work.leads.get("lead-1")
                assert lead is not None
                properties = {"count": lead.properties["count"] + 1}
                work.leads.save(build_lead(properties=properties, version=lead.version + 1), expected=lead.version)

        for _ in range(10):
            together(count_up)
        found = self.seen(store, lambda work: work.leads.get("lead-1"))
        assert found is not None
        assert (found.properties["count"], found.version) == (40, 41)

    # Whoever is not kept waiting may be quick enough all the same: five times.
    @pytest.mark.parametrize("number", range(5))
    def test_of_several_that_look_for_an_address_at_once_the_later_ones_find_who_the_first_has_made(
        self, store: Store, number: int
    ) -> None:
        email, made = f"{number}@example.com", itertools.count()

        def look() -> list[str]:
            with self.writing(store) as work:
                found = work.contacts.find_contacts(email)
                if not found:
                    contact = build_contact(f"contact-{next(made)}", email=email)
                    work.contacts.create_contact(contact, key=contact.id)
                return [contact.id for contact in found]

        *others, first = sorted(together(look), reverse=True)
        assert first == []
        assert len({tuple(ids) for ids in others}) == len(others[0]) == 1

    def test_closing_twice_does_nothing_the_second_time(self, store: Store) -> None:
        store.close()
        store.close()
