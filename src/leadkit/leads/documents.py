"""What is sent to create and to change a lead, and which fields no one may write directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from pydantic import Field, field_validator, model_validator

from leadkit.errors import Fault, InvalidInput, ProtectedField
from leadkit.leads.lead import Lead, Priority, wire_name
from leadkit.values import Document, Identifier, JsonObject, Text, canonical_json, read
from leadkit.values.text import Email, Phone

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PROTECTED", "WRITABLE", "LeadPatch", "NewLead", "protect", "read_new_lead", "read_patch"]

WRITABLE: Final = (
    "email",
    "first_name",
    "last_name",
    "phone",
    "company",
    "external_id",
    "priority",
    "source",
    "campaign_id",
    "referrer",
    "utm_params",
    "properties",
)
"""The fields that create, update, imports and enrichment may write."""

_QUALIFICATION: Final = "qualify or disqualify"
_PLACE: Final = "move"

PROTECTED: Final[dict[str, str]] = {
    "status": "qualify, disqualify, nurture, reopen or convert",
    "pipeline_id": _PLACE,
    "stage": _PLACE,
    "stage_entered_at": _PLACE,
    "score": "score",
    "score_breakdown": "score",
    "scored_at": "score",
    "assigned_to": "assign",
    "assigned_at": "assign",
    "qualified_at": _QUALIFICATION,
    "qualified_by": _QUALIFICATION,
    "qualification_reason": _QUALIFICATION,
    "disqualified_at": _QUALIFICATION,
    "disqualified_by": _QUALIFICATION,
    "converted_at": "convert",
    "converted_to_contact_id": "convert",
    "converted_to_opportunity_id": "convert",
    "origin_contact_id": "from_contact",
    "enrichment": "enrich",
    "deleted_at": "delete or erase",
    "id": "create",
    "created_at": "create",
    "updated_at": "any command",
    "version": "any command",
}
"""The fields with a command behind them, and that command."""

_SPELLINGS: Final = {spelling: name for name in PROTECTED for spelling in (name, wire_name(name))}
_MERGED: Final = frozenset({"utm_params", "properties"})
_PLACEMENT: Final = frozenset({"pipeline_id", "stage"})


class _Writable(Document):
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Phone | None = None
    company: Text | None = None
    external_id: Identifier | None = None
    source: Text | None = None
    campaign_id: Text | None = None
    referrer: Text | None = None

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Personal values stay out of logs and tracebacks: the names of what was sent are enough to see which it is.
        yield "sent", sorted(self.model_fields_set)


class NewLead(_Writable):
    """What is sent to create a lead: the writable fields, and where it starts.

    Attributes:
        pipeline_id: The pipeline that it enters; left out, none.
        stage: Where it enters; left out, at the first stage.

    Example:
        >>> NewLead(email="alice@example.com", first_name="Alice").first_name
        'Alice'
    """

    priority: Priority = Priority.MEDIUM
    # A default that is made takes a tenth of the time of one that is copied; the schema tells it all the same.
    utm_params: JsonObject = Field(default_factory=dict, json_schema_extra={"default": {}})
    properties: JsonObject = Field(default_factory=dict, json_schema_extra={"default": {}})
    pipeline_id: Identifier | None = None
    stage: Identifier | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not (self.email or self.phone or self.external_id):
            message = "a lead needs an identity: email, phone or externalId"
            raise ValueError(message)
        if self.stage is not None and self.pipeline_id is None:
            message = "a stage needs its pipelineId"
            raise ValueError(message)
        return self


class LeadPatch(_Writable):
    """What is sent to change a lead: what is left out stays, null clears.

    `properties` and `utmParams` are merged by key, and a key that is sent as null is removed.
    """

    priority: Priority | None = None
    utm_params: JsonObject | None = None
    properties: JsonObject | None = None

    @field_validator("priority", "utm_params", "properties", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            message = "cannot be null; leave it out to keep it as it is"
            raise ValueError(message)
        return value

    def applied_to(self, lead: Lead) -> dict[str, Any]:
        """Answer the fields of a lead that differ once the patch is applied, with their new values.

        Args:
            lead: The lead as it is.

        Example:
            >>> from datetime import UTC, datetime
            >>> now = datetime(2026, 11, 24, tzinfo=UTC)
            >>> lead = Lead(id="1", email="a@example.com", company="Acme", created_at=now, updated_at=now)
            >>> LeadPatch(email="a@example.com", company=None).applied_to(lead)
            {'company': None}
        """
        after: dict[str, Any] = {}
        for name in self.model_fields_set:
            sent: Any = getattr(self, name)
            present: Any = getattr(lead, name)
            value = _merged(present, sent) if name in _MERGED else sent
            # Compared as JSON text: a property that turns from 1 to true or 1.0 has changed.
            if canonical_json(value) != canonical_json(present):
                after[name] = value
        return after


def _merged(present: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    removed = {key for key, value in sent.items() if value is None}
    return {key: value for key, value in {**present, **sent}.items() if key not in removed}


D = TypeVar("D", NewLead, LeadPatch)


def protect(data: dict[str, Any], *, allowed: frozenset[str] = frozenset()) -> None:
    """Refuse a document that writes a field with a command behind it.

    Args:
        data: What was sent.
        allowed: Protected fields that may be written here all the same.

    Raises:
        ProtectedField: Naming each of them, and the command to use.
    """
    named = [(key, _SPELLINGS[key]) for key in data if key in _SPELLINGS and _SPELLINGS[key] not in allowed]
    if named:
        raise ProtectedField(
            fields=tuple(key for key, _ in named), commands=tuple(PROTECTED[name] for _, name in named)
        )


def _read(kind: type[D], data: object, allowed: frozenset[str]) -> D:
    if isinstance(data, kind):
        return data
    if not isinstance(data, dict):
        raise InvalidInput(faults=(Fault(path="$", message="expected an object", code="type"),))
    fields = cast("dict[str, Any]", data)
    protect(fields, allowed=allowed)
    return read(kind, fields)


def read_new_lead(data: object) -> NewLead:
    """Read what was sent to create a lead.

    Args:
        data: A `NewLead`, or a mapping in camelCase or snake_case.

    Raises:
        ProtectedField: It writes a field that only a command may change.
        InvalidInput: With every other fault.
    """
    return _read(NewLead, data, _PLACEMENT)


def read_patch(data: object) -> LeadPatch:
    """Read what was sent to change a lead.

    Args:
        data: A `LeadPatch`, or a mapping in camelCase or snake_case.

    Raises:
        ProtectedField: It writes a field that only a command may change.
        InvalidInput: With every other fault.
    """
    return _read(LeadPatch, data, frozenset())
