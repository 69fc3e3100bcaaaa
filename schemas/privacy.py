"""Personal data on a document's pages, and who may see the document because of it."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.geometry import Box
from schemas.records import Finding


class PersonalKind(StrEnum):
    """What identifies a person directly."""

    CNP = "CNP"
    ID_CARD = "ID_CARD"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    HEALTH_INSURANCE = "HEALTH_INSURANCE"
    IBAN = "IBAN"
    CARD = "CARD"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"
    PLATE = "PLATE"
    PERSON = "PERSON"
    SIGNATURE = "SIGNATURE"
    PORTRAIT = "PORTRAIT"
    HANDWRITING = "HANDWRITING"


class Category(StrEnum):
    """Special categories, of a document as a whole."""

    HEALTH = "health"
    SOCIAL = "social"
    CRIMINAL = "criminal"
    MINORS = "minors"
    CIVIL = "civil"


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Something on one page that nobody outside may see.

    `page` counts in the unit from 1; `words` are places from 0 in `PageText.words` of that page,
    empty for what is no text; `boxes` lie on the page image, one a line; `value` is normalised and
    goes into no log; `methods` tell what found it: rule, model, gazetteer, second-reading, person.
    """

    kind: PersonalKind
    page: int
    words: tuple[int, ...]
    boxes: tuple[Box, ...]
    value: str
    confidence: float
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Categorised:
    """A special category of a document and the words (normalised) that speak for it."""

    category: Category
    confidence: float
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """All that was found in one document; `doubts` are findings that a person has to settle."""

    items: tuple[Sensitive, ...] = ()
    categories: tuple[Categorised, ...] = ()
    doubts: tuple[Finding, ...] = ()
