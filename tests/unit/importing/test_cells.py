import json
import re
from pathlib import Path
from typing import get_args

import pytest

from leadkit.importing import Column
from leadkit.importing.cells import TYPES, converter
from leadkit.importing.mapping import ColumnType

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "cells.jsonl").read_text(encoding="utf-8").splitlines()
]


def told(case):
    return json.dumps(case, ensure_ascii=True)


def read(case):
    options = {name: value for name, value in case.items() if name not in ("cell", "value", "error")}
    return converter(Column(to="properties.x", **options))(case["cell"])


@pytest.mark.parametrize("case", [case for case in CASES if "value" in case], ids=told)
def test_a_cell_is_read_as_its_column_says(case):
    value = read(case)
    assert (value, type(value)) == (case["value"], type(case["value"]))


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=told)
def test_a_cell_that_cannot_be_read_is_refused_in_words_for_people(case):
    with pytest.raises(ValueError, match=f"^{re.escape(case['error'])}$"):
        read(case)


def test_every_type_that_a_mapping_can_name_is_read():
    assert tuple(TYPES) == get_args(ColumnType)


@pytest.mark.parametrize("kind", ["text", "list"])
def test_text_is_read_up_to_what_a_lead_can_hold(kind):
    read_cell = converter(Column(to="properties.x", type=kind))
    assert read_cell("x" * 10_000) in ("x" * 10_000, ["x" * 10_000])
    with pytest.raises(ValueError, match=r"^longer than 10,000 characters$"):
        read_cell("x" * 10_001)


def test_every_case_says_what_comes_out():
    assert [case for case in CASES if ("value" in case) == ("error" in case)] == []
