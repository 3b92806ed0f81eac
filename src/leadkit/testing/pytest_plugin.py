"""Lets pytest explain the failed assertions of the contract suites, which live in an installed package.

Found by pytest through the `pytest11` entry point. It runs at the start of every pytest session of every project that
has leadkit installed, so it imports nothing and registers names only.
"""

from __future__ import annotations

from typing import Final

import pytest

__all__: list[str] = []

# Whatever in this package holds assertions. Not the package itself: it is imported by now, and cannot be rewritten.
_WITH_ASSERTIONS: Final = ("leadkit.testing.contracts",)

pytest.register_assert_rewrite(*_WITH_ASSERTIONS)
