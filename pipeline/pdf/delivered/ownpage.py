"""The story of a PDF page that has text of its own: whose words are kept, and its picture.

ALTO tells it: engine „pdf text” and first „digital” where the original page can live on, „signed”
where it must not, or „hidden text”, kept from another program's recognition.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.imaging.raster import Pixels
from pipeline.page import PageOutcome
from pipeline.pdf.delivered.arranging import arranged
from pipeline.pdf.delivered.owntext import (
    Believed,
    believed,
    hidden_is_better,
    in_pictures,
    is_doubtful,
    moved,
    reads_better,
    with_confidence,
    word_list,
)
from pipeline.pictures.picture import Delivered, Picture, picture_of
from pipeline.pictures.rereading import line_reader
from schemas.errors import PageFailedError
from schemas.geometry import Affine, Size
from schemas.pdftext import DIGITAL, PDF_TEXT, OwnText
from schemas.records import Finding, PageState
from schemas.settings import Settings
from schemas.text import Block, PageText, Reading

_IN_PICTURES = "blocks in pictures"
_SIGNED = "signed"
_UNKNOWN = 0.9


def is_own(text: PageText) -> bool:
    """Whether a page's words are the PDF's own visible ones."""
    first = text.reading.settings.split(", ")[0]
    return text.reading.engine == PDF_TEXT and first in {DIGITAL, _SIGNED}


def lives_on(text: PageText) -> bool:
    """Whether the page's original can stand in its document's PDF."""
    return is_own(text) and text.reading.settings.split(", ")[0] == DIGITAL


def read_in_pictures(text: PageText) -> PageText:
    """Of a page of own words only those that were read in its pictures."""
    parts = text.reading.settings.split(", ")
    told = [part.split(" ", 1)[0] for part in parts if part.endswith(_IN_PICTURES)]
    count = int(told[0]) if told and told[0].isdecimal() else 0
    return replace(text, blocks=text.blocks[len(text.blocks) - count :] if count else ())


def _percent(found: Believed) -> str:
    return "?" if found.known is None else f"{100 * found.known:.0f}"


def own_picture(delivered: Delivered, text: PageText, settings: Settings) -> Picture:
    """The picture of a page of own words: the same in both profiles, as no scanner made it."""
    access = replace(settings, pdf_profile="access")
    reread = line_reader(settings, text.reading.language) if text.words else None
    made = picture_of(None, text, delivered, access, reread)
    return Picture(made.data, "archive" if settings.pdf_profile == "archive" else "access")


def _as_read(outcome: PageOutcome, note: str) -> PageOutcome:
    """The page as it was read, as its own words are not to be believed."""
    text = outcome.text
    reading = replace(text.reading, settings=f"{text.reading.settings}, {note}")
    findings = (*outcome.findings, Finding("pdf-text-unreadable"))
    return replace(outcome, text=replace(text, reading=reading), findings=findings)


def _tried(read: Callable[[], PageOutcome]) -> PageOutcome | None:
    """What reading gives; nothing where it gives up, as the page has words of its own."""
    try:
        return read()
    except PageFailedError:
        return None


def own_page(
    pixels: Pixels,
    dpi: int,
    own: OwnText,
    settings: Settings,
    language: str,
    read: Callable[[], PageOutcome],
) -> PageOutcome:
    """A page of visible text as its PDF tells it; `read` reads the image where that is in doubt.

    What reading finds in the page's pictures is added after its own words.
    """
    size, knows = Size(pixels.shape[1], pixels.shape[0]), word_list(settings, language)
    blocks, notes = arranged(own.runs), [_SIGNED if own.signed else DIGITAL]
    mine = believed(PageText(size, dpi, blocks).words, knows)
    doubtful = is_doubtful(own, mine)
    outcome = _tried(read) if doubtful or own.pictures else None
    if outcome is not None:
        theirs = believed(outcome.text.words, knows)
        note = f"own text knows {_percent(mine)} %, reading {_percent(theirs)} %"
        if doubtful and reads_better(theirs, own, mine):
            return _as_read(outcome, note)
        more = _pictured(outcome, blocks, own)
        blocks = (*blocks, *more)
        notes += [note] * doubtful + [f"{len(more)} {_IN_PICTURES}"] * bool(more)
    text = PageText(size, dpi, blocks, size)
    text = replace(text, reading=Reading(PDF_TEXT, language, ", ".join(notes)))
    picture = own_picture(Delivered(pixels, dpi), text, settings)
    return PageOutcome(PageState.RECOGNISED, text, picture.data, picture.kind)


def _pictured(outcome: PageOutcome, own: Sequence[Block], pdf: OwnText) -> tuple[Block, ...]:
    """Words read in the page's pictures, on the page as it is drawn."""
    text = outcome.text
    if outcome.state is not PageState.RECOGNISED:
        return ()
    back: Affine = text.transform.inverse()
    return in_pictures(moved(text.blocks, back, text.source_size), own, pdf.pictures)


def with_hidden(
    outcome: PageOutcome, own: OwnText, settings: Settings, language: str
) -> PageOutcome:
    """A scan that another program has read: the better of both texts, and a note of which."""
    if outcome.state is not PageState.RECOGNISED:
        return outcome
    text, knows = outcome.text, word_list(settings, language)
    blocks = moved(arranged(own.runs), text.transform, text.size)
    theirs = believed(PageText(text.size, 0, blocks).words, knows)
    ours = believed(text.words, knows)
    kept = hidden_is_better(text, ours, theirs)
    verdict = "kept" if kept else "replaced"
    note = f"hidden text {verdict}: {_percent(theirs)} % known, ours {_percent(ours)} %"
    tried = ", ".join(part for part in (text.reading.settings, note) if part)
    reading = replace(text.reading, settings=tried)
    if kept:
        blocks = with_confidence(blocks, theirs.known or _UNKNOWN)
        text, reading = replace(text, blocks=blocks), replace(reading, engine=PDF_TEXT)
    return replace(outcome, text=replace(text, reading=reading))
