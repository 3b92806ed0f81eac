"""Rules that were saved before versions had authors are still there, and can be drafted over."""

from __future__ import annotations

import pytest
from sqlalchemy import text

import leadkit as lk
from leadkit.sql.opening import opened
from leadkit.sql.upgrading import upgrade_to

RULES = '{"rules":[{"name":"web","points":5,"condition":{"field":"source","op":"==","value":"web"}}]}'


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'leads.db'}"
    return request.getfixturevalue("empty_postgres_address")


def test_versions_without_an_author_are_kept_and_a_draft_is_published_over_them(address):
    database = opened(address)
    upgrade_to(database, "0003")
    with database.connections.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(
            text("INSERT INTO rules (org, version, document) VALUES ('acme', 1, :document)"), {"document": RULES}
        )
        connection.exec_driver_sql("COMMIT")
    database.close()

    with lk.LeadKit.open(address) as kit:
        scoring = kit.workspace(org="acme", actor="ann").scoring
        (version,) = scoring.versions()
        assert (version.version, version.author, version.at, version.note) == (1, None, None, None)
        assert version.ruleset == lk.Ruleset.model_validate_json(RULES)
        scoring.save_draft(scoring.rules().model_copy(update={"name": "next"}), note="named")
        assert scoring.publish().version == 2
        newest, oldest = scoring.versions()
        assert (newest.author, newest.note, newest.ruleset.name) == ("ann", "named", "next")
        assert newest.at is not None
        assert oldest == version
