"""ALTO 4.4: the single stored form of what was read on a page.

Source: https://www.loc.gov/standards/alto/. The transform from the delivered image, its size and
the resolution stand in `processingStepSettings`, where the standard leaves room for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree

from schemas.geometry import Affine, Box, Size
from schemas.text import Block, Line, PageText, Reading, Word

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_NS = {"a": NAMESPACE}
_EXACT = 15  # digits, so that a part's own transform comes back as it was
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


_STRING, _LINE = _tag("String"), _tag("TextLine")


def _place(box: Box) -> dict[str, str]:
    return {
        "HPOS": str(box.x),
        "VPOS": str(box.y),
        "WIDTH": str(box.w),
        "HEIGHT": str(box.h),
    }


def _places(page: PageText) -> dict[str, str]:
    """The transform from the whole delivered image, and the part of it that the page is."""
    if page.part is None:
        return {"transform": page.transform.as_text()}
    into_part = Affine(c=-page.part.x, f=-page.part.y)
    whole = into_part.then(page.transform)
    return {"transform": whole.as_text(_EXACT), "part": " ".join(map(str, page.part.as_list()))}


def _description(root: etree._Element, page: PageText, file_name: str) -> None:
    description = etree.SubElement(root, _tag("Description"))
    etree.SubElement(description, _tag("MeasurementUnit")).text = "pixel"
    source = etree.SubElement(description, _tag("sourceImageInformation"))
    etree.SubElement(source, _tag("fileName")).text = file_name
    processing = etree.SubElement(description, _tag("Processing"), ID="reading")
    settings = ";".join(
        (
            *(f"{key}={value}" for key, value in _places(page).items()),
            f"source={page.source_size.width} {page.source_size.height}",
            f"dpi={page.dpi}",
            f"language={page.reading.language}",
            f"settings={page.reading.settings}",
        )
    )
    etree.SubElement(processing, _tag("processingStepSettings")).text = settings
    software = etree.SubElement(processing, _tag("processingSoftware"))
    etree.SubElement(software, _tag("softwareName")).text = page.reading.engine


def _line(parent: etree._Element, line: Line, ident: str) -> None:
    element = etree.SubElement(parent, _tag("TextLine"), ID=ident, **_place(line.box))
    for number, word in enumerate(line.words, 1):
        if number > 1:
            etree.SubElement(element, _tag("SP"))
        etree.SubElement(
            element,
            _tag("String"),
            ID=f"{ident}w{number}",
            CONTENT=word.text,
            WC=f"{word.confidence:.3f}",
            **_place(word.box),
        )


def write_alto(page: PageText, file_name: str, page_number: int) -> bytes:
    """ALTO of one page as UTF-8 XML; `file_name` is the original's name in the unit."""
    root = etree.Element(_tag("alto"), nsmap={None: NAMESPACE})
    _description(root, page, file_name)
    layout = etree.SubElement(root, _tag("Layout"))
    size = {"WIDTH": str(page.size.width), "HEIGHT": str(page.size.height)}
    element = etree.SubElement(
        layout, _tag("Page"), ID=f"p{page_number}", PHYSICAL_IMG_NR=str(page_number), **size
    )
    space = etree.SubElement(element, _tag("PrintSpace"), HPOS="0", VPOS="0", **size)
    for b, block in enumerate(page.blocks, 1):
        parent = etree.SubElement(space, _tag("TextBlock"), ID=f"b{b}", **_place(block.box))
        for n, line in enumerate(block.lines, 1):
            _line(parent, line, f"b{b}l{n}")
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data


def _pixel(text: str) -> int:
    return int(text) if text.isdecimal() else round(float(text))


def _word(element: etree._Element) -> Word:
    told = element.get
    box = Box(
        _pixel(told("HPOS", "0")),
        _pixel(told("VPOS", "0")),
        _pixel(told("WIDTH", "0")),
        _pixel(told("HEIGHT", "0")),
    )
    return Word(told("CONTENT", ""), box, float(told("WC", "1")))


def _block(element: etree._Element) -> Block:
    lines = (
        Line(tuple(map(_word, line.iterchildren(_STRING)))) for line in element.iterchildren(_LINE)
    )
    return Block(tuple(line for line in lines if line.words))


def _settings(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(";") if "=" in part)


def _size(text: str) -> Size:
    width, height = text.split()
    return Size(int(width), int(height))


def _placed(settings: dict[str, str]) -> tuple[Affine, Box | None]:
    """The transform from the page's own part of the delivered image, and that part."""
    transform = Affine.from_text(settings.get("transform", "1 0 0 0 1 0"))
    if "part" not in settings:
        return transform, None
    x, y, w, h = map(int, settings["part"].split())
    own = Affine(c=x, f=y).then(transform)
    return Affine.from_text(own.as_text()), Box(x, y, w, h)


def _page(data: bytes) -> tuple[etree._Element, etree._Element]:
    """The document and its page; raises ValueError for anything but ALTO 4."""
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    page = root.find(".//a:Page", _NS)
    if page is None:
        raise ValueError("no ALTO 4 page")
    return root, page


def read_plain(data: bytes) -> str:
    """`read_alto(data).plain` without places and confidences, in a third of the time."""
    _, page = _page(data)
    blocks = (
        [
            [word.get("CONTENT", "") for word in line.iterfind("a:String", _NS)]
            for line in block.iterfind("a:TextLine", _NS)
        ]
        for block in page.iterfind(".//a:TextBlock", _NS)
    )
    texts = (
        "\n".join(" ".join(words) for words in block if words) for block in blocks if any(block)
    )
    return "\n\n".join(texts)


@contextmanager
def _refusing() -> Iterator[None]:
    """What is no number, or none of ours, as the ValueError that all that is no ALTO of ours raises."""
    try:
        yield
    except (TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Read:
    """How a page was read, as its settings tell it."""

    dpi: int
    source: Size
    transform: Affine
    part: Box | None
    language: str
    settings: str


def _how_read(text: str) -> _Read:
    told = _settings(text)
    return _Read(
        int(told.get("dpi", "300")),
        _size(told.get("source", "0 0")),
        *_placed(told),
        told.get("language", ""),
        told.get("settings", ""),
    )


def need_settings(text: str) -> None:
    """Raises ValueError where `read_alto` would for these `processingStepSettings`."""
    with _refusing():
        _how_read(text)


def read_alto(data: bytes) -> PageText:
    """The words and the transform of one page; raises ValueError for anything but our ALTO 4."""
    root, page = _page(data)
    with _refusing():
        return _page_text(root, page)


def _page_text(root: etree._Element, page: etree._Element) -> PageText:
    how = _how_read(root.findtext(".//a:processingStepSettings", "", _NS))
    blocks = (_block(block) for block in page.iterfind(".//a:TextBlock", _NS))
    return PageText(
        size=Size(int(float(page.get("WIDTH", "0"))), int(float(page.get("HEIGHT", "0")))),
        dpi=how.dpi,
        blocks=tuple(block for block in blocks if block.lines),
        source_size=how.source,
        transform=how.transform,
        reading=Reading(
            engine=root.findtext(".//a:softwareName", "", _NS),
            language=how.language,
            settings=how.settings,
        ),
        part=how.part,
    )
