"""JSON Logic, to the letter of its reference: an evaluator, and the ways to and from native conditions."""

from __future__ import annotations

__all__: list[str] = []
