import pytest
from pydantic import ValidationError

from leadkit.importing import ImportReport, RowError
from leadkit.importing.reports import excerpt


def test_the_rows_of_a_report_add_up():
    report = ImportReport(rows=10, created=1, updated=2, skipped=3, failed=4)
    assert report.summary == "10 rows: 1 created, 2 updated, 3 skipped, 4 failed"
    with pytest.raises(ValidationError, match="rows are the sum of created, updated, skipped and failed"):
        ImportReport(rows=11, created=1, updated=2, skipped=3, failed=4)


def test_one_row_is_one_row_and_thousands_are_parted():
    assert ImportReport(rows=1, created=1).summary == "1 row: 1 created, 0 updated, 0 skipped, 0 failed"
    assert ImportReport(rows=1_234, created=1_234).summary.startswith("1,234 rows: 1,234 created")
    assert ImportReport().summary == "0 rows: 0 created, 0 updated, 0 skipped, 0 failed"


def test_a_report_goes_over_the_wire_in_camel_case():
    error = RowError(row=1, line=2, column="E-Mail", value="x", message="wrong", code="bad")
    report = ImportReport(rows=1, failed=1, errors=(error,), ignored=("City",), dry_run=True)
    dumped = report.model_dump(mode="json")
    assert dumped == {
        "rows": 1,
        "created": 0,
        "updated": 0,
        "skipped": 0,
        "failed": 1,
        "errors": [{"row": 1, "line": 2, "column": "E-Mail", "value": "x", "message": "wrong", "code": "bad"}],
        "ignored": ["City"],
        "dryRun": True,
    }
    assert ImportReport.model_validate(dumped) == report


@pytest.mark.parametrize("field", ["rows", "created", "updated", "skipped", "failed"])
def test_a_count_is_no_less_than_nothing_and_no_boolean(field):
    for value in (-1, True, 1.0, "1"):
        with pytest.raises(ValidationError):
            ImportReport(**{field: value})


def test_an_error_says_where_it_is():
    assert str(RowError(row=3, line=5, message="wrong")) == "row 3, line 5: wrong"
    assert str(RowError(row=3, line=5, column="E-Mail", message="wrong")) == "row 3, line 5, E-Mail: wrong"


def test_an_error_does_not_show_what_may_be_personal():
    assert "alice" not in repr(RowError(row=1, line=2, value="alice@example.com", message="wrong"))


def test_a_long_cell_is_shown_short():
    assert excerpt("x" * 80) == "x" * 80
    assert excerpt("x" * 81) == "x" * 79 + "…"
