import json

import pytest


def test_scores_are_told_with_how_they_spread_and_the_best_leads(filled):
    done = filled("score", "--rules", "rules.json", "--top", "2")
    assert (done.code, done.err) == (0, "")
    assert "3 leads scored by version 1 of the rules: 3 changed, 0 unchanged, 0 skipped" in done.words
    lines = [line.split() for line in done.out.splitlines() if line.strip()]
    assert ["0", "1", "33.3", "%", "█" * 30] in lines
    assert ["25.5", "1", "33.3", "%", "█" * 30] in lines
    assert [line[0] for line in lines[-2:]] == ["L-1", "L-2"]


def test_rules_that_were_saved_need_not_be_named_again(filled):
    filled("score", "--rules", "rules.json")
    assert "3 leads scored by version 1 of the rules: 0 changed, 3 unchanged" in filled("score").words


def test_nothing_can_be_scored_before_rules_are_saved(filled):
    for command in (("score",), ("explain", "L-1")):
        done = filled(*command)
        assert done.code == 1
        assert "no rules are saved yet; save some with: leadkit score --rules rules.json" in done.err


def test_some_rules_alone_can_be_scored_by(filled):
    filled("score", "--rules", "rules.json", "--rule", "webinar", "--top", "0")
    assert [lead["score"] for lead in filled("list", "--json", "--sort", "score").document] == [5.5, 0, 0]
    done = filled("score", "--rule", "webniar")
    assert done.code == 1
    assert "there is no rule with id 'webniar'; did you mean `webinar`?" in done.err


def test_counts_come_as_json_where_that_is_asked_for(filled):
    assert filled("score", "--rules", "rules.json", "--json").document["changed"] == 3


def test_an_empty_store_says_how_leads_get_there(leadkit):
    done = leadkit("score", "--rules", "rules.json")
    assert done.code == 0
    assert done.out.endswith("there are no leads yet; bring some with: leadkit import leads.csv\n")


def test_many_scores_are_counted_in_tenths_of_their_range(filled, folder):
    rows = "".join(f"x{number}@example.com,{number}\n" for number in range(101))
    (folder / "many.csv").write_text(f"Email,Company\n{rows}", encoding="utf-8")
    filled("import", "many.csv")
    rules = [
        {"name": str(number), "points": number, "condition": {"field": "company", "op": "==", "value": str(number)}}
        for number in range(101)
    ]
    (folder / "rules.json").write_text(json.dumps({"rules": rules}), encoding="utf-8")
    lines = filled("score", "--rules", "rules.json", "--top", "0").out.splitlines()
    shares = {line[:9].strip(): line.split()[3] for line in lines if " to " in line}
    assert shares["0 to 10"] == "13"
    assert shares["10 to 20"] == "10"
    assert shares["90 to 100"] == "11"
    assert len(shares) == 10


def test_narrow_ranges_are_told_with_a_decimal(filled, folder):
    rows = "".join(f"x{number}@example.com,{number}\n" for number in range(21))
    (folder / "many.csv").write_text(f"Email,Company\n{rows}", encoding="utf-8")
    filled("import", "many.csv")
    rules = [
        {"name": str(number), "points": number, "condition": {"field": "company", "op": "==", "value": str(number)}}
        for number in range(21)
    ]
    (folder / "rules.json").write_text(json.dumps({"rules": rules}), encoding="utf-8")
    assert "18.0 to 20.0" in filled("score", "--rules", "rules.json", "--top", "0").out


@pytest.mark.parametrize("name", ["L-1", "l-1", "ann@example.com", "ANN@example.com"])
def test_a_lead_is_explained_by_any_of_its_names(filled, name):
    filled("score", "--rules", "rules.json")
    done = filled("explain", name)
    assert done.code == 0
    assert "score 25.5" in done.words
    assert "2 of 2 rules match" in done.words
    assert "properties.team_size is at least 10 saw 250" in done.words


def test_the_route_of_a_lead_is_explained_too(filled):
    filled("score", "--rules", "rules.json")
    filled("route", "--pipeline", "inbound", "--directory", "directory.json")
    done = filled("explain", "L-1", "--routing")
    assert done.code == 0
    assert "round-robin:ae" in done.out


def test_a_good_ruleset_is_acceptable(leadkit):
    done = leadkit("check", "rules.json")
    assert (done.code, done.out, done.err) == (0, "rules.json: 2 rules, acceptable, 0 warnings\n", "")
    assert leadkit("check", "rules.json", "--json").document == {"ok": True, "errors": [], "warnings": []}


def test_a_rule_that_can_never_match_is_warned_of_and_no_fault(leadkit, folder):
    never = {"and": [{"field": "score", "op": ">", "value": 5}, {"field": "score", "op": "<", "value": 3}]}
    rules = {"rules": [{"name": "never", "points": 1, "condition": never}]}
    (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    done = leadkit("check", "rules.json")
    assert done.code == 0
    assert done.out.startswith("warning $.rules[0].condition")
    assert done.out.endswith("rules.json: 1 rule, acceptable, 1 warning\n")


def test_fields_are_checked_where_their_types_are_given(leadkit, folder):
    (folder / "types.json").write_text(json.dumps({"team_size": "text"}), encoding="utf-8")
    done = leadkit("check", "rules.json", "--properties", "types.json")
    assert done.code == 1
    assert done.err.startswith("error   $.rules[0].condition")
    assert done.out == "rules.json: 2 rules, not acceptable, 0 warnings\n"
    (folder / "types.json").write_text(json.dumps({"team_size": "number"}), encoding="utf-8")
    assert leadkit("check", "rules.json", "--properties", "types.json").code == 0


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ({"team_size": "nubmer"}, "there is no kind of value `nubmer`"),
        ({"team_size": {"type": "number"}}, "there is no kind of value `an object`"),
        (["team_size"], "expected an object with a type for each property"),
    ],
)
def test_types_that_are_none_are_refused_with_the_name_of_their_file(leadkit, folder, types, message):
    (folder / "types.json").write_text(json.dumps(types), encoding="utf-8")
    done = leadkit("check", "rules.json", "--properties", "types.json")
    assert done.code == 1
    assert "types.json: " in done.err
    assert message in done.err


def test_faults_of_rules_come_as_json_where_that_is_asked_for(leadkit, folder):
    rules = {"rules": [{"name": "a", "points": 1, "condition": {"field": "score", "op": "=>", "value": 3}}]}
    (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    done = leadkit("check", "rules.json", "--json")
    assert (done.code, done.err) == (1, "")
    assert done.document["ok"] is False
    assert [fault["path"] for fault in done.document["errors"]] == ["$.rules[0].condition.op"]


def test_rules_with_faults_are_never_saved(filled, folder):
    filled("score", "--rules", "rules.json")
    rules = {"rules": [{"name": "a", "points": 1, "condition": {"field": "score", "op": "=>", "value": 3}}]}
    (folder / "bad.json").write_text(json.dumps(rules), encoding="utf-8")
    assert filled("score", "--rules", "bad.json").code == 1
    assert "2 of 2 rules match" in filled("explain", "L-1").words
