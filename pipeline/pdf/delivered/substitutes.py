"""Fonts that a PDF names and does not hold: a like one of this machine is put in, at its widths.

PDF/A wants every font embedded. The letters are those that a viewer without the font would show;
their advance stays the document's own, so that no line breaks otherwise.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from fontTools import agl
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, TTLibError

logging.getLogger("fontTools").setLevel(logging.CRITICAL)

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_FAMILIES = (
    ("arialnarrow", "LiberationSansNarrow"),
    ("arial", "LiberationSans"),
    ("helvetica", "LiberationSans"),
    ("times", "LiberationSerif"),
    ("courier", "LiberationMono"),
    ("calibri", "Carlito"),
    ("cambria", "Caladea"),
    ("tahoma", "DejaVuSansCondensed"),
    ("verdana", "DejaVuSans"),
)
_BY_FLAGS = ((1, "LiberationMono"), (2, "LiberationSerif"))
_ELSE = "LiberationSans"
_STYLES = {
    (False, False): ("-Regular", ""),
    (True, False): ("-Bold",),
    (False, True): ("-Italic", "-Oblique"),
    (True, True): ("-BoldItalic", "-BoldOblique"),
}
_SYMBOLIC, _NONSYMBOLIC = 4, 32
_SYMBOLS = ("symbol", "zapfdingbats", "wingdings", "webdings")
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_CODES = range(32, 256)
_NAMES = {
    chr(letters[0]): name for name, letters in agl.LEGACY_AGL2UV.items() if len(letters) == 1
} | {chr(letter): name for letter, name in agl.UV2AGL.items()}
_EM = 1000
_EPOCH = 3_000_000_000  # seconds since 1904: a fixed date, so that the same font has the same bytes


@cache
def _installed() -> Mapping[str, Path]:
    """The machine's TrueType fonts by file name."""
    return {
        name: Path(folder) / name
        for top in _FOLDERS
        for folder, _, names in os.walk(top)
        for name in names
        if name.endswith(".ttf")
    }


def _family(name: str, flags: int) -> str:
    plain = "".join(c for c in name.lower() if c.isalpha())
    named = (family for start, family in _FAMILIES if plain.startswith(start))
    flagged = (family for flag, family in _BY_FLAGS if flags & flag)
    return next(named, next(flagged, _ELSE))


def _like(name: str, flags: int) -> Path | None:
    """The file of a font like the one named; None where none is installed."""
    lower = name.lower()
    bold, italic = "bold" in lower, "italic" in lower or "oblique" in lower
    files = (f"{_family(name, flags)}{style}.ttf" for style in _STYLES[bold, italic])
    return next((_installed()[file] for file in files if file in _installed()), None)


def _in_encoding(code: int, base: str) -> str:
    """What a code means in an encoding; in Adobe's standard one where none is named."""
    if not base:
        return str(agl.toUnicode(StandardEncoding[code]))
    return bytes((code,)).decode(_CODECS[base], "ignore")


def _encoding(letters: Mapping[int, str]) -> pikepdf.Object:
    """The same meaning, as PDF/A wants it of a TrueType font."""
    differences: list[object] = []
    for code, text in sorted(letters.items()):
        if _in_encoding(code, "/WinAnsiEncoding") != text:
            differences += [code, pikepdf.Name(f"/{_NAMES[text]}")]
    plain = pikepdf.Name.WinAnsiEncoding
    if not differences:
        return plain
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Encoding, BaseEncoding=plain, Differences=pikepdf.Array(differences)
    )


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """What each code of a simple font means; empty where its encoding does not tell."""
    encoding = font.get("/Encoding")
    named = encoding if isinstance(encoding, pikepdf.Dictionary) else None
    told = encoding if named is None else named.get("/BaseEncoding")
    base = "" if told is None else str(told)
    if base and base not in _CODECS:
        return {}
    letters = {code: _in_encoding(code, base) for code in _CODES}
    code = 0
    for item in named.get("/Differences", ()) if named is not None else ():
        if isinstance(item, pikepdf.Name):
            letters[code] = agl.toUnicode(str(item)[1:])
            code += 1
        else:
            code = int(item)
    return {code: text for code, text in letters.items() if len(text) == 1}


def _told_widths(font: pikepdf.Object) -> dict[int, float]:
    """Advance of each code in thousandths of an em, as the document says."""
    first, widths = int(font.get("/FirstChar", 0)), font.get("/Widths")
    told = enumerate(widths, first) if isinstance(widths, pikepdf.Array) else ()
    return {code: float(width) for code, width in told}


class _Substitute:
    """A font of the machine, glyph by glyph at the widths that a document wants."""

    def __init__(self, path: Path) -> None:
        self._font = TTFont(BytesIO(path.read_bytes()), lazy=True)
        self._glyphs = self._font.getGlyphSet()
        self._names = self._font.getBestCmap()
        self.em = int(self._font["head"].unitsPerEm)
        hhea = self._font["hhea"]
        self.ascent, self.descent = int(hhea.ascent), int(hhea.descent)
        self.slant = float(self._font["post"].italicAngle)

    def has(self, letter: str) -> bool:
        return ord(letter) in self._names

    def width(self, letter: str) -> float:
        """Its own advance, in thousandths of an em."""
        return float(self._glyphs[self._names[ord(letter)]].width) * _EM / self.em

    def glyph(self, letter: str, width: float) -> object:
        """The outline, as wide as wanted (thousandths of an em)."""
        own = self.width(letter)
        pen = TTGlyphPen(None)
        lines = DecomposingRecordingPen(self._glyphs)
        self._glyphs[self._names[ord(letter)]].draw(lines)
        lines.replay(TransformPen(Cu2QuPen(pen, 1), (width / own if own else 1, 0, 0, 1, 0, 0)))
        return pen.glyph()


def _program(source: _Substitute, letters: Mapping[int, str], widths: Mapping[int, float]) -> bytes:
    """A TrueType font of just these codes."""
    names = {code: f"c{code}" for code in letters}
    glyphs = {names[code]: source.glyph(text, widths[code]) for code, text in letters.items()}
    advances = {names[code]: round(widths[code] * source.em / _EM) for code in letters}
    builder = FontBuilder(source.em, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(text): names[code] for code, text in letters.items()})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **glyphs})
    table = builder.font["glyf"]
    sides = {name: getattr(table[name], "xMin", 0) for name in (".notdef", *glyphs)}
    advances[".notdef"] = source.em // 2
    builder.setupHorizontalMetrics({name: (advances[name], sides[name]) for name in sides})
    builder.setupHorizontalHeader(ascent=source.ascent, descent=source.descent)
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    data = BytesIO()
    builder.save(data)
    return data.getvalue()


def _once(letters: Mapping[int, str], source: _Substitute) -> Iterator[tuple[int, str]]:
    """Codes whose letter the font has, each letter once."""
    seen: set[str] = set()
    for code, text in sorted(letters.items()):
        if text not in seen and text in _NAMES and source.has(text):
            seen.add(text)
            yield code, text


def _lacks(font: pikepdf.Object) -> bool:
    """Whether a font of letters, one byte each, is named and not held."""
    if str(font.get("/Subtype", "")) not in {"/TrueType", "/Type1"}:
        return False
    descriptor = font.get("/FontDescriptor")
    name = str(font.get("/BaseFont", "")).lower()
    if any(symbol in name for symbol in _SYMBOLS):
        return False
    if not isinstance(descriptor, pikepdf.Dictionary):
        return True
    symbolic = int(descriptor.get("/Flags", 0)) & _SYMBOLIC
    return not symbolic and not any(key in descriptor for key in _FILES)


def _descriptor(pdf: pikepdf.Pdf, name: str, source: _Substitute, program: bytes) -> pikepdf.Object:
    stream = pdf.make_stream(program)
    stream["/Length1"] = len(program)
    tall, deep = source.ascent * _EM // source.em, source.descent * _EM // source.em
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name(name),
            Flags=_NONSYMBOLIC,
            FontBBox=[-_EM, deep, 2 * _EM, tall],
            ItalicAngle=round(source.slant),
            Ascent=tall,
            Descent=deep,
            CapHeight=tall,
            StemV=80,
            FontFile2=stream,
        )
    )


def _likeness(font: pikepdf.Object) -> Path | None:
    """The file of a font that is like the one named."""
    descriptor = font.get("/FontDescriptor")
    flags = descriptor.get("/Flags", 0) if isinstance(descriptor, pikepdf.Dictionary) else 0
    name = str(font.get("/BaseFont", ""))[1:].split("+", 1)[-1]
    return _like(name, int(flags))


class Substitutes:
    """Puts like fonts into one document; those that are the same only once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._sources: dict[Path, _Substitute | None] = {}
        self._made: dict[tuple[Path, tuple[tuple[int, str, float], ...]], pikepdf.Object] = {}

    def _source(self, path: Path) -> _Substitute | None:
        if path not in self._sources:
            try:
                self._sources[path] = _Substitute(path)
            except (OSError, TTLibError):
                self._sources[path] = None
        return self._sources[path]

    def embed_like(self, font: pikepdf.Object) -> str:
        """Gives a font that is named and not held the letters of a like one; that one's name.

        Empty, and the font as it was, where it needs none or no like one is installed.
        """
        path = _likeness(font) if _lacks(font) else None
        source = self._source(path) if path else None
        letters = dict(_once(_letters(font), source)) if source else {}
        if source is None or path is None or not letters:
            return ""
        given = _told_widths(font)
        widths = {code: given.get(code) or source.width(text) for code, text in letters.items()}
        key = path, tuple((code, text, widths[code]) for code, text in letters.items())
        if key not in self._made:
            program = _program(source, letters, widths)
            self._made[key] = _descriptor(self._pdf, f"/{path.stem}", source, program)
        first, last = min(letters), max(letters)
        font["/Subtype"], font["/BaseFont"] = pikepdf.Name.TrueType, pikepdf.Name(f"/{path.stem}")
        font["/FirstChar"], font["/LastChar"] = first, last
        font["/Widths"] = [round(widths.get(code, 0), 3) for code in range(first, last + 1)]
        font["/Encoding"], font["/FontDescriptor"] = _encoding(letters), self._made[key]
        return path.stem
