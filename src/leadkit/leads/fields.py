"""The catalogue of a lead's fields, by which rules are checked: built from the model, so that it cannot drift."""

from __future__ import annotations

import functools
import inspect
import re
from typing import TYPE_CHECKING, Any, Final, Self

import attrs

from leadkit.conditions import Kind, Path, catalogue
from leadkit.conditions.places import at_key
from leadkit.errors import Fault, InvalidInput, did_you_mean
from leadkit.leads.lead import Lead

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FieldCatalogue"]

_PROPERTIES: Final = "properties"

# An entry of a docstring's list of attributes; what is indented further goes on with it.
_ENTRY: Final = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)$", re.MULTILINE)


@attrs.frozen(kw_only=True)
class FieldCatalogue(catalogue.FieldCatalogue):
    """The fields of a record, and those of the records that are related to it; `for_leads` knows those of a lead."""

    @classmethod
    def for_leads(
        cls,
        properties: Mapping[str, Any] | None = None,
        *,
        others: bool | None = None,
        related: Mapping[str, catalogue.FieldCatalogue] | None = None,
    ) -> Self:
        """Answer the fields of a lead, with the custom properties of an organisation.

        Args:
            properties: The properties by name: a Python type, a kind such as `"text"` or `PropertyType.TEXT`, or a
                list of all the values that there are.
            others: Whether a lead may have further properties; left out, it may where none are declared.
            related: The fields of related records by kind.

        Raises:
            InvalidInput: There is no kind of such a name.

        Example:
            >>> from leadkit.conditions import parse_path
            >>> catalogue = FieldCatalogue.for_leads(properties={"team_size": int, "plan": "text"})
            >>> catalogue.find(parse_path("properties.team_size")).kind.value
            'number'
            >>> catalogue.find(parse_path("status")).choices
            ('new', 'nurturing', 'qualified', 'disqualified', 'converted')
            >>> catalogue.find(parse_path("properties.taem_size")) is None
            True
        """
        declared = properties or {}
        free = not declared if others is None else others
        fields = _lead_fields()
        # By segments: a property whose name holds a dot is one key all the same.
        own = {_path(name): _kind(name, what) for name, what in declared.items()}
        return cls.of({**fields, _PROPERTIES: attrs.evolve(fields[_PROPERTIES], free=free), **own}, related=related)


def _path(name: str) -> str:
    return Path(segments=(_PROPERTIES, name), text="").canonical


def _kind(name: str, what: Any) -> Any:
    if not isinstance(what, str):
        return what
    if what not in set(Kind):
        message = f"there is no kind of value `{what}`{did_you_mean(what, Kind)}"
        raise InvalidInput(faults=(Fault(path=at_key("$.properties", name), message=message, code="unknown-kind"),))
    return Kind(what)


@functools.cache
def _lead_fields() -> Mapping[str, catalogue.Field]:
    told = {name: " ".join(text.split()) for name, text in _ENTRY.findall(inspect.cleandoc(Lead.__doc__ or ""))}
    fields = catalogue.FieldCatalogue.for_record(Lead).fields
    return {path.text: attrs.evolve(field, description=told.get(path.text, "")) for path, field in fields.items()}
