import pytest


def test_leads_are_listed_under_names_that_can_be_typed(filled):
    filled("score", "--rules", "rules.json")
    done = filled("list", "--sort", "score")
    assert done.code == 0
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines == [
        "3 leads, page 1 of 1",
        "lead name company status stage score owner",
        "L-1 Ann Archer Acme new new 25.5",
        "L-2 Bo Berg Bolt new new 20",
        "L-3 Cy Cole Core new new 0",
    ]


def test_a_lead_is_listed_under_its_address_or_its_id_where_it_has_no_shorter_name(leadkit, folder):
    (folder / "leads.csv").write_text("Email\nann@example.com\n", encoding="utf-8")
    leadkit("import", "leads.csv")
    assert leadkit("list").out.startswith("1 lead, page 1 of 1\n")
    assert leadkit("list").out.splitlines()[2].split()[0] == "ann@example.com"
    (folder / "leads.csv").write_text("Phone\n+49 30 1234567\n", encoding="utf-8")
    leadkit("import", "leads.csv")
    lead = next(lead for lead in leadkit("list", "--json").document if lead["email"] is None)
    assert (lead["externalId"] or lead["id"]) in leadkit("list").out


def test_a_page_of_a_list_can_be_chosen_with_its_size_and_order(filled):
    done = filled("list", "--sort", "email", "--ascending", "--size", "2", "--page", "2")
    assert done.words.startswith("3 leads, page 2 of 2")
    assert "L-3" in done.out
    assert "L-1" not in done.out


def test_a_list_can_be_narrowed(filled):
    filled("qualify", "L-1")
    filled("disqualify", "L-2", "--reason", "bad-fit")

    def ids(*options):
        return [lead["externalId"] for lead in filled("list", "--json", "--sort", "email", *options).document]

    assert ids("--status", "qualified") == ["L-1"]
    assert sorted(ids("--status", "qualified", "--status", "disqualified")) == ["L-1", "L-2"]
    assert ids("--search", "core") == ["L-3"]
    assert ids("--owner", "nobody") == []


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--sort", "scroe"), 1, "leads cannot be sorted by `scroe`; did you mean `score`?"),
        (("--page", "0"), 1, "$.page: input should be greater than or equal to 1"),
        (("--size", "201"), 1, "$.page_size: input should be less than or equal to 200"),
        (("--size", "0"), 1, "$.page_size: input should be greater than or equal to 1"),
        (("--size", "many"), 2, "--size"),
        (("--status", "won"), 2, "'new', 'nurturing', 'qualified', 'disqualified', 'converted'"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_what_is_possible(filled, options, code, message):
    done = filled("list", *options)
    assert done.code == code
    assert message in " ".join(done.err.split())


def test_a_lead_is_shown_with_what_happened_to_it(filled):
    filled("score", "--rules", "rules.json")
    filled("--actor", "ann", "qualify", "L-1", "--reason", "good-fit", "--notes", "called")
    done = filled("show", "L-1")
    assert done.code == 0
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    for line in (
        "firstName Ann",
        "status qualified",
        "score 25.5",
        "+20 team",
        "+5.5 webinar",
        "qualificationReason good-fit",
        "properties.team_size 250",
        "properties.won true",
        "1 2026-11-24T09:00:00Z lead.created command-line",
        "2 2026-11-24T09:00:00Z lead.scored command-line",
        "3 2026-11-24T09:00:00Z lead.qualified ann",
    ):
        assert line in lines
    assert not any(line.startswith(("phone", "assignedTo", "utmParams", "enrichment")) for line in lines)


def test_a_lead_is_shown_as_json_where_that_is_asked_for(filled):
    lead = filled("show", "ann@example.com", "--json").document
    assert (lead["externalId"], lead["properties"]["team_size"], lead["version"]) == ("L-1", 250, 1)


def test_a_lead_is_qualified_and_converted_with_an_opportunity(filled):
    lead_id = filled("show", "L-1", "--json").document["id"]
    assert filled("qualify", "L-1").out == f"{lead_id} is qualified\n"
    done = filled("convert", "L-1", "--opportunity", "Deal", "--amount", "12000.50", "--currency", "EUR")
    assert done.code == 0
    lead = filled("show", "L-1", "--json").document
    contact, opportunity = lead["convertedToContactId"], lead["convertedToOpportunityId"]
    assert done.words == f"{lead_id} is converted into contact {contact} and opportunity {opportunity}"
    assert filled("convert", "L-1").words == done.words


def test_a_conversion_makes_no_opportunity_unless_one_is_named(filled):
    filled("qualify", "L-1")
    assert "opportunity" not in filled("convert", "L-1").out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--amount", "NaN", "--currency", "EUR"), "$.opportunity.amount: input should be a finite number"),
        (("--amount", "much", "--currency", "EUR"), "$.opportunity.amount"),
        (("--amount", "5", "--currency", "EURO"), "$.opportunity.currency"),
    ],
)
def test_an_opportunity_that_cannot_be_is_refused_and_nothing_is_converted(filled, options, message):
    filled("qualify", "L-1")
    done = filled("convert", "L-1", *options)
    assert done.code == 1
    assert message in done.err
    assert filled("show", "L-1", "--json").document["status"] == "qualified"


def test_what_the_lifecycle_refuses_says_what_is_allowed(filled):
    done = filled("convert", "L-1")
    assert done.code == 1
    assert "error invalid-transition a new lead cannot be asked to convert; allowed are" in done.err


def test_a_lead_is_disqualified_for_a_reason(filled):
    assert "Missing option '--reason'" in filled("disqualify", "L-2").err
    assert filled("disqualify", "L-2", "--reason", "no-budget", "--notes", "asked twice").words.endswith(
        "is disqualified"
    )
    assert filled("show", "L-2", "--json").document["qualificationReason"] == "no-budget"


@pytest.mark.parametrize(
    "command",
    [("show",), ("explain",), ("qualify",), ("disqualify", "--reason", "bad-fit"), ("convert",)],
    ids=lambda command: command[0],
)
def test_a_lead_that_is_not_there_is_told_as_such(filled, command):
    done = filled(*command, "L-9")
    assert done.code == 1
    assert done.err == "error not-found there is no lead with id 'L-9'\n"
