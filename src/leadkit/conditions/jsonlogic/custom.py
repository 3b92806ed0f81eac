"""Operations of JSON Logic that a host adds to a `Vocabulary`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions.jsonlogic.running import Run, Thrown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["CustomOperation"]


@attrs.frozen(kw_only=True)
class CustomOperation:
    """An operation of the host's own.

    Attributes:
        name: The key under which rules call it.
        call: What it computes: a function of its arguments, values of JSON; pure, since it may run at any time.
        description: What it means, for people who write rules.

    Example:
        >>> CustomOperation(name="domain", call=lambda address: address.rpartition("@")[2]).call("ada@acme.example")
        'acme.example'
    """

    name: str
    call: Callable[..., Any]
    description: str = ""

    def computed(self, arguments: Sequence[Any], _run: Run) -> Any:
        """Call the host's function; whatever it raises makes the rule fail.

        Args:
            arguments: The values of the arguments.

        Raises:
            Thrown: The function raised.
        """
        try:
            return self.call(*arguments)
        except Exception as error:  # a host's function may raise anything, and evaluation never does
            raise Thrown({"type": type(error).__name__, "operation": self.name}) from error
