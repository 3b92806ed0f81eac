"""Signatures of Standard Webhooks, for those who send and those who receive: HMAC-SHA256, `v1`.

What is signed is `id.timestamp.body`. A secret is `whsec_` and 24 to 64 bytes in Base64; with several, each signs, so
that a receiver may change from one to the next whenever it likes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.errors import Fault, InvalidInput, InvalidSignature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["Signer", "verify_webhook"]

_PREFIX: Final = "whsec_"
_FEWEST_BYTES: Final = 24
_MOST_BYTES: Final = 64
_MOST_SIGNATURES: Final = 20
_MOST_DIGITS: Final = 12
_TOLERANCE: Final = 5 * 60


@attrs.frozen
class Signer:
    """Signs messages, with every secret that is in use.

    Attributes:
        keys: The secrets, decoded; shown nowhere.

    Example:
        >>> signer = Signer.of(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        >>> signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
        >>> signer
        Signer()
    """

    keys: tuple[bytes, ...] = attrs.field(repr=False)

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Signer:
        """Read secrets.

        Args:
            secrets: One at least, each `whsec_` and Base64.

        Raises:
            InvalidInput: There is none, or one is malformed; the message repeats nothing of it.
        """
        keys: list[bytes] = []
        faults: list[Fault] = []
        for place, secret in enumerate([secrets] if isinstance(secrets, str) else secrets):
            key = _decoded(secret)
            if key is None:
                message = f"expected `{_PREFIX}` and {_FEWEST_BYTES} to {_MOST_BYTES} bytes in Base64"
                faults.append(Fault(path=f"$.secrets[{place}]", message=message, code="secret"))
            else:
                keys.append(key)
        if not keys and not faults:
            faults.append(Fault(path="$.secrets", message="expected one secret at least", code="secret"))
        if faults:
            raise InvalidInput(faults=tuple(faults))
        return cls(tuple(keys))

    def sign(self, message_id: str, timestamp: int, body: bytes) -> str:
        """Answer the signatures of a message as its header carries them, one for each secret.

        Args:
            message_id: The message's id.
            timestamp: When it is sent, in whole seconds of Unix time.
            body: The very bytes that are sent.
        """
        return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in self._macs(message_id, timestamp, body))

    def fits(self, message_id: str, timestamp: int, body: bytes, signatures: str) -> bool:
        """Whether one of the signatures is one of ours; compares in constant time, and each with each.

        Args:
            message_id: The message's id.
            timestamp: When it says it was sent.
            body: The very bytes that came.
            signatures: The header, several signatures with spaces between them; other versions are passed over.
        """
        given = [_base64(each[3:]) for each in signatures.split(" ")[:_MOST_SIGNATURES] if each.startswith("v1,")]
        fitting = False
        for mac in self._macs(message_id, timestamp, body):
            for signature in given:
                fitting |= hmac.compare_digest(mac, signature)
        return fitting

    def _macs(self, message_id: str, timestamp: int, body: bytes) -> list[bytes]:
        signed = f"{message_id}.{timestamp}.".encode() + body
        return [hmac.new(key, signed, hashlib.sha256).digest() for key in self.keys]


def _decoded(secret: object) -> bytes | None:
    if not isinstance(secret, str) or not secret.startswith(_PREFIX):
        return None
    key = _base64(secret.removeprefix(_PREFIX))
    return key if _FEWEST_BYTES <= len(key) <= _MOST_BYTES else None


def _base64(text: str) -> bytes:
    """Read Base64, or answer nothing for what is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def verify_webhook(
    headers: Mapping[str, str], body: bytes, *, secrets: Iterable[str], now: datetime, tolerance: float = _TOLERANCE
) -> str:
    """Make sure that a webhook came from somebody who knows the secret, lately and unchanged.

    Check the very bytes that came, before anything parses them.

    Args:
        headers: The request's headers, in any case.
        body: The request's body.
        secrets: The secrets that may have signed it, the old one and the new one while they change.
        now: The present.
        tolerance: How many seconds its time may be off, either way.

    Returns:
        The message's id, the same whenever the message comes again: put it into an inbox.

    Raises:
        InvalidSignature: It cannot be trusted.
        InvalidInput: One of the secrets is malformed.

    Example:
        >>> from datetime import UTC, datetime
        >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        >>> headers = {
        ...     "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        ...     "Webhook-Timestamp": "1614265330",
        ...     "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ... }
        >>> now = datetime.fromtimestamp(1614265333, UTC)
        >>> verify_webhook(headers, b'{"test": 2432232314}', secrets=[secret], now=now)
        'msg_p5jXN8AQM9LWM0D4loKWxJek'
        >>> verify_webhook(headers, b'{"test": 0}', secrets=[secret], now=now)
        Traceback (most recent call last):
        leadkit.errors.InvalidSignature: this webhook cannot be trusted: no signature fits
    """
    signer = Signer.of(secrets)
    found = {name.lower(): value for name, value in headers.items()}
    message_id, sent, signatures = (found.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
    for part, value in (("id", message_id), ("timestamp", sent), ("signature", signatures)):
        if not value:
            raise InvalidSignature(reason=f"it lacks the header webhook-{part}")
    if not (sent.isascii() and sent.isdigit() and len(sent) <= _MOST_DIGITS):
        raise InvalidSignature(reason="its time is no whole number of seconds")
    if abs(now.timestamp() - int(sent)) > tolerance:
        raise InvalidSignature(reason=f"its time is more than {tolerance:g} s away")
    if not signer.fits(message_id, int(sent), body, signatures):
        raise InvalidSignature(reason="no signature fits")
    return message_id
