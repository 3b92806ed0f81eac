"""Gate S2, of the SQL store: every statement on a tenant table carries the organisation.

It is heard at the driver, whatever wrote it. What serves all organisations, the relay of the outbox, is the one
exception; it does not run here.
"""

import pytest
from commands import COMMANDS, RULES, prepared
from statements import Statement, listening

import leadkit as lk
from leadkit.services.session import Session
from leadkit.sql import SqlStore
from leadkit.sql.schema import METADATA
from leadkit.testing.faults import CallCounter

pytestmark = pytest.mark.gate

# A consumer's own, which no command touches.
OF_CONSUMERS = {"inbox"}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'leads.db'}"
    return request.getfixturevalue("shared_postgres_address")


def ask(ws, ids):
    """Ask everything that there is to ask."""
    for lead_id in ids:
        ws.leads.get(lead_id)
        ws.leads.history(lead_id)
        ws.leads.timeline(lead_id)
        ws.leads.tasks(lead_id)
    ws.leads.list(status="new", search="a", sort_field="score", page_size=2)
    first = ws.leads.list(page_size=2)
    ws.leads.list(page_size=2, cursor=first.next_cursor, total=False)
    ws.leads.list(condition={"field": "properties.team_size", "op": ">", "value": 3}, score_from=1, open=True)
    ws.leads.count(assigned_to="ann")
    list(ws.leads.each(ids=ids))
    ws.scoring.explain(ids[0])
    ws.scoring.save_draft(RULES, note="why")
    ws.scoring.draft()
    ws.scoring.discard_draft()
    ws.scoring.save_draft(RULES)
    ws.scoring.publish()
    ws.scoring.restore(1)
    ws.scoring.versions()
    ws.routing.explain(ids[0])
    ws.routing.check("inbound")
    ws.pipelines.list()
    ws.settings.get()
    ws.enrichment.status(ws.enrichment.enrich_batch(ids=ids[:1]).id)
    ws.analytics.report("2020-01-01", "2100-01-01")


def test_s2_every_statement_of_every_command_and_question_names_the_organisation(address, monkeypatch):
    monkeypatch.setattr(Session, "_deliver", lambda self: None)
    touched, strange, count = set(), [], 0
    with listening() as heard:
        store = SqlStore.open(address)
        for number, command in enumerate([*COMMANDS.values(), lambda ws, ids, task: ask(ws, ids)]):
            org = f"org-{number}"
            del heard[:]
            _, _, ws, ids, task = prepared(CallCounter(), store, org)
            command(ws, ids, task)
            count += len(heard)
            touched |= {table for each in heard for table in each.tables}
            strange += [each.text for each in heard if not each.names(org)]
        store.close()

    assert strange == []
    assert touched == set(METADATA.tables) - OF_CONSUMERS
    assert count > 1_000


def test_s2_a_statement_without_the_organisation_is_refused_before_it_is_sent(address):
    from sqlalchemy import bindparam, select

    from leadkit.sql.schema import leads

    store = SqlStore.open(address)
    work = store.database.transaction("acme")
    with pytest.raises(AssertionError, match="names no organisation"):
        work.rows(select(leads.c.id).where(leads.c.id == bindparam("id")), id="lead-1")
    work.end()
    store.close()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT leads.id FROM leads WHERE leads.id = 'lead-1'",
        "SELECT leads.id FROM leads WHERE leads.org = 'bolt'",
        "SELECT 1 FROM leads JOIN events ON events.lead_id = leads.id WHERE leads.org = 'acme'",
        "UPDATE leads SET stage = 'acme' WHERE leads.id = 'lead-1'",
        "DELETE FROM outbox WHERE outbox.lead_id = 'lead-1'",
        "INSERT INTO leads (org, id) VALUES ('bolt', 'lead-1')",
        "INSERT INTO leads (id, org) VALUES ('lead-1', 'acme')",
    ],
)
def test_s2_a_statement_without_the_organisation_is_found_out(text):
    assert not Statement(text).names("acme")


def test_s2_the_statements_of_one_organisation_reach_nothing_of_another(address):
    with lk.LeadKit.open(address) as kit:
        ours, theirs = (kit.workspace(org=org, actor="u") for org in ("acme", "bolt"))
        lead = ours.leads.create(email="a@example.com")

        assert theirs.leads.count() == 0
        for attempt in (theirs.leads.get, theirs.leads.qualify, theirs.leads.delete, theirs.leads.history):
            with pytest.raises(lk.NotFound):
                attempt(lead.id)
