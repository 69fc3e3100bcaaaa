"""The public copy: a new PDF/A-2u of new pictures and what is left of the words; nothing else."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.pdf.document import PdfFacts, PdfPage, write_document
from pipeline.privacy.redaction.picture import picture_digest
from pipeline.privacy.redaction.types import ProvedPage, PublicPage


def write_public_copy(pages: Sequence[PublicPage], target: Path, facts: PdfFacts) -> str:
    """Writes the public PDF/A-2u of a document durably; its SHA-256.

    Title and identifier of `facts` go out: they must hold nothing personal (`prove` looks).
    Raises OSError for a picture that is not there.
    """
    written = tuple(PdfPage(page.picture, page.text, page.number) for page in pages)
    return write_document(written, target, facts)


def to_prove(page: PublicPage) -> ProvedPage:
    """What a page that was written has to prove. Raises OSError or ValueError for its picture."""
    digest = picture_digest(page.picture.read_bytes()) if page.picture else ""
    return ProvedPage(page.text, page.hidden, digest)
