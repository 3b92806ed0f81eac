"""People who could become leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from leadkit.leads import IdentityKey, NewLead
from leadkit.values import Document, Identifier, JsonObject, Text, normalise_email, read
from leadkit.values.text import Email, Phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Candidate", "ProspectCriteria", "distinct", "lead_from_candidate"]

_LONGEST_IDENTIFIER: Final = 200


def _several(value: object) -> object:
    """Let one text stand for a list of one."""
    return (value,) if isinstance(value, str) else value


_Texts = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(max_length=100)]


class ProspectCriteria(Document):
    """Who is looked for; at least one criterion.

    Attributes:
        title: Words of the job title.
        seniority: Levels, as the provider names them.
        company: The name or domain of the company.
        industry: Industries, as the provider names them.
        country: Countries.
        keywords: Words of the profile.
        min_employees: The smallest company.
        max_employees: The largest company.
        limit: How many people at the most.

    Example:
        >>> ProspectCriteria(title="CTO", country="DE").country
        ('DE',)
    """

    title: Text | None = None
    seniority: _Texts = ()
    company: Text | None = None
    industry: _Texts = ()
    country: _Texts = ()
    keywords: _Texts = ()
    min_employees: Annotated[StrictInt, Field(ge=0)] | None = None
    max_employees: Annotated[StrictInt, Field(ge=0)] | None = None
    limit: Annotated[StrictInt, Field(ge=1, le=200)] = 25

    @model_validator(mode="after")
    def _something_is_asked(self) -> Self:
        criteria = {name: field for name, field in type(self).model_fields.items() if name != "limit"}
        if all(getattr(self, name) in (None, "", ()) for name in criteria):
            message = f"name at least one criterion: {', '.join(str(field.alias) for field in criteria.values())}"
            raise ValueError(message)
        if self.max_employees is not None and (self.min_employees or 0) > self.max_employees:
            message = "minEmployees is greater than maxEmployees"
            raise ValueError(message)
        return self


class Candidate(Document):
    """A person that a provider found.

    Attributes:
        provider: Who found it.
        external_id: Its id at the provider.
        email: Where it can be reached.
        first_name: Given name.
        last_name: Family name.
        phone: As the provider gives it.
        company: The name of the company.
        properties: What else the provider knows.
    """

    provider: Identifier
    external_id: Identifier | None = None
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Phone | None = None
    company: Text | None = None
    properties: JsonObject = {}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Personal values stay out of logs and tracebacks.
        yield from (("provider", self.provider), ("external_id", self.external_id))


def _identity(candidate: Candidate) -> str | None:
    """Answer what tells a candidate from all others: an id of a provider is unique only at the provider."""
    if candidate.external_id is None:
        return None
    identity = f"{candidate.provider}:{candidate.external_id}"
    return identity if len(identity) <= _LONGEST_IDENTIFIER else None


def _keys(candidate: Candidate) -> set[IdentityKey]:
    identity = _identity(candidate)
    keys: set[IdentityKey] = set()
    if identity is not None:
        keys.add(IdentityKey("externalId", identity))
    if candidate.email is not None:
        keys.add(IdentityKey("email", normalise_email(candidate.email)))
    return keys


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Answer each person once, as it was found first: by its id at the provider, or its normalised address.

    Args:
        candidates: The people, in the order in which the providers are trusted.

    Example:
        >>> apollo = Candidate(provider="apollo", external_id="p1", email="Alice@example.com")
        >>> hunter = Candidate(provider="hunter", email="alice@example.com")
        >>> distinct([apollo, hunter]) == (apollo,)
        True
    """
    seen: set[IdentityKey] = set()
    found: list[Candidate] = []
    for candidate in candidates:
        keys = _keys(candidate)
        if not keys & seen:
            found.append(candidate)
        seen |= keys
    return tuple(found)


def lead_from_candidate(
    candidate: Candidate, *, pipeline_id: str | None = None, stage: str | None = None
) -> NewLead | None:
    """Answer the lead that a candidate could become, or None when nothing identifies it.

    Args:
        candidate: The person.
        pipeline_id: The pipeline that the lead enters.
        stage: Where it enters it.

    Raises:
        InvalidInput: The pipeline or the stage is no identifier.

    Example:
        >>> new = lead_from_candidate(Candidate(provider="apollo", external_id="p1", first_name="Alice"))
        >>> new.external_id, new.source
        ('apollo:p1', 'apollo')
    """
    identity = _identity(candidate)
    if not (candidate.email or candidate.phone or identity):
        return None
    place = {"pipeline_id": pipeline_id, "stage": stage}
    return read(
        NewLead,
        {
            "email": candidate.email,
            "first_name": candidate.first_name,
            "last_name": candidate.last_name,
            "phone": candidate.phone,
            "company": candidate.company,
            "external_id": identity,
            "source": candidate.provider,
            "properties": candidate.properties,
            **place,
        },
    )
