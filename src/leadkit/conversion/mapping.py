"""Which field of a lead becomes which field of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import model_validator

from leadkit.conversion.documents import Contact
from leadkit.leads import WRITABLE
from leadkit.values import Document

if TYPE_CHECKING:
    from leadkit.leads import Lead

__all__ = ["DEFAULT_MAPPING", "ContactMapping"]

_TARGETS: Final = tuple(name for name in Contact.model_fields if name not in ("id", "created_at"))


class ContactMapping(Document):
    """Which field of a lead becomes which field of a contact.

    Attributes:
        fields: For each field of the contact, the field of the lead that it takes its value from, by Python names.

    Example:
        >>> ContactMapping(fields={"email": "email", "company": "company"}).fields["company"]
        'company'
    """

    fields: dict[str, str]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for target, source in self.fields.items():
            if target not in _TARGETS:
                message = f"a contact has no field `{target}`; possible are {', '.join(_TARGETS)}"
                raise ValueError(message)
            if source not in WRITABLE:
                message = f"a lead has no field `{source}` to take over; possible are {', '.join(WRITABLE)}"
                raise ValueError(message)
        return self

    def values(self, lead: Lead) -> dict[str, Any]:
        """Answer what a lead gives a contact, without what it has not.

        Args:
            lead: The lead.
        """
        found = {target: getattr(lead, source) for target, source in self.fields.items()}
        return {target: value for target, value in found.items() if value not in (None, {})}


DEFAULT_MAPPING: Final = ContactMapping(fields={name: name for name in _TARGETS})
"""Every field of the contact from the lead's field of the same name."""
