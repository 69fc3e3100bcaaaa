"""The story of one page: image, blank or separator or words, and its picture for the PDF."""

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from pipeline.imaging.image import Prepared, as_delivered, coarser, prepare, turned
from pipeline.imaging.quality import Quality, measure, unread_share
from pipeline.imaging.raster import Pixels
from pipeline.pictures.picture import Delivered, PictureKind, picture_of
from pipeline.pictures.rereading import line_reader
from pipeline.recognition import Engine, engine
from pipeline.recognition.cleaning import clean
from schemas.errors import PageFailedError
from schemas.geometry import Box, Size
from schemas.records import Finding, PageState
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Reading, Word

_BADLY_READ = 0.6
_HARDLY_READ = 0.15
_SPECKS = 3
_HANDWRITTEN, _MOSTLY_HANDWRITTEN, _MOSTLY = 0.08, 0.35, 0.6
_SCRAWL = 0.2
_UPRIGHT = 0.5
_LEAST_WORD = 3
_COARSER = 0.75
_LOW_DPI = 190
_LEAST_MIRRORED, _MIRRORED, _PALE = 5, 0.75, 0.7


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a page; `picture` is packed, in the profile `picture_kind`."""

    state: PageState
    text: PageText
    picture: bytes
    picture_kind: PictureKind
    findings: tuple[Finding, ...] = ()
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    prepared: Prepared
    blocks: tuple[Block, ...]
    tried: str
    unread: tuple[Box, ...] = ()
    language: str = ""

    @property
    def text(self) -> PageText:
        return PageText(self.prepared.size, 0, self.blocks)


def _place(box: Box, scale: tuple[float, float], size: Size) -> Box:
    """A box of the reading image on the page image, inside it and never empty.

    Where the reading image is coarser a pixel is added all round, for the ink that it blurs.
    """
    edge = 1 if scale[0] > 1 else 0
    left = min(max(0, floor(box.x * scale[0]) - edge), size.width - 1)
    top = min(max(0, floor(box.y * scale[1]) - edge), size.height - 1)
    right = min(size.width, max(left + 1, ceil((box.x + box.w) * scale[0]) + edge))
    bottom = min(size.height, max(top + 1, ceil((box.y + box.h) * scale[1]) + edge))
    return Box(left, top, right - left, bottom - top)


def _scale(prepared: Prepared) -> tuple[float, float]:
    height, width = prepared.reading.shape
    return prepared.size.width / width, prepared.size.height / height


def _on_page(blocks: tuple[Block, ...], prepared: Prepared) -> tuple[Block, ...]:
    size, scale = prepared.size, _scale(prepared)

    def word(read: Word) -> Word:
        return Word(read.text, _place(read.box, scale, size), read.confidence)

    def line(read: Line) -> Line:
        return Line(tuple(word(one) for one in read.words))

    return tuple(Block(tuple(line(one) for one in block.lines)) for block in blocks)


def _attempt(reader: Engine, prepared: Prepared, language: str, tried: str) -> _Read:
    found = reader.read(prepared.reading, prepared.reading_dpi, language)
    how = f"{tried}, {found.tried}" if found.tried else tried
    unread = tuple(_place(box, _scale(prepared), prepared.size) for box in found.unread)
    return _Read(prepared, _on_page(clean(found.blocks), prepared), how, unread, language)


def _is_sideways(read: _Read) -> bool:
    """Whether most of what was read runs up or down the page."""
    words = [word for word in read.text.words if len(word.text) >= _LEAST_WORD]
    letters = sum(len(word.text) for word in words)
    upright = sum(len(word.text) for word in words if word.box.h > word.box.w)
    return upright > letters / 2


def _on_its_feet(reader: Engine, lying: _Read, language: str) -> _Read:
    """The page after the quarter turn with which it reads best."""
    how = f"{lying.tried}, quarter turns"
    ways = (_attempt(reader, turned(lying.prepared, n), language, how) for n in (1, 3))
    return max(ways, key=lambda read: read.text.confidence)


def _either_way_up(reader: Engine, prepared: Prepared, language: str) -> _Read:
    """The page as it seems to lie; a page that reads badly is tried upside down too."""
    first = _attempt(reader, prepared, language, f"dpi {prepared.reading_dpi}")
    if _is_sideways(first):
        return _on_its_feet(reader, first, language)
    claimed = not prepared.sure or prepared.transform.a < _UPRIGHT
    if first.text.confidence >= (_BADLY_READ if claimed else _HARDLY_READ) or not first.blocks:
        return first
    over = _attempt(reader, turned(prepared, 2), language, f"{first.tried}, turned over")
    return over if over.text.confidence > first.text.confidence else first


def _read(reader: Engine, prepared: Prepared, language: str, settings: Settings) -> _Read:
    """The page's words; one that reads badly climbs a ladder, and the likeliest reading stays.

    Its rungs: upside down, a coarser picture, the archive's other languages.
    """
    best = _either_way_up(reader, prepared, language)
    if best.text.confidence >= _BADLY_READ or not best.blocks:
        return best
    tried = f"{best.tried}, coarser"
    found = _attempt(reader, coarser(best.prepared, _COARSER), language, tried)
    best = found if found.text.confidence > best.text.confidence else best
    for other in settings.other_languages.split():
        if other == language or other not in reader.languages():
            continue
        tried = f"{tried}, {other}"
        found = _attempt(reader, best.prepared, other, tried)
        best = found if found.text.confidence > best.text.confidence else best
    return replace(best, tried=tried)


def _outcome(
    state: PageState,
    read: _Read,
    delivered: Delivered,
    settings: Settings,
    text: PageText,
    findings: tuple[Finding, ...],
) -> PageOutcome:
    reading = replace(text.reading, settings=read.tried, language=read.language)
    full = replace(
        text,
        size=read.prepared.size,
        transform=read.prepared.transform,
        blocks=read.blocks,
        reading=reading,
    )
    reread = line_reader(settings, reading.language) if full.words else None
    picture = picture_of(read.prepared.page, full, delivered, settings, reread)
    return PageOutcome(state, full, picture.data, picture.kind, findings)


def _refuse_unreadable(prepared: Prepared) -> None:
    """Nothing is gained by reading noise, or darkness without letters: a person must scan again."""
    if prepared.noise:
        raise PageFailedError("unreadable")
    if prepared.dark and not prepared.sure:
        raise PageFailedError("dark")


def _says_something(read: _Read) -> bool:
    """Whether few or faint marks are writing: words that read, or signs among hardly any specks."""
    words = read.text.words
    letters = ((word, sum(c.isalnum() for c in word.text)) for word in words)
    if sum(word.confidence * count for word, count in letters if count > 1) >= _LEAST_WORD:
        return True
    return read.text.confidence >= _BADLY_READ and len(read.unread) <= _SPECKS * len(words)


def _is_scrawl(line: Line, unread: tuple[Box, ...]) -> bool:
    """Whether a line of which no word reads lies beside ink that is in no line at all."""
    if any(word.confidence >= _SCRAWL for word in line.words):
        return False
    box = line.box
    around = Box(box.x - box.h, box.y - box.h, box.w + 2 * box.h, 3 * box.h)
    return any(around.overlap(other) for other in unread)


def _without_scrawl(read: _Read) -> _Read:
    """Signatures and handwriting on a typed page are ink that was not read, and no words."""
    gone = [line for line in read.text.lines if _is_scrawl(line, read.unread)]
    if not gone:
        return read
    kept = (tuple(n for n in block.lines if n not in gone) for block in read.blocks)
    blocks = tuple(Block(lines) for lines in kept if lines)
    return replace(read, blocks=blocks, unread=(*read.unread, *(line.box for line in gone)))


def _is_handwritten(read: _Read) -> bool:
    """Whether nothing reads, or hardly anything amid ink that is in no line."""
    chance = read.text.confidence
    if chance < _HANDWRITTEN or chance >= _MOSTLY_HANDWRITTEN:
        return chance < _HANDWRITTEN
    return unread_share(read.prepared, read.unread) > _MOSTLY


def _shows_through(reader: Engine, read: _Read, language: str) -> bool:
    """Whether pale marks that do not read are the other side's writing: mirrored, they do."""
    if read.text.confidence >= _BADLY_READ or len(read.text.words) < _LEAST_MIRRORED:
        return False
    ink, paper = np.percentile(read.prepared.page, (1, 50))
    if ink < _PALE * paper:
        return False
    plain = read.prepared.reading
    for flipped in (plain[:, ::-1], plain[::-1]):
        prepared = replace(read.prepared, reading=np.ascontiguousarray(flipped))
        if _attempt(reader, prepared, language, "mirrored").text.confidence >= _MIRRORED:
            return True
    return False


def _judged(
    read: _Read, pixels: Pixels, dpi: int, reader: Engine
) -> tuple[PageState, _Read, tuple[Finding, ...]]:
    """A page of few or faint marks counts as written on only if it reads.

    What reads as badly as handwriting does is not passed off as text.
    """
    empty = read.prepared.faint and not _says_something(read)
    if empty or _shows_through(reader, read, read.language):
        blank = as_delivered(read.prepared, pixels)
        return PageState.BLANK, replace(read, prepared=blank, blocks=(), unread=()), ()
    low = (Finding("low-resolution", detail={"dpi": str(dpi)}),) if dpi < _LOW_DPI else ()
    dark = (Finding("dark"),) if read.prepared.dark else ()
    read = _without_scrawl(read)
    if _is_handwritten(read):
        read, unread = replace(read, blocks=()), (Finding("handwriting"),)
        return PageState.RECOGNISED, read, (*unread, *dark, *low)
    return PageState.RECOGNISED, read, (*dark, *low)


def read_page(
    pixels: Pixels,
    dpi: int,
    settings: Settings,
    language: str,
    separator: bool,
    *,
    jpeg: bytes | None = None,
    bitonal: bool = False,
) -> PageOutcome:
    """What is on a delivered page (H×W grey or H×W×3 BGR): its state, words and picture.

    `jpeg` is the untouched stream (JPEG, G4 TIFF) of these very pixels, if there is one. Raises
    InputError without the language; PageFailedError ("unreadable", "dark") for noise, for darkness
    without letters, and where the engine gives up.
    """
    prepared = prepare(pixels, dpi, settings)
    source = Size(pixels.shape[1], pixels.shape[0])
    text = PageText(prepared.size, dpi, source_size=source)
    delivered = Delivered(pixels, dpi, jpeg, bitonal)
    if separator or prepared.blank:
        state = PageState.SEPARATOR if separator else PageState.BLANK
        return _outcome(state, _Read(prepared, (), ""), delivered, settings, text, ())
    _refuse_unreadable(prepared)
    reader = engine(settings.engine, settings)
    text = replace(text, reading=Reading(reader.name, language))
    read = _read(reader, prepared, language, settings)
    state, read, findings = _judged(read, pixels, dpi, reader)
    outcome = _outcome(state, read, delivered, settings, text, findings)
    if state is PageState.BLANK:
        return outcome
    return replace(
        outcome,
        quality=measure(read.prepared, outcome.text, reader.knows(read.language), read.unread),
    )
