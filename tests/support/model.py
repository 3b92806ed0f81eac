"""The domain a second time, as plainly as it can be said: dictionaries and ifs, sharing nothing with the package.

`Model` is asked the same as a workspace and says what must come of it: the code of the error or None, and afterwards
the state of every lead and the types of its events.
"""

from __future__ import annotations

from typing import Any

STAGES = {"inbound": ["new", "discovery", "proposal"], "partners": ["intro", "deal"]}
OPEN = ("new", "nurturing", "qualified")


class Model:
    """One organisation."""

    def __init__(self, *, auto_qualify: bool) -> None:
        self.auto_qualify = auto_qualify
        self.leads: dict[str, dict[str, Any]] = {}

    def _lead(self, lead_id: str) -> dict[str, Any] | None:
        lead = self.leads.get(lead_id)
        return None if lead is None or lead["deleted"] else lead

    @staticmethod
    def _tell(lead: dict[str, Any], event: str) -> None:
        lead["version"] += 1
        lead["events"].append(event)

    def create(self, lead_id: str, email: str, pipeline: str | None, stage: str | None) -> str | None:
        address = email.strip().lower()
        if any(not lead["deleted"] and lead["address"] == address for lead in self.leads.values()):
            return "duplicate-lead"
        if pipeline is not None and pipeline not in STAGES:
            return "not-found"
        if pipeline is not None and stage is not None and stage not in STAGES[pipeline]:
            return "not-found"
        self.leads[lead_id] = {
            "address": address,
            "company": None,
            "pipeline": pipeline,
            "stage": None if pipeline is None else stage or STAGES[pipeline][0],
            "status": "new",
            "owner": None,
            "qualified": False,
            "disqualified": False,
            "converted": False,
            "reason": None,
            "contact": None,
            "opportunity": None,
            "deleted": False,
            "notes": 0,
            "version": 1,
            "events": ["lead.created"],
        }
        return None

    def update(self, lead_id: str, company: str | None) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] == "converted":
            return "invalid-transition"
        if lead["company"] != company:
            lead["company"] = company
            self._tell(lead, "lead.updated")
        return None

    def qualify(self, lead_id: str, reason: str | None, notes: str | None) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] in ("disqualified", "converted"):
            return "invalid-transition"
        if lead["status"] != "qualified":
            lead.update(status="qualified", qualified=True, reason=reason)
            lead["notes"] += notes is not None
            self._tell(lead, "lead.qualified")
        return None

    def disqualify(self, lead_id: str, reason: str, notes: str | None) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] == "converted":
            return "invalid-transition"
        if lead["status"] != "disqualified":
            lead.update(status="disqualified", qualified=False, disqualified=True, reason=reason)
            lead["notes"] += notes is not None
            self._tell(lead, "lead.disqualified")
        return None

    def nurture(self, lead_id: str) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] == "converted":
            return "invalid-transition"
        if lead["status"] != "nurturing":
            lead.update(status="nurturing", qualified=False, disqualified=False, reason=None)
            self._tell(lead, "lead.nurtured")
        return None

    def reopen(self, lead_id: str) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] in ("qualified", "converted"):
            return "invalid-transition"
        if lead["status"] != "new":
            lead.update(status="new", qualified=False, disqualified=False, reason=None)
            self._tell(lead, "lead.reopened")
        return None

    def move(self, lead_id: str, pipeline: str | None, stage: str | None) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        target = pipeline or lead["pipeline"]
        if target is None or target not in STAGES:
            return "not-found"
        entered = stage or STAGES[target][0]
        if entered not in STAGES[target]:
            return "not-found"
        if lead["status"] not in OPEN:
            return "invalid-transition"
        if (lead["pipeline"], lead["stage"]) != (target, entered):
            lead.update(pipeline=target, stage=entered)
            self._tell(lead, "lead.stage_changed")
        return None

    def assign(self, lead_id: str, owner: str | None) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] == "converted":
            return "invalid-transition"
        if lead["owner"] != owner:
            lead["owner"] = owner
            self._tell(lead, "lead.assigned")
        return None

    def convert(self, lead_id: str, *, opportunity: bool) -> str | None:
        lead = self._lead(lead_id)
        if lead is None:
            return "not-found"
        if lead["status"] == "converted":
            return "conversion-conflict" if opportunity and not lead["opportunity"] else None
        if lead["status"] == "disqualified":
            return "invalid-transition"
        if lead["status"] != "qualified":
            if not self.auto_qualify:
                return "invalid-transition"
            lead.update(status="qualified", qualified=True, reason="auto_qualify")
            self._tell(lead, "lead.qualified")
        lead.update(status="converted", converted=True, contact=lead["address"], opportunity=opportunity)
        self._tell(lead, "lead.converted")
        return None

    def delete(self, lead_id: str) -> str | None:
        lead = self.leads.get(lead_id)
        if lead is None:
            return "not-found"
        if not lead["deleted"]:
            lead["deleted"] = True
            self._tell(lead, "lead.deleted")
        return None

    def erase(self, lead_id: str) -> str | None:
        lead = self.leads.get(lead_id)
        if lead is None:
            return "not-found"
        if not (lead["deleted"] and lead["address"] is None and lead["reason"] is None and lead["company"] is None):
            lead.update(deleted=True, address=None, company=None, reason=None)
            self._tell(lead, "lead.erased")
        return None
