"""A document read once more, by another engine, before anybody is shown a copy of it.

Two engines seldom misread the same name: what one of them reads wrongly, the other finds. And what
both give up under a stamp is read where the stamp is paler than the print. It costs several times
the first reading, so only what a person proposes is read so.
"""

from collections.abc import Sequence

from flows.publication.drafting import Second, page_pixels, print_alone, shows_words
from flows.publication.tasks import CopyPage, CopyTask
from pipeline.metadata.documenttext import read_document
from pipeline.privacy.finding import find_personal
from pipeline.privacy.redaction import Reader, page_reader
from pipeline.privacy.unread import lost_under_seals
from schemas.errors import PageFailedError
from schemas.privacy import Sensitive
from schemas.text import PageText

Again = tuple[Second | None, ...]

_OTHER = {"opis": "tesserocr", "tesserocr": "opis", "pytesseract": "opis"}
_NAME = 3.0
"""Heights of a letter that a name is wide at least."""
_SIGNED_IN_OFFICE, _SIGNED_ROWS = frozenset(("hotărâre", "dispoziție")), 6
"""Acts that nobody signs but in office, under its seal; the rows from the last in which that is."""


def _read(page: CopyPage, text: PageText, reader: Reader) -> PageText:
    """A page's words in pixels of its page image; none where nothing of it is shown."""
    if not shows_words(page) or not text.words:
        return PageText(text.size, text.dpi)
    try:
        return reader(page_pixels(page, text), text.dpi)
    except PageFailedError:
        return PageText(text.size, text.dpi)


def _without_stamps(page: CopyPage, text: PageText, reader: Reader) -> PageText | None:
    """A page's print, read without the paler ink that lies over it; None where there is none."""
    if not shows_words(page) or not text.words:
        return None
    pixels = print_alone(page, text)
    try:
        return reader(pixels, text.dpi) if pixels is not None else None
    except PageFailedError:
        return None


def _found(again: Sequence[PageText], kind: str) -> tuple[Sensitive, ...]:
    try:
        return find_personal(read_document(again), again, 1, None, kind).items
    except (LookupError, ValueError, TypeError, ArithmeticError) as error:
        raise PageFailedError("unreadable") from error


def _seconds(again: Sequence[PageText | None], texts: Sequence[PageText], kind: str) -> Again:
    """What was read again, page by page; a page that was not is looked at as it was read first."""
    if not any(again):
        return (None,) * len(again)
    whole = tuple(one or text for one, text in zip(again, texts, strict=True))
    items = _found(whole, kind)
    return tuple(
        Second(text, tuple(item for item in items if item.page == number and item.words))
        if text and text.words
        else None
        for number, text in enumerate(again, 1)
    )


def second_look(task: CopyTask, texts: Sequence[PageText]) -> tuple[tuple[Second, ...], ...]:
    """What is read on a document's pages once more, and the personal data in it, page by page.

    Another engine reads them; the archive's own reads them without what is stamped over the print.
    Raises PageFailedError where it cannot be looked for: then there is no copy.
    """
    language = task.pages[0].task.language
    other = page_reader(task.settings, language, _OTHER[task.settings.engine])
    own = page_reader(task.settings, language)
    pages = tuple(zip(task.pages, texts, strict=True))
    kind = task.record.fields.get("type", "")
    looks = (
        _seconds([_read(page, text, other) for page, text in pages], texts, kind),
        _seconds([_without_stamps(page, text, own) for page, text in pages], texts, kind),
    )
    return tuple(tuple(one for one in page if one) for page in zip(*looks, strict=True))


def under_stamps(task: CopyTask, texts: Sequence[PageText]) -> tuple[int, ...]:
    """Places, from 1, of pages on which something personal may lie under a stamp.

    It is read without what is stamped over it, or as much as a name is lost under a round seal.
    Raises PageFailedError where it cannot be looked for.
    """
    own = page_reader(task.settings, task.pages[0].task.language)
    pages = tuple(zip(task.pages, texts, strict=True))
    again = [_without_stamps(page, text, own) for page, text in pages]
    kind = task.record.fields.get("type", "")
    found = _seconds(again, texts, kind)
    return tuple(
        number
        for number, (page, text) in enumerate(pages, 1)
        if ((one := found[number - 1]) and one.items) or _lost(page, text, again[number - 1], kind)
    )


def _signed_from(text: PageText) -> int:
    """Where a page's last rows of words begin, among which an act is signed, in pixels from its top."""
    tops = list[int]()
    for line in sorted(text.lines, key=lambda line: line.box.y):
        if not tops or line.box.y > tops[-1] + line.box.h / 2:
            tops.append(line.box.y)
    return tops[-_SIGNED_ROWS:][0]


def _lost(page: CopyPage, text: PageText, again: PageText | None, kind: str) -> bool:
    """Whether as much as a name is lost under a seal; not those who sign an act for their office."""
    if not shows_words(page) or not text.words:
        return False
    readings = (text, again) if again else (text,)
    alone = print_alone(page, text) if again else None
    pixels = page_pixels(page, text)
    lost = lost_under_seals(pixels, alone, readings, letters=_NAME, about=False)
    end = _signed_from(text) if kind in _SIGNED_IN_OFFICE else text.size.height
    return any(box.y < end for box in lost)
