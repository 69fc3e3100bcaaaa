"""A public copy is written, changed where a test says so, and proved."""

from datetime import UTC, datetime
from functools import cache

from pipeline.pdf.document import PdfFacts
from pipeline.privacy.redaction import (
    PublicPage,
    page_reader,
    prove,
    public_picture,
    to_prove,
    write_public_copy,
)
from schemas.settings import Settings
from tests.pipeline.privacy import redaction_samples as samples
from tests.pipeline.privacy.redaction_samples import GONE, HIDDEN, LEFT, PAGE

READER = page_reader(Settings())
FACTS = PdfFacts("adeverință", datetime(2024, 5, 1, tzinfo=UTC), "doc-1")
PLAIN = samples.drawn(tuple(n for n in samples.LINES if not any(s in n for s in samples.SECRET)))


def picture_file(folder, data, name="one"):
    path = folder / f"{name}.picture"
    path.write_bytes(data)
    return path


@cache
def burnt_picture(*, grain=False):
    pixels = samples.grained(PAGE.pixels) if grain else PAGE.pixels
    return public_picture(pixels, LEFT, HIDDEN, Settings())


@cache
def plain_picture():
    return public_picture(PLAIN.pixels, PLAIN.text, (), Settings())


def burnt_page(folder, text=LEFT, *, grain=False, hidden=HIDDEN):
    data = (
        burnt_picture(grain=grain) if hidden else public_picture(PAGE.pixels, LEFT, (), Settings())
    )
    return PublicPage(picture_file(folder, data), text, 1, hidden)


def plain_page(folder, number=2):
    return PublicPage(picture_file(folder, plain_picture(), "plain"), PLAIN.text, number)


def proved(folder, pages, expected=None, facts=FACTS, gone=GONE, change=None):
    copy = folder / "public.pdf"
    write_public_copy(pages, copy, facts)
    if change:
        copy.write_bytes(change(copy.read_bytes()))
    wanted = tuple(expected or (to_prove(page) for page in pages))
    return {
        (finding.code, finding.detail.get("what")) for finding in prove(copy, wanted, gone, READER)
    }


def codes(folder, pages, *more, **changes):
    return {code for code, _ in proved(folder, pages, *more, **changes)}
