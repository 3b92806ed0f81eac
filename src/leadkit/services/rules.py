"""The organisation's scoring rules as documents: versions that never change, and the draft of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.activities import Activity, Task
from leadkit.conditions import FieldCatalogue as RecordCatalogue
from leadkit.conversion import Opportunity
from leadkit.errors import ConcurrencyConflict, NotFound, RuleErrors
from leadkit.leads.fields import FieldCatalogue
from leadkit.scoring import DraftState, RuleReport, RulesDraft, Ruleset, RulesVersion, check
from leadkit.values import Text, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["RuleDocuments", "SavedDraft", "SavedRules", "fields_of", "ruleset_of"]

_MOST_LISTED: Final = 50


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


@attrs.frozen(kw_only=True)
class SavedDraft:
    """The draft of the next rules.

    Attributes:
        draft: The draft.
        report: What its check found; a draft may have errors, which keep it from being published.
    """

    draft: RulesDraft
    report: RuleReport


@attrs.frozen
class RuleDocuments:
    """The rules of the workspace's organisation."""

    _session: Session

    # --- versions -----------------------------------------------------------------------------------------------------

    def save_rules(
        self, rules: Ruleset | Mapping[str, Any], *, based_on: int | None = None, note: str | None = None
    ) -> SavedRules:
        """Check rules against the organisation's fields, and keep them as a new version.

        The same rules again, in whatever spelling, make no new version.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case.
            based_on: The version that they were made from, which must be the newest; None for whichever is.
            note: What changed, and why.

        Raises:
            RuleErrors: With every fault, those of fields that do not exist included; nothing is kept.
            ConcurrencyConflict: There are newer rules than those that they were made from, or somebody else has saved
                rules at the same moment.

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
        ruleset, told = Ruleset.model_validate(rules), _note(note)
        return self._saving(
            "scoring.save_rules",
            {"rules": ruleset, **_given(based_on=based_on, note=told)},
            lambda work: self._publish(work, ruleset, based_on, told),
        )

    def restore(self, version: int, *, note: str | None = None) -> SavedRules:
        """Publish the rules of an older version again, as a new one.

        Args:
            version: Which version.
            note: Why; None for a note that names the version.

        Raises:
            NotFound: There is no such version.
            RuleErrors: They no longer fit the organisation's fields, with every fault.
        """
        told = _note(note) or f"version {version} restored"
        return self._saving(
            "scoring.restore",
            {"version": version, **_given(note=note)},
            lambda work: self._publish(work, ruleset_of(work, version)[1], None, told),
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

    def versions(self, *, before: int | None = None, limit: int = _MOST_LISTED) -> tuple[RulesVersion, ...]:
        """List the versions of the rules, the newest first, each with its author, time and note.

        Args:
            before: Only those with a lower number; None for all.
            limit: How many at most.
        """
        with self._session.reading() as work:
            return tuple(work.rules.list(before=before, limit=max(limit, 0)))

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

    # --- the draft ----------------------------------------------------------------------------------------------------

    def save_draft(
        self,
        rules: Ruleset | Mapping[str, Any],
        *,
        revision: int | None = None,
        based_on: int | None = None,
        note: str | None = None,
    ) -> SavedDraft:
        """Keep rules as the draft of the next version. Leads are scored by the published rules all the while.

        Args:
            rules: A ruleset, or plain values in camelCase or snake_case. What a check finds is reported and kept.
            revision: The revision of the draft that the caller has seen, 0 for none; None for whichever there is.
            based_on: The version that the draft is made from; None for that of the draft that there is, or the newest.
            note: What changes, and why; None for the note of the draft that there is.

        Raises:
            RuleErrors: They cannot be read as rules, with every fault.
            NotFound: There is no such version.
            ConcurrencyConflict: Somebody else has saved, published or discarded the draft meanwhile.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> saved = ws.scoring.save_draft({"rules": []}, note="from scratch")
            >>> saved.draft.revision, saved.draft.based_on, ws.scoring.versions()
            (1, 0, ())
            >>> ws.scoring.publish().version, ws.scoring.draft() is None
            (1, True)
        """
        ruleset, told = Ruleset.model_validate(rules), _note(note)

        def body(work: UnitOfWork) -> SavedDraft:
            state = self._read_draft(work, revision)
            present = state.draft
            if based_on is not None and based_on > work.rules.latest():
                raise NotFound(kind="ruleset", id=str(based_on))
            begun = work.rules.latest() if present is None else present.based_on
            draft = RulesDraft(
                revision=state.revision + 1,
                ruleset=ruleset,
                based_on=begun if based_on is None else based_on,
                author=self._session.actor,
                at=self._session.now,
                note=present.note if told is None and present is not None else told,
            )
            work.rules.put_draft(DraftState(revision=draft.revision, draft=draft), expected=state.revision)
            return self._checked(work, draft)

        def again(work: UnitOfWork, _result: dict[str, str]) -> SavedDraft:
            return self._checked(work, self._draft_in(work.rules.draft()))

        arguments = {"rules": ruleset, **_given(revision=revision, based_on=based_on, note=told)}
        return self._session.command("scoring.save_draft", arguments, body, result=lambda _: {}, again=again)

    def draft(self) -> RulesDraft | None:
        """Answer the draft of the next rules, None when there is none."""
        with self._session.reading() as work:
            return work.rules.draft().draft

    def publish(self, *, revision: int | None = None, note: str | None = None) -> SavedRules:
        """Make the draft the newest version of the rules; there is no draft any more.

        Args:
            revision: The revision of the draft that the caller has seen; None for whichever there is.
            note: What changed, and why; None for the draft's own note.

        Raises:
            NotFound: There is no draft.
            RuleErrors: It does not fit the organisation's fields, with every fault; it stays a draft.
            ConcurrencyConflict: Somebody else has changed the draft meanwhile, or has published newer rules than those
                that it was made from: look at the difference, and save the draft as one that is based on the newest.
        """
        told = _note(note)

        def body(work: UnitOfWork) -> SavedRules:
            state = self._read_draft(work, revision)
            draft = self._draft_in(state)
            saved = self._publish(work, draft.ruleset, draft.based_on, draft.note if told is None else told)
            work.rules.put_draft(DraftState(revision=state.revision + 1), expected=state.revision)
            return saved

        return self._saving("scoring.publish", _given(revision=revision, note=told), body)

    def discard_draft(self, *, revision: int | None = None) -> None:
        """Forget the draft; the published rules stay as they are.

        Args:
            revision: The revision of the draft that the caller has seen; None for whichever there is.

        Raises:
            NotFound: There is no draft.
            ConcurrencyConflict: Somebody else has changed it meanwhile.
        """

        def body(work: UnitOfWork) -> None:
            state = self._read_draft(work, revision)
            self._draft_in(state)
            work.rules.put_draft(DraftState(revision=state.revision + 1), expected=state.revision)

        self._session.command(
            "scoring.discard_draft",
            _given(revision=revision),
            body,
            result=lambda _: {},
            again=lambda _work, _result: None,
        )

    # --- how ----------------------------------------------------------------------------------------------------------

    def _saving(
        self, name: str, arguments: Mapping[str, object], body: Callable[[UnitOfWork], SavedRules]
    ) -> SavedRules:
        def again(work: UnitOfWork, result: dict[str, str]) -> SavedRules:
            version, known = ruleset_of(work, int(result["version"]))
            return SavedRules(version=version, ruleset=known, report=check(known, fields_of(work)))

        return self._session.command(
            name, arguments, body, result=lambda saved: {"version": str(saved.version)}, again=again
        )

    def _publish(self, work: UnitOfWork, ruleset: Ruleset, based_on: int | None, note: str | None) -> SavedRules:
        report = check(ruleset, fields_of(work))
        if not report.ok:
            raise RuleErrors(faults=report.errors)
        latest = work.rules.latest()
        if based_on is not None and based_on != latest:
            raise ConcurrencyConflict(kind="ruleset", id="rules", expected=based_on, found=latest)
        known = work.rules.get(latest)
        if known is not None and known.ruleset.fingerprint == ruleset.fingerprint:
            return SavedRules(version=latest, ruleset=known.ruleset, report=report)
        version = RulesVersion(
            version=latest + 1, ruleset=ruleset, author=self._session.actor, at=self._session.now, note=note
        )
        work.rules.add(version)
        return SavedRules(version=version.version, ruleset=ruleset, report=report)

    def _read_draft(self, work: UnitOfWork, revision: int | None) -> DraftState:
        state = work.rules.draft()
        seen = 0 if state.draft is None else state.revision
        if revision is not None and revision != seen:
            raise ConcurrencyConflict(kind="draft", id="rules", expected=revision, found=seen or None)
        return state

    def _draft_in(self, state: DraftState) -> RulesDraft:
        if state.draft is None:
            raise NotFound(kind="draft", id="rules")
        return state.draft

    def _checked(self, work: UnitOfWork, draft: RulesDraft) -> SavedDraft:
        return SavedDraft(draft=draft, report=check(draft.ruleset, fields_of(work)))


def _note(note: str | None) -> str | None:
    told: str | None = None if note is None else read(Text, note, at="$.note")
    return told


def _given(**arguments: object) -> dict[str, object]:
    """Answer the arguments that were given, by which requests under one key are told apart."""
    return {name: value for name, value in arguments.items() if value is not None}


def ruleset_of(work: UnitOfWork, version: int | None = None) -> tuple[int, Ruleset]:
    """Answer a version of the rules with its number.

    Args:
        work: The unit of work.
        version: Which version; None for the newest.

    Raises:
        NotFound: There is none.
    """
    number = work.rules.latest() if version is None else version
    found = work.rules.get(number)
    if found is None:
        raise NotFound(kind="ruleset", id="newest" if version is None else str(version))
    return number, found.ruleset


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
