import copy
from datetime import UTC, datetime

import pytest

from leadkit.enrichment import STANDARD, Deferred, Match, Merged, NoMatch, Refused, goes_on, merge, still_wanted
from leadkit.leads import PROTECTED, Context, Enriched, Lead, Priority, commands, decide, wire_name

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BEFORE = datetime(2026, 11, 20, tzinfo=UTC)


def lead(**fields):
    return Lead(**{"id": "lead-1", "email": "a@example.com", "created_at": BEFORE, "updated_at": BEFORE, **fields})


def match(provider="apollo", /, **values):
    return Match(provider=provider, values=values)


def merged(lead_, *outcomes, **options):
    return merge(lead_, outcomes, at=NOW, **options)


def refusals(result):
    return [(refused.field, refused.reason) for refused in result.refused]


# --- what is filled --------------------------------------------------------------------------------------------------


def test_empty_fields_are_filled_and_remember_where_their_values_came_from():
    result = merged(lead(last_name="  "), match(firstName="Alice", last_name="Doe", phone="+1 555 0100"))

    assert result == Merged(
        changes={"first_name": "Alice", "last_name": "Doe", "phone": "+1 555 0100"},
        provenance={
            "firstName": Enriched(provider="apollo", value="Alice", at=NOW),
            "lastName": Enriched(provider="apollo", value="Doe", at=NOW),
            "phone": Enriched(provider="apollo", value="+1 555 0100", at=NOW),
        },
        refused=(),
        unchanged=(),
    )


def test_what_somebody_entered_stays():
    result = merged(lead(company="Acme"), match(company="ACME Inc", phone="5"))

    assert result.changes == {"phone": "5"}
    assert result.unchanged == ("company",)


def test_what_was_enriched_before_stays_too():
    known = lead(company="Acme", enrichment={"company": Enriched(provider="apollo", value="Acme", at=BEFORE)})

    assert merged(known, match(company="ACME Inc")) == Merged(changes={}, provenance={}, unchanged=("company",))


def test_told_so_a_new_value_replaces_the_old_one():
    result = merged(lead(company="Acme", phone="5"), match(company="ACME Inc", phone="5"), overwrite=True)

    assert result.changes == {"company": "ACME Inc"}
    assert list(result.provenance) == ["company"]
    assert result.unchanged == ("phone",)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("empty", [None, "", "  ", [], {}])
def test_an_empty_answer_clears_nothing(empty, overwrite):
    known = lead(company="Acme", properties={"size": 5})
    answer = Match(
        provider="apollo",
        values={"company": empty, "properties.size": empty, "properties": {"size": empty}, "score": empty, "x": empty},
    )

    assert merged(known, answer, overwrite=overwrite) == Merged(changes={}, provenance={})


def test_no_match_brings_nothing():
    assert merged(lead(), NoMatch(provider="apollo")) == Merged(changes={}, provenance={})
    assert merged(lead()) == Merged(changes={}, provenance={})


def test_what_is_deferred_may_bring_something_already():
    result = merged(lead(), Deferred(provider="apollo", request_id="r-1", values={"company": "Acme"}))

    assert result.changes == {"company": "Acme"}
    assert result.provenance["company"].provider == "apollo"


def test_the_command_carries_out_what_was_merged():
    known = lead(properties={"size": 5})
    result = merged(known, match(company="Acme", properties={"title": "CTO"}))
    after = decide(known, result.command, Context(now=NOW, actor="user-7")).lead

    assert result.command == commands.Enrich(changes=result.changes, provenance=result.provenance)
    assert (after.company, after.properties, after.version) == ("Acme", {"size": 5, "title": "CTO"}, 2)
    assert after.enrichment == result.provenance
    assert merged(after, match(company="Acme", properties={"title": "CTO"})).changes == {}


def test_the_priority_of_a_lead_is_never_empty():
    assert merged(lead(), match(priority="high")) == Merged(changes={}, provenance={}, unchanged=("priority",))
    result = merged(lead(), match(priority="high"), overwrite=True)
    assert result.changes == {"priority": Priority.HIGH}


# --- properties ------------------------------------------------------------------------------------------------------


def test_properties_are_merged_key_by_key():
    known = lead(properties={"size": 5, "gone": None}, utm_params={"source": "fair"})
    answer = match(properties={"size": 9, "gone": "back", "title": "CTO"}, utm_params={"source": "x", "medium": "y"})
    result = merged(known, answer)

    assert result.changes == {
        "properties": {"size": 5, "gone": "back", "title": "CTO"},
        "utm_params": {"source": "fair", "medium": "y"},
    }
    assert list(result.provenance) == ["properties.gone", "properties.title", "utmParams.medium"]
    assert result.provenance["properties.title"] == Enriched(provider="apollo", value="CTO", at=NOW)
    assert result.unchanged == ("properties.size", "utmParams.source")


def test_a_property_is_named_by_itself_or_in_its_object():
    apart = merged(lead(), Match(provider="apollo", values={"properties.title": "CTO", "properties.size": 5}))

    assert apart == merged(lead(), match(properties={"title": "CTO", "size": 5}))


@pytest.mark.parametrize(("present", "offered"), [(1, True), (1, 1.0), (True, 1), ("1", 1)])
def test_a_property_of_another_kind_is_another_value(present, offered):
    result = merged(lead(properties={"x": present}), match(properties={"x": offered}), overwrite=True)

    assert result.changes == {"properties": {"x": offered}}
    assert type(result.changes["properties"]["x"]) is type(offered)


def test_falsehood_and_zero_are_values():
    known = lead(properties={"a": 0, "b": False})
    result = merged(known, match(properties={"a": 1, "b": True, "c": 0}))

    assert result.changes == {"properties": {"a": 0, "b": False, "c": 0}}


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", PROTECTED)
@pytest.mark.parametrize("spelling", [str, wire_name])
def test_no_protected_field_is_ever_written(name, spelling, overwrite):
    result = merged(lead(), match(**{spelling(name): "x"}), overwrite=overwrite)

    assert (result.changes, result.provenance) == ({}, {})
    assert result.refused == (
        Refused(provider="apollo", field=spelling(name), reason=f"only the command `{PROTECTED[name]}` may write it"),
    )


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"email": "nobody"}, ("email", "expected an e-mail address such as alice@example.com")),
        ({"phone": True}, ("phone", "input should be a valid string")),
        ({"phone": "none"}, ("phone", "expected a phone number such as +1 555 0100")),
        ({"company": "a\x00b"}, ("company", "text cannot hold a NUL character")),
        (
            {"company": "\ud800"},
            ("company", "input should be a valid string, unable to parse raw data as a unicode string"),
        ),
        ({"company": "x" * 10_001}, ("company", "string should have at most 10000 characters")),
        ({"firstName": ["Alice"]}, ("firstName", "input should be a valid string")),
        ({"priority": "urgent"}, ("priority", "input should be 'low', 'medium' or 'high'")),
        ({"properties": {"a": float("nan")}}, ("properties.a", "a must be a finite number")),
        (
            {"properties": {"a": {"b": {"c": {"d": {"e": {}}}}}}},
            ("properties.a", "a.b.c.d.e nests deeper than 5 levels"),
        ),
        ({"properties": {"a": object()}}, ("properties.a", None)),
        ({"properties": {"\x00": 1}}, ("properties.\\x00", "a key of the object: text cannot hold a NUL character")),
        ({"properties": "x"}, ("properties", "expected an object")),
        ({"compny": "Acme"}, ("compny", "a lead has no such field; did you mean `company`?")),
    ],
)
def test_what_a_lead_cannot_hold_is_refused_by_name_and_raises_nothing(values, refused):
    # Told to overwrite, since a priority is never empty.
    result = merged(lead(email=None, phone="5"), match(**values, source="web"), overwrite=True)

    ((field, reason),) = refusals(result)
    assert field == refused[0]
    assert refused[1] is None or reason == refused[1]
    assert result.changes == {"source": "web"}


def test_a_refusal_never_quotes_the_value():
    answer = match(email="secret", phone="secret", status="secret", properties={"a": object()}, secrecy="secret")

    assert not [
        refused for refused in merged(lead(email=None, phone="1"), answer).refused if "secret" in refused.reason
    ]


def test_the_reason_of_a_refusal_is_short():
    key = "k" * 5_000
    ((field, reason),) = refusals(merged(lead(), match(properties={key: float("inf")})))

    assert (field, reason) == (f"properties.{key}"[:200], f"{key} must be"[:300])


def test_properties_that_together_are_too_large_are_taken_as_far_as_they_fit():
    known = lead(properties={"notes": "x" * 10_000})
    answer = match(properties={f"p{number}": "y" * 10_000 for number in range(7)}, company="Acme")
    result = merged(known, answer)

    assert list(result.changes["properties"]) == ["notes", "p0", "p1", "p2", "p3", "p4"]
    assert list(result.provenance) == [*(f"properties.p{number}" for number in range(5)), "company"]
    assert refusals(result) == [("properties.p5", "larger than 64 KiB"), ("properties.p6", "larger than 64 KiB")]
    assert decide(known, result.command, Context(now=NOW, actor="user-7")).changed


# --- several providers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_later_provider_only_fills_what_an_earlier_one_did_not_know(overwrite):
    first = match("apollo", company="Acme", phone="none", properties={"title": "CTO"})
    later = match("hunter", company="Bolt", phone="+1 555 0100", properties={"title": "CEO", "size": 5})
    result = merged(lead(), first, NoMatch(provider="pdl"), later, overwrite=overwrite)

    assert result.changes == {"company": "Acme", "phone": "+1 555 0100", "properties": {"title": "CTO", "size": 5}}
    assert {name: enriched.provider for name, enriched in result.provenance.items()} == {
        "company": "apollo",
        "properties.title": "apollo",
        "phone": "hunter",
        "properties.size": "hunter",
    }
    assert [(refused.provider, refused.field) for refused in result.refused] == [("apollo", "phone")]


def test_a_later_provider_does_not_replace_what_an_earlier_one_confirmed():
    first, later = match("apollo", company="Acme"), match("hunter", company="Bolt")

    assert merged(lead(company="Acme"), first, later, overwrite=True) == Merged(
        changes={}, provenance={}, unchanged=("company",)
    )


def test_one_provider_that_names_a_field_twice_is_taken_at_its_first_word():
    assert merged(lead(), match(firstName="Alice", first_name="Bob")).changes == {"first_name": "Alice"}


def test_a_field_that_stays_is_told_once():
    answers = match("apollo", company="A"), match("hunter", company="B", source="x")

    assert merged(lead(company="Acme", source="y"), *answers).unchanged == ("company", "source")


def test_nothing_that_was_given_is_changed():
    known = lead(properties={"a": {"b": 1}})
    answer = match(properties={"c": {"d": [1]}})
    before, values = known.model_dump(), copy.deepcopy(answer.values)
    result = merged(known, answer)
    result.changes["properties"]["c"]["d"].append(2)

    assert known.model_dump() == before
    assert answer.values == values


def test_what_is_known_of_a_person_is_not_shown():
    assert "Acme" not in repr(merged(lead(), match(company="Acme")))


# --- the waterfall ---------------------------------------------------------------------------------------------------

FULL = {"first_name": "A", "last_name": "B", "phone": "1", "company": "C"}


@pytest.mark.parametrize(
    ("fields", "outcomes", "wanted"),
    [
        ({}, [], ("first_name", "last_name", "phone", "company")),
        (FULL, [], ()),
        (FULL | {"company": " "}, [], ("company",)),
        ({}, [match(firstName="A", lastName="B", phone="1", company="C")], ()),
        ({}, [match(firstName="A"), NoMatch(provider="pdl"), match("hunter", company="C")], ("last_name", "phone")),
        ({}, [match(firstName="A", phone="none", company="")], ("last_name", "phone", "company")),
        (FULL | {"phone": None}, [Deferred(provider="apollo", request_id="r")], ("phone",)),
        (FULL | {"phone": None}, [Deferred(provider="apollo", request_id="r", values={"phone": "1"})], ()),
    ],
)
def test_what_is_still_wanted_is_what_nobody_has(fields, outcomes, wanted):
    assert still_wanted(lead(**fields), outcomes) == wanted


def test_other_fields_may_be_wanted():
    known = lead(properties={"size": 5})
    names = ["properties.size", "properties.title", "firstName"]

    assert still_wanted(known, [], names) == ("properties.title", "firstName")
    assert still_wanted(known, [match(properties={"title": "CTO"})], names) == ("firstName",)
    assert still_wanted(known, [], []) == ()
    with pytest.raises(ValueError, match="only the command `score`"):
        still_wanted(known, [], ["score"])


def test_what_will_give_way_is_still_wanted():
    assert still_wanted(lead(**FULL), [], overwrite=True) == STANDARD
    assert still_wanted(lead(**FULL), [match(company="C", phone="2")], overwrite=True) == (
        "email",
        "first_name",
        "last_name",
    )


@pytest.mark.parametrize(
    ("fields", "outcomes", "options", "expected"),
    [
        (FULL, [], {}, True),
        (FULL, [NoMatch(provider="pdl")], {}, True),
        (FULL, [match(source="x")], {}, False),
        (FULL, [NoMatch(provider="pdl"), match(source="x")], {}, False),
        (FULL, [Deferred(provider="apollo", request_id="r")], {}, False),
        ({}, [match(source="x")], {}, True),
        ({}, [match(**FULL)], {}, False),
        (FULL, [], {"wanted": ["company"]}, False),
        ({}, [], {"wanted": ["company"]}, True),
        ({}, [match(company="Acme")], {"wanted": ["company"]}, False),
        ({}, [NoMatch(provider="pdl")], {"wanted": []}, False),
        (FULL, [match(company="C")], {"overwrite": True}, True),
        (FULL, [match(email="b@example.com", **FULL)], {"overwrite": True}, False),
        (FULL, [match(company="C")], {"overwrite": True, "wanted": ["company"]}, False),
        (FULL, [], {"overwrite": True, "wanted": ["company"]}, True),
    ],
)
def test_providers_are_asked_until_one_knows_the_lead_and_nothing_is_wanted(fields, outcomes, options, expected):
    assert goes_on(lead(**fields), outcomes, **options) is expected
