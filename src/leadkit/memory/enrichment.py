"""An enrichment provider that looks companies up in a table, by the domain of the lead's address."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Self

import attrs

from leadkit.enrichment import Match, NoMatch
from leadkit.values import normalise_email

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadkit.enrichment import Outcome
    from leadkit.leads import Lead

__all__ = ["CompanyTable"]

_AS_MANY_AS_YOU_LIKE: Final = 1_000


@attrs.frozen(kw_only=True)
class CompanyTable:
    """Knows companies by their domains.

    Attributes:
        companies: For each domain, what is known: fields of a lead and their values.
        name: The name under which values are attributed to it.

    Example:
        >>> table = CompanyTable({"acme.example": {"company": "Acme"}})
        >>> table.name, table.max_batch
        ('company-table', 1000)
    """

    companies: Mapping[str, Mapping[str, Any]] = attrs.field(kw_only=False)
    name: str = "company-table"
    max_batch: int = _AS_MANY_AS_YOU_LIKE

    @classmethod
    def learned_from(cls, leads: Iterable[Lead], *, at_least: int = 2) -> Self:
        """Learn the company of each domain from leads that name one.

        Args:
            leads: The leads.
            at_least: How many leads of a domain must agree.
        """
        named: dict[str, Counter[str]] = {}
        for lead in leads:
            if lead.email is not None and lead.company is not None:
                named.setdefault(_domain(lead.email), Counter())[lead.company] += 1
        return cls(
            {
                domain: {"company": company}
                for domain, companies in named.items()
                for company, count in companies.most_common(1)
                if count >= at_least
            }
        )

    def match(self, leads: Sequence[Lead]) -> Sequence[Outcome]:
        """Look leads up by the domain of their address."""
        return [self._match(lead) for lead in leads]

    def _match(self, lead: Lead) -> Outcome:
        known = None if lead.email is None else self.companies.get(_domain(lead.email))
        return NoMatch(provider=self.name) if known is None else Match(provider=self.name, values=dict(known))


def _domain(email: str) -> str:
    return normalise_email(email).rpartition("@")[2]
