"""Text to physical lines, however long the file and however long a line in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["lines_of"]


def lines_of(texts: Iterable[str], *, longest: int) -> Iterator[str]:
    r"""Cut text into lines, each with its own ending: LF, CR LF or CR, and nothing else ends a line.

    Args:
        texts: Pieces of text, cut anywhere, none of them empty.
        longest: A line of more characters is given up: its start is yielded, longer than this and without an ending,
            and the rest of it is dropped.

    Example:
        >>> list(lines_of(["a\r", "\nb\rc"], longest=10))
        ['a\r\n', 'b\r', 'c']
    """
    held = ""
    dropping = False
    for text in texts:
        # StringIO cuts at the three line ends only; `str.splitlines` would cut at seven more.
        lines = io.StringIO(held + text, newline="").readlines()
        # A CR may be half of a CR LF, so only a LF is surely an end.
        held = "" if lines[-1].endswith("\n") else lines.pop()
        if dropping and lines:
            del lines[0]
            dropping = False
        yield from lines
        if dropping:
            held = held[-1]
        elif len(held) > longest and not held.endswith("\r"):
            yield held
            held = held[-1]
            dropping = True
    if held and not dropping:
        yield held
