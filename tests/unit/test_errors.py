import pickle

import pytest

from leadkit import errors
from leadkit.errors import Fault, LeadkitError

EXAMPLES = [
    (
        errors.InvalidInput(faults=(Fault(path="$.email", message="expected an address"),)),
        "invalid-input",
        "$.email: expected an address",
    ),
    (
        errors.RuleErrors(faults=(Fault(path="$.a", message="wrong"), Fault(path="$.b", message="bad"))),
        "rule-errors",
        "2 faults\n  $.a: wrong\n  $.b: bad",
    ),
    (
        errors.ProtectedField(fields=("status", "assignedTo"), commands=("qualify", "assign")),
        "protected-field",
        "these fields cannot be written directly: `status` (use qualify), `assignedTo` (use assign)",
    ),
    (errors.NotFound(kind="lead", id="7"), "not-found", "there is no lead with id '7'"),
    (
        errors.NotFound(kind="stage", id="nww", known=("new", "won")),
        "not-found",
        "there is no stage with id 'nww'; did you mean `new`?",
    ),
    (
        errors.NotFound(kind="stage", id="zzz", known=("won", "new")),
        "not-found",
        "there is no stage with id 'zzz'; possible are `new`, `won`",
    ),
    (errors.AlreadyExists(kind="pipeline", id="p"), "already-exists", "there is already a pipeline with id 'p'"),
    (
        errors.DuplicateLead(key="email", candidates=("a", "b")),
        "duplicate-lead",
        "a lead with the same email exists already: `a`, `b`",
    ),
    (
        errors.InvalidTransition(status="converted", command="qualify", allowed=("convert", "erase")),
        "invalid-transition",
        "a converted lead cannot be asked to qualify; allowed are `convert`, `erase`",
    ),
    (
        errors.ConcurrencyConflict(kind="lead", id="7", expected=1, found=3),
        "concurrency-conflict",
        "lead '7' was read at version 1, but it is now at version 3; read it again",
    ),
    (
        errors.ConcurrencyConflict(kind="lead", id="7", expected=1, found=None),
        "concurrency-conflict",
        "lead '7' was read at version 1, but it is gone; read it again",
    ),
    (
        errors.AddressRefused(host="internal", reason="a private address"),
        "address-refused",
        "nothing is sent to 'internal': it is a private address",
    ),
    (
        errors.DeliveryFailed(destination="https://example.com", reason="it answered 500"),
        "delivery-failed",
        "https://example.com did not take it: it answered 500",
    ),
    (
        errors.DestinationGone(destination="https://example.com"),
        "destination-gone",
        "https://example.com wants nothing any more; what waits for it is kept: wire another publisher",
    ),
    (
        errors.InvalidSignature(reason="no signature fits"),
        "invalid-signature",
        "this webhook cannot be trusted: no signature fits",
    ),
    (errors.InUse(kind="stage", id="new", leads=1), "in-use", "stage 'new' still holds 1 lead"),
    (errors.InUse(kind="stage", id="new", leads=2), "in-use", "stage 'new' still holds 2 leads"),
    (
        errors.NotAPermutation(missing=("a",), unknown=("b", "c"), repeated=()),
        "not-a-permutation",
        "the order must name each stage exactly once: missing `a`; unknown `b`, `c`",
    ),
    (
        errors.NotAPermutation(missing=(), unknown=(), repeated=("d",)),
        "not-a-permutation",
        "the order must name each stage exactly once: repeated `d`",
    ),
    (
        errors.AmbiguousContact(candidates=("c1", "c2")),
        "ambiguous-contact",
        "several contacts match: `c1`, `c2`; name one as contact_id",
    ),
    (
        errors.ConversionConflict(lead_id="7", reason="without an opportunity"),
        "conversion-conflict",
        "lead '7' is converted already: without an opportunity",
    ),
    (
        errors.IdempotencyMismatch(key="k"),
        "idempotency-mismatch",
        "the idempotency key 'k' was used for another request",
    ),
    (
        errors.UnknownStrategy(name="round-robbin", known=("round-robin", "weighted")),
        "unknown-strategy",
        "unknown assignment strategy `round-robbin`; did you mean `round-robin`?",
    ),
    (
        errors.MissingExtra(extra="regex", feature="the operator `matches`"),
        "missing-extra",
        "the operator `matches` needs the extra `regex`: pip install 'leadkit[regex]'",
    ),
    (
        errors.ProviderFailure(provider="apollo", reason="timed out"),
        "provider-failure",
        "provider `apollo` failed: timed out",
    ),
    (errors.UnreadableFile(name="a.csv", reason="no header"), "unreadable-file", "cannot read a.csv: no header"),
    (
        errors.QueryRefused(store="PostgreSQL", faults=(errors.Fault(path="$.condition", message="no RE2"),)),
        "query-refused",
        "PostgreSQL cannot look for this; going through all leads can (`leads.each`)\n  $.condition: no RE2",
    ),
    (errors.StoreUnavailable(reason="disk full"), "store-unavailable", "the store is unavailable: disk full"),
    (errors.StoreLocked(reason="in use"), "store-locked", "the store is unavailable: in use"),
    (errors.StoreReadOnly(reason="no"), "store-read-only", "the store is unavailable: no"),
    (errors.StoreFull(reason="no room"), "store-full", "the store is unavailable: no room"),
    (errors.StoreUnusable(reason="a photo"), "store-unusable", "the store is unavailable: a photo"),
    (errors.SchemaTooNew(reason="0009"), "schema-too-new", "the store is unavailable: 0009"),
    (errors.SchemaOutdated(reason="0001"), "schema-outdated", "the store is unavailable: 0001"),
    (
        errors.OutcomeUnknown(reason="the line went dead"),
        "outcome-unknown",
        "whether the work was kept is unknown, the line went dead; repeat it under the same idempotency key",
    ),
]


@pytest.mark.parametrize(("error", "code", "message"), EXAMPLES, ids=lambda value: getattr(value, "code", None))
def test_an_error_says_what_was_wrong_and_what_is_possible(error, code, message):
    assert error.code == code
    assert str(error) == error.message == message


@pytest.mark.parametrize(("error", "code", "message"), EXAMPLES, ids=lambda value: getattr(value, "code", None))
def test_an_error_survives_the_way_between_processes(error, code, message):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is type(error)
    assert str(copy) == message
    assert copy.as_dict() == error.as_dict()


def test_the_root_of_the_errors_speaks_by_its_code():
    assert str(LeadkitError()) == "leadkit-error"


def test_an_error_tells_its_data_as_plain_values():
    assert errors.InUse(kind="stage", id="new", leads=2).as_dict() == {
        "code": "in-use",
        "message": "stage 'new' still holds 2 leads",
        "kind": "stage",
        "id": "new",
        "leads": 2,
    }


def test_only_errors_that_may_pass_by_themselves_are_retryable():
    retryable = {type(error).__name__ for error, _, _ in EXAMPLES if error.retryable}

    assert retryable == {
        "ConcurrencyConflict",
        "DeliveryFailed",
        "OutcomeUnknown",
        "ProviderFailure",
        "StoreLocked",
        "StoreUnavailable",
    }


def test_rule_errors_are_invalid_input():
    with pytest.raises(errors.InvalidInput):
        raise errors.RuleErrors(faults=(Fault(path="$", message="x"),))


def test_a_fault_has_a_code_of_its_own():
    assert Fault(path="$", message="x").code == "invalid"
    assert Fault(path="$", message="x", code="type").code == "type"


def test_the_closest_word_is_found_only_when_it_is_close():
    assert errors.closest("statsu", ["status", "stage"]) == "status"
    assert errors.closest("qqq", ["status", "stage"]) is None


def test_a_hint_lists_what_is_possible_in_order_when_nothing_is_close():
    assert errors.did_you_mean("qqq", ["b", "a"]) == "; possible are `a`, `b`"
    assert errors.did_you_mean("qqq", []) == ""
