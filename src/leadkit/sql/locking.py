"""Locks on what is not there yet: a row can be locked, an address that no lead has yet cannot.

Two units of work that both look for an address, find nobody and add somebody would make two of one. In PostgreSQL a
number stands for the address (an advisory lock), and whoever looks second waits until the first has ended; in SQLite
there is one writer at a time anyway.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import ARRAY, Integer, Text, bindparam, func, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.sql.transactions import Transaction

__all__ = ["lock_words"]

# Few, since an import looks for a thousand at a time, and a server has room for some thousand locks; enough for those
# who look for one or two to be seldom in each other's way.
_NUMBERS: Final = 512
_EACH: Final = func.unnest(bindparam("numbers", type_=ARRAY(Integer()))).column_valued("number")
_LOCK: Final = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("org", type_=Text())), _EACH))


def _number_of(kind: str, word: str) -> int:
    return zlib.crc32(f"{kind} {word}".encode(errors="surrogatepass")) % _NUMBERS


def lock_words(work: Transaction, kind: str, words: Iterable[str]) -> None:
    """Let others who look for one of these words wait until this unit of work ends; wait for those who came first.

    Look after that, in a statement of its own: it sees what was kept while this one waited.

    Args:
        work: The transaction; one that only reads locks nothing.
        kind: What they lead to, such as `lead`.
        words: What is looked for.
    """
    if not work.locks_rows:
        return
    # In one order, so that two that lock several never wait for each other.
    numbers = sorted({_number_of(kind, word) for word in words})
    if numbers:
        work.rows(_LOCK, numbers=numbers)
