"""Publishers: where events go after commit. A function, a file of JSON lines, a webhook."""

from __future__ import annotations

from leadkit.publishing.calling import CallingPublisher
from leadkit.publishing.jsonlines import JsonLinesPublisher
from leadkit.publishing.messages import Message, message_of
from leadkit.publishing.signing import Signer, verify_webhook
from leadkit.publishing.webhook import WebhookPublisher

__all__ = [
    "CallingPublisher",
    "JsonLinesPublisher",
    "Message",
    "Signer",
    "WebhookPublisher",
    "message_of",
    "verify_webhook",
]
