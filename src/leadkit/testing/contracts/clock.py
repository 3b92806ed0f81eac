"""What a clock must hold to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from leadkit.testing.contracts.overriding import must_override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import Clock

__all__ = ["ClockContract"]


class ClockContract:
    """The present is an aware instant in UTC and never runs backwards."""

    @pytest.fixture
    def clock(self) -> Iterator[Clock]:
        """Answer a clock; override it."""
        raise must_override(self, "clock")

    def test_the_present_is_in_utc(self, clock: Clock) -> None:
        assert clock.now().utcoffset() == timedelta(0)

    def test_the_present_never_runs_backwards(self, clock: Clock) -> None:
        looks = [clock.now() for _ in range(1_000)]

        assert looks == sorted(looks)
