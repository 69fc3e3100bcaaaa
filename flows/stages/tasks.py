"""What travels between a run and the processes of its pool: small, frozen, and cheap to load."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import msgspec

from schemas.geometry import Box
from schemas.layout import UnitLayout
from schemas.quality import Quality
from schemas.records import FieldValue, Finding, Half, PageState
from schemas.settings import Settings
from schemas.sources import FileKind

LOOK_INTO = "flows.stages.page_worker:look_into"
READ_PAGE = "flows.stages.page_worker:read_one_page"
PICTURE_ONLY = "flows.stages.page_worker:picture_only"
PICTURE_AGAIN = "flows.stages.page_worker:picture_again"
PICTURE_INTO = "flows.stages.page_worker:picture_into"
EXPORT_DOCUMENT = "flows.stages.document_worker:export_document"
MAKE_DOCUMENT = "flows.stages.document_worker:make_document"
PDF_PAGES = "pipeline.pdf.document:page_count"
DRAW = "flows.stages.drawing:draw"
PDF_FLAVOUR = "2u"


@dataclass(frozen=True, slots=True)
class PageTask:
    """One page of a unit: where its bytes lie, how it is to be read, and both as fingerprints.

    Of a spread's `half` the frame is parted at pixel column `cut`.
    """

    unit: UnitLayout
    page: int
    original: str
    kind: FileKind
    frame: int
    language: str
    settings: Settings
    inputs: str
    parameters: str
    half: Half = Half.WHOLE
    cut: int = 0

    @property
    def path(self) -> Path:
        return self.unit.originals / self.original


@dataclass(frozen=True, slots=True)
class PageResult:
    """What the ledger keeps of a page; `alto_sha256` is empty where no ALTO could be written.

    `original` and `frame` tell where its bytes are.
    """

    page: int
    state: PageState
    confidence: float | None = None
    alto_sha256: str = ""
    picture: str = ""
    findings: tuple[Finding, ...] = ()
    sheet: dict[str, str] = field(default_factory=dict)
    quality: Quality | None = None
    original: str = ""
    frame: int = 0
    half: Half = Half.WHOLE


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """One document of a unit: its pages with their pictures, and what its PDF says of itself.

    `leaves` as they are cited, „4–6”. `as_pictures`: without the originals of digital pages, which no process could join. `sources`
    are the pages as they were read, so that a part of one can be read again.
    """

    unit: UnitLayout
    name: str
    document: str
    number: int
    pages: tuple[PageResult, ...]
    received: str
    interface_language: str
    as_pictures: bool = False
    leaves: str = ""
    sources: tuple[PageTask, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """Fields found, and the PDF/A as written; without SHA-256 where there is none, and why.

    `personal` is the hash by which flows/stages/personal.py keeps the personal data found.
    """

    number: int
    fields: dict[str, FieldValue]
    sha256: str
    flavour: str
    violations: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    mentions: dict[str, tuple[FieldValue, ...]] = field(default_factory=dict)
    personal: str = ""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A page's result as its process left it beside the picture."""

    inputs: str
    parameters: str
    result: PageResult


def result_path(task: PageTask) -> Path:
    """Where a page's result waits to be recorded."""
    return task.unit.work / f"{task.page:04d}.json"


def is_whole(task: PageTask, result: PageResult) -> bool:
    """Whether the page's ALTO stands as it was written."""
    digest = result.alto_sha256
    alto = task.unit.alto_page(task.page)
    return not digest or (alto.exists() and sha256(alto.read_bytes()).hexdigest() == digest)


def finished_before(task: PageTask) -> PageResult | None:
    """The result of a page that was finished though nobody lived to record it."""
    try:
        stored = msgspec.json.decode(result_path(task).read_bytes(), type=StoredResult)
        same = (stored.inputs, stored.parameters) == (task.inputs, task.parameters)
        whole = is_whole(task, stored.result)
    except (OSError, ValueError):
        return None
    return stored.result if same and whole else None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page image to be drawn: the original it comes from, and the boxes to mark on it."""

    unit: UnitLayout
    page: int
    original: str
    kind: FileKind
    frame: int
    boxes: tuple[Box, ...]
    settings: Settings
    half: Half = Half.WHOLE
    cut: int = 0
