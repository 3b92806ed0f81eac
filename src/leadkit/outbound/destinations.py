"""Where a request goes: an address that was read once, judged, and is shown without what may be secret in it."""

from __future__ import annotations

from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

import attrs

from leadkit.errors import Fault, InvalidInput

__all__ = ["Destination"]

_PORTS: Final = {"https": 443, "http": 80}
_MOST_CHARACTERS: Final = 2_048


@attrs.frozen(kw_only=True)
class Destination:
    """A web address to send to.

    Its path and query stay out of `repr`, logs and errors: many services put a secret there.

    Attributes:
        scheme: `https`, or `http` where that was allowed.
        host: The host name, lower case, or an address.
        port: The port.
        target: The path and the query.

    Example:
        >>> Destination.read("https://hooks.example.com/T0/secret")
        Destination(scheme='https', host='hooks.example.com', port=443)
        >>> print(Destination.read("https://hooks.example.com:8443/T0/secret"))
        https://hooks.example.com:8443
    """

    scheme: str
    host: str
    port: int
    target: str = attrs.field(repr=False)

    @classmethod
    def read(cls, address: str, *, plain: bool = False) -> Self:
        """Read an address.

        Args:
            address: Such as `https://example.com/hooks`.
            plain: Whether `http` will do.

        Raises:
            InvalidInput: It is none that may be sent to; the message repeats nothing of it.
        """
        reason = None
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            parts, port, reason = SplitResult("", "", "", "", ""), None, "it is no web address"
        schemes = ("https", "http") if plain else ("https",)
        if len(address) > _MOST_CHARACTERS or not address.isascii() or not address.isprintable() or " " in address:
            reason = f"it must be at most {_MOST_CHARACTERS:,} printable ASCII characters, without spaces"
        elif reason is None and parts.scheme not in schemes:
            reason = f"it must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
        elif reason is None and not parts.hostname:
            reason = "it names no host"
        elif parts.username is not None or parts.password is not None:
            reason = "it must carry no user name and no password"
        elif parts.fragment:
            reason = "it must have no fragment"
        elif port == 0:
            reason = "its port must be between 1 and 65535"
        if reason is not None:
            message = f"nothing can be sent to this address: {reason}"
            raise InvalidInput(faults=(Fault(path="$.url", message=message, code="destination"),))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(scheme=parts.scheme, host=(parts.hostname or ""), port=port or _PORTS[parts.scheme], target=target)

    @property
    def origin(self) -> str:
        """The scheme, the host and the port, which are no secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.origin
