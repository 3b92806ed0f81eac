"""The documents that rule editors write, read as conditions and written from them."""

from __future__ import annotations

from leadkit.conditions.editors.jquery_querybuilder import from_jquery_querybuilder, to_jquery_querybuilder
from leadkit.conditions.editors.react_querybuilder import from_react_querybuilder, to_react_querybuilder

__all__ = [
    "from_jquery_querybuilder",
    "from_react_querybuilder",
    "to_jquery_querybuilder",
    "to_react_querybuilder",
]
