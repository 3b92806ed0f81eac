from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import leadkit
from leadkit.errors import LeadkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

# What needs an extra, or is to be imported by pytest alone; what it raises is defined below it.
OPTIONAL = (
    "leadkit.cli",
    "leadkit.columnar",
    "leadkit.http",
    "leadkit.outbound",
    "leadkit.providers",
    "leadkit.sql",
    "leadkit.testing",
)


def descendants(cls: type[LeadkitError]) -> Iterator[type[LeadkitError]]:
    yield cls
    for child in cls.__subclasses__():
        # A slotted attrs class is made twice; the first make stays behind, without a home.
        if getattr(inspect.getmodule(child), child.__name__, None) is child:
            yield from descendants(child)


@pytest.fixture(scope="module")
def errors() -> list[type[LeadkitError]]:
    for found in pkgutil.walk_packages(leadkit.__path__, "leadkit."):
        if not found.name.startswith(OPTIONAL):
            importlib.import_module(found.name)
    return list(descendants(LeadkitError))


def test_every_error_has_a_code_of_its_own(errors: list[type[LeadkitError]]) -> None:
    codes = Counter(error.code for error in errors)
    assert [code for code, count in codes.items() if count > 1] == []


def test_a_code_is_words_with_hyphens(errors: list[type[LeadkitError]]) -> None:
    assert [error.code for error in errors if not re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)] == []


def test_codes_stay_what_they_are(errors: list[type[LeadkitError]]) -> None:
    """Hosts match on codes: changing or removing one breaks them, and is written in the changelog."""
    assert {
        "address-refused",
        "already-exists",
        "ambiguous-contact",
        "concurrency-conflict",
        "conversion-conflict",
        "delivery-failed",
        "destination-gone",
        "duplicate-lead",
        "idempotency-mismatch",
        "in-use",
        "invalid-input",
        "invalid-signature",
        "invalid-transition",
        "leadkit-error",
        "missing-extra",
        "not-a-permutation",
        "not-found",
        "outcome-unknown",
        "protected-field",
        "provider-failure",
        "rule-errors",
        "schema-outdated",
        "schema-too-new",
        "store-full",
        "store-locked",
        "store-read-only",
        "store-unavailable",
        "store-unusable",
        "unknown-strategy",
        "unreadable-file",
    } <= {error.code for error in errors}


def test_every_error_lives_in_the_one_tree(errors: list[type[LeadkitError]]) -> None:
    assert {error.__module__ for error in errors} == {"leadkit.errors"}


def test_every_error_is_public(errors: list[type[LeadkitError]]) -> None:
    assert {error.__name__ for error in errors} <= set(leadkit.__all__)
