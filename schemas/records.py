"""A unit's record: what it is, its documents (the opis), its pages and each page's state."""

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from schemas.geometry import Box
from schemas.quality import Quality


class PageState(StrEnum):
    """Every scanned page of a unit is in exactly one of these."""

    RECOGNISED = "recognised"
    BLANK = "blank"
    SEPARATOR = "separator"
    FAILED = "failed"


class UnitState(StrEnum):
    """How far a unit has come; only a published one is in the index."""

    WORKING = "working"
    PUBLISHED = "published"
    UNRECONCILED = "unreconciled"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know of; `code` is a key of the message tables."""

    code: str
    page: int | None = None
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field of a record and where it comes from.

    `value` is normalised (dates ISO 8601), `raw` the words on the page; `page` counts in the unit,
    `box` lies on its page image; `source` is rule, model, registry, manifest or archivist. Where a
    person or a registry corrected the field, `read` is what the program had read.
    """

    value: str
    raw: str = ""
    page: int | None = None
    box: Box | None = None
    source: str = "rule"
    confidence: float = 0.0
    checked: bool = False
    read: str = ""


class Regime(StrEnum):
    """Who may see a document: everybody, everybody in a redacted copy, staff only."""

    PUBLIC = "public"
    ANONYMISED = "anonymised"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Access:
    """A document's access regime, the rule of the table that gave it, and what speaks for it.

    `waits`: a person has to settle something before anything of the document goes out.
    """

    regime: Regime = Regime.RESTRICTED
    rule: str = ""
    reasons: tuple[Finding, ...] = ()
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of plain text: offsets in Unicode code points, `value` normalised."""

    label: str
    start: int
    end: int
    text: str
    value: str
    confidence: float


class Half(StrEnum):
    """The part of a frame that is a page: all of it, or half of a spread that was split."""

    WHOLE = ""
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Scan:
    """An earlier scan of a page: file name under originals/, frame from 0, and when it was replaced."""

    source: str
    frame: int
    when: str = ""
    half: Half = Half.WHOLE


@dataclass(frozen=True, slots=True)
class Page:
    """One scanned page: `page` counts in the unit, `document_page` in its document, both from 1.

    `source` is the file name under originals/, `frame` counts from 0 in it; `leaf` is the cited
    leaf ("14", "14r", "14v") or None where it is not known; `replaced` are earlier scans of the
    page, oldest first: kept, and history; `half` is the page's part of a frame that was split.
    `begins`: a person says that a document begins here, or that none does; None as the sheets tell.
    """

    page: int
    state: PageState
    source: str
    frame: int
    document: str | None = None
    document_page: int | None = None
    leaf: str | None = None
    confidence: float | None = None
    quality: Quality | None = None
    replaced: tuple[Scan, ...] = ()
    half: Half = Half.WHOLE
    begins: bool | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a unit: its id never changes, `number` is its place in the opis from 1.

    `mentions` are fields of which there may be several (persons, organisations, places, acts,
    amounts, parcels); `boundary` is how sure it is that a document begins at `first_page`.
    """

    id: str
    number: int
    first_page: int
    last_page: int
    fields: dict[str, FieldValue] = field(default_factory=dict)
    pdf: str = ""
    pdf_sha256: str = ""
    flavour: str = ""
    mentions: dict[str, tuple[FieldValue, ...]] = field(default_factory=dict)
    boundary: float = 1.0
    access: Access = Access()


@dataclass(frozen=True, slots=True)
class Cut:
    """A frame (from 0) that shows two facing pages: the right one begins at pixel column `x`."""

    frame: int
    x: int


@dataclass(frozen=True, slots=True)
class Original:
    """A delivered file, kept byte for byte: `name` under originals/, `delivered` as it came.

    `cuts` are the frames that were split into two pages when the file was taken in; `of` is the
    unit that it was delivered to, where this is a copy for pages that came from there.
    """

    name: str
    delivered: str
    bytes: int
    sha256: str
    kind: str
    frames: int
    cuts: tuple[Cut, ...] = ()
    of: str = ""

    @property
    def pages(self) -> int:
        """Frames, those that were split counted twice."""
        return self.frames + len(self.cuts)

    @property
    def places(self) -> tuple[tuple[int, Half], ...]:
        """The frame and the half of each of its pages, left before right."""
        split = {cut.frame for cut in self.cuts}
        return tuple(
            (frame, half)
            for frame in range(self.frames)
            for half in ((Half.LEFT, Half.RIGHT) if frame in split else (Half.WHOLE,))
        )

    def cut_at(self, frame: int) -> int:
        """The column at which a frame was split; 0 where it was not."""
        return next((cut.x for cut in self.cuts if cut.frame == frame), 0)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Pages of an original that another unit shows, or knows of: `first` to `last` of its places."""

    source: str
    first: int
    last: int
    unit: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What the archivist says of a binder (binder.json); empty where not known.

    Field names: RESEARCH.md's vocabulary (ISAD(G) in Romanian archival words).
    """

    fond: str = ""
    creator: str = ""
    compartiment: str = ""
    inventar: str = ""
    cota: str = ""
    an: str = ""
    biblioraft_id: str = ""
    volum: str = ""
    nr_inventar: str = ""
    indicativ_nomenclator: str = ""
    continut: str = ""
    termen_pastrare: str = ""
    file_certificate: int | None = None
    duplex: bool = False
    language: str = ""
    spreads: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's record as stored in metadata/record.json.

    `elsewhere` are pages of its originals that are pages of other units; `assigned`: a person gave
    its identity, which no binder.json changes any more.
    """

    id: str
    name: str
    station: str
    content_key: str
    received: str
    identity: Identity = Identity()
    originals: tuple[Original, ...] = ()
    pages: tuple[Page, ...] = ()
    documents: tuple[Document, ...] = ()
    opis: int = 1
    elsewhere: tuple[Elsewhere, ...] = ()
    assigned: bool = False

    @property
    def scanned(self) -> int:
        """Pages that the originals hold: all that no newer scan took the place of, none elsewhere."""
        pages = sum(original.pages for original in self.originals)
        away = sum(some.last - some.first + 1 for some in self.elsewhere)
        return pages - away - sum(len(page.replaced) for page in self.pages)

    def document_of(self, document: str) -> Document | None:
        return next((d for d in self.documents if d.id == document), None)

    def pages_of(self, document: str) -> tuple[Page, ...]:
        return tuple(page for page in self.pages if page.document == document)


@dataclass(frozen=True, slots=True)
class PageCounts:
    """Sums by state; `scanned` is what the originals hold, earlier scans left out."""

    scanned: int = 0
    recognised: int = 0
    blank: int = 0
    separator: int = 0
    failed: int = 0

    def __add__(self, other: "PageCounts") -> "PageCounts":
        return PageCounts(
            self.scanned + other.scanned,
            self.recognised + other.recognised,
            self.blank + other.blank,
            self.separator + other.separator,
            self.failed + other.failed,
        )


def count_pages(pages: tuple[Page, ...], scanned: int) -> PageCounts:
    """Pages by state beside the number that the originals hold."""
    states = [page.state for page in pages]
    return PageCounts(
        scanned,
        states.count(PageState.RECOGNISED),
        states.count(PageState.BLANK),
        states.count(PageState.SEPARATOR),
        states.count(PageState.FAILED),
    )


def encode(value: object) -> bytes:
    """Indented UTF-8 JSON of any of these types."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


def decode_unit(data: bytes) -> Unit:
    """A unit from record.json; raises msgspec.ValidationError or DecodeError (both ValueError)."""
    return msgspec.json.decode(data, type=Unit)
