"""Starting workers, killing them, and reading what they acknowledged."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKERS = Path(__file__).with_name("workers.py")
# Longer than anything here takes on a busy machine; a worker that hangs fails its test instead of stopping it.
PATIENCE = 300


@attrs.define
class Worker:
    """A process at work."""

    process: subprocess.Popen[str]

    @classmethod
    def start(
        cls,
        address: str,
        *arguments: object,
        die_at: int = 0,
        broken: str | None = None,
        together: tuple[str, int] | None = None,
    ) -> Worker:
        switches: list[object] = ["--die-at", die_at]
        if broken is not None:
            switches += ["--broken", broken]
        if together is not None:
            switches += ["--together", *together]
        command = [sys.executable, WORKERS, *switches, address, *arguments]
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return cls(process)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def end(self) -> Ended:
        out, err = self.process.communicate(timeout=PATIENCE)
        return Ended(code=self.process.returncode, said=[line.split() for line in out.splitlines()], wrote=err)


@attrs.frozen(kw_only=True)
class Ended:
    """What a process left behind: its exit code, what it acknowledged, and what it complained of."""

    code: int
    said: Sequence[Sequence[str]]
    wrote: str

    @property
    def was_killed(self) -> bool:
        return self.code == -9

    def last(self, word: str) -> list[int]:
        """Answer the numbers of the last acknowledgement of a kind."""
        told = [rest for first, *rest in self.said if first == word]
        return [int(number) for number in told[-1]] if told else []


def ended_together(address: str, *each: Sequence[object], broken: str | None = None) -> list[Ended]:
    """Run workers at the same time, to their ends.

    Args:
        address: Of the database.
        each: For each worker, what it is to do.
        broken: The mechanism that is taken away.
    """
    with tempfile.TemporaryDirectory() as folder:
        meeting = (folder, len(each))
        workers = [Worker.start(address, *arguments, broken=broken, together=meeting) for arguments in each]
        return [worker.end() for worker in workers]


def finished(address: str, *arguments: object, **options: Any) -> Ended:
    """Run a worker to its end, which must be a good one unless it was to die."""
    ended = Worker.start(address, *arguments, **options).end()
    assert ended.code == 0 or ended.was_killed, ended.wrote
    return ended
