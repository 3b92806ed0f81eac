"""What a lead store must hold to."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.errors import AlreadyExists, ConcurrencyConflict
from leadkit.leads import IdentityKey
from leadkit.testing.builders import NOON, build_lead
from leadkit.testing.contracts.opening import StoreFixture
from leadkit.testing.contracts.together import together

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.leads import Lead
    from leadkit.ports import Store, UnitOfWork

__all__ = ["LeadStoreContract"]

_EMAIL = IdentityKey("email", "a@example.com")
_EXTERNAL = IdentityKey("externalId", "crm-7")


class LeadStoreContract(StoreFixture):
    """Leads are kept by id and version, and recognised by their keys."""

    def test_a_lead_that_is_not_there_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.leads.get("nobody")) is None
        assert dict(self.seen(store, lambda work: work.leads.get_many(["nobody"]))) == {}

    def test_leads_are_answered_by_id(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead("a"))
            work.leads.add(build_lead("b"))

        assert self.seen(store, lambda work: work.leads.get("a")) == build_lead("a")
        assert self.seen(store, lambda work: dict(work.leads.get_many(["b", "c"]))) == {"b": build_lead("b")}

    def test_an_id_is_used_once(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead("a"))
        with pytest.raises(AlreadyExists) as caught, self.writing(store) as work:
            work.leads.add(build_lead("a"))

        assert (caught.value.kind, caught.value.id) == ("lead", "a")

    @pytest.mark.parametrize("status", ["new", "nurturing", "qualified", "disqualified", "converted"])
    def test_a_lead_of_every_status_is_kept_whole(self, store: Store, status: str) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead(status=status))

        assert self.seen(store, lambda work: work.leads.get("lead-1")) == build_lead(status=status)

    def test_a_change_is_kept_when_the_version_is_the_one_that_was_read(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead())
        with self.writing(store) as work:
            work.leads.save(build_lead(company="Acme", version=2), expected=1)

        assert self.seen(store, lambda work: work.leads.get("lead-1")) == build_lead(company="Acme", version=2)

    def test_two_versions_may_pass_in_one_unit_of_work(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead())
            work.leads.save(build_lead(version=2), expected=1)
            work.leads.save(build_lead(version=4), expected=2)

        found = self.seen(store, lambda work: work.leads.get("lead-1"))
        assert found is not None
        assert found.version == 4

    @pytest.mark.parametrize("expected", [1, 3])
    def test_a_change_to_another_version_is_a_conflict(self, store: Store, expected: int) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead(version=2))
        with pytest.raises(ConcurrencyConflict) as caught, self.writing(store) as work:
            work.leads.save(build_lead(company="lost", version=expected + 1), expected=expected)

        assert (caught.value.id, caught.value.expected, caught.value.found) == ("lead-1", expected, 2)
        assert self.seen(store, lambda work: work.leads.get("lead-1")) == build_lead(version=2)

    def test_a_change_to_a_lead_that_is_not_there_is_a_conflict(self, store: Store) -> None:
        with pytest.raises(ConcurrencyConflict) as caught, self.writing(store) as work:
            work.leads.save(build_lead(version=2), expected=1)

        assert caught.value.found is None

    def test_leads_are_added_together(self, store: Store) -> None:
        leads = [build_lead(f"lead-{number:04}", email=f"{number}@example.com") for number in range(1_500)]
        with self.writing(store) as work:
            work.leads.add_many([])
            work.leads.add_many(leads)
            assert work.leads.get("lead-0007") == leads[7]

        found = self.seen(store, lambda work: dict(work.leads.get_many([lead.id for lead in leads])))
        assert [found[lead.id] for lead in leads] == leads
        wanted = IdentityKey("email", "1499@example.com")
        assert list(self.seen(store, lambda work: work.leads.find([wanted]))[wanted]) == leads[-1:]

    @pytest.mark.parametrize("ids", [["new", "b", "a"], ["new", "c", "c"]])
    def test_of_leads_that_are_added_together_the_first_that_is_there_is_named(
        self, store: Store, ids: list[str]
    ) -> None:
        with self.writing(store) as work:
            work.leads.add_many([build_lead("a"), build_lead("b")])
        with pytest.raises(AlreadyExists) as caught, self.writing(store) as work:
            work.leads.add_many([build_lead(lead_id, company="Acme") for lead_id in ids])

        assert (caught.value.kind, caught.value.id) == ("lead", ids[1])
        found = self.seen(store, lambda work: dict(work.leads.get_many(["a", "b", "c", "new"])))
        assert found == {"a": build_lead("a"), "b": build_lead("b")}

    def test_leads_are_changed_together(self, store: Store) -> None:
        ids = [f"lead-{number:04}" for number in range(1_500)]
        changed = [build_lead(lead_id, company="Acme", version=number + 2) for number, lead_id in enumerate(ids)]
        with self.writing(store) as work:
            work.leads.add_many([build_lead(lead_id, version=number + 1) for number, lead_id in enumerate(ids)])
        with self.writing(store) as work:
            work.leads.save_many([])
            work.leads.save_many([(lead, lead.version - 1) for lead in changed])

        found = self.seen(store, lambda work: dict(work.leads.get_many(ids)))
        assert [found[lead_id] for lead_id in ids] == changed

    @pytest.mark.parametrize(("lost", "version"), [("b", 5), ("gone", None)])
    def test_of_leads_that_are_changed_together_one_that_was_lost_loses_all(
        self, store: Store, lost: str, version: int | None
    ) -> None:
        before = {"a": build_lead("a"), "b": build_lead("b", version=5), "c": build_lead("c", version=7)}
        with self.writing(store) as work:
            work.leads.add_many(list(before.values()))
        with pytest.raises(ConcurrencyConflict) as caught, self.writing(store) as work:
            work.leads.save_many([(build_lead(lead_id, company="lost", version=2), 1) for lead_id in ("a", lost, "c")])

        assert (caught.value.id, caught.value.expected, caught.value.found) == (lost, 1, version)
        assert self.seen(store, lambda work: dict(work.leads.get_many(["a", "b", "c", "gone"]))) == before

    @pytest.mark.parametrize("key", [_EMAIL, _EXTERNAL])
    def test_a_lead_is_recognised_by_each_of_its_keys(self, store: Store, key: IdentityKey) -> None:
        lead = build_lead(email=" A@Example.com ", external_id="crm-7")
        with self.writing(store) as work:
            work.leads.add(lead)

        assert self.seen(
            store, lambda work: {found: list(leads) for found, leads in work.leads.find([key]).items()}
        ) == {key: [lead]}

    def test_keys_that_nothing_matches_are_left_out(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead(email="a@example.com"))
        keys = [_EMAIL, _EXTERNAL, IdentityKey("email", "b@example.com")]

        assert set(self.seen(store, lambda work: work.leads.find(keys))) == {_EMAIL}
        assert dict(self.seen(store, lambda work: work.leads.find([]))) == {}

    def test_leads_with_the_same_key_come_oldest_first(self, store: Store) -> None:
        leads = [
            build_lead("c", email="a@example.com", created_at=NOON - timedelta(days=1)),
            build_lead("a", email="a@example.com"),
            build_lead("b", email="A@example.com"),
        ]
        with self.writing(store) as work:
            for lead in reversed(leads):
                work.leads.add(lead)

        assert list(self.seen(store, lambda work: work.leads.find([_EMAIL]))[_EMAIL]) == leads

    @pytest.mark.parametrize("change", [{"email": "b@example.com"}, {"deleted_at": NOON}])
    def test_a_lead_is_no_longer_recognised_by_a_key_that_it_lost(self, store: Store, change: dict[str, Any]) -> None:
        fields: dict[str, Any] = {"email": "a@example.com", "version": 2, **change}
        with self.writing(store) as work:
            work.leads.add(build_lead(email="a@example.com"))
            work.leads.save(build_lead("lead-1", **fields), expected=1)

        assert dict(self.seen(store, lambda work: work.leads.find([_EMAIL]))) == {}

    @pytest.mark.parametrize("keys", [[_EMAIL], [_EXTERNAL], [_EMAIL, _EXTERNAL]])
    def test_of_several_that_look_for_a_lead_at_once_the_later_ones_find_what_the_first_has_added(
        self, store: Store, keys: list[IdentityKey]
    ) -> None:
        numbers = itertools.count()

        def look() -> list[str]:
            with self.writing(store) as work:
                found = work.leads.find(keys)
                if not found:
                    work.leads.add(build_lead(f"lead-{next(numbers)}", email="a@example.com", external_id="crm-7"))
                return [lead.id for leads in found.values() for lead in leads]

        *others, first = sorted(together(look), reverse=True)
        assert first == []
        assert len(others[0]) == len(keys)
        assert len({each for ids in others for each in ids}) == 1

    def test_a_kind_of_key_does_not_match_another(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead(external_id="a@example.com", email="x@example.com"))

        assert dict(self.seen(store, lambda work: work.leads.find([_EMAIL]))) == {}

    def test_leads_are_found_by_the_contact_that_they_came_from_or_became(self, store: Store) -> None:
        converted = build_lead("a", status="converted", converted_to_contact_id="contact-1")
        made = build_lead("b", origin_contact_id="contact-1", created_at=NOON - timedelta(days=1))
        with self.writing(store) as work:
            for lead in (converted, made, build_lead("c", origin_contact_id="contact-2")):
                work.leads.add(lead)
            work.leads.add(build_lead("d", origin_contact_id="contact-1", deleted_at=NOON))

        assert list(self.seen(store, lambda work: work.leads.from_contact("contact-1"))) == [made, converted]
        assert list(self.seen(store, lambda work: work.leads.from_contact("contact-9"))) == []

    def test_open_leads_are_counted_for_each_user(self, store: Store) -> None:
        with self.writing(store) as work:
            for number, status in enumerate(["new", "nurturing", "qualified", "disqualified", "converted"]):
                work.leads.add(build_lead(f"a{number}", status=status, assigned_to="ann"))
            work.leads.add(build_lead("b", assigned_to="bo"))
            work.leads.add(build_lead("c", assigned_to="bo", deleted_at=NOON))
            work.leads.add(build_lead("d"))

        counts = self.seen(store, lambda work: dict(work.leads.open_counts(["ann", "bo", "cy"])))
        assert counts == {"ann": 3, "bo": 1, "cy": 0}

    def test_counts_follow_a_lead_to_its_next_owner(self, store: Store) -> None:
        with self.writing(store) as work:
            work.leads.add(build_lead(assigned_to="ann"))
            work.leads.save(build_lead(assigned_to="bo", version=2), expected=1)

        assert self.seen(store, lambda work: dict(work.leads.open_counts(["ann", "bo"]))) == {"ann": 0, "bo": 1}

    def test_leads_without_an_owner_are_claimed_in_the_order_in_which_they_are_routed(self, store: Store) -> None:
        placed: dict[str, Any] = {"pipeline_id": "inbound", "stage": "new"}
        earlier = NOON - timedelta(microseconds=1)
        waiting = [
            build_lead("z", score=80.5, **placed),
            build_lead("y", score=80, created_at=earlier, **placed),
            build_lead("b", score=80, **placed),
            build_lead("c", score=80, status="qualified", **{**placed, "stage": "talks"}),
            build_lead("a", score=0, **placed),
            build_lead("x", score=-5, status="nurturing", **placed),
            build_lead("w", created_at=earlier, **placed),
            build_lead("d", **placed),
        ]
        others = [
            build_lead("e", assigned_to="ann", **placed),
            build_lead("f", status="disqualified", **placed),
            build_lead("g", status="converted", **placed),
            build_lead("h", deleted_at=NOON, **placed),
            build_lead("i", pipeline_id="other", stage="new"),
            build_lead("j"),
        ]
        with self.writing(store) as work:
            work.leads.add_many(sorted([*waiting, *others], key=lambda lead: lead.id))

        def chunks(size: int) -> Callable[[UnitOfWork], list[Lead]]:
            def claim(work: UnitOfWork) -> list[Lead]:
                found: list[Lead] = []
                while chunk := work.leads.claim_unassigned("inbound", after=found[-1] if found else None, limit=size):
                    found.extend(chunk)
                return found

            return claim

        for size in (1, 3, 8, 100):
            assert self.seen(store, chunks(size)) == waiting

    def test_a_lead_that_got_an_owner_is_claimed_no_more(self, store: Store) -> None:
        placed: dict[str, Any] = {"pipeline_id": "inbound", "stage": "new"}
        with self.writing(store) as work:
            work.leads.add_many([build_lead("a", **placed), build_lead("b", **placed)])
        with self.writing(store) as work:
            work.leads.save(build_lead("a", assigned_to="ann", version=2, **placed), expected=1)
            assert [lead.id for lead in work.leads.claim_unassigned("inbound", after=None, limit=5)] == ["b"]

        found = self.seen(store, lambda work: work.leads.claim_unassigned("inbound", after=None, limit=5))
        assert [lead.id for lead in found] == ["b"]
