"""The font of the invisible text: one glyph without area, and a code for every character used.

The glyph is a line to and fro across its box: pdfium loses one-letter words of an empty one.
"""

from functools import cache
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

from pipeline.pdf.file import PdfFile

EM = 1000
ADVANCE = 500
ASCENT, DESCENT = 800, -200
_NAME = "AAAAAA+OpisGlyphless"
_GLYPHS = (".notdef", "any")
_ROWS = 100
_MOST = 0xFFFF
_EPOCH = 3_000_000_000  # seconds since 1904: a fixed date, so that the same font has the same bytes
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def _line_to_and_fro() -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((ADVANCE, ASCENT))
    pen.closePath()
    return pen.glyph()


@cache
def font_program() -> bytes:
    """A TrueType font of two glyphs without area, 500/1000 wide."""
    builder = FontBuilder(EM, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(list(_GLYPHS))
    builder.setupCharacterMap({})
    builder.setupGlyf({name: _line_to_and_fro() for name in _GLYPHS})
    builder.setupHorizontalMetrics(dict.fromkeys(_GLYPHS, (ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    data = BytesIO()
    builder.save(data)
    return data.getvalue()


class Codes:
    """Two-byte codes for characters, given out as they come up, from 1."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """The text's codes as a hexadecimal string."""
        return "<" + "".join(f"{self._code(character):04X}" for character in text) + ">"

    def _code(self, character: str) -> int:
        full = len(self._codes) >= _MOST - 1 and character not in self._codes
        known = _REPLACEMENT if full else character
        return self._codes.setdefault(known, len(self._codes) + 1)

    def to_unicode(self) -> bytes:
        """The CMap that brings every code back to its character."""
        rows = [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for character, code in self._codes.items()
        ]
        groups = [rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)]
        body = "\n".join(
            f"{len(group)} beginbfchar\n" + "\n".join(group) + "\nendbfchar" for group in groups
        )
        return _CMAP.format(body=body).encode("ascii")

    def to_glyphs(self) -> bytes:
        """The glyph of each code: 0 for code 0, else the one without area."""
        return b"\0\0" + b"\0\1" * len(self._codes)


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def _descriptor(file: PdfFile) -> str:
    program = font_program()
    embedded = file.add_deflated(program, {"Length1": len(program)})
    return file.add(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{_NAME}",
            "Flags": 4,
            "FontBBox": (0, DESCENT, ADVANCE, ASCENT),
            "ItalicAngle": 0,
            "Ascent": ASCENT,
            "Descent": DESCENT,
            "CapHeight": ASCENT,
            "StemV": 80,
            "FontFile2": embedded,
        }
    )


def write_font(file: PdfFile, number: int, codes: Codes) -> None:
    """The font as the object of a reserved number, once all text is encoded."""
    descendant = file.add(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": f"/{_NAME}",
            "CIDSystemInfo": {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0},
            "FontDescriptor": _descriptor(file),
            "DW": ADVANCE,
            "CIDToGIDMap": file.add_deflated(codes.to_glyphs(), {}),
        }
    )
    file.put_value(
        number,
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": f"/{_NAME}",
            "Encoding": "/Identity-H",
            "DescendantFonts": (descendant,),
            "ToUnicode": file.add_deflated(codes.to_unicode(), {}),
        },
    )
