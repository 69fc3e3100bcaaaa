"""Where a PDF's images are drawn: its content streams followed, forms within forms too."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pikepdf

from schemas.geometry import Affine

Instruction: TypeAlias = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage
_MOST_DEPTH = 12
_MOST_DRAWN = 5_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image on a page (from 0); `place` brings the unit square, y upwards, to the page's points."""

    image: pikepdf.Object
    page: int
    place: Affine


def _matrix(numbers: Sequence[object]) -> Affine:
    """A PDF matrix [a b c d e f] as a transform; the identity where it is none."""
    try:
        a, b, c, d, e, f = (float(str(number)) for number in numbers)
    except ValueError:
        return Affine()
    return Affine(a, c, e, b, d, f)


def _resource(resources: object, kind: str, name: object) -> pikepdf.Object | None:
    group = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
    found = group.get(str(name)) if isinstance(group, pikepdf.Dictionary) else None
    return found if isinstance(found, pikepdf.Stream) else None


def _inner(form: pikepdf.Object, resources: object, at: Affine) -> tuple[object, Affine]:
    own = form.get("/Matrix")
    matrix = _matrix(list(own)) if isinstance(own, pikepdf.Array) else Affine()
    return form.get("/Resources", resources), matrix.then(at)


def _followed(
    content: pikepdf.Object | pikepdf.Page, resources: object, start: Affine, page: int, depth: int
) -> Iterator[Drawn]:
    now, saved = start, list[Affine]()
    for instruction in instructions_of(content, "q Q cm Do"):
        name, operands = str(instruction.operator), list(instruction.operands)
        if name == "q":
            saved.append(now)
        elif name == "Q" and saved:
            now = saved.pop()
        elif name == "cm":
            now = _matrix(operands).then(now)
        elif name == "Do" and operands:
            found = _resource(resources, "/XObject", operands[0])
            if found is not None and str(found.get("/Subtype")) == "/Image":
                yield Drawn(found, page, now)
            elif found is not None and depth < _MOST_DEPTH:
                inner, place = _inner(found, resources, now)
                yield from _followed(found, inner, place, page, depth + 1)


def drawn_images(pdf: pikepdf.Pdf, page: int) -> tuple[Drawn, ...]:
    """The images that a page (from 0) draws, in order; not those inside of its content."""
    one = pdf.pages[page]
    found = _followed(one, one.obj.get("/Resources"), Affine(), page, 0)
    return tuple(drawn for drawn, _ in zip(found, range(_MOST_DRAWN), strict=False))


def instructions_of(
    content: pikepdf.Object | pikepdf.Page, only: str = ""
) -> tuple[Instruction, ...]:
    """A content stream's instructions, as far as it can be read; `only` some operators."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(pikepdf.parse_content_stream(content, only))
    except (pikepdf.PdfError, TypeError, ValueError):
        return ()


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of a file, those that stand inside of others too."""
    for item in pdf.objects:
        waiting: list[object] = [item]
        while waiting:
            inner = waiting.pop()
            if isinstance(inner, pikepdf.Array):
                waiting += [one for one in inner if not _refers(one)]
            elif isinstance(inner, pikepdf.Dictionary | pikepdf.Stream):
                yield inner
                waiting += [one for one in inner.values() if not _refers(one)]


def _refers(item: object) -> bool:
    return isinstance(item, pikepdf.Object) and item.is_indirect


def every_image(pdf: pikepdf.Pdf) -> tuple[pikepdf.Object, ...]:
    """Every image object of a file, masks, thumbnails and those that nothing refers to."""
    return tuple(item for item in pdf.objects if is_image(item))


def is_image(item: object) -> bool:
    """A stream with the sides of an image."""
    if not isinstance(item, pikepdf.Stream):
        return False
    return str(item.get("/Subtype")) == "/Image" or ("/Width" in item and "/Height" in item)


def masks_of(image: pikepdf.Object) -> tuple[pikepdf.Object, ...]:
    """The streams that an image is shown through."""
    found = (image.get(key) for key in ("/SMask", "/Mask"))
    return tuple(mask for mask in found if isinstance(mask, pikepdf.Stream))
