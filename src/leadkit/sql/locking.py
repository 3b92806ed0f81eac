"""Locks on what is not there yet: a row can be locked, an address that no lead has yet cannot.

Two units of work that both look for an address, find nobody and add somebody would make two of one. In PostgreSQL a
number stands for the address (an advisory lock), and whoever looks second waits until the first has ended; in SQLite
there is one writer at a time anyway. Look after the lock, in a statement of its own: it sees what was kept meanwhile.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import ARRAY, BigInteger, Integer, Text, bindparam, func, literal, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.sql.transactions import Transaction

__all__ = ["lock_key", "lock_words"]

_ORG: Final = bindparam("org", type_=Text())

# A command locks its key before anything else. Numbers of their own, apart from those of the words: else two commands
# could wait for each other, one for what is the other's key and the other for what is the one's address.
_SEED: Final = 4711
_OF_KEY: Final = func.hashtextextended(_ORG + "/" + bindparam("key", type_=Text()), literal(_SEED, BigInteger))
_LOCK_KEY: Final = select(func.pg_advisory_xact_lock(_OF_KEY))

# Few, since an import looks for a thousand at a time, and a server has room for some thousand locks; enough for those
# who look for one or two to be seldom in each other's way.
_NUMBERS: Final = 512
_EACH: Final = func.unnest(bindparam("numbers", type_=ARRAY(Integer()))).column_valued("number")
_LOCK_WORDS: Final = select(func.pg_advisory_xact_lock(func.hashtext(_ORG), _EACH))


def _number_of(kind: str, word: str) -> int:
    return zlib.crc32(f"{kind} {word}".encode(errors="surrogatepass")) % _NUMBERS


def lock_key(work: Transaction, key: str) -> None:
    """Let other commands under an idempotency key wait until this unit of work ends; wait for those who came first.

    Args:
        work: The transaction; one that only reads locks nothing.
        key: The key.
    """
    if work.locks_rows:
        work.rows(_LOCK_KEY, key=key)


def lock_words(work: Transaction, kind: str, words: Iterable[str]) -> None:
    """Let others who look for one of these words wait until this unit of work ends; wait for those who came first.

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
        work.rows(_LOCK_WORDS, numbers=numbers)
