"""One request, one bounded reply: no redirect is followed, no proxy of the environment used, nothing secret told."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.errors import DeliveryFailed, MissingExtra
from leadkit.outbound.addresses import AllowedNetworks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from leadkit.outbound.destinations import Destination

__all__ = ["GuardedClient", "Reply"]

_MOST_BYTES: Final = 256 * 1024


@attrs.frozen(kw_only=True)
class Reply:
    """What came back.

    Attributes:
        status: The HTTP status.
        headers: By name in lower case; the last of several wins.
        body: What was sent, at most as much as the client reads.
    """

    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


class GuardedClient:
    """Sends requests to public addresses, one at a time, over connections that are kept.

    Args:
        extra: The extra that brings the HTTP library, for the error that names it.
        seconds: How long a request may take, from resolving the name to the last byte.
        most_bytes: How long a reply may be, headers included.
        allowed: Networks that may be reached although they are not public.
        resolve: How names become addresses; the system's way by default.

    Raises:
        MissingExtra: The HTTP library is not installed.
    """

    def __init__(
        self,
        *,
        extra: str,
        seconds: float = 10.0,
        most_bytes: int = _MOST_BYTES,
        allowed: AllowedNetworks = AllowedNetworks(),  # noqa: B008 - frozen
        resolve: Callable[..., Any] = socket.getaddrinfo,
    ) -> None:
        """Prepare; nothing is connected yet."""
        try:
            import httpcore2 as core  # noqa: PLC0415 - an extra

            from leadkit.outbound.connecting import GuardedBackend, Limits  # noqa: PLC0415 - needs the extra
        except ImportError:
            raise MissingExtra(extra=extra, feature="sending over HTTP") from None
        self._core = core
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._limits = Limits()
        self._pool = core.ConnectionPool(
            network_backend=GuardedBackend(self._limits, allowed, resolve), max_connections=1, keepalive_expiry=30.0
        )
        # The limits are those of one request.
        self._lock = threading.Lock()

    def send(
        self, method: str, destination: Destination, *, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> Reply:
        """Send one request and read its reply; a redirect is a reply like any other.

        Args:
            method: Such as `POST`.
            destination: Where to.
            headers: Besides `Host` and `Content-Length`.
            body: The content.

        Raises:
            AddressRefused: The host has an address that must not be reached.
            DeliveryFailed: There was no whole reply; the message says what kind of failure it was and no more.
        """
        core = self._core
        url = core.URL(
            scheme=destination.scheme, host=destination.host, port=destination.port, target=destination.target
        )
        shown = destination.origin.partition("://")[2]
        fields = [("Host", shown), ("Content-Length", str(len(body))), *headers]
        raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in fields]
        with self._lock:
            self._limits.begin(seconds=self._seconds, most_bytes=self._most_bytes)
            try:
                with self._pool.stream(method, url, headers=raw, content=body) as response:
                    content = b"".join(response.iter_stream())
            except core.TimeoutException:
                reason = f"no whole reply within {self._seconds:g} s"
            except core.ConnectError:
                reason = "no connection"
            except core.ReadError as error:
                reason = (
                    f"a reply of more than {self._most_bytes:,} bytes" if str(error) == "it is too long" else "cut off"
                )
            except (core.NetworkError, core.ProtocolError) as error:
                reason = f"no proper reply ({type(error).__name__})"
            else:
                names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                return Reply(status=response.status, headers=names, body=content)
        raise DeliveryFailed(destination=destination.origin, reason=reason)

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()
