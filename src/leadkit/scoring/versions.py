"""Rulesets as documents: versions that never change, and the draft of the next one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from leadkit.scoring.ruleset import Ruleset
from leadkit.values import Document, Identifier, Text
from leadkit.values.times import Instant

__all__ = ["DraftState", "RulesDraft", "RulesVersion"]


class RulesVersion(Document):
    """A version of an organisation's rules; it never changes.

    Attributes:
        version: Its number, from 1.
        ruleset: The rules.
        author: Who published it; None where nobody wrote it down.
        at: When; None where nobody wrote it down.
        note: What changed, and why.

    Example:
        >>> RulesVersion(version=1, ruleset={"rules": []}, author="user-7", note="a first try").note
        'a first try'
    """

    version: Annotated[StrictInt, Field(ge=1)]
    ruleset: Ruleset
    author: Identifier | None = None
    at: Instant | None = None
    note: Text | None = None


class RulesDraft(Document):
    """The draft of an organisation's next rules.

    Attributes:
        revision: Counts how often drafts of the organisation were saved, published or discarded; no number comes twice,
            so that whoever saves over a draft can name the one that was read.
        ruleset: The rules, which may still have errors that a check finds.
        based_on: The version that it was begun from; 0 where there was none.
        author: Who saved it last.
        at: When.
        note: What changes, and why.
    """

    revision: Annotated[StrictInt, Field(ge=1)]
    ruleset: Ruleset
    based_on: Annotated[StrictInt, Field(ge=0)]
    author: Identifier
    at: Instant
    note: Text | None = None


class DraftState(Document):
    """Whether an organisation has a draft; what a store keeps of it.

    Attributes:
        revision: The last one that was used; 0 before the first draft.
        draft: The draft; None where there is none.
    """

    revision: Annotated[StrictInt, Field(ge=0)] = 0
    draft: RulesDraft | None = None
