"""Requests to addresses that somebody else chose: guarded, pinned, bounded, and without redirects."""

from __future__ import annotations

from leadkit.outbound.addresses import AllowedNetworks, reason_to_refuse
from leadkit.outbound.client import GuardedClient, Reply
from leadkit.outbound.destinations import Destination

__all__ = ["AllowedNetworks", "Destination", "GuardedClient", "Reply", "reason_to_refuse"]
