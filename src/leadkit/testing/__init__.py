"""What a host's tests need: contract suites for every port, builders and hypothesis strategies."""

from __future__ import annotations

__all__: list[str] = []
