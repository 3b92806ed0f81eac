"""The organisation's scoring rules, kept as versions that never change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.activities import Activity, Task
from leadkit.conditions import FieldCatalogue as RecordCatalogue
from leadkit.conversion import Opportunity
from leadkit.errors import NotFound, RuleErrors
from leadkit.leads.fields import FieldCatalogue
from leadkit.scoring import RuleReport, Ruleset, check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["RuleDocuments", "SavedRules", "fields_of", "ruleset_of"]


@attrs.frozen(kw_only=True)
class SavedRules:
    """A version of the rules.

    Attributes:
        version: Its number, from 1.
        ruleset: The rules.
        report: What their check found; only warnings, since rules with errors are not kept.
    """

    version: int
    ruleset: Ruleset
    report: RuleReport


@attrs.frozen
class RuleDocuments:
    """The rules of the workspace's organisation."""

    _session: Session

    def save_rules(self, rules: Ruleset | Mapping[str, Any]) -> SavedRules:
        """Check rules against the organisation's fields, and keep them as a new version.

        The same rules again, in whatever spelling, make no new version.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case.

        Raises:
            RuleErrors: With every fault, those of fields that do not exist included; nothing is kept.
            ConcurrencyConflict: Somebody else has saved rules at the same moment; trying again can help.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> rule = {"name": "mine", "points": 5, "condition": {"field": "source", "op": "==", "value": "web"}}
            >>> ws.scoring.save_rules({"rules": [rule]}).version
            1
            >>> lead = ws.leads.create(email="alice@example.com", source="web")
            >>> ws.scoring.score(lead.id).score, ws.leads.get(lead.id).score
            (5, 5)
        """
        ruleset = Ruleset.model_validate(rules)

        def body(work: UnitOfWork) -> SavedRules:
            report = check(ruleset, fields_of(work))
            if not report.ok:
                raise RuleErrors(faults=report.errors)
            latest = work.rules.latest()
            known = work.rules.get(latest)
            if known is not None and known.fingerprint == ruleset.fingerprint:
                return SavedRules(version=latest, ruleset=known, report=report)
            work.rules.add(ruleset, version=latest + 1)
            return SavedRules(version=latest + 1, ruleset=ruleset, report=report)

        def again(work: UnitOfWork, result: dict[str, str]) -> SavedRules:
            version, known = ruleset_of(work, int(result["version"]))
            return SavedRules(version=version, ruleset=known, report=check(known, fields_of(work)))

        return self._session.command(
            "scoring.save_rules",
            {"rules": ruleset},
            body,
            result=lambda saved: {"version": str(saved.version)},
            again=again,
        )

    def rules(self, version: int | None = None) -> Ruleset:
        """Answer the rules.

        Args:
            version: Which version; None for the newest.

        Raises:
            NotFound: There are none, or no such version.
        """
        with self._session.reading() as work:
            return ruleset_of(work, version)[1]

    def check(self, rules: Ruleset | Mapping[str, Any]) -> RuleReport:
        """Check rules against the organisation's fields, without keeping them.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case.

        Raises:
            RuleErrors: They cannot be read as rules, with every fault.
        """
        ruleset = Ruleset.model_validate(rules)
        with self._session.reading() as work:
            return check(ruleset, fields_of(work))

    def catalogue(self) -> FieldCatalogue:
        """Answer the fields that rules can name: those of a lead, the declared properties, the related records."""
        with self._session.reading() as work:
            return fields_of(work)


def ruleset_of(work: UnitOfWork, version: int | None = None) -> tuple[int, Ruleset]:
    """Answer a version of the rules with its number.

    Args:
        work: The unit of work.
        version: Which version; None for the newest.

    Raises:
        NotFound: There is none.
    """
    number = work.rules.latest() if version is None else version
    ruleset = work.rules.get(number)
    if ruleset is None:
        raise NotFound(kind="ruleset", id="newest" if version is None else str(version))
    return number, ruleset


def fields_of(work: UnitOfWork) -> FieldCatalogue:
    """Answer the fields that rules of the organisation can name.

    Args:
        work: The unit of work.
    """
    return FieldCatalogue.for_leads(
        work.settings.get().properties,
        related={
            "activities": RecordCatalogue.for_record(Activity),
            "tasks": RecordCatalogue.for_record(Task),
            "opportunities": RecordCatalogue.for_record(Opportunity),
        },
    )
