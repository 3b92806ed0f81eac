"""The steps of the migrations lead to the tables that the schema says; `tests/edges` looks at both databases."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from leadkit.sql import upgrade
from leadkit.sql.schema import METADATA

if TYPE_CHECKING:
    from pathlib import Path


def described(path: Path) -> dict[str, object]:
    connection = sqlite3.connect(path)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in tables}
        said = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        indexes = {name: re.sub(r"\s+", " ", sql) for name, sql in said}
    finally:
        connection.close()
    return {**columns, **indexes}


def test_a_change_of_the_schema_has_a_step_that_brings_it_about(tmp_path: Path) -> None:
    said = create_engine(f"sqlite:///{tmp_path / 'said.db'}")
    METADATA.create_all(said)
    said.dispose()
    upgrade(f"sqlite:///{tmp_path / 'made.db'}")
    wanted, found = described(tmp_path / "said.db"), described(tmp_path / "made.db")

    assert {name for name in found if not name.startswith("leadkit_version")} == set(wanted)
    assert {name: found[name] for name in wanted} == wanted
