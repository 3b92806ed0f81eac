from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def contract(pyproject: dict[str, Any]) -> dict[str, Any]:
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["id"] == "floors")


def named_in(layer: str) -> list[str]:
    return re.findall(r"\w+", layer)


def test_every_part_of_leadkit_stands_on_a_floor(root: Path, contract: dict[str, Any]) -> None:
    on_floors = {name for layer in contract["layers"] for name in named_in(layer)}
    parts = {
        path.stem
        for path in (root / "src" / "leadkit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    } - {"__init__"}
    assert parts <= on_floors, f"{sorted(parts - on_floors)} stand on no floor of pyproject.toml"


def test_no_part_stands_on_two_floors(contract: dict[str, Any]) -> None:
    names = [name for layer in contract["layers"] for name in named_in(layer)]
    assert len(names) == len(set(names))


def test_the_contract_is_exhaustive_and_ignores_no_import(contract: dict[str, Any]) -> None:
    assert contract["exhaustive"] is True
    assert "ignore_imports" not in contract
    assert "exhaustive_ignores" not in contract


def test_neighbours_on_a_floor_are_independent(contract: dict[str, Any]) -> None:
    # `:` between names would allow neighbours to import each other
    assert not [layer for layer in contract["layers"] if ":" in layer]


def test_the_floors_are_those_of_the_design(contract: dict[str, Any]) -> None:
    floors = [set(named_in(layer)) for layer in reversed(contract["layers"])]
    assert floors == [
        {"errors"},
        {"values"},
        {"conditions"},
        {"pipelines"},
        {"leads"},
        {"scoring", "routing", "enrichment", "activities", "analytics", "importing", "conversion"},
        {"ports"},
        {"services"},
        {"outbound"},
        {"memory", "sql", "http", "columnar", "providers", "publishing", "testing", "samples"},
        {"kit"},
        {"cli"},
    ]
