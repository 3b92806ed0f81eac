import threading

import pytest

pytest.importorskip("sqlalchemy", reason="the SQL store is an extra of leadkit: sql")

import sqlalchemy as sa

from leadkit.sql import MessageInbox

METADATA = sa.MetaData()
DONE = sa.Table("done", METADATA, sa.Column("what", sa.Text))
BILLING = MessageInbox.of(METADATA, consumer="billing")


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request, tmp_path):
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'billing.db'}"
    else:
        address = request.getfixturevalue("empty_postgres_address").replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(address)
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


def work(what):
    return lambda connection: connection.execute(DONE.insert().values(what=what))


def done(engine):
    with engine.connect() as connection:
        return sorted(connection.execute(sa.select(DONE.c.what)).scalars())


def take(engine, inbox, message_id, what):
    with engine.begin() as connection:
        return inbox.once(connection, message_id, work(what))


def test_a_message_that_comes_again_has_no_second_effect(engine):
    found = [take(engine, BILLING, message_id, message_id) for message_id in ("m-1", "m-2", "m-1", "m-1")]

    assert found == [True, True, False, False]
    assert done(engine) == ["m-1", "m-2"]


def test_what_fails_leaves_neither_the_effect_nor_the_note(engine):
    def failing(connection):
        work("half")(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        BILLING.once(connection, "m-1", failing)

    assert done(engine) == []
    assert take(engine, BILLING, "m-1", "whole")
    assert done(engine) == ["whole"]


def test_consumers_share_a_table_and_not_their_messages(engine):
    mailing = MessageInbox.of(METADATA, consumer="mailing")

    assert mailing.table is BILLING.table
    assert [take(engine, inbox, "m-1", inbox.consumer) for inbox in (BILLING, mailing, BILLING)] == [True, True, False]
    assert done(engine) == ["billing", "mailing"]


def test_of_several_that_take_a_message_at_once_one_has_it(engine):
    answers = []

    def consume():
        answers.extend(take(engine, BILLING, f"m-{number}", f"{number:02}") for number in range(20))

    threads = [threading.Thread(target=consume) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(answers) == 60
    assert done(engine) == [f"{number:02}" for number in range(20)]
