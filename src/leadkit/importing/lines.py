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
    held: list[str] = []
    size = 0
    dropping = False
    half = ""
    for text in texts:
        # A CR may be half of a CR LF: it waits for what follows.
        whole = half + text
        half = "\r" if whole.endswith("\r") else ""
        # StringIO cuts at the three line ends only; `str.splitlines` would cut at seven more.
        lines = io.StringIO(whole.removesuffix("\r"), newline="").readlines()
        rest = lines.pop() if lines and not lines[-1].endswith(("\n", "\r")) else ""
        if lines:
            if dropping:
                del lines[0]
            else:
                lines[0] = "".join((*held, lines[0]))
            yield from lines
            held, size, dropping = [], 0, False
        if not dropping:
            held.append(rest)
            size += len(rest)
        if size > longest:
            yield "".join(held)
            held, size, dropping = [], 0, True
    last = "".join((*held, half))
    if last and not dropping:
        yield last
