"""Events to a web address, by Standard Webhooks: signed, bounded in time, and never to a private network.

One event is one request: `webhook-id` (the same whenever the event is sent again), `webhook-timestamp` and
`webhook-signature` in front, the CloudEvents envelope as the body.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from leadkit.errors import DeliveryFailed, DestinationGone
from leadkit.outbound import AllowedNetworks, Destination, GuardedClient
from leadkit.publishing.messages import message_of
from leadkit.publishing.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from leadkit.leads import Event
    from leadkit.outbound import Reply

__all__ = ["WebhookPublisher"]

_GONE: Final = 410
_LONGEST_RETRY_AFTER: Final = 24 * 60 * 60


class WebhookPublisher:
    """Sends events to a web address.

    The address is resolved for each connection, every address that it has must be public, and the connection goes to
    the address that was looked at. No redirect is followed, and a proxy of the environment is not used. Neither the
    path of the address nor a secret is shown in `repr`, in an error or in a log.

    Args:
        url: Where to; `https`, unless `plain` allows `http`.
        secrets: Each signs: `whsec_` and 24 to 64 bytes in Base64. Two of them while a receiver changes over.
        source: A URI reference that names the emitting service.
        seconds: How long one request may take.
        allow: Networks that may be reached although they are not public, such as `10.1.0.0/16`.
        plain: Whether `http` will do.
        clock: The present in seconds of Unix time; what a signature tells the receiver.

    Raises:
        InvalidInput: The address, a secret or a network is malformed.
        MissingExtra: The extra `webhooks` is not installed.
    """

    def __init__(
        self,
        url: str,
        *,
        secrets: Iterable[str],
        source: str = "/leadkit",
        seconds: float = 10.0,
        allow: Iterable[str] = (),
        plain: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Read what was given; nothing is connected yet."""
        self._destination = Destination.read(url, plain=plain)
        self._signer = Signer.of(secrets)
        self._source = source
        self._clock = clock
        self._client = GuardedClient(extra="webhooks", seconds=seconds, allowed=AllowedNetworks.of(allow))
        self._gone = False

    def __repr__(self) -> str:
        return f"WebhookPublisher({self._destination.origin!r})"

    def publish(self, org: str, event: Event) -> None:
        """Send an event.

        Raises:
            DeliveryFailed: It was not taken; it may be sent again.
            AddressRefused: The address leads into a network that is not public.
            DestinationGone: The destination answered 410, now or before; it is asked no more.
        """
        if self._gone:
            raise DestinationGone(destination=self._destination.origin)
        message, sent = message_of(org, event, source=self._source), int(self._clock())
        reply = self._client.send(
            "POST",
            self._destination,
            headers=(
                ("Content-Type", "application/cloudevents+json; charset=utf-8"),
                ("User-Agent", "leadkit"),
                ("webhook-id", message.id),
                ("webhook-timestamp", str(sent)),
                ("webhook-signature", self._signer.sign(message.id, sent, message.body)),
            ),
            body=message.body,
        )
        self._judge(reply)

    def _judge(self, reply: Reply) -> None:
        origin = self._destination.origin
        match reply.status // 100:
            case 2:
                return
            case 3:
                reason = f"it answered {reply.status}, and no redirect is followed"
                raise DeliveryFailed(destination=origin, reason=reason)
            case _ if reply.status == _GONE:
                self._gone = True
                raise DestinationGone(destination=origin)
            case _:
                reason = f"it answered {reply.status}"
                raise DeliveryFailed(destination=origin, reason=reason, retry_after=_retry_after(reply))

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def _retry_after(reply: Reply) -> float | None:
    """Answer how many seconds the destination asks to be left alone, when it says so in seconds."""
    asked = reply.headers.get("retry-after", "")
    if not (asked.isascii() and asked.isdigit()):
        return None
    return float(min(int(asked[:9]), _LONGEST_RETRY_AFTER))
