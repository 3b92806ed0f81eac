"""Half-lives: points that fade with the age of what earned them.

Nothing is rewritten by a timer: the points are worked out anew for each `as_of`.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from leadkit.values import Document, Duration, parse_duration

__all__ = ["Decay", "HalfLife", "faded"]


def _read_half_life(value: object) -> Duration:
    duration = value if isinstance(value, Duration) else None
    if isinstance(value, str):
        duration = parse_duration(value)
    if duration is None:
        message = "expected a duration such as 12h, 30d or 2w"
        raise ValueError(message)
    if duration.months:
        message = "a half-life has no months or years, whose length varies; write it in days, such as 30d"
        raise ValueError(message)
    if not duration.seconds:
        message = "a half-life is longer than nothing"
        raise ValueError(message)
    return duration


HalfLife = Annotated[
    Duration,
    PlainValidator(_read_half_life),
    PlainSerializer(lambda duration: duration.text, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["12h", "30d", "2w"]}),
]
"""A duration without calendar months, written as text such as `30d`."""


class Decay(Document):
    """How fast the points of a rule fade.

    Attributes:
        half_life: The age at which half of the points is left.

    Example:
        >>> Decay(half_life="30d").model_dump()
        {'halfLife': '30d'}
    """

    half_life: HalfLife


_NO_TIME: Final = timedelta()


def faded(points: int, decay: Decay, *, latest: datetime | None, as_of: datetime) -> int:
    """Answer what is left of points: half after each half-life, `points × 0.5 ** (age / half_life)`.

    What lies in the future has not begun to fade, and what has no time does not.

    Args:
        points: In hundredths.
        decay: The half-life.
        latest: When the points were earned.
        as_of: The instant for which to score.

    Returns:
        Hundredths, rounded half-even.

    Example:
        >>> from datetime import UTC
        >>> earned, now = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
        >>> faded(2000, Decay(half_life="30d"), latest=earned, as_of=now)
        1000
    """
    if latest is None:
        return points
    age = max(as_of - latest, _NO_TIME)
    half_lives = age / timedelta(seconds=decay.half_life.seconds)
    return round(points * math.pow(0.5, half_lives))
