"""People who could become leads."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from leadkit.leads import NewLead
from leadkit.values import Document, Identifier, JsonObject, Label, Text
from leadkit.values.text import Email, Phone

__all__ = ["Candidate", "ProspectCriteria", "lead_from_candidate"]

_Texts = Annotated[tuple[Text, ...], Field(max_length=100)]


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
        if not (self.model_fields_set - {"limit"}):
            names = ", ".join(field.alias or name for name, field in type(self).model_fields.items() if name != "limit")
            message = f"name at least one criterion: {names}"
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

    provider: Label
    external_id: Identifier | None = None
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Phone | None = None
    company: Text | None = None
    properties: JsonObject = {}

    def __repr__(self) -> str:
        # Personal values stay out of logs and tracebacks.
        return f"Candidate(provider={self.provider!r}, external_id={self.external_id!r})"


def lead_from_candidate(
    candidate: Candidate, *, pipeline_id: str | None = None, stage: str | None = None
) -> NewLead | None:
    """Answer the lead that a candidate could become, or None when nothing identifies it.

    Args:
        candidate: The person.
        pipeline_id: The pipeline that the lead enters.
        stage: Where it enters it.
    """
    identity = None if candidate.external_id is None else f"{candidate.provider}:{candidate.external_id}"
    if not (candidate.email or candidate.phone or identity):
        return None
    return NewLead(
        email=candidate.email,
        first_name=candidate.first_name,
        last_name=candidate.last_name,
        phone=candidate.phone,
        company=candidate.company,
        # An id of a provider is unique only at the provider.
        external_id=identity,
        source=candidate.provider,
        properties=candidate.properties,
        pipeline_id=pipeline_id,
        stage=stage,
    )
