"""A document's public copy: what it is a copy of, and what outside readers are told of it."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from schemas.geometry import Box
from schemas.records import Regime

PDF = "document.pdf"
ALTO = "alto"
RECORD = "record.json"
BELONGS = ("fond", "institution", "department", "cota", "problem")
"""What a copy tells of where its document belongs, unless that says something that is hidden."""


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """A page of a copy: its place in the document and in the unit (from 1), and its leaf.

    `picture` is the digest of its image streams, empty for a page that cannot be opened; `hidden`
    are the rectangles that are black in it, in pixels of its page image.
    """

    document_page: int
    page: int
    leaf: str = ""
    picture: str = ""
    hidden: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What stands beside a copy; written last, so that a copy with a record is whole.

    `basis` stands for the text, personal data, regime and table that the copy was made of; `sha256`
    is the PDF's; `fields` are those in which nothing had to be hidden.
    """

    document: str
    unit: str
    regime: Regime
    basis: str
    sha256: str
    flavour: str
    pages: tuple[CopiedPage, ...]
    fields: dict[str, str] = field(default_factory=dict)
    fond: str = ""
    year: str = ""
    institution: str = ""
    department: str = ""
    cota: str = ""
    problem: str = ""

    def page(self, document_page: int) -> CopiedPage | None:
        return next((one for one in self.pages if one.document_page == document_page), None)


def copied_alto(copy: Path, document_page: int) -> Path:
    """The words of a copy's page; the number counts in the document, from 1."""
    return copy / ALTO / f"{document_page:04d}.xml"


def read_copy(copy: Path) -> PublicRecord | None:
    """The record of the copy in a folder; None where there is no whole copy."""
    try:
        return msgspec.json.decode((copy / RECORD).read_bytes(), type=PublicRecord)
    except (OSError, ValueError):
        return None
