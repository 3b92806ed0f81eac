"""What can be asked of a lead: one frozen value for each command of the lifecycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs

from leadkit.leads.lead import Enriched, Priority, ScoreLine, wire_name
from leadkit.values import Identifier, Text, read

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "Assign",
    "Command",
    "Convert",
    "Delete",
    "Disqualify",
    "Enrich",
    "Erase",
    "Merge",
    "Move",
    "Nurture",
    "Qualify",
    "Reopen",
    "Score",
    "Update",
]


def _reads_as(kind: Any) -> Any:
    """Make an attrs validator: None, or what reads as that type; a fault is told under the attribute's name."""

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is not None:
            read(kind, value, at=f"$.{wire_name(attribute.name)}")

    return check


_TEXT: Final = _reads_as(Text)


@attrs.frozen(kw_only=True)
class Command:
    """What is asked; `name` is its row in the lifecycle's table."""

    name: ClassVar[str]


@attrs.frozen(kw_only=True)
class Qualify(Command):
    """Declare the lead worth pursuing."""

    name: ClassVar[str] = "qualify"
    reason: str | None = attrs.field(default=None, validator=_TEXT)
    notes: str | None = attrs.field(default=None, validator=_TEXT, repr=False)


@attrs.frozen(kw_only=True)
class Disqualify(Command):
    """Declare the lead not worth pursuing, and why: bad-fit, no-budget, wrong-region, or the host's own reason."""

    name: ClassVar[str] = "disqualify"
    reason: str = attrs.field(validator=_TEXT)
    notes: str | None = attrs.field(default=None, validator=_TEXT, repr=False)


@attrs.frozen(kw_only=True)
class Nurture(Command):
    """Keep the lead warm until it is ready."""

    name: ClassVar[str] = "nurture"
    reason: str | None = attrs.field(default=None, validator=_TEXT)


@attrs.frozen(kw_only=True)
class Reopen(Command):
    """Begin anew with a lead that was disqualified or nurtured."""

    name: ClassVar[str] = "reopen"
    reason: str | None = attrs.field(default=None, validator=_TEXT)


@attrs.frozen(kw_only=True)
class Convert(Command):
    """Record what the lead became; the contact and the opportunity exist by then."""

    name: ClassVar[str] = "convert"
    contact_id: str
    opportunity_id: str | None = None


@attrs.frozen(kw_only=True)
class Update(Command):
    """Write writable fields: their Python names and new values."""

    name: ClassVar[str] = "update"
    changes: dict[str, Any] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Score(Command):
    """Record a scorecard.

    Attributes:
        score: The sum of the lines.
        breakdown: The lines.
        fingerprint: The ruleset's.
        at: The instant for which the score holds.
        priority: What the bands make of the score; None leaves the priority as it is.
        only_if_changed: Whether a scorecard equal to the present one is a no-op, as it is in a batch.
    """

    name: ClassVar[str] = "score"
    score: float
    breakdown: tuple[ScoreLine, ...]
    fingerprint: str
    at: datetime
    priority: Priority | None = None
    only_if_changed: bool = False


@attrs.frozen(kw_only=True)
class Enrich(Command):
    """Record what providers found: writable fields with new values, and where each came from."""

    name: ClassVar[str] = "enrich"
    changes: dict[str, Any] = attrs.field(repr=False)
    provenance: dict[str, Enriched] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Assign(Command):
    """Give the lead an owner, or none.

    Attributes:
        assigned_to: The user's id; None takes the lead from its owner.
        reason: How it came about, such as the route that matched.
    """

    name: ClassVar[str] = "assign"
    assigned_to: str | None = attrs.field(validator=_reads_as(Identifier))
    reason: str | None = attrs.field(default=None, validator=_TEXT)


@attrs.frozen(kw_only=True)
class Move(Command):
    """Put the lead into a stage, of its own pipeline or of another."""

    name: ClassVar[str] = "move"
    pipeline_id: str
    stage: str


@attrs.frozen(kw_only=True)
class Merge(Command):
    """Take up a duplicate: fill what is empty from it."""

    name: ClassVar[str] = "merge"
    merged_id: str
    changes: dict[str, Any] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Delete(Command):
    """Take the lead out of every list; its record stays."""

    name: ClassVar[str] = "delete"
    merged_into: str | None = None


@attrs.frozen(kw_only=True)
class Erase(Command):
    """Remove every personal value from the lead, for good."""

    name: ClassVar[str] = "erase"
