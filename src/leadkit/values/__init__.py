"""The values that every document is made of: text, times, numbers, free JSON, and the document itself."""

from __future__ import annotations

from leadkit.values.document import Document, read, read_json
from leadkit.values.json import JsonObject, canonical_json, fingerprint
from leadkit.values.numbers import Amount, Points, from_hundredths, hundredths, round_half_even
from leadkit.values.text import Currency, Identifier, Label, Text, normalise_email, normalise_phone
from leadkit.values.times import Duration, Instant, parse_duration, parse_instant

__all__ = [
    "Amount",
    "Currency",
    "Document",
    "Duration",
    "Identifier",
    "Instant",
    "JsonObject",
    "Label",
    "Points",
    "Text",
    "canonical_json",
    "fingerprint",
    "from_hundredths",
    "hundredths",
    "normalise_email",
    "normalise_phone",
    "parse_duration",
    "parse_instant",
    "read",
    "read_json",
    "round_half_even",
]
