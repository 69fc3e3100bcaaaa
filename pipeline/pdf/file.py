"""A PDF's file structure, written object by object, so that memory stays flat in the pages.

pikepdf holds a document's streams in memory until it saves; a binder's pictures would not fit.
Values are written verbatim (strings), as dictionaries (dict), arrays (tuple) or numbers.
"""

import hashlib
import zlib
from collections.abc import Mapping
from typing import BinaryIO, TypeAlias

Value: TypeAlias = "str | int | float | tuple[Value, ...] | Mapping[str, Value]"

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def reference(number: int) -> str:
    """An indirect reference."""
    return f"{number} 0 R"


def text_string(text: str) -> str:
    """A text string of any characters (UTF-16, hexadecimal)."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def decimal(value: float) -> str:
    """At most four decimals, never an exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def syntax(value: Value) -> str:
    """A value as PDF writes it."""
    if isinstance(value, Mapping):
        return "<<" + " ".join(f"/{key} {syntax(item)}" for key, item in value.items()) + ">>"
    if isinstance(value, tuple):
        return "[" + " ".join(syntax(item) for item in value) + "]"
    if isinstance(value, float):
        return decimal(value)
    return str(value)


class PdfFile:
    """Writes header, objects as they come, cross-references and trailer to a binary stream.

    The same objects give the same bytes: the identifier is a digest of what was written.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self._at = 0
        self._places: dict[int, int] = {}
        self._last = 0
        self._write(_HEADER)

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._at += len(data)

    @property
    def sha256(self) -> str:
        """Of everything written so far."""
        return self._digest.hexdigest()

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._last += 1
        return self._last

    def put(self, number: int, body: bytes) -> None:
        """The object of a reserved number."""
        self._places[number] = self._at
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def put_value(self, number: int, value: Value) -> None:
        """A value as the object of a reserved number."""
        self.put(number, syntax(value).encode("latin-1"))

    def add(self, value: Value) -> str:
        """A new object; its reference."""
        number = self.reserve()
        self.put_value(number, value)
        return reference(number)

    def put_stream(self, number: int, data: bytes, entries: Mapping[str, Value]) -> None:
        """A stream of a reserved number, with its data as they are."""
        head = syntax({**entries, "Length": len(data)}).encode("latin-1")
        self.put(number, b"%b\nstream\n%b\nendstream" % (head, data))

    def add_stream(self, data: bytes, entries: Mapping[str, Value]) -> str:
        """A new stream with its data as they are; its reference."""
        number = self.reserve()
        self.put_stream(number, data, entries)
        return reference(number)

    def add_deflated(self, data: bytes, entries: Mapping[str, Value]) -> str:
        """A new stream, compressed; its reference."""
        return self.add_stream(zlib.compress(data), {**entries, "Filter": "/FlateDecode"})

    def finish(self, root: str, info: str) -> None:
        """Cross-references and trailer; every reserved number must have been put."""
        identity = f"<{self.sha256[:32]}>"
        start = self._at
        rows = (f"{self._places[number]:010d} 00000 n \n" for number in range(1, self._last + 1))
        self._write(f"xref\n0 {self._last + 1}\n0000000000 65535 f \n".encode())
        self._write("".join(rows).encode())
        trailer: dict[str, Value] = {
            "Size": self._last + 1,
            "Root": root,
            "Info": info,
            "ID": (identity, identity),
        }
        self._write(f"trailer\n{syntax(trailer)}\nstartxref\n{start}\n%%EOF\n".encode())
