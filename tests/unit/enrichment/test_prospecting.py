import pytest

from leadkit.enrichment import Candidate, ProspectCriteria, distinct, lead_from_candidate
from leadkit.errors import InvalidInput
from leadkit.leads import NewLead
from leadkit.values import read

NAMES = "title, seniority, company, industry, country, keywords, minEmployees, maxEmployees"


def person(provider="apollo", **fields):
    return Candidate(provider=provider, **fields)


def fault_of(sent):
    with pytest.raises(InvalidInput) as caught:
        read(ProspectCriteria, sent)
    return str(caught.value)


@pytest.mark.parametrize("sent", [{}, {"limit": 5}, {"title": None}, {"title": "", "country": []}])
def test_something_must_be_asked(sent):
    assert fault_of(sent) == f"$: name at least one criterion: {NAMES}"


@pytest.mark.parametrize(
    "sent",
    [
        {"title": "CTO"},
        {"seniority": ["vp"]},
        {"company": "acme.example"},
        {"industry": "software"},
        {"country": ["DE", "AT"]},
        {"keywords": "crm"},
        {"minEmployees": 0},
        {"maxEmployees": 5},
    ],
)
def test_each_criterion_is_enough(sent):
    criteria = read(ProspectCriteria, sent)

    assert criteria.limit == 25
    assert criteria.model_dump(exclude_unset=True).keys() == sent.keys()


def test_one_word_stands_for_a_list_of_one():
    assert read(ProspectCriteria, {"country": "DE"}).country == ("DE",)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"minEmployees": 6, "maxEmployees": 5}, "$: minEmployees is greater than maxEmployees"),
        ({"minEmployees": -1}, "$.minEmployees: input should be greater than or equal to 0"),
        ({"maxEmployees": -1}, "$.maxEmployees: input should be greater than or equal to 0"),
        ({"title": "x", "limit": 0}, "$.limit: input should be greater than or equal to 1"),
        ({"title": "x", "limit": 201}, "$.limit: input should be less than or equal to 200"),
        ({"titel": "x"}, "$.titel: unknown key; did you mean `title`?"),
        ({"country": ["x"] * 101}, "$.country: value should have at most 100 items after validation, not 101"),
    ],
)
def test_criteria_are_checked(sent, fault):
    assert fault_of(sent) == fault


def test_a_company_may_have_exactly_so_many_employees():
    assert read(ProspectCriteria, {"minEmployees": 5, "maxEmployees": 5}).max_employees == 5
    assert read(ProspectCriteria, {"title": "x", "limit": 200}).limit == 200
    assert read(ProspectCriteria, {"title": "x", "limit": 1}).limit == 1
    assert len(read(ProspectCriteria, {"country": ["x"] * 100}).country) == 100


def test_a_candidate_becomes_a_lead():
    alice = person(
        external_id="p1",
        email="alice@example.com",
        first_name="Alice",
        last_name="Doe",
        phone="5",
        company="Acme",
        properties={"title": "CTO"},
    )

    assert lead_from_candidate(alice, pipeline_id="outbound", stage="new") == NewLead(
        email="alice@example.com",
        first_name="Alice",
        last_name="Doe",
        phone="5",
        company="Acme",
        external_id="apollo:p1",
        source="apollo",
        properties={"title": "CTO"},
        pipeline_id="outbound",
        stage="new",
    )


@pytest.mark.parametrize("known", [{"email": "a@b"}, {"phone": "5"}, {"external_id": "p1"}])
def test_anything_that_identifies_a_candidate_is_enough(known):
    new = lead_from_candidate(person(**known))

    assert new is not None
    assert (new.pipeline_id, new.stage, new.source) == (None, None, "apollo")


def test_a_candidate_that_nothing_identifies_becomes_no_lead():
    assert lead_from_candidate(person(first_name="Alice", company="Acme")) is None


def test_an_id_that_is_too_long_with_its_provider_identifies_nobody():
    fits, long = "x" * 193, "x" * 194

    assert lead_from_candidate(person(external_id=long)) is None
    assert lead_from_candidate(person(external_id=fits)).external_id == f"apollo:{fits}"
    assert lead_from_candidate(person(external_id=long, email="a@b")).external_id is None


def test_a_place_that_is_no_identifier_is_refused():
    with pytest.raises(InvalidInput, match=r"\$\.pipeline_id"):
        lead_from_candidate(person(email="a@b"), pipeline_id="")


def test_each_person_is_answered_once_as_it_was_found_first():
    first = person(external_id="p1", email="Alice@example.com")
    same_id, same_address = person(external_id="p1"), person("hunter", email="alice@example.com ")
    other_provider, other = person("hunter", external_id="p1"), person(email="bob@example.com")
    nobody = person(first_name="Alice")

    found = [first, same_id, same_address, other_provider, nobody, other, nobody]
    assert distinct(iter(found)) == (first, other_provider, nobody, other, nobody)


def test_two_who_are_one_by_a_third_are_told_by_what_was_seen():
    # The second shares the id of the first and brings an address; the third shares that address.
    first, second = person(external_id="p1"), person(external_id="p1", email="a@b")

    assert distinct([first, second, person("hunter", email="a@b")]) == (first,)


@pytest.mark.parametrize("shown", [repr, str])
def test_nothing_of_the_person_is_shown(shown):
    alice = person(external_id="p1", email="alice@example.com", properties={"x": "alice"})

    assert "alice" not in shown(alice)
    assert repr(alice) == "Candidate(provider='apollo', external_id='p1')"
