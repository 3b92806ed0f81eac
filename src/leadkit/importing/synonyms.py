"""What columns are called in the files that people have, by the place that they mean.

Names are compared by their letters and digits alone, in any case: `E-Mail`, `e_mail` and `EMAIL` are one. Within a row
the surer name comes first: of a file with both, the column `Phone` is the phone and `Mobile` a property.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CAMPAIGN_KEYS", "PLACEHOLDERS", "SYNONYMS", "TEXTUAL_WORDS"]

# place: names, parted by white space
_NAMES: Final = {
    "email": """
        email emailaddress mail mailaddress emailid primaryemail workemail businessemail contactemail useremail
        emailadresse mailadresse courriel adressemail adresseemail correo correoelectronico posta indirizzoemail
    """,
    "firstName": """
        firstname givenname forename fname first contactfirstname vorname prenom prénom nombre nome voornaam
    """,
    "lastName": """
        lastname surname familyname lname last contactlastname nachname familienname nomdefamille nom apellido apellidos
        cognome achternaam
    """,
    "fullName": "fullname name contactname leadname personname contact nomcomplet nombrecompleto",
    "phone": """
        phone phonenumber telephone telephonenumber businessphone workphone primaryphone mobilephone mobile mobilenumber
        cellphone cell cellnumber contactnumber tel telefon telefonnummer rufnummer mobil handy handynummer téléphone
        telefono teléfono telefone
    """,
    "company": """
        company companyname organization organisation organizationname organisationname account accountname employer
        business businessname firma firmenname unternehmen entreprise société societe empresa azienda bedrijf
    """,
    "externalId": """
        externalid leadid prospectid recordid contactid crmid customerid personid hubspotid salesforceid uuid guid id
    """,
    "source": "leadsource source originalsource sourcename trafficsource quelle leadquelle herkunft origen fonte",
    "campaignId": "campaignid campaign campaignname kampagne campagne campaña campaigncode",
    "referrer": "referrer referer referrerurl referringurl referringsite httpreferer",
    "priority": "priority leadpriority priorität prioritaet prioridad priorité",
}

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {place: tuple(names.split()) for place, names in _NAMES.items()}
)
"""For each place the names that columns have which lead there."""

CAMPAIGN_KEYS: Final = ("source", "medium", "campaign", "term", "content", "id")
"""The campaign parameters that are known; a column called `utm_source` or `UTM Source` leads to one."""

PLACEHOLDERS: Final = (
    *("Select", "--Select--", "-- Select --", "Please select", "Not set", "(not set)", "(none)", "(blank)"),
    *("N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "-", "--", "?"),
)
"""What exports write where nothing is known. `NA` is not among them: it is Namibia and North America, too."""

TEXTUAL_WORDS: Final = frozenset(
    "id ids number no nr code key zip postcode plz postal phone mobile fax tel ssn iban account version".split()
)
"""A column whose name ends with one of these holds no quantity, though its cells be digits: zeros in front count."""
