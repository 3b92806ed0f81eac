"""The lead: one pre-customer record, frozen, whose status and stamps always agree.

A lead is a slotted pydantic dataclass, since services hold them by the hundred thousand: it takes half the time and a
quarter of the memory of a model, and it validates itself on `dataclasses.replace` too.
"""

from __future__ import annotations

import functools
from dataclasses import field, fields, make_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, TypeVar

from pydantic import Field, StrictInt, model_validator
from pydantic.dataclasses import dataclass

from leadkit.values.document import DOCUMENT, adapter, to_camel
from leadkit.values.json import JsonObject
from leadkit.values.numbers import Points
from leadkit.values.text import Email, Identifier, Label, Phone, Text
from leadkit.values.times import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CLOSED", "Enriched", "Lead", "LeadStatus", "Priority", "ScoreLine", "contradiction", "trusted", "wire_name"]

T = TypeVar("T")


class LeadStatus(StrEnum):
    """The outcome of a lead, independent of its stage."""

    NEW = "new"
    NURTURING = "nurturing"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    CONVERTED = "converted"


CLOSED: Final = frozenset({LeadStatus.DISQUALIFIED, LeadStatus.CONVERTED})
"""The outcomes after which a lead is no longer worked."""


class Priority(StrEnum):
    """How urgent a lead is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# A dataclass says for itself that it is frozen.
_CONFIG: Final = DOCUMENT.copy()
del _CONFIG["frozen"]


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class ScoreLine:
    """One line of a score: a rule that matched, or a cap that bit.

    Attributes:
        rule: The name of the rule, or of the cap.
        points: What it brought, at most two decimals.
    """

    rule: Label
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Enriched:
    """Where the value of an enriched field came from.

    Attributes:
        provider: The name of the provider.
        value: What it answered.
        at: When.
    """

    provider: Label
    value: Any
    at: Instant


# The same thirty names come again with every event, and the alias generator goes about it by regular expressions.
_camel: Final = functools.lru_cache(maxsize=1_000)(to_camel)


def wire_name(name: str) -> str:
    """Answer a field's name as it goes over the wire.

    Example:
        >>> wire_name("first_name")
        'firstName'
    """
    return _camel(name)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, config=_CONFIG)
class Lead:
    """A pre-customer record.

    Attributes:
        id: Its id, unique in the organisation.
        email: As it was given; matching is by its normalised form.
        first_name: Given name.
        last_name: Family name.
        phone: As it was given.
        company: The name of the company.
        external_id: Its id in another system.
        pipeline_id: The pipeline that it is worked in.
        stage: Its position in that pipeline.
        status: Its outcome; changes only by a command of the lifecycle.
        priority: How urgent it is; scoring sets it where the ruleset has bands.
        score: The sum of the breakdown; None before the first scoring.
        score_breakdown: The lines of the score.
        scored_at: When it was scored last.
        source: Where it came from.
        campaign_id: The campaign that brought it.
        referrer: The page that brought it.
        utm_params: The campaign parameters of its first visit.
        assigned_to: The user who owns it.
        assigned_at: Since when.
        qualified_at: Set exactly while the status is qualified or converted.
        qualified_by: Who qualified it.
        qualification_reason: Why it was qualified, or disqualified.
        disqualified_at: Set exactly while the status is disqualified.
        disqualified_by: Who disqualified it.
        converted_at: Set exactly while the status is converted.
        converted_to_contact_id: The contact that it became.
        converted_to_opportunity_id: The opportunity that was made with it.
        origin_contact_id: The contact that it was made from.
        stage_entered_at: Since when it stands in its stage.
        properties: Free JSON of the host.
        enrichment: For each enriched field (camelCase), its provider, value and time.
        created_at: When it was captured.
        updated_at: When it last changed.
        deleted_at: When it was deleted or erased.
        version: 1 when created, one more with every accepted change.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="lead-1", email="alice@example.com", created_at=now, updated_at=now)
        >>> lead.status.value, lead.score, lead.version
        ('new', None, 1)
    """

    id: Identifier
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Phone | None = None
    company: Text | None = None
    external_id: Identifier | None = None
    pipeline_id: Identifier | None = None
    stage: Identifier | None = None
    status: LeadStatus = LeadStatus.NEW
    priority: Priority = Priority.MEDIUM
    score: Points | None = None
    score_breakdown: tuple[ScoreLine, ...] = ()
    scored_at: Instant | None = None
    source: Text | None = None
    campaign_id: Text | None = None
    referrer: Text | None = None
    utm_params: JsonObject = field(default_factory=dict)
    assigned_to: Identifier | None = None
    assigned_at: Instant | None = None
    qualified_at: Instant | None = None
    qualified_by: Identifier | None = None
    qualification_reason: Text | None = None
    disqualified_at: Instant | None = None
    disqualified_by: Identifier | None = None
    converted_at: Instant | None = None
    converted_to_contact_id: Identifier | None = None
    converted_to_opportunity_id: Identifier | None = None
    origin_contact_id: Identifier | None = None
    stage_entered_at: Instant | None = None
    properties: JsonObject = field(default_factory=dict)
    enrichment: dict[str, Enriched] = field(default_factory=dict)
    created_at: Instant
    updated_at: Instant
    deleted_at: Instant | None = None
    version: Annotated[StrictInt, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (message := contradiction(self)) is not None:
            raise ValueError(message)
        return self

    def __repr__(self) -> str:
        # Personal values stay out of logs and tracebacks.
        return f"Lead(id={self.id!r}, status={self.status.value!r}, stage={self.stage!r}, version={self.version})"

    @property
    def is_open(self) -> bool:
        """Whether it is still worked: neither disqualified, converted nor deleted."""
        return self.deleted_at is None and self.status not in CLOSED

    @classmethod
    def model_validate(cls, data: object) -> Self:
        """Read a lead from plain values, in camelCase or snake_case, as every other document is read."""
        return adapter(cls).validate_python(data)

    @classmethod
    def model_validate_json(cls, text: str | bytes) -> Self:
        """Read a lead from JSON text."""
        return adapter(cls).validate_json(text)

    def model_dump(self) -> dict[str, Any]:
        """Write the lead as plain JSON values in camelCase."""
        dumped: dict[str, Any] = adapter(type(self)).dump_python(self, mode="json")
        return dumped

    def model_dump_json(self) -> str:
        """Write the lead as JSON text in camelCase."""
        return adapter(type(self)).dump_json(self).decode()

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """Answer the JSON Schema of a lead on the wire."""
        return adapter(cls).json_schema()


_QUALIFIED: Final = frozenset({LeadStatus.QUALIFIED, LeadStatus.CONVERTED})


def contradiction(lead: Lead) -> str | None:
    """Answer in what the fields of a lead contradict each other, or None.

    Args:
        lead: A lead whose fields are each valid.
    """
    status = lead.status
    if lead.deleted_at is None and not (lead.email or lead.phone or lead.external_id):
        return "a lead needs an identity: email, phone or externalId"
    if (lead.pipeline_id is None) is not (lead.stage is None):
        return "pipelineId and stage go together"
    if (lead.qualified_at is not None) is not (status in _QUALIFIED):
        return "qualifiedAt is set exactly while the lead is qualified or converted"
    if (lead.disqualified_at is not None) is not (status is LeadStatus.DISQUALIFIED):
        return "disqualifiedAt is set exactly while the lead is disqualified"
    if (lead.converted_at is not None) is not (status is LeadStatus.CONVERTED):
        return "convertedAt is set exactly while the lead is converted"
    return None


def trusted(kind: type[T], values: Iterable[Any]) -> T:
    """Make a lead, or a part of one, of values that were validated before: such as a store that reads what it wrote.

    Nothing is looked at, which takes a thirtieth of the time.

    Args:
        kind: `Lead`, `ScoreLine` or `Enriched`.
        values: One for each field, in the order of the fields.

    Example:
        >>> trusted(ScoreLine, ["fit", 20])
        ScoreLine(rule='fit', points=20)
    """
    # A class can always be hashed, which the types of a cache cannot be told.
    of_kind: Any = kind
    made: Any = _draft(of_kind)(*values)
    made.__class__ = kind
    ready: T = made
    return ready


@functools.cache
def _draft(kind: Any) -> Any:
    """Answer a class of the same slots that is not frozen and reads nothing: what is made by it can become the other.

    Filling the slots of the frozen class itself, one by one, takes five times as long.
    """
    return make_dataclass(
        f"{kind.__name__}Draft", [each.name for each in fields(kind)], slots=True, eq=False, repr=False
    )
