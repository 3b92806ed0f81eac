"""The publishers hold to the published contract."""

import pytest
from receiver import Receiver

from leadkit.publishing import CallingPublisher, JsonLinesPublisher, WebhookPublisher
from leadkit.testing.contracts import EventPublisherContract

SECRETS = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]


class TestCallingPublisher(EventPublisherContract):
    @pytest.fixture
    def publisher(self):
        return CallingPublisher(lambda org, event: None)


class TestJsonLinesPublisher(EventPublisherContract):
    @pytest.fixture
    def publisher(self, tmp_path):
        publisher = JsonLinesPublisher(tmp_path / "events.jsonl")
        yield publisher
        publisher.close()


class TestWebhookPublisher(EventPublisherContract):
    @pytest.fixture
    def publisher(self):
        pytest.importorskip("httpcore2", reason="httpcore2 is an extra of leadkit: webhooks")
        with Receiver() as receiver:
            publisher = WebhookPublisher(receiver.url, secrets=SECRETS, allow=["127.0.0.1"], plain=True)
            yield publisher
            publisher.close()
