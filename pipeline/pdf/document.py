"""One PDF/A-2u per document: each page's picture as it is, its words under it, bookmarks."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import pikepdf.pdfa
from PIL import ImageCms

from pipeline.layers.types import Layered, unpack
from pipeline.pdf.delivered.originals import Origin
from pipeline.pdf.file import PdfFile, Value, reference
from pipeline.pdf.glyphless import Codes, write_font
from pipeline.pdf.images import add_layers
from pipeline.pdf.outline import add_outline
from pipeline.pdf.placeholder import placeholder
from pipeline.pdf.textlayer import text_layer
from pipeline.pdf.xmp import PdfFacts, bookmark_of, information, xmp_packet
from schemas.durable import write_durably
from schemas.geometry import Size
from schemas.text import PageText

__all__ = ["PdfFacts", "PdfPage", "check", "claimed_flavour", "page_count", "write_document"]

_POINTS = 72
_LEAST_SIDE, _MOST_SIDE = 3.0, 14400.0
_DATES = slice(24, 36)
_FIXED_DATE = bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
_CONFORMANCE_RULE = "ISO_19005_2:6.6.4-3"
_SRGB = "sRGB IEC61966-2.1"


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page of a document.

    `picture` is a packed picture, None for a page that cannot be opened; `number` counts in the
    unit, from 1. Where `origin` names an original page that takes this one's place, only `over` is
    written: the invisible text that lies over it.
    """

    picture: Path | None
    text: PageText
    number: int
    origin: Origin | None = None
    over: PageText | None = None


@cache
def srgb_profile() -> bytes:
    """The ICC profile of sRGB, always the same bytes."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[_DATES] = _FIXED_DATE
    return bytes(data)


def media_of(size: Size, dpi: int) -> tuple[float, float]:
    """Width and height in points, within what PDF/A allows."""
    scale = _POINTS / max(1, dpi)
    scale *= min(1.0, _MOST_SIDE / (max(size.width, size.height) * scale))
    return max(_LEAST_SIDE, size.width * scale), max(_LEAST_SIDE, size.height * scale)


def _content(text: PageText, media: tuple[float, float], painted: str, codes: Codes) -> bytes:
    width, height = text.size.width, text.size.height
    scale = f"{media[0] / width:.8f} 0 0 {media[1] / height:.8f} 0 0 cm"
    return f"q {scale}\n{painted}\n{text_layer(text, codes)}\nQ".encode("ascii")


@dataclass(frozen=True, slots=True)
class _Shared:
    parent: str
    font: str
    codes: Codes
    language: str


def _shown(page: PdfPage, language: str) -> tuple[Layered, PageText]:
    """The page's picture and text; those of the placeholder where there is no picture."""
    if page.origin is not None:
        return Layered(page.text.size, "none", ()), page.over or replace(page.text, blocks=())
    if page.picture is not None:
        with suppress(ValueError):
            return unpack(page.picture.read_bytes()), page.text
    return placeholder(page.number, language)


def _add_page(file: PdfFile, page: PdfPage, shared: _Shared) -> str:
    picture, text = _shown(page, shared.language)
    painted = add_layers(file, picture)
    media = media_of(text.size, text.dpi)
    content = file.add_deflated(_content(text, media, painted.operators, shared.codes), {})
    resources: dict[str, Value] = {"XObject": painted.images, "Font": {"F": shared.font}}
    return file.add(
        {
            "Type": "/Page",
            "Parent": shared.parent,
            "MediaBox": (0, 0, *media),
            "Resources": resources,
            "Contents": content,
        }
    )


def _add_intent(file: PdfFile) -> str:
    profile = file.add_deflated(srgb_profile(), {"N": 3})
    return file.add(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": f"({_SRGB})",
            "Info": f"({_SRGB})",
            "DestOutputProfile": profile,
        }
    )


def _write(pages: Sequence[PdfPage], facts: PdfFacts, target: BinaryIO) -> str:
    file, codes = PdfFile(target), Codes()
    tree, font = file.reserve(), file.reserve()
    shared = _Shared(reference(tree), reference(font), codes, facts.interface_language)
    kids = tuple(_add_page(file, page, shared) for page in pages)
    file.put_value(tree, {"Type": "/Pages", "Count": len(kids), "Kids": kids})
    write_font(file, font, codes)
    metadata = file.add_stream(xmp_packet(facts), {"Type": "/Metadata", "Subtype": "/XML"})
    root = file.add(
        {
            "Type": "/Catalog",
            "Pages": reference(tree),
            "Metadata": metadata,
            "OutputIntents": (_add_intent(file),),
            "Lang": f"({facts.language})",
            **add_outline(file, bookmark_of(facts), kids, facts.interface_language),
            "ViewerPreferences": {"DisplayDocTitle": "true"},
        }
    )
    file.finish(root, file.add(information(facts)))
    return file.sha256


def write_document(pages: Sequence[PdfPage], target: Path, facts: PdfFacts) -> str:
    """Writes one PDF/A-2u durably and returns its SHA-256; the same input gives the same bytes.

    A page whose picture cannot be shown gets a page that says so. Raises OSError for a picture
    that is not there.
    """
    digest = ""

    def fill(stream: BinaryIO) -> None:
        nonlocal digest
        digest = _write(pages, facts, stream)

    write_durably(target, fill)
    return digest


def page_count(path: Path) -> int:
    """Pages of a PDF as written; 0 where it is missing or cannot be opened."""
    try:
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    except (OSError, pikepdf.PdfError):
        return 0


def check(path: Path, flavour: str) -> tuple[str, ...]:
    """What pikepdf finds against a flavour (2b, 2u …); empty when it passes.

    2u is checked as 2b, but for the letter that the file gives itself.
    """
    report = pikepdf.pdfa.validate_written(path, f"{flavour[0]}b")
    claims = () if flavour.endswith("b") else (_CONFORMANCE_RULE,)
    return tuple(str(finding) for finding in report.findings if finding.rule not in claims)


def claimed_flavour(path: Path) -> str:
    """2b where a file says so of itself, else 2u: nothing less is believed of one that is silent."""
    try:
        with pikepdf.open(path) as pdf:
            packet = bytes(pdf.Root.Metadata.read_bytes())
    except (OSError, pikepdf.PdfError, AttributeError):
        return "2u"
    return "2b" if b"<pdfaid:conformance>B<" in packet else "2u"
