"""Everything in a PDF that is or may be text: strings, names, streams, and what streams carry."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium

from pipeline.privacy.redaction.placing import instructions_of, is_image

_PRINTED = re.compile(rb"[\x09\x20-\x7e\x80-\xff]{4,}")
_PLAIN = re.compile(rb"[\x09\x0a\x0d\x20-\x7e]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\xff][\x00\x01\x02]){4,}|(?:[\x00\x01\x02][\x20-\xff]){4,}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}[\s]?){8,}")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_CONTENT = re.compile(rb"T[jJ]\b|\bB[DM]C\b|\b[DM]P\b|[)>]\s*['\"]")
_SHOWN = frozenset(("Tj", "TJ", "'", '"'))
_MOSTLY = 0.85
_MOST_BYTES = 64_000_000
_MOST_DEPTH = 60


def decoded(data: bytes) -> str:
    """Bytes as whichever encodings they may be in, one after the other."""
    texts = [
        data.decode("utf-8", "ignore"),
        data.decode("latin-1"),
        data.decode("cp1250", "ignore"),
    ]
    if b"\0" in data:
        texts += [data.decode("utf-16-be", "ignore"), data.decode("utf-16-le", "ignore")]
    return "\n".join(dict.fromkeys(texts))


def _is_text(data: bytes) -> bool:
    part = data[:4096]
    printed = sum(len(run) for run in _PRINTED.findall(part))
    return printed >= _MOSTLY * len(part)


def _unhexed(data: bytes) -> Iterator[str]:
    for run in _HEX.findall(data):
        digits = b"".join(run.split())
        yield decoded(bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii")))


def texts_in(data: bytes) -> Iterator[str]:
    """What text bytes hold: all of them where they are text, else their printable runs."""
    if _is_text(data):
        yield decoded(data)
        if not _CONTENT.search(data):
            yield from _unhexed(data)
        return
    yield "\n".join(run.decode("latin-1") for run in _PLAIN.findall(data))
    yield "\n".join(decoded(run) for run in _WIDE.findall(data))
    yield decoded(data) if data[:2] in (b"\xfe\xff", b"\xff\xfe") else ""


def _strings(item: object, depth: int = 0) -> Iterator[str]:
    """The strings and names of one object, not those of others it refers to."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(item, pikepdf.String):
        yield from (str(item), *texts_in(bytes(item)))
    elif isinstance(item, pikepdf.Name):
        yield str(item)
    elif isinstance(item, pikepdf.Array):
        for inner in item:
            yield from _strings(_own(inner), depth + 1)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key, inner in item.items():
            yield key
            yield from _strings(_own(inner), depth + 1)


def _own(item: object) -> object:
    """An object that stands inside of another; None for a reference."""
    return None if isinstance(item, pikepdf.Object) and item.is_indirect else item


def _shown(stream: pikepdf.Object) -> str:
    """The strings that a content stream shows, those of one operator joined; its other strings too."""
    pieces: list[str] = []
    for one in instructions_of(stream):
        of_one = [text for item in one.operands for text in _operand(item)]
        pieces.append(("" if str(one.operator) in _SHOWN else " ").join(of_one))
    return "\n".join(piece for piece in pieces if piece)


def _operand(item: object) -> Iterator[str]:
    if isinstance(item, pikepdf.String):
        yield str(item)
    elif isinstance(item, pikepdf.Array):
        for inner in item:
            yield from _operand(inner)
    elif isinstance(item, pikepdf.Dictionary):
        yield from _strings(item)


def stream_bytes(stream: pikepdf.Object) -> bytes:
    """A stream's data, decompressed as far as that goes; coded images as they are."""
    try:
        return bytes(stream.read_bytes())
    except (pikepdf.PdfError, NotImplementedError):  # a coding that qpdf leaves alone, such as JPEG
        return bytes(stream.read_raw_bytes())


def raw_bytes(stream: pikepdf.Object) -> bytes:
    """A stream's data as they stand in the file."""
    return bytes(stream.read_raw_bytes())


def object_strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """The strings and names of every object of a file, reachable or not, and of its trailer.

    Those that content streams show are among them.
    """
    yield from _strings(pdf.trailer)
    for item in pdf.objects:
        yield from _strings(item)
        if isinstance(item, pikepdf.Stream) and not is_image(item):
            data = stream_bytes(item)
            if _CONTENT.search(data):
                yield _shown(item)


def stream_texts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What every stream of a file holds as text: of images, beside the picture."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            data = raw_bytes(item) if is_image(item) else stream_bytes(item)
            yield from texts_in(data[:_MOST_BYTES])


def file_texts(data: bytes) -> Iterator[str]:
    """The text of the file's bytes, whatever its cross-references say: older revisions too."""
    yield from texts_in(_STREAM.sub(b"stream endstream", data)[:_MOST_BYTES])
    for stream in _STREAM.findall(data):
        opened = _inflated(stream)
        if opened:
            yield from texts_in(opened)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_BYTES)
    except zlib.error:
        return b""


def page_texts(given: Path | bytes) -> tuple[str, ...]:
    """What pdfium takes for the text of each page of a file (or its bytes), beyond its edges too."""
    document = pdfium.PdfDocument(given)
    try:
        return tuple(_page_text(document[number]) for number in range(len(document)))
    finally:
        document.close()


def _page_text(page: pdfium.PdfPage) -> str:
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()
