"""Whose a document is: one answer for the index, which bounds searches, and for whoever opens a record."""

from schemas.records import Document, Unit
from schemas.settings import Settings

DEPARTMENT = "compartiment"
"""The field of a document's record that tells its department."""


def institution_of(unit: Unit, settings: Settings) -> str:
    """Whose paper it is: the unit's creator, else the archive's own institution."""
    return unit.identity.creator or settings.institution


def department_of(unit: Unit, document: Document) -> str:
    """The department that the document tells, else its unit's."""
    told = document.fields.get(DEPARTMENT)
    return (told.value if told else "") or unit.identity.compartiment
