"""The reference implementations of the ports, in memory: for tests, notebooks, scripts, and small hosts."""

from __future__ import annotations

from leadkit.memory.clock import SystemClock
from leadkit.memory.directory import MemoryDirectory
from leadkit.memory.enrichment import CompanyTable
from leadkit.memory.ids import TimeOrderedIds
from leadkit.memory.jobs import ImmediateJobs
from leadkit.memory.publisher import MemoryPublisher
from leadkit.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = [
    "CompanyTable",
    "ImmediateJobs",
    "MemoryDirectory",
    "MemoryPublisher",
    "MemoryStore",
    "MemoryUnitOfWork",
    "SystemClock",
    "TimeOrderedIds",
]
