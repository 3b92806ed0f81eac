"""Pages that show what commands print: what to type, and what has to come of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def files_of(page: str) -> dict[str, str]:
    """Find the files that a page shows, by name."""
    return dict(FILE.findall(page))


def commands_of(page: str) -> Iterator[tuple[str, str]]:
    """Find the commands that a page shows, each with what it shows of the output."""
    for block in CONSOLE.findall(page):
        for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = shown.partition("\n")
            yield command, output


def pattern(shown: str) -> str:
    """Make a pattern of an output in which … stands for what is not shown: lines, or the rest of one."""
    lines = (line.rstrip() for line in shown.rstrip().splitlines())
    return "\n".join(r"(?:.*\n)*?.*" if line == "…" else re.escape(line).replace("…", ".*") for line in lines)
