import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.sql import SqlStore, leads
from leadkit.testing.builders import build_lead

STATEMENTS = {
    f"{name} {place}": statement
    for name, value in vars(leads).items()
    for place, statement in enumerate(
        [*value.values()] if isinstance(value, dict) else [*value] if isinstance(value, tuple) else [value]
    )
    if name.startswith("_") and hasattr(statement, "selected_columns")
}


@pytest.fixture
def store(tmp_path):
    store = SqlStore.open(f"sqlite:///{tmp_path / 'leads.db'}")
    yield store
    store.close()


def test_every_statement_is_looked_at():
    assert {"_ONE 0", "_MANY 0", "_BY_KEY 0", "_BY_KEY 1", "_OF_CONTACT 0", "_OF_CONTACT 1", "_WAITING_AFTER 0"} <= set(
        STATEMENTS
    )


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_on_leads_goes_through_all_leads_of_an_organisation(store, name):
    prepared = store.database.compiled(STATEMENTS[name])
    values = {"words": '["a"]', "limit": 1, "rank": 1, "created_at": 1}
    connection = store.database.connections.raw_connection()
    cursor = connection.cursor()
    cursor.execute(f"EXPLAIN QUERY PLAN {prepared.text}", [values.get(each, "a") for each in prepared.names])
    plan = [row[3] for row in cursor.fetchall() if " leads " in f"{row[3]} "]
    connection.close()

    assert plan
    assert all(step.startswith("SEARCH leads USING") and "(org=? AND " in step for step in plan)


def test_a_lead_that_came_from_a_contact_and_became_it_again_is_found_once(store):
    lead = build_lead(status="converted", origin_contact_id="contact-1", converted_to_contact_id="contact-1")
    with store.unit_of_work("acme") as work:
        work.leads.add(lead)

        assert list(work.leads.from_contact("contact-1")) == [lead]
