"""What a public copy may be made of: nothing but the objects that its writer makes."""

import re
from collections.abc import Iterator

import pikepdf

from pipeline.privacy.redaction.jpegs import beside
from pipeline.privacy.redaction.placing import Instruction, dictionaries, instructions_of, is_image
from pipeline.privacy.redaction.strings import raw_bytes
from schemas.records import Finding

_END = b"%%EOF"
_OBJECT = re.compile(rb"(\d+) 0 obj\n")
_XREF = re.compile(rb"xref\n0 (\d+)\n")
_ROW = 20
_TRAILER = frozenset(("/Size", "/Root", "/Info", "/ID"))
_CATALOG = frozenset(
    ("/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/Outlines", "/ViewerPreferences")
)
_INFO = frozenset(("/Title", "/Producer", "/CreationDate", "/ModDate"))
_PAGE = frozenset(("/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"))
_RESOURCES = frozenset(("/XObject", "/Font"))
_IMAGE = frozenset(
    """/Type /Subtype /Width /Height /BitsPerComponent /ColorSpace /Mask /ImageMask /Filter
    /DecodeParms /Length""".split()  # noqa: SIM905 a list of names reads as one
)
_TREE = frozenset(("/Type", "/Count", "/Kids"))
_OUTLINE = frozenset(
    ("/Type", "/Title", "/Parent", "/Dest", "/First", "/Last", "/Prev", "/Next", "/Count")
)
_FORBIDDEN = (
    "/EmbeddedFiles /EmbeddedFile /Filespec /AF /JavaScript /JS /AA /OpenAction /A /Annots /AcroForm /OCProperties "
    "/OC /OCG /CropBox /Thumb /ActualText /Alt /E /PieceInfo /StructTreeRoot /PageLabels /Threads "
    "/Collection /SMask /Alternates /URI /Encrypt /XRefStm /Perms /DSS"
)
_NEVER = frozenset(_FORBIDDEN.split())
_OPERATORS = frozenset(
    ("q", "Q", "cm", "Do", "g", "rg", "re", "f", "BT", "ET", "Tr", "Tf", "Tm", "Tz", "Tj")
)
_INVISIBLE = 3


def _problem(what: str, page: int | None = None) -> Finding:
    return Finding("public-structure", page, {"what": what})


def _keys(item: object, known: frozenset[str], name: str, page: int | None) -> Iterator[Finding]:
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield _problem(name, page)
        return
    for key in sorted(set(item.keys()) - known):
        yield _problem(f"{name} {key}", page)


def reachable(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """The objects that the trailer leads to."""
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = [pdf.trailer]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, pikepdf.Object):
            continue
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Array):
            waiting += list(item)
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            waiting += [item.get(key) for key in item.keys()]  # noqa: SIM118 no mapping
    return seen


def _forbidden(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    for item in dictionaries(pdf):
        yield from (_problem(key) for key in item.keys() if key in _NEVER)  # noqa: SIM118 no mapping


def _image(image: pikepdf.Object, page: int | None) -> Iterator[Finding]:
    yield from _keys(image, _IMAGE, "image", page)
    filters = image.get("/Filter")
    if str(filters) == "/DCTDecode" and beside(raw_bytes(image)):
        yield _problem("EXIF", page)
    mask = image.get("/Mask")
    if mask is not None and not isinstance(mask, pikepdf.Stream):
        yield _problem("image /Mask", page)


def _render_mode(setting: Instruction) -> int:
    operands = list(setting.operands)
    return int(str(operands[0])) if operands else 0


def _operators(page: pikepdf.Page, number: int) -> Iterator[Finding]:
    for one in instructions_of(page):
        name = str(one.operator)
        if name not in _OPERATORS:
            yield _problem(f"operator {name}", number)
        elif name == "Tr" and _render_mode(one) != _INVISIBLE:
            yield _problem("visible text", number)


def _page(page: pikepdf.Page, number: int) -> Iterator[Finding]:
    yield from _keys(page.obj, _PAGE, "page", number)
    resources = page.obj.get("/Resources")
    yield from _keys(resources, _RESOURCES, "resources", number)
    if isinstance(resources, pikepdf.Dictionary):
        pictures = resources.get("/XObject")
        items = pictures.values() if isinstance(pictures, pikepdf.Dictionary) else ()
        for item in items:
            if not is_image(item):
                yield _problem("form", number)
    yield from _operators(page, number)


def _outlines(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    waiting, seen = [pdf.Root.get("/Outlines")], set[tuple[int, int]]()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, pikepdf.Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        yield from _keys(item, _OUTLINE, "outline", None)
        waiting += [item.get("/First"), item.get("/Next")]


def object_findings(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Every object, key and operator that a public copy has no need of."""
    yield from _keys(pdf.trailer, _TRAILER, "trailer", None)
    yield from _keys(pdf.Root, _CATALOG, "catalogue", None)
    yield from _keys(pdf.trailer.get("/Info"), _INFO, "information", None)
    yield from _keys(pdf.Root.get("/Pages"), _TREE, "page tree", None)
    yield from _forbidden(pdf)
    yield from _outlines(pdf)
    for number, page in enumerate(pdf.pages, 1):
        yield from _page(page, number)
    for item in pdf.objects:
        if is_image(item):
            yield from _image(item, None)
    known = reachable(pdf)
    lost = [item for item in pdf.objects if item.is_indirect and item.objgen not in known]
    if lost:
        yield _problem("orphan objects")


def _span(data: bytes, start: int, end: int, number: int, pdf: pikepdf.Pdf) -> bool:
    """Whether the bytes between two places of the table are one object and nothing else."""
    head = b"%d 0 obj\n" % number
    body = data[start:end]
    if not body.startswith(head) or not body.endswith(b"\nendobj\n"):
        return False
    item = pdf.get_object(number, 0)
    if not isinstance(item, pikepdf.Stream):
        return len(_OBJECT.findall(body)) == 1 and body.count(b"endobj") == 1
    begins = body.find(b">>\nstream\n") + len(b">>\nstream\n")
    return len(body) - begins == len(raw_bytes(item)) + len(b"\nendstream\nendobj\n")


def file_findings(data: bytes, pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Whether the file's bytes are one revision of its objects, one after the other, and no more."""
    if data.count(_END) != 1 or not data.endswith(_END + b"\n"):
        yield _problem("%%EOF")
    try:
        table = int(data[data.rindex(b"startxref\n") + 10 :].split(b"\n", 1)[0])
        head = _XREF.match(data, table)
    except ValueError:
        head = None
    if head is None:
        yield _problem("xref")
        return
    count = int(head[1])
    rows = [data[head.end() + n * _ROW : head.end() + (n + 1) * _ROW] for n in range(count)]
    if not all(re.fullmatch(rb"\d{10} \d{5} [nf] \n", row) for row in rows):
        yield _problem("xref")
        return
    places = sorted(
        (int(row[:10]), number) for number, row in enumerate(rows) if row[17:18] == b"n"
    )
    ends = [start for start, _ in places[1:]] + [table]
    whole = all(
        _span(data, start, end, number, pdf)
        for (start, number), end in zip(places, ends, strict=True)
    )
    if not whole or len(places) != count - 1 or _OBJECT.search(data[: places[0][0]]):
        yield _problem("hidden bytes")
    trailer = data[head.end() + count * _ROW :]
    if not re.fullmatch(rb"trailer\n<<[^\n]*>>\nstartxref\n\d+\n%%EOF\n", trailer):
        yield _problem("trailer")
