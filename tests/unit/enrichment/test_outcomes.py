import pytest

from leadkit.enrichment import Deferred, Match, NoMatch
from leadkit.errors import InvalidInput

KINDS = {
    Match: {"provider": "apollo", "values": {"company": "Acme"}},
    NoMatch: {"provider": "apollo"},
    Deferred: {"provider": "apollo", "request_id": "r-1"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_costs_nothing_unless_it_says_so(kind):
    assert kind(**KINDS[kind]).credits == 0
    assert kind(**KINDS[kind], credits=1.5).credits == 1.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"provider": ""}, "$.provider: string should have at least 1 character"),
        ({"credits": -1}, "$.credits: input should be greater than or equal to 0"),
        ({"credits": float("nan")}, "$.credits: input should be a finite number"),
        ({"credits": "1"}, "$.credits: input should be a valid number"),
        ({"credits": True}, "$.credits: input should be a valid number"),
    ],
)
def test_an_answer_is_checked(kind, changes, fault):
    with pytest.raises(InvalidInput) as caught:
        kind(**{**KINDS[kind], **changes})
    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize("kind", [Match, Deferred])
def test_values_are_an_object(kind):
    with pytest.raises(InvalidInput) as caught:
        kind(**{**KINDS[kind], "values": [("company", "Acme")]})
    assert str(caught.value) == "$.values: input should be a valid dictionary"


def test_what_is_deferred_may_bring_values_already():
    assert Deferred(provider="apollo", request_id="r-1").values == {}
    assert Deferred(provider="apollo", request_id="r-1", values={"company": "Acme"}).values == {"company": "Acme"}
    with pytest.raises(InvalidInput, match=r"\$\.requestId"):
        Deferred(provider="apollo", request_id="")


def test_what_is_known_of_a_person_is_not_shown():
    assert repr(Match(**KINDS[Match])) == "Match(provider='apollo', credits=0)"
    assert repr(Deferred(**KINDS[Deferred], values={"email": "a@b"})) == (
        "Deferred(provider='apollo', request_id='r-1', credits=0)"
    )
