"""The root of the tree, and what a fault is."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

__all__ = ["Fault", "LeadkitError"]


@attrs.frozen(kw_only=True)
class Fault:
    """One thing that is wrong in what was sent, and where.

    Attributes:
        path: A JSONPath into the document, `$` being the whole of it: `$.rules[3].condition.and[0].op`.
        message: What is wrong, and what is possible instead.
        code: A stable word for the kind of fault, such as `unknown-operator`.
    """

    path: str
    message: str
    code: str = "invalid"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class LeadkitError(Exception):
    """The root of everything that leadkit raises on purpose."""

    code: ClassVar[str] = "leadkit-error"
    retryable: ClassVar[bool] = False

    @property
    def message(self) -> str:
        """What was wrong, where, and what is possible."""
        return self.code

    def as_dict(self) -> dict[str, Any]:
        """Answer the code, the message and the data of the error as plain values."""
        return {"code": self.code, "message": self.message, **attrs.asdict(self)}

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with positional arguments, which these keyword-only ones refuse.
        return _revive, (type(self), attrs.asdict(self, recurse=False))


def _revive(cls: type[LeadkitError], data: dict[str, Any]) -> LeadkitError:
    return cls(**data)
