"""A document read once more, by another engine, before anybody is shown a copy of it.

Two engines seldom misread the same name: what one of them reads wrongly, the other finds. It costs
several times the first reading, so only what a person proposes is read so.
"""

from collections.abc import Sequence

from flows.publication.drafting import Second, page_pixels, shows_words
from flows.publication.tasks import CopyPage, CopyTask
from pipeline.metadata.documenttext import read_document
from pipeline.privacy.finding import find_personal
from pipeline.privacy.redaction import Reader, page_reader
from schemas.errors import PageFailedError
from schemas.text import PageText

_OTHER = {"opis": "tesserocr", "tesserocr": "opis", "pytesseract": "opis"}


def _read(page: CopyPage, text: PageText, reader: Reader) -> PageText:
    """A page's words in pixels of its page image; none where nothing of it is shown."""
    if not shows_words(page) or not text.words:
        return PageText(text.size, text.dpi)
    try:
        return reader(page_pixels(page, text), text.dpi)
    except PageFailedError:
        return PageText(text.size, text.dpi)


def second_look(task: CopyTask, texts: Sequence[PageText]) -> tuple[Second | None, ...]:
    """What another engine reads on a document's pages, and the personal data in it, page by page.

    Raises PageFailedError where it cannot be looked for: then there is no copy.
    """
    language = task.pages[0].task.language
    reader = page_reader(task.settings, language, _OTHER[task.settings.engine])
    again = tuple(_read(page, text, reader) for page, text in zip(task.pages, texts, strict=True))
    kind = task.record.fields.get("type", "")
    try:
        found = find_personal(read_document(again), again, 1, None, kind)
    except (LookupError, ValueError, TypeError, ArithmeticError) as error:
        raise PageFailedError("unreadable") from error
    return tuple(
        Second(text, tuple(item for item in found.items if item.page == number and item.words))
        if text.words
        else None
        for number, text in enumerate(again, 1)
    )
