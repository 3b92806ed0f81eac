import dataclasses

import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.leads import Context, NewLead, commands, create, decide
from leadkit.sql import SqlStore, lead_changes
from leadkit.sql.lead_changes import KnownLeads, order_of
from leadkit.sql.lead_rows import COLUMNS
from leadkit.testing.builders import NOON, build_lead

CONTEXT = Context(now=NOON, actor="user-7")
ALL = tuple(column for column in COLUMNS if column != "id")


def known(*leads):
    found = KnownLeads()
    found.note(leads)
    return found


def after(lead, command):
    return decide(lead, command, CONTEXT).lead


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        (commands.Qualify(reason="fit"), {"status", "qualified_at", "qualified_by", "qualification_reason"}),
        (commands.Assign(assigned_to="ann"), {"assigned_to", "assigned_at"}),
        (commands.Score(score=5, breakdown=(), fingerprint="f", at=NOON), {"score", "scored_at"}),
        (
            commands.Score(score=5, breakdown=(), fingerprint="f", at=NOON, priority="high"),
            {"score", "scored_at", "priority", "priority_rank"},
        ),
        (commands.Update(changes={"company": "Acme"}), {"company", "search_text"}),
        (commands.Update(changes={"email": "b@example.com"}), {"email", "email_key", "search_text"}),
        (commands.Update(changes={"properties": {"a": 1}}), {"properties"}),
    ],
)
def test_only_what_changed_is_written_and_what_is_derived_from_it(command, columns):
    lead = build_lead()
    changed = after(lead, command)

    written, row = known(lead).change(changed, 1)

    assert set(written) - {"updated_at"} == {*columns, "version"}
    values = dict(zip(order_of(written), row, strict=True))
    assert (values["version"], values["lead_id"], values["expected"]) == (2, "lead-1", 1)


def test_a_lead_that_was_not_read_is_written_whole():
    written, _ = known().change(build_lead(version=2), 1)

    assert written == ALL


def test_a_lead_that_was_read_at_another_version_is_written_whole():
    written, _ = known(build_lead(version=3)).change(build_lead(version=2), 1)

    assert written == ALL


def test_a_lead_that_was_made_anew_is_written_by_what_is_another_object():
    lead = build_lead(properties={"a": 1})
    copy = dataclasses.replace(lead, version=2)

    written, _ = known(lead).change(copy, 1)

    assert {"properties", "version"} <= set(written)


def test_what_is_known_is_bounded(monkeypatch):
    monkeypatch.setattr(lead_changes, "_MOST_KNOWN", 2)
    leads = known(build_lead("a"), build_lead("b"), build_lead("c"))
    leads.note([build_lead("d")])

    assert leads.change(build_lead("a", version=2), 1)[0] == ALL
    assert leads.change(dataclasses.replace(build_lead("d"), version=2), 1)[0] != ALL


def test_after_too_many_forms_of_statements_leads_are_written_whole(monkeypatch):
    monkeypatch.setattr(lead_changes, "_MOST_STATEMENTS", 0)
    lead = build_lead()

    assert known(lead).change(after(lead, commands.Qualify()), 1)[0] == ALL


@pytest.fixture
def store(tmp_path):
    store = SqlStore.open(f"sqlite:///{tmp_path / 'leads.db'}")
    yield store
    store.close()


def test_commands_one_after_the_other_in_one_unit_of_work_lose_nothing(store):
    asked = [
        commands.Update(changes={"company": "Acme", "properties": {"a": 1}}),
        commands.Qualify(reason="fit"),
        commands.Update(changes={"email": "new@example.com"}),
        commands.Assign(assigned_to="ann"),
    ]
    with store.unit_of_work("acme") as work:
        work.leads.add(create(NewLead(email="a@example.com"), id="lead-1", context=CONTEXT).lead)
        work.commit()
    with store.unit_of_work("acme") as work:
        lead = work.leads.get("lead-1")
        for command in asked:
            changed = after(lead, command)
            work.leads.save(changed, expected=lead.version)
            assert work.leads.get("lead-1") == changed
            lead = changed
        work.commit()
    with store.unit_of_work("acme") as work:
        assert work.leads.get("lead-1") == lead
        assert lead.version == 5


def test_a_batch_may_change_different_columns_of_different_leads(store):
    leads = [build_lead(f"lead-{number}", email=f"{number}@example.com") for number in range(6)]
    asked = [commands.Qualify(), commands.Assign(assigned_to="ann"), commands.Update(changes={"company": "Acme"})]
    with store.unit_of_work("acme") as work:
        work.leads.add_many(leads)
        work.commit()
    with store.unit_of_work("acme") as work:
        found = work.leads.get_many([lead.id for lead in leads])
        changed = [after(lead, asked[place % 3]) for place, lead in enumerate(found.values())]
        work.leads.save_many([(lead, 1) for lead in changed])
        work.commit()
    with store.unit_of_work("acme") as work:
        assert list(work.leads.get_many([lead.id for lead in leads]).values()) == changed
