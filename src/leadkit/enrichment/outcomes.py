"""What a provider may answer about one lead."""

from __future__ import annotations

from typing import Annotated, Any, Final

import attrs
from pydantic import AllowInfNan, Field

from leadkit.leads import wire_name
from leadkit.values import Identifier, read

__all__ = ["Deferred", "Match", "NoMatch", "Outcome"]

_VALUES: Final[Any] = Annotated[dict[Any, Any], Field(strict=True)]
_CREDITS: Final[Any] = Annotated[float, Field(ge=0, strict=True), AllowInfNan(False)]  # noqa: FBT003 - pydantic's flag


def _reads_as(kind: Any) -> Any:
    """Make an attrs validator: what reads as that type; a fault is told under the attribute's name."""

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        read(kind, value, at=f"$.{wire_name(attribute.name)}")

    return check


@attrs.frozen(kw_only=True)
class Match:
    """The provider knows the lead.

    Attributes:
        provider: The provider's name.
        values: What it knows, by field in either spelling: `company`, `phone`, `properties.team_size`, or `properties`
            with an object. What is empty says nothing.
        credits: What the answer cost, in the provider's own credits.

    Example:
        >>> Match(provider="apollo", values={"company": "Acme", "properties": {"title": "CTO"}}, credits=1)
        Match(provider='apollo', credits=1)
    """

    provider: str = attrs.field(validator=_reads_as(Identifier))
    # What is known of a person stays out of logs and tracebacks.
    values: dict[str, Any] = attrs.field(repr=False, validator=_reads_as(_VALUES))
    credits: float = attrs.field(default=0, validator=_reads_as(_CREDITS))


@attrs.frozen(kw_only=True)
class NoMatch:
    """The provider does not know the lead; that is no error.

    Attributes:
        provider: The provider's name.
        credits: What the answer cost.
    """

    provider: str = attrs.field(validator=_reads_as(Identifier))
    credits: float = attrs.field(default=0, validator=_reads_as(_CREDITS))


@attrs.frozen(kw_only=True)
class Deferred:
    """The provider will answer later, under this id, or will add to what it answers now.

    Attributes:
        provider: The provider's name.
        request_id: What it will answer to.
        values: What it knows already, as in a `Match`.
        credits: What the question cost.
    """

    provider: str = attrs.field(validator=_reads_as(Identifier))
    request_id: str = attrs.field(validator=_reads_as(Identifier))
    values: dict[str, Any] = attrs.field(factory=dict, repr=False, validator=_reads_as(_VALUES))
    credits: float = attrs.field(default=0, validator=_reads_as(_CREDITS))


Outcome = Match | NoMatch | Deferred
