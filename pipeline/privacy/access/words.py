"""The words of the jurist's table and what they stand for."""

from collections.abc import Mapping
from enum import StrEnum

from pipeline.reviewing.fieldrules import TYPES as KNOWN
from schemas.privacy import Category, PersonalKind
from schemas.records import Regime

_PLAIN = str.maketrans("ăâîșşțţ", "aaisstt")


class Sign(StrEnum):
    """What is doubtful about a document's pages."""

    FAILED = "failed"
    LOW = "low"
    HANDWRITTEN = "handwritten"
    NONE_GOOD = "none-good"


def folded(word: str) -> str:
    """Small letters without diacritics, single blanks."""
    return " ".join(word.lower().translate(_PLAIN).split())


REGIMES: Mapping[str, Regime] = {
    "public": Regime.PUBLIC,
    "anonimizat": Regime.ANONYMISED,
    "restrictionat": Regime.RESTRICTED,
}
CATEGORIES: Mapping[str, Category] = {
    "sanatate": Category.HEALTH,
    "social": Category.SOCIAL,
    "penal": Category.CRIMINAL,
    "minori": Category.MINORS,
    "stare civila": Category.CIVIL,
}
KINDS: Mapping[str, PersonalKind] = {
    "nume": PersonalKind.PERSON,
    "adresa": PersonalKind.ADDRESS,
    "cnp": PersonalKind.CNP,
    "carte de identitate": PersonalKind.ID_CARD,
    "pasaport": PersonalKind.PASSPORT,
    "permis de conducere": PersonalKind.DRIVING_LICENCE,
    "card de sanatate": PersonalKind.HEALTH_INSURANCE,
    "iban": PersonalKind.IBAN,
    "card bancar": PersonalKind.CARD,
    "telefon": PersonalKind.PHONE,
    "e-mail": PersonalKind.EMAIL,
    "numar de inmatriculare": PersonalKind.PLATE,
    "semnatura": PersonalKind.SIGNATURE,
    "portret": PersonalKind.PORTRAIT,
    "scris de mana": PersonalKind.HANDWRITING,
}
SIGNS: Mapping[str, Sign] = {
    "pagina nereusita": Sign.FAILED,
    "pagina citita slab": Sign.LOW,
    "scris de mana": Sign.HANDWRITTEN,
    "nicio pagina buna": Sign.NONE_GOOD,
}
TYPES: Mapping[str, str] = {folded(name): name for name in KNOWN}
