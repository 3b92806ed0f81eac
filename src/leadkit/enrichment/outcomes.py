"""What a provider may answer about one lead."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["Deferred", "Match", "NoMatch", "Outcome"]


@attrs.frozen(kw_only=True)
class Match:
    """The provider knows the lead.

    Attributes:
        provider: The provider's name.
        values: What it knows, by field: `company`, `phone`, `properties.team_size` …, in either spelling.
        credits: What the answer cost, in the provider's own credits.
    """

    provider: str
    values: dict[str, Any] = attrs.field(repr=False)
    credits: float = 0


@attrs.frozen(kw_only=True)
class NoMatch:
    """The provider does not know the lead; that is no error.

    Attributes:
        provider: The provider's name.
        credits: What the answer cost.
    """

    provider: str
    credits: float = 0


@attrs.frozen(kw_only=True)
class Deferred:
    """The provider will answer later, under this id.

    Attributes:
        provider: The provider's name.
        request_id: What it will answer to.
        credits: What the question cost.
    """

    provider: str
    request_id: str
    credits: float = 0


Outcome = Match | NoMatch | Deferred
