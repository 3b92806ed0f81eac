import sqlite3

import pytest

pytest.importorskip("sqlalchemy", reason="sql is an extra of leadkit")

from leadkit.sql.upgrading import VERSIONS

PRESENT = VERSIONS[-1]


def test_a_new_store_is_told_to_have_no_tables_and_gets_them(leadkit):
    before = leadkit("db", "status")
    done = leadkit("db", "upgrade")
    after = leadkit("db", "status")

    assert (before.code, before.out) == (
        1,
        f"leads.db: no tables; the present version is {PRESENT}: leadkit db upgrade\n",
    )
    assert (done.code, done.out) == (0, f"leads.db: made version {PRESENT}\n")
    assert (after.code, after.out) == (0, f"leads.db: version {PRESENT}, the present one\n")
    assert leadkit("db", "upgrade").out == f"leads.db: nothing to do at version {PRESENT}\n"


def test_the_tables_of_a_store_in_memory_are_none(leadkit):
    done = leadkit("--store", "memory:", "db", "upgrade")

    assert done.code == 1
    assert "a store in memory has no tables" in done.words + done.err


def test_a_store_of_a_later_leadkit_is_refused_by_every_command(leadkit, folder):
    leadkit("db", "upgrade")
    connection = sqlite3.connect(folder / "leads.db")
    with connection:
        connection.execute("UPDATE leadkit_version SET version_num = '9999'")
    connection.close()

    for arguments in (("db", "upgrade"), ("list",)):
        done = leadkit(*arguments)
        assert done.code == 3
        assert done.err.startswith("error schema-too-new ")


def test_a_file_that_is_no_database_is_refused_and_left_alone(leadkit, folder):
    (folder / "leads.db").write_text("dear diary, " * 100, encoding="utf-8")
    done = leadkit("list")

    assert (done.code, done.err.startswith("error store-unusable ")) == (3, True)
    assert (folder / "leads.db").read_text(encoding="utf-8").startswith("dear diary")
