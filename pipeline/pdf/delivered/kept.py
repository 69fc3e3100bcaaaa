"""A document with pages of original PDFs among its own: text and vectors live on where they may.

The flavour is what holds: 2u where every character maps to Unicode, else 2b. An original page that
no PDF/A can hold, or that looks otherwise than it was drawn, is tried once more as OCRmyPDF converts
it; failing that it is in the document as its picture.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pikepdf
import pikepdf.pdfa

from pipeline.pdf.delivered.mapping import maps_to_unicode
from pipeline.pdf.delivered.mending import mend
from pipeline.pdf.delivered.originals import Origin, put_originals
from pipeline.pdf.document import PdfPage, check, write_document
from pipeline.pdf.rendercheck import unlike
from pipeline.pdf.xmp import PdfFacts, xmp_packet
from schemas.durable import write_durably

_DEFECTS = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
)
_ROUNDS = 4
_JOINED = "joined.pdf"
_UNLIKE = "it looks otherwise"
_UNREADABLE = "it cannot be followed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as written: its SHA-256 and flavour; original pages that are there as pictures.

    `as_pictures`: why, by their place in the document from 0; `fonts` that the originals do not
    hold, and what was put in for them; `mended`: why, by place, for original pages that are there
    as OCRmyPDF converted them.
    """

    sha256: str
    flavour: str
    as_pictures: dict[int, str] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    mended: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Joined:
    flavour: str
    fonts: tuple[str, ...]


_NOTHING = _Joined("", ())


def _describe(pdf: pikepdf.Pdf, facts: PdfFacts) -> None:
    """PDF/A's repairs, and our own description as it was."""
    before = {key: str(value) for key, value in pdf.docinfo.items()}
    pikepdf.pdfa.prepare(pdf, "2b", output_intent=None)
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, text in before.items():
        pdf.docinfo[key] = pikepdf.String(text)
    packet = pdf.make_stream(xmp_packet(facts))
    packet["/Type"], packet["/Subtype"] = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root["/Metadata"] = packet


def _save(pdf: pikepdf.Pdf, target: Path) -> None:
    pdf.save(target, **pikepdf.pdfa.resolve_save_kwargs("2b", deterministic_id=True))


def _join(base: Path, origins: Mapping[int, Origin], target: Path, facts: PdfFacts) -> _Joined:
    """The base with original pages in their places."""
    with ExitStack() as stack:
        pdf = stack.enter_context(pikepdf.open(base))
        fonts = put_originals(pdf, origins, stack)
        flavour = "2u" if maps_to_unicode(pdf, tuple(origins)) else "2b"
        _describe(pdf, replace(facts, flavour=flavour))
        _save(pdf, target)
    return _Joined(flavour, fonts)


def _alone(page: PdfPage, facts: PdfFacts, room: Path) -> str:
    """What keeps one original page by itself out of PDF/A; empty where nothing does."""
    base, joined = room / "alone-base.pdf", room / "alone.pdf"
    write_document((page,), base, facts)
    try:
        _join(base, _origins((page,)), joined, facts)
    except _DEFECTS:
        return _UNREADABLE
    found = check(joined, "2u")
    return found[0] if found else ""


def _origins(pages: Sequence[PdfPage]) -> dict[int, Origin]:
    return {place: page.origin for place, page in enumerate(pages) if page.origin is not None}


def _faults(pages: Sequence[PdfPage], facts: PdfFacts, room: Path, told: str) -> dict[int, str]:
    """The original pages that cannot stay, by what each is alone; all, where each could."""
    places = _origins(pages)
    found = {place: _alone(pages[place], facts, room) for place in places}
    faults = {place: why for place, why in found.items() if why}
    return faults or dict.fromkeys(places, told)


def _attempt(
    pages: Sequence[PdfPage], facts: PdfFacts, room: Path
) -> tuple[_Joined, dict[int, str]]:
    """The document as `room`/joined.pdf, and the pages that must not stay in it."""
    base, joined = room / "base.pdf", room / _JOINED
    write_document(pages, base, facts)
    try:
        made = _join(base, _origins(pages), joined, facts)
    except _DEFECTS:
        return _NOTHING, _faults(pages, facts, room, _UNREADABLE)
    found = check(joined, "2u")
    if found:
        return _NOTHING, _faults(pages, facts, room, found[0])
    return made, dict.fromkeys(unlike(joined, pages, tuple(_origins(pages))), _UNLIKE)


def _moved(source: Path, target: Path) -> str:
    """A finished file under its name; its SHA-256."""

    def fill(stream: BinaryIO) -> None:
        with source.open("rb") as data:
            copyfileobj(data, stream)

    write_durably(target, fill)
    with target.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class _Chances:
    """What became of the pages that could not stay, by place: first reason, conversion, picture."""

    why: dict[int, str] = field(default_factory=dict)
    mended: dict[int, Origin] = field(default_factory=dict)
    pictures: set[int] = field(default_factory=set)

    def applied(self, pages: Sequence[PdfPage]) -> tuple[PdfPage, ...]:
        return tuple(
            replace(page, origin=None)
            if place in self.pictures
            else replace(page, origin=self.mended.get(place, page.origin))
            for place, page in enumerate(pages)
        )

    def failed(self, faults: dict[int, str], tried: Sequence[PdfPage], room: Path) -> None:
        """A page that fails for the first time is converted; without that it is a picture."""
        new = {place: origin for place, origin in _origins(tried).items() if place in faults}
        found = mend({place: new[place] for place in new if place not in self.why}, room)
        self.mended.update(found)
        self.pictures.update(faults.keys() - found.keys())
        for place, why in faults.items():
            self.why.setdefault(place, why)

    def kept(self, digest: str, made: _Joined) -> Kept:
        pictures = {place: self.why[place] for place in sorted(self.pictures)}
        mended = {place: self.why[place] for place in sorted(self.mended.keys() - self.pictures)}
        return Kept(digest, made.flavour, pictures, made.fonts, mended)


def write_with_originals(
    pages: Sequence[PdfPage], target: Path, facts: PdfFacts, room: Path
) -> Kept:
    """Writes one PDF/A durably, with the original pages of those that name one.

    `room` is a folder for what is under way. The same input gives the same bytes. Raises OSError.
    """
    chances = _Chances()
    with TemporaryDirectory(prefix="joining-", dir=room) as folder:
        for _ in range(_ROUNDS):
            tried = chances.applied(pages)
            if not _origins(tried):
                break
            made, faults = _attempt(tried, facts, Path(folder))
            if not faults:
                return chances.kept(_moved(Path(folder) / _JOINED, target), made)
            chances.failed(faults, tried, Path(folder))
    for place in _origins(chances.applied(pages)):
        chances.why.setdefault(place, _UNREADABLE)
        chances.pictures.add(place)
    digest = write_document(chances.applied(pages), target, facts)
    return chances.kept(digest, _Joined("2u", ()))
