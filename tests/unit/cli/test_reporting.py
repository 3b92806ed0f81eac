import pytest


def test_a_report_has_the_funnel_the_sources_and_how_well_the_score_tells(filled):
    filled("score", "--rules", "rules.json")
    filled("qualify", "L-1")
    done = filled("report", "--outcome", "properties.won")
    assert (done.code, done.err) == (0, "")
    for text in ("Funnel by status", "Funnel of Inbound", "By source", "Webinar", "area under the ROC curve"):
        assert text in done.out
    assert "properties.won 1 25.50" in done.words
    assert "rest 2 10.00" in done.words
    assert "area under the ROC curve 1.0000" in done.words


def test_a_report_on_nothing_is_a_report(leadkit):
    done = leadkit("report")
    assert done.code == 0
    assert "all 0 0 –" in done.words


def test_a_report_comes_as_json_where_that_is_asked_for(filled):
    report = filled("report", "--json", "--timezone", "Europe/Berlin", "--basis", "event").document
    assert (report["timezone"], report["basis"]) == ("Europe/Berlin", "event")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from", "yesterday"), "$.start: expected a day such as 2026-10-01"),
        (("--to", "2026-11-24T09:00:00"), "$.end: expected a day such as 2026-10-01, or a date-time with a time zone"),
        (("--from", "2026-02-01", "--to", "2026-01-01"), "must lie after the start"),
        (("--timezone", "Mars/Olympus"), "there is no time zone 'Mars/Olympus'"),
        (("--outcome", "wno"), "a lead has no field `wno`"),
        (("--value-field", "properties.deal"), "go together"),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_what_is_expected(filled, options, message):
    done = filled("report", *options)
    assert done.code == 1
    assert message in done.err


def test_a_basis_that_there_is_not_is_refused_with_those_that_there_are(filled):
    done = filled("report", "--basis", "guess")
    assert done.code == 2
    assert "'cohort', 'event'" in done.err
