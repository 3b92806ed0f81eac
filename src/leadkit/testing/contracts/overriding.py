"""What a contract suite says of a fixture that whoever runs it has to bring."""

from __future__ import annotations

__all__ = ["must_override"]


def must_override(suite: object, fixture: str) -> NotImplementedError:
    """Answer the error of a fixture that was not overridden.

    It is meant to stay: a suite holds an implementation to its port, and has none of its own to fall back on.

    Args:
        suite: The suite of the host.
        fixture: The name of the fixture.
    """
    return NotImplementedError(f"{type(suite).__name__} must override the fixture `{fixture}`")
