"""What travels between a run and the process that makes and proves a public copy."""

from dataclasses import dataclass
from pathlib import Path

from flows.stages.tasks import PageTask
from schemas.geometry import Box
from schemas.privacy import Sensitive
from schemas.public import PublicRecord
from schemas.records import Finding
from schemas.settings import Settings

DRAW_UP = "flows.publication.copy_worker:draw_up"
MAKE_COPY = "flows.publication.copy_worker:make_copy"
PROVE_COPY = "flows.publication.copy_worker:prove_copy"
DRAW_COPY = "flows.publication.drawing:draw_copy"


@dataclass(frozen=True, slots=True)
class CopyPage:
    """A page to be copied: where its image comes from, and what was found on it.

    `whole`: nothing of the page is shown; one that is not `opened` has no image at all; for a
    `blank` one, of which nobody read what may be on it, stands white paper.
    """

    task: PageTask
    document_page: int
    items: tuple[Sensitive, ...] = ()
    whole: bool = False
    opened: bool = True
    blank: bool = False


@dataclass(frozen=True, slots=True)
class CopyTask:
    """A document to be copied into the folder `target`; `record` still lacks what the copy gives.

    `sha256`, where a copy stands already: that of its PDF, which is proved again.
    """

    target: Path
    record: PublicRecord
    pages: tuple[CopyPage, ...]
    created: str
    settings: Settings
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class CopyResult:
    """The copy's record as it stands, and what its proof found: empty where it passed."""

    record: PublicRecord
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyDrawing:
    """A page of a public copy to be drawn with marks; `place` counts from 0 in the PDF."""

    pdf: Path
    place: int
    width: int
    boxes: tuple[Box, ...]
