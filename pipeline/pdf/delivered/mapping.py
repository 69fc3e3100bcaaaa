"""Whether every character that a PDF's pages show stands for letters: what makes 2b a 2u."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from fontTools import agl

_SHOWING = frozenset({"Tj", "'", '"', "TJ"})
_STANDARD = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding"})
_IDENTITY = frozenset({"/Identity-H", "/Identity-V"})
_NO_LETTER = frozenset({"", "\0", "\ufeff", "\ufffe"})
_SYMBOLIC = 4
_MOST_RANGE = 0xFFFF
_DEFECTS = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError)


class _UnknownError(Exception):
    """Something shows text in a way that cannot be followed."""


@dataclass(frozen=True, slots=True)
class _Used:
    """A font, and the bytes of the strings shown in it."""

    font: pikepdf.Object
    shown: set[bytes] = field(default_factory=set)


def _font(resources: pikepdf.Object | None, name: object) -> pikepdf.Object:
    fonts = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
    font = fonts.get(str(name)) if isinstance(fonts, pikepdf.Dictionary) else None
    if not isinstance(font, pikepdf.Dictionary):
        raise _UnknownError
    return font


def _instructions(content: pikepdf.Object) -> Iterator[tuple[list[pikepdf.Object], str]]:
    """Operands and operator of each, inline images left out."""
    for one in pikepdf.parse_content_stream(content):
        if isinstance(one, pikepdf.ContentStreamInstruction):
            yield list(one.operands), str(one.operator)


def _follow(scope: pikepdf.ContentScope, used: dict[object, _Used]) -> None:
    """Adds the strings that one content stream shows, by font."""
    font: _Used | None = None
    stack: list[_Used | None] = []
    for operands, name in _instructions(scope.content):
        if name == "q":
            stack.append(font)
        elif name == "Q":
            font = stack.pop() if stack else font
        elif name == "Tf":
            found = _font(scope.resources, operands[0])
            key = found.objgen if found.is_indirect else (id(scope), str(operands[0]))
            font = used.setdefault(key, _Used(found))
        elif name in _SHOWING:
            if font is None:
                raise _UnknownError
            last = operands[-1]
            items = last if isinstance(last, pikepdf.Array) else [last]
            font.shown.update(bytes(one) for one in items if isinstance(one, pikepdf.String))


def _text(value: object) -> str:
    return bytes(value).decode("utf-16-be", "replace") if isinstance(value, pikepdf.String) else ""


def _number(value: object) -> int:
    if not isinstance(value, pikepdf.String):
        raise _UnknownError
    return int.from_bytes(bytes(value), "big")


def _ranges(operands: Sequence[object]) -> Iterator[tuple[int, str]]:
    for at in range(0, len(operands) - 2, 3):
        low, high, first = _number(operands[at]), _number(operands[at + 1]), operands[at + 2]
        if isinstance(first, pikepdf.Array):
            yield from ((low + n, _text(one)) for n, one in enumerate(first))
            continue
        text = _text(first)
        for code in range(low, min(high, low + _MOST_RANGE) + 1):
            last = chr(min(0x10FFFF, ord(text[-1]) + code - low)) if text else ""
            yield code, text[:-1] + last


def _to_unicode(font: pikepdf.Object) -> dict[int, str]:
    """What the font's own table says of its codes; empty without one."""
    table = font.get("/ToUnicode")
    if not isinstance(table, pikepdf.Stream):
        return {}
    known: dict[int, str] = {}
    for operands, name in _instructions(table):
        if name == "endbfchar":
            pairs = zip(operands[::2], operands[1::2], strict=False)
            known.update((_number(code), _text(text)) for code, text in pairs)
        elif name == "endbfrange":
            known.update(_ranges(operands))
    return known


def _named(encoding: pikepdf.Object) -> dict[int, str]:
    """The glyph names that an encoding gives its codes."""
    names, code = {}, 0
    for item in encoding.get("/Differences", ()):
        if isinstance(item, pikepdf.Name):
            names[code] = str(item)[1:]
            code += 1
        else:
            code = int(item)
    return names


def _by_encoding(font: pikepdf.Object, code: int) -> bool:
    """Whether a simple font's encoding says which letter a code is."""
    encoding = font.get("/Encoding")
    if isinstance(encoding, pikepdf.Name):
        return str(encoding) in _STANDARD
    if not isinstance(encoding, pikepdf.Dictionary):
        return False
    name = _named(encoding).get(code)
    if name is not None:
        return name in agl.AGL2UV or name in agl.LEGACY_AGL2UV
    return str(encoding.get("/BaseEncoding", "")) in _STANDARD


def _is_symbolic(font: pikepdf.Object) -> bool:
    descriptor = font.get("/FontDescriptor")
    flags = descriptor.get("/Flags", 0) if isinstance(descriptor, pikepdf.Dictionary) else 0
    return bool(int(flags) & _SYMBOLIC)


def _maps(used: _Used) -> bool:
    font = used.font
    known = _to_unicode(font)
    if any(text in _NO_LETTER or "\ufffe" in text or "\ufeff" in text for text in known.values()):
        return False
    if str(font.get("/Subtype", "")) == "/Type0":
        if str(font.get("/Encoding", "")) not in _IDENTITY:
            return False
        pairs = {one[at : at + 2] for one in used.shown for at in range(0, len(one), 2)}
        return all(int.from_bytes(pair, "big") in known for pair in pairs)
    codes = {code for one in used.shown for code in one}
    symbolic = _is_symbolic(font)
    return all(code in known or (not symbolic and _by_encoding(font, code)) for code in codes)


def maps_to_unicode(pdf: pikepdf.Pdf, pages: Sequence[int]) -> bool:
    """Whether all text of these pages (from 0) surely maps to Unicode; no where that is not sure."""
    used: dict[object, _Used] = {}
    try:
        for scope in pdf.content_scopes(pages=[pdf.pages[page] for page in pages]):
            _follow(scope, used)
        return all(_maps(one) for one in used.values())
    except (_UnknownError, *_DEFECTS):
        return False
