"""Connections that are made to the very address that was judged, and that end when their time or their size is up.

A name is resolved once; every address that it has must be one that may be reached; and the connection goes to one of
these addresses and not to the name, which could by then mean another. The certificate is still that of the name.
"""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any, Final

import httpcore2 as core

from leadkit.errors import AddressRefused
from leadkit.outbound.addresses import reason_to_refuse

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from leadkit.outbound.addresses import AllowedNetworks

__all__ = ["GuardedBackend", "Limits"]

_SHORTEST_WAIT: Final = 0.001


class Limits:
    """When the request that is under way must be over, and how much it may still read."""

    def __init__(self) -> None:
        """Allow nothing until a request begins."""
        self.until = 0.0
        self.bytes_left = 0

    def begin(self, *, seconds: float, most_bytes: int) -> None:
        """Start anew for one request."""
        self.until = time.monotonic() + seconds
        self.bytes_left = most_bytes

    def wait(self, timeout: float | None) -> float:
        """Answer how long one step may take: what it asked for, or what is left when that is less.

        Raises:
            ReadTimeout: Nothing is left.
        """
        left = self.until - time.monotonic()
        if left <= 0:
            message = "its time is up"
            raise core.ReadTimeout(message)
        return max(_SHORTEST_WAIT, left if timeout is None else min(left, timeout))

    def take(self, count: int) -> None:
        """Count what was read.

        Raises:
            ReadError: It is more than the request may read.
        """
        self.bytes_left -= count
        if self.bytes_left < 0:
            message = "it is too long"
            raise core.ReadError(message)


class _BoundedStream(core.NetworkStream):
    """A connection under the limits of the request that uses it."""

    def __init__(self, stream: core.NetworkStream, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        found = self._stream.read(max_bytes, self._limits.wait(timeout))
        self._limits.take(len(found))
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, self._limits.wait(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> core.NetworkStream:
        """Go on encrypted; the certificate must be that of the name."""
        secured = self._stream.start_tls(ssl_context, server_hostname, self._limits.wait(timeout))
        return _BoundedStream(secured, self._limits)

    def get_extra_info(self, info: str) -> Any:
        """Answer what is known of the connection."""
        return self._stream.get_extra_info(info)


class GuardedBackend(core.NetworkBackend):
    """Opens connections to addresses that may be reached, and to no others."""

    def __init__(self, limits: Limits, allowed: AllowedNetworks, resolve: Callable[..., Any]) -> None:
        """Prepare; nothing is resolved yet."""
        self._limits = limits
        self._allowed = allowed
        self._resolve = resolve
        self._sockets = core.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> core.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            AddressRefused: One of the host's addresses must not be reached.
            ConnectError: None of them answers, or there is no such host.
        """
        last: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._limits.wait(timeout), local_address, socket_options or ()
                )
            except (core.ConnectError, core.ConnectTimeout) as error:
                last = error
                continue
            return _BoundedStream(stream, self._limits)
        raise last or core.ConnectError

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = self._resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise core.ConnectError from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            reason = reason_to_refuse(address)
            if reason is not None and (reason == "no address" or not self._allowed.hold(address)):
                raise AddressRefused(host=host, reason=reason)
        return addresses
