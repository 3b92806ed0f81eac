"""THE catalogue of events: what can happen to a lead, and what each event carries.

Every event carries `changes`, the fields that it changed with their new values, so that folding a lead's events gives
the lead. To add an event: a payload, its row in `EVENTS`, and the function of the lifecycle that emits it.
"""

from __future__ import annotations

import functools
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.errors import Fault, InvalidInput
from leadkit.leads.lead import Enriched, Lead, ScoreLine, wire_name
from leadkit.leads.making import LEAD_FIELDS, values_of
from leadkit.values import Document, Identifier, Points, Text
from leadkit.values.document import adapter
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["EVENTS", "Event", "EventKind", "Payload", "event_schema", "fold", "wire_changes", "wire_lead", "wire_value"]


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened to a lead.

    Attributes:
        type: A row of `EVENTS`, such as `lead.qualified`.
        lead_id: The lead.
        sequence: The lead's version after it; the events of one lead count 1, 2, 3 …
        time: When it happened.
        actor: Who did it.
        data: The payload as plain JSON, in camelCase.
    """

    type: str
    lead_id: str
    sequence: int
    time: datetime
    actor: str
    # Payloads hold personal values, which stay out of logs and tracebacks.
    data: dict[str, Any] = attrs.field(repr=False)

    @property
    def id(self) -> str:
        """An id that is the same whenever the event is told again."""
        return f"{self.lead_id}.{self.sequence}"

    def cloudevent(self, *, org: str, source: str = "/leadkit") -> dict[str, Any]:
        """Answer the CloudEvents 1.0 envelope, in structured JSON form.

        Args:
            org: The organisation that the lead belongs to; it becomes the extension `orgid`.
            source: A URI reference that names the emitting service.

        Example:
            >>> from datetime import UTC
            >>> event = Event(
            ...     type="lead.qualified", lead_id="lead-1", sequence=2,
            ...     time=datetime(2026, 11, 24, tzinfo=UTC), actor="user-7", data={},
            ... )
            >>> envelope = event.cloudevent(org="acme")
            >>> envelope["id"], envelope["source"], envelope["sequence"]
            ('lead-1.2', '/leadkit/acme', '2')
        """
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": f"{source}/{org}",
            "type": self.type,
            "subject": self.lead_id,
            "time": isoformat(self.time),
            "datacontenttype": "application/json",
            # Attributes of CloudEvents are text; the sequence extension wants no leading zeros.
            "sequence": str(self.sequence),
            "sequencetype": "Integer",
            "orgid": org,
            "actor": self.actor,
            "data": self.data,
        }


class Payload(Document):
    """What every event carries.

    Attributes:
        changes: The fields of the lead that changed, in camelCase, with their new values.
    """

    changes: dict[str, Any]


class Created(Document):
    """The whole lead as it began."""

    lead: dict[str, Any]


class Reasoned(Payload):
    """A transition that may have a reason."""

    reason: Text | None = None


class Assigned(Reasoned):
    """Who owns the lead now, and who did before."""

    assigned_to: Identifier | None
    previous: Identifier | None


class Scored(Payload):
    """The scorecard."""

    score: Points
    score_breakdown: tuple[ScoreLine, ...]
    previous_score: Points | None
    ruleset: str


class Converted(Payload):
    """What the lead became."""

    contact_id: Identifier
    opportunity_id: Identifier | None


class StageChanged(Payload):
    """From where to where."""

    from_pipeline: Identifier | None
    from_stage: Identifier | None
    to_pipeline: Identifier
    to_stage: Identifier


class EnrichedBy(Payload):
    """Which providers filled fields."""

    providers: tuple[Identifier, ...]


class Merged(Payload):
    """Which duplicate was taken up."""

    merged_lead_id: Identifier


class Deleted(Payload):
    """Whether the lead went because another took it up."""

    merged_into: Identifier | None = None


@attrs.frozen
class EventKind:
    """A row of the catalogue: what it means and what its `data` looks like."""

    meaning: str
    payload: type[Document]


EVENTS: Final[Mapping[str, EventKind]] = MappingProxyType(
    {
        "lead.created": EventKind("A lead was captured.", Created),
        "lead.updated": EventKind("Writable fields changed.", Payload),
        "lead.assigned": EventKind("The lead got another owner, or none.", Assigned),
        "lead.scored": EventKind("The lead was scored.", Scored),
        "lead.qualified": EventKind("The lead was declared worth pursuing.", Reasoned),
        "lead.disqualified": EventKind("The lead was declared not worth pursuing.", Reasoned),
        "lead.nurtured": EventKind("The lead is kept warm until it is ready.", Reasoned),
        "lead.reopened": EventKind("Work on the lead began anew.", Reasoned),
        "lead.converted": EventKind("The lead became a contact, perhaps with an opportunity.", Converted),
        "lead.stage_changed": EventKind("The lead stands in another stage.", StageChanged),
        "lead.enriched": EventKind("Providers filled fields of the lead.", EnrichedBy),
        "lead.merged": EventKind("The lead took up a duplicate.", Merged),
        "lead.deleted": EventKind("The lead was taken out of every list.", Deleted),
        "lead.erased": EventKind("Every personal value was removed from the lead.", Payload),
    }
)


def event_schema(type_: str) -> dict[str, Any]:
    """Answer the JSON Schema of an event's `data`.

    Args:
        type_: A row of `EVENTS`.
    """
    return adapter(EVENTS[type_].payload).json_schema()


# Most values are of these classes, which are JSON as they stand; looked up where a call would cost more than the rest.
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


def _as_it_stands(value: Any) -> Any:
    return value


def _wire_list(items: Iterable[Any]) -> list[Any]:
    return [item if item.__class__ in _PLAIN else wire_value(item) for item in items]


def _wire_lines(lines: Iterable[ScoreLine]) -> list[dict[str, Any]]:
    return [{"rule": line.rule, "points": line.points} for line in lines]


def _wire_object(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item if item.__class__ in _PLAIN else wire_value(item) for key, item in fields.items()}


# By the class of a value; what is not here is plain JSON as it stands.
_WRITERS: Final[dict[type, Callable[[Any], Any]]] = {
    str: str,
    datetime: isoformat,
    Enriched: lambda field: {"provider": field.provider, "value": field.value, "at": isoformat(field.at)},
    # The one tuple in a lead is its breakdown, which comes with every score.
    tuple: _wire_lines,
    list: _wire_list,
    dict: _wire_object,
}


def _found_writer(kind: type) -> Callable[[Any], Any]:
    """Answer what writes the values of a class: an enumeration of texts is text, a host's own datetime a datetime."""
    return next((_WRITERS[parent] for parent in kind.__mro__ if parent in _WRITERS), _as_it_stands)


# Said by its type, since a cache cannot be told that a class can be hashed.
_writer_of: Final[Callable[[Any], Callable[[Any], Any]]] = functools.cache(_found_writer)


def wire_value(value: Any) -> Any:
    """Write one value of a lead as plain JSON, a copy where it could be changed; much faster than pydantic's own.

    Example:
        >>> wire_value((ScoreLine(rule="fit", points=5),))
        [{'rule': 'fit', 'points': 5}]
    """
    return _writer_of(value.__class__)(value)


def wire_changes(lead: Lead, names: Iterable[str]) -> dict[str, Any]:
    """Write fields of a lead as plain JSON in camelCase.

    Args:
        lead: The lead.
        names: The Python names of the fields.

    Raises:
        KeyError: A lead has no such field.

    Example:
        >>> from datetime import UTC
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="lead-1", email="a@example.com", first_name="Alice", created_at=now, updated_at=now)
        >>> wire_changes(lead, ["first_name", "updated_at"])
        {'firstName': 'Alice', 'updatedAt': '2026-11-24T00:00:00Z'}
    """
    return {
        _ON_THE_WIRE[name]: value if (value := getattr(lead, name)).__class__ in _PLAIN else wire_value(value)
        for name in names
    }


_ON_THE_WIRE: Final = {name: wire_name(name) for name in LEAD_FIELDS}
# The fields of a lead that hold something else than text and numbers, whose values are looked at one by one.
_WRITTEN: Final = tuple(
    wire_name(name)
    for name in LEAD_FIELDS
    if name.endswith("_at")
    or name in ("status", "priority", "score_breakdown", "utm_params", "properties", "enrichment")
)


def wire_lead(lead: Lead) -> dict[str, Any]:
    """Write a lead as plain JSON in camelCase, as its own `model_dump` does.

    Args:
        lead: The lead.
    """
    fields = dict(zip(_ON_THE_WIRE.values(), values_of(lead), strict=True))
    for name in _WRITTEN:
        if (value := fields[name]) is not None:
            fields[name] = _writer_of(value.__class__)(value)
    return fields


def fold(events: Iterable[Event]) -> Lead:
    """Rebuild a lead from its events.

    Args:
        events: All the events of one lead, in order.

    Raises:
        InvalidInput: They do not begin with `lead.created`, are of several leads, or one is missing.
    """
    record: dict[str, Any] = {}
    identity, last = None, 0
    for event in events:
        if event.sequence != last + 1 or (identity is not None and event.lead_id != identity):
            message = f"expected event {last + 1} of one lead, found {event.id}"
            raise InvalidInput(faults=(Fault(path=f"$[{last}]", message=message, code="sequence"),))
        identity, last = event.lead_id, event.sequence
        record.update(event.data["lead"] if event.type == "lead.created" else event.data["changes"])
        record.update(version=event.sequence, updatedAt=event.time)
    if "id" not in record:
        raise InvalidInput(faults=(Fault(path="$", message="the first event must be lead.created", code="sequence"),))
    return Lead.model_validate(record)
