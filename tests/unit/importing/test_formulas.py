import pytest

from leadkit.importing import neutralise, restore


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("http://example.com","x")',
        "+1 555 0100",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\tplain",
        "\rplain",
        "\nplain",
        " =1",
        "\u00a0=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "'=1",
        "''=1",
        "'\t",
        "=",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe_and_loses_it_again(cell):
    assert neutralise(cell) == f"'{cell}"
    assert restore(neutralise(cell)) == cell


@pytest.mark.parametrize("cell", ["", "plain", "1=1", "'plain'", "'", "''", "a@b", "1-2", " plain", "'t is"])
def test_a_plain_cell_is_written_and_read_as_it_is(cell):
    assert neutralise(cell) == cell
    assert restore(cell) == cell


def test_a_formula_that_nobody_made_harmless_is_read_as_it_is():
    assert restore("=1") == "=1"
