import re
import sys

import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.sql.folding import MOST_FOLDED, folded_pattern
from leadkit.sql.values import Refusal


def found(pattern, text):
    # Python reads the escapes that PostgreSQL does.
    return re.search(pattern, text) is not None


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("new", "NeW"),
        ("k", "\u212a"),
        ("straße", "STRAßE"),
        ("", "anything"),
        ("a.b*c", "A.B*C"),
        ("i", "İ"),
        ("\\]^-", "\\]^-"),
        ("🎉 é", "🎉 É"),
    ],
)
def test_a_pattern_finds_what_holds_the_text_in_lower_case(wanted, text):
    assert wanted in text.lower()
    assert found(folded_pattern([wanted], starts=False, ends=False), f"x{text}y") is (wanted in f"x{text}y".lower())


@pytest.mark.parametrize("text", ["İ", "I", "ı", "i̇", "\u212a", "K", "ß", "ẞ", "Ǆ", "ǅ", "a", "A", "ab", ""])
@pytest.mark.parametrize("wanted", ["i", "k", "ß", "ǆ", "a", "ab", "1"])
def test_each_end_is_held_to(wanted, text):
    low = text.lower()

    assert found(folded_pattern([wanted], starts=True, ends=True), text) is (low == wanted)
    assert found(folded_pattern([wanted], starts=True, ends=False), text) is low.startswith(wanted)
    assert found(folded_pattern([wanted], starts=False, ends=True), text) is low.endswith(wanted)
    assert found(folded_pattern([wanted], starts=False, ends=False), text) is (wanted in low)
    assert found(folded_pattern([wanted, "zz"], starts=True, ends=True), text) is (low in (wanted, "zz"))


def test_every_character_is_found_by_its_own_lower_case():
    refused = set()
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        if character.lower() == character or 0xD800 <= number <= 0xDFFF:
            continue
        try:
            pattern = folded_pattern([character.lower()], starts=True, ends=True)
        except Refusal:
            refused.add(character)
        else:
            assert found(pattern, character)
    assert refused == {"Σ", "İ"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("σ", "the lower case of 'σ' depends on the characters around it"),
        ("σς", "the lower case of 'ς' and 'σ' depends on the characters around it"),
        ("i̇", "the lower case of '̇' depends on the characters around it"),
        ("a" * (MOST_FOLDED + 1), "text of more than 1,000 characters is not compared in lower case"),
    ],
)
def test_what_depends_on_its_place_is_refused(text, reason):
    with pytest.raises(Refusal, match=f"^{reason}$"):
        folded_pattern([text], starts=True, ends=True)
