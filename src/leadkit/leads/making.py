"""Leads made of leads: the same guarantees as the model gives, without reading again what was read before.

A lead is valid when it exists, so a change of it has to answer for the fields that it changes, and for how all of them
fit together; the other thirty stay as they are. That is most of what a batch over a hundred thousand leads does.
"""

from __future__ import annotations

import dataclasses
import functools
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from pydantic import TypeAdapter

from leadkit.leads.lead import Lead, contradiction, trusted
from leadkit.values.document import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["LEAD_FIELDS", "begun", "remade", "values_of"]

LEAD_FIELDS: Final = tuple(field.name for field in dataclasses.fields(Lead))
"""The fields of a lead by their Python names, in one order."""

values_of: Final = attrgetter(*LEAD_FIELDS)
"""Answers all values of a lead, in the order of `LEAD_FIELDS`."""


# A lead of nothing but defaults, in order. Those that could be changed in place are made anew for each lead.
_BLANK: Final[Mapping[str, Any]] = {field.name: field.default for field in dataclasses.fields(Lead)}

# The fields that have to fit together.
_HELD_TOGETHER: Final = frozenset(
    {
        "email",
        "phone",
        "external_id",
        "pipeline_id",
        "stage",
        "status",
        "qualified_at",
        "disqualified_at",
        "converted_at",
        "deleted_at",
    }
)


@functools.cache
def _readers() -> Mapping[str, tuple[int, Callable[[Any], Any]]]:
    """Answer where each field stands and what reads it, as the model itself does.

    Made on first use, since importing leadkit is cheap.
    """
    hints = get_type_hints(Lead, include_extras=True)
    return {
        name: (place, TypeAdapter[Any](hints[name], config=DOCUMENT).validator.validate_python)
        for place, name in enumerate(LEAD_FIELDS)
    }


def begun(read: Mapping[str, Any], given: Mapping[str, Any]) -> Lead:
    """Make a lead of fields that were read as another document, and others that were not read yet.

    Args:
        read: Values by their Python names, read as the types that the fields of a lead have.
        given: Values by their Python names, as they came.

    Raises:
        ValidationError: A value is not one of its field, or the fields contradict each other.
    """
    readers = _readers()
    try:
        fresh = {name: readers[name][1](value) for name, value in given.items()}
    except ValueError:
        return Lead(**read, **given)
    own: dict[str, Any] = {"utm_params": {}, "properties": {}, "enrichment": {}}
    made = trusted(Lead, {**_BLANK, **own, **read, **fresh}.values())
    return made if contradiction(made) is None else Lead(**read, **given)


def remade(lead: Lead, changes: Mapping[str, Any]) -> Lead:
    """Make a changed copy of a lead, as `dataclasses.replace` does; what does not change is not read again.

    Args:
        lead: The lead.
        changes: New values by their Python names.

    Raises:
        ValidationError: A value is not one of its field, or the fields contradict each other.
        TypeError: A lead has no such field.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="lead-1", email="a@example.com", created_at=now, updated_at=now)
        >>> remade(lead, {"score": 12.0, "version": 2}).score
        12
    """
    readers = _readers()
    values = list(values_of(lead))
    try:
        for name, value in changes.items():
            place, read = readers[name]
            values[place] = read(value)
    except (KeyError, ValueError):
        # The model finds every fault, not only the first, and tells it by its place.
        return dataclasses.replace(lead, **changes)
    made = trusted(Lead, values)
    if _HELD_TOGETHER.isdisjoint(changes) or contradiction(made) is None:
        return made
    return dataclasses.replace(lead, **changes)
