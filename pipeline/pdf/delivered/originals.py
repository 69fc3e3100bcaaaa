"""Pages of an original PDF put in place of a document's own: their looks and text, nothing else.

What is not the look of a page stays behind: links, forms (their fields are painted into the page),
scripts, attached files, thumbnails, descriptions, structure.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from pipeline.pdf.delivered.substitutes import Substitutes

_SHOWN = ("/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/UserUnit")
_PRIVATE = (
    "/PieceInfo",
    "/LastModified",
    "/Metadata",
    "/StructParent",
    "/StructParents",
    "/OPI",
    "/Alternates",
    "/ADBE_FillSign",
    "/Ref",
)
_HELD = ("/XObject", "/Font", "/Pattern", "/ExtGState", "/Shading")
_MOST_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from: an original PDF, and the page's place in it from 0.

    `overlaid`: the document's own page lies over it (text read in its pictures).
    """

    path: Path
    frame: int
    overlaid: bool = False


def _held(resources: object) -> Iterator[pikepdf.Object]:
    """The objects that a page's resources name, those within them too."""
    waiting: list[object] = [resources]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MOST_OBJECTS:
        current = waiting.pop()
        if not isinstance(current, pikepdf.Dictionary):
            continue
        for kind in _HELD:
            group = current.get(kind)
            for item in group.values() if isinstance(group, pikepdf.Dictionary) else ():
                if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                    continue
                if item.is_indirect and item.objgen in seen:
                    continue
                seen.add(item.objgen if item.is_indirect else (id(item), 0))
                yield item
                waiting += [item.get("/Resources"), _mask(item)]


def _mask(item: pikepdf.Object) -> object:
    """The resources of a graphics state's soft mask."""
    mask = item.get("/SMask")
    form = mask.get("/G") if isinstance(mask, pikepdf.Dictionary) else None
    return form.get("/Resources") if isinstance(form, pikepdf.Stream) else None


def _tidy(page: pikepdf.Page, fonts: Substitutes) -> Iterator[str]:
    """Without private data; what a font leaves to its default is said, what it lacks is put in.

    Gives what was put in for what.
    """
    for item in _held(page.obj.get("/Resources")):
        for key in _PRIVATE:
            if key in item:
                del item[key]
        if str(item.get("/Type", "")) == "/Font":
            _say_defaults(item)
            name = str(item.get("/BaseFont", ""))[1:]
            if like := fonts.embed_like(item):
                yield f"{name} → {like}"


def _say_defaults(font: pikepdf.Object) -> None:
    """PDF/A wants the identity named, and no set of glyphs that may be wrong."""
    below = font.get("/DescendantFonts")
    for one in below if isinstance(below, pikepdf.Array) else ():
        descriptor = one.get("/FontDescriptor")
        if not isinstance(descriptor, pikepdf.Dictionary):
            continue
        if "/CIDSet" in descriptor:
            del descriptor["/CIDSet"]
        embedded = "/FontFile2" in descriptor and str(one.get("/Subtype", "")) == "/CIDFontType2"
        if embedded and "/CIDToGIDMap" not in one:
            one["/CIDToGIDMap"] = pikepdf.Name.Identity


def _opened(path: Path, stack: ExitStack) -> pikepdf.Pdf:
    """An original with its fields and notes painted into its pages, as they are shown on screen."""
    source = stack.enter_context(pikepdf.open(path))
    source.generate_appearance_streams()
    source.flatten_annotations("screen")
    return source


def _as_form(base: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    """A page's content as it is now; pikepdf's own form would show what the page becomes."""
    lazy = page.as_form_xobject()
    form = base.make_stream(lazy.read_bytes())
    for key in ("/Type", "/Subtype", "/BBox", "/Matrix", "/Resources"):
        if key in lazy:
            form[key] = lazy[key]
    return form


def _put(
    base: pikepdf.Pdf, place: int, original: pikepdf.Page, fonts: Substitutes, *, overlaid: bool
) -> tuple[str, ...]:
    """One original page in place of the page at `place`, whose own content may lie over it."""
    page = base.pages[place]
    over = _as_form(base, page) if overlaid else None
    base.pages.append(original)
    copied = base.pages[-1]
    for key in (*_SHOWN, "/Annots"):
        if key in page.obj:
            del page.obj[key]
    for key in _SHOWN:
        if key in copied.obj:
            page.obj[key] = copied.obj[key]
    del base.pages[-1]
    replaced = tuple(_tidy(page, fonts))
    if over is not None:
        page.add_overlay(over, pikepdf.Rectangle(page.cropbox))
    return replaced


def put_originals(
    base: pikepdf.Pdf, origins: Mapping[int, Origin], stack: ExitStack
) -> tuple[str, ...]:
    """Original pages in their places (from 0) of an open document; fonts replaced by like ones.

    The originals stay open in `stack`, to be closed once the document is saved. Raises what pikepdf
    raises where one cannot be followed.
    """
    opened: dict[Path, pikepdf.Pdf] = {}
    replaced: dict[str, None] = {}
    fonts = Substitutes(base)
    for place, origin in origins.items():
        if origin.path not in opened:
            opened[origin.path] = _opened(origin.path, stack)
        page = opened[origin.path].pages[origin.frame]
        replaced |= dict.fromkeys(_put(base, place, page, fonts, overlaid=origin.overlaid))
    return tuple(replaced)
