"""Sets blocks on A4 pages: every word gets its place, font and marks; pixels at a given dpi."""

import itertools
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from examples.binders import fonts
from examples.binders.blocks import Block, Boxed, Code, Mount, Row, Text
from examples.binders.fill import Mark, Piece

WORD: Final = re.compile(r"\S+")
A4: Final = (210.0, 297.0)
MARGINS: Final = (26.0, 19.0, 20.0, 22.0)  # left, top, right, bottom; mm
HEIGHTS: Final = {"arms": 19.0, "rule": 2.5, "sign": 10.0}
STAMP_WIDTH, STAMP_LINE = 62.0, 5.2  # mm
SMALLEST_CELL: Final = 0.72
ABOVE_SIGNATURES, ABOVE_TABLE = 4.0, 1.5  # mm


@dataclass(frozen=True, slots=True)
class Style:
    """How a document looks: face of fonts.FACES, size in points, and its habits."""

    face: str
    points: float
    leading: float = 1.3
    typewriter: bool = False
    justify: bool = True
    indent: float = 10.0
    footer: str = ""
    header: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a word that belongs to a mark; `occurrence` tells mentions apart."""

    start: int
    end: int
    mark: Mark
    occurrence: int


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word at its baseline origin."""

    text: str
    x: int
    y: int
    face: str
    bold: bool
    pixels: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """Something that is not type, in a box of pixels; `detail` is a payload or a symbology."""

    kind: str
    box: tuple[int, int, int, int]
    detail: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """A page while it is being set: lines of words, and drawings."""

    lines: list[tuple[SetWord, ...]] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)

    def has(self, kind: str) -> bool:
        """Whether a drawing of that kind is on the page."""
        return any(drawing.kind == kind for drawing in self.drawings)


@dataclass(frozen=True, slots=True)
class _Loose:
    """A word not yet placed."""

    text: str
    bold: bool
    spans: tuple[Span, ...]


class Typesetter:
    """Sets a document's blocks one after another; `sheets` are its pages."""

    def __init__(self, style: Style, dpi: int, rng: random.Random) -> None:
        self.style, self.dpi, self.rng = style, dpi, rng
        self.em = style.points * dpi / 72
        self.left, self.top, right, bottom = (self.mm(margin) for margin in MARGINS)
        self.right, self.bottom = self.mm(A4[0]) - right, self.mm(A4[1]) - bottom
        self.sheets = [Sheet()]
        self.y = float(self.top)
        self.occurrences = itertools.count()

    def mm(self, length: float) -> int:
        """Millimetres to pixels."""
        return round(length * self.dpi / 25.4)

    def set(self, blocks: Sequence[Block]) -> tuple[Sheet, ...]:
        """The pages of these blocks, with headers and footers."""
        above: Block | None = None
        for block in blocks:
            if _ruled(block) != _ruled(above):
                self.y += self.mm(ABOVE_TABLE)
            above = block
            match block:
                case Text():
                    self._text(block)
                case Row():
                    self._row(block)
                case Boxed():
                    self._boxed(block)
                case Code():
                    self._code(block)
                case Mount():
                    self._mount(block)
        self._number()
        return tuple(self.sheets)

    def _turn(self) -> None:
        self.sheets.append(Sheet())
        self.y = float(self.top)
        if self.style.header:
            self._furniture(self.sheets[-1], self.style.header, self.top - self.mm(5))

    def _room(self, height: float) -> None:
        if self.y + height > self.bottom:
            self._turn()

    def _words(self, pieces: Sequence[Piece], *, bold: bool = False) -> list[_Loose]:
        text = "".join(piece.text for piece in pieces)
        edges = list(itertools.accumulate((len(piece.text) for piece in pieces), initial=0))
        numbers = [next(self.occurrences) if piece.mark else 0 for piece in pieces]
        loose, at = [], 0
        for found in WORD.finditer(text):
            while edges[at + 1] <= found.start():
                at += 1
            spans, last = [], at
            while last < len(pieces) and edges[last] < found.end():
                mark = pieces[last].mark
                low = max(edges[last], found.start()) - found.start()
                high = min(edges[last + 1], found.end()) - found.start()
                if mark and high > low:
                    spans.append(Span(low, high, mark, numbers[last]))
                last += 1
            loose.append(_Loose(found.group(), bold or pieces[at].bold, tuple(spans)))
        return loose

    def _width(self, word: _Loose, pixels: float) -> float:
        bold = word.bold and not self.style.typewriter
        return fonts.width(self.style.face, bold, pixels, word.text)

    def _gap(self, pixels: float) -> float:
        return fonts.width(self.style.face, False, pixels, " ")

    def _break(
        self, words: Sequence[_Loose], room: float, first: float, pixels: float
    ) -> list[list[_Loose]]:
        lines: list[list[_Loose]] = [[]]
        free, gap = room - first, self._gap(pixels)
        for word in words:
            wide = self._width(word, pixels)
            if lines[-1] and wide > free:
                lines.append([])
                free = room
            lines[-1].append(word)
            free -= wide + gap
        return lines

    def _place(
        self, words: Sequence[_Loose], x: float, room: float, align: str, pixels: float
    ) -> tuple[SetWord, ...]:
        widths = [self._width(word, pixels) for word in words]
        gap = self._gap(pixels)
        spare = room - sum(widths) - gap * (len(words) - 1)
        if align == "justify" and len(words) > 1:
            gap += spare / (len(words) - 1)
        x += {"center": spare / 2, "right": spare}.get(align, 0.0)
        placed, style = [], self.style
        for word, wide in zip(words, widths, strict=True):
            bold = word.bold and not style.typewriter
            placed.append(
                SetWord(word.text, round(x), round(self.y), style.face, bold, pixels, word.spans)
            )
            x += wide + gap
        return tuple(placed)

    def _text(self, block: Text) -> None:
        style, item = self.style, block.align == "item"
        pixels = self.em * (1.0 if style.typewriter else block.scale)
        words = self._words(block.pieces, bold=block.bold)
        indent = self.mm(style.indent) if block.align == "justify" else 0
        x = self.left + (self.mm(8) if item else 0)
        room = self.right - x
        if block.align == "right":
            x, room = x + room // 3, room - room // 3
        step = pixels * style.leading
        lines = self._break(words, room, indent, pixels)
        if block.bold:
            self._room(step * (len(lines) + 2))
        for number, line in enumerate(lines):
            self._room(step)
            self.y += step
            shift = indent if number == 0 else 0
            last = number == len(lines) - 1
            align = "left" if item or (last and block.align == "justify") else block.align
            align = align if style.justify or align != "justify" else "left"
            if line:
                row = self._place(line, x + shift, room - shift, align, pixels)
                self.sheets[-1].lines.append(row)
        self.y += pixels * (0.25 if block.align in ("justify", "item") else 0.05)

    def _fit(self, words: Sequence[_Loose], room: float, smallest: float = SMALLEST_CELL) -> float:
        """The type size at which the words fit one line, never below `smallest` of the body's."""
        wide = sum(self._width(word, self.em) for word in words)
        wide += self._gap(self.em) * max(0, len(words) - 1)
        scale = min(1.0, room / wide) if wide else 1.0
        return self.em * max(smallest, int(scale * 20) / 20)

    def _row(self, block: Row) -> None:
        total, pad = self.right - self.left, self.mm(1.4)
        cells = [self._words(cell, bold=block.bold) for cell in block.cells]
        lefts = [
            self.left + total * share // 100
            for share in itertools.accumulate(block.widths, initial=0)
        ]
        rooms = [right - left - 2 * pad for left, right in itertools.pairwise(lefts)]
        pixels = min(self._fit(words, room) for words, room in zip(cells, rooms, strict=True))
        broken = [
            self._break(words, room, 0, pixels) for words, room in zip(cells, rooms, strict=True)
        ]
        step = pixels * (1.22 if block.border else self.style.leading)
        height = step * max(len(lines) for lines in broken) + (2 * pad if block.border else 0)
        self._room(height)
        top = self.y
        self.y += pad if block.border else 0
        for line in itertools.zip_longest(*broken, fillvalue=[]):
            self.y += step
            placed = [
                self._place(words, left + pad, room, align, pixels)
                for words, left, room, align in zip(line, lefts, rooms, block.aligns, strict=False)
                if words
            ]
            self.sheets[-1].lines.append(tuple(itertools.chain.from_iterable(placed)))
        self.y = top + height
        if block.border:
            self._grid(lefts, round(top + pad * 0.6), round(self.y + pad * 0.6))

    def _grid(self, lefts: Sequence[int], top: int, bottom: int) -> None:
        for left, right in itertools.pairwise(lefts):
            self.sheets[-1].drawings.append(
                Drawing("frame", (left, top, right - left, bottom - top))
            )

    def _boxed(self, block: Boxed) -> None:
        width, step, pad = self.mm(STAMP_WIDTH), self.mm(STAMP_LINE), self.mm(2)
        height = step * len(block.lines) + 2 * pad
        self._room(height)
        left, top = self.right - width, round(self.y)
        self.sheets[-1].drawings.append(Drawing("stamp", (left, top, width, height)))
        self.y += pad - step * 0.2
        for pieces in block.lines:
            self.y += step
            words = self._words(pieces, bold=True)
            pixels = min(self._fit(words, width - 2 * pad, 0.4), step * 0.72)
            self.sheets[-1].lines.append(
                self._place(words, left + pad, width - 2 * pad, "center", pixels)
            )
        self.y = top + height + self.mm(3)

    def _code(self, block: Code) -> None:
        width, height = self.right - self.left, self.mm(block.height)
        box = (self.left, round(self.y), width, height)
        self.sheets[-1].drawings.append(Drawing("code", box, (block.symbology, block.payload)))
        self.y += height

    def _mount(self, block: Mount) -> None:
        if block.kind == "space":
            self.y += self.mm(block.value)
        elif block.kind == "keep":
            self.y += self.mm(ABOVE_SIGNATURES)
            self._room(self.mm(block.value))
        elif block.kind == "break":
            self._turn()
        elif block.kind == "seal":
            self._seal()
        else:
            self._ornament(block)

    def _ornament(self, block: Mount) -> None:
        height, y = self.mm(HEIGHTS[block.kind]), round(self.y)
        self._room(height)
        y = round(self.y)
        width = self.right - self.left
        if block.kind == "arms":
            wide = self.mm(15)
            x = self.left if block.side == "left" else self.left + (width - wide) // 2
            self._draw("arms", (x, y, wide, self.mm(17)))
        elif block.kind == "rule":
            self._draw("rule", (self.left, y + height // 2, width, max(2, self.mm(0.35))))
        else:
            self._signatures(int(block.value), block.side, y, height)
        self.y += height

    def _signatures(self, columns: int, side: str, y: int, height: int) -> None:
        share = (self.right - self.left) // columns
        for column in range(columns - 1 if side else 0, columns):
            centre = self.left + share * column + share // 2
            wide = self.mm(self.rng.uniform(26, 44))
            self._draw("sign", (centre - wide // 2, y + height // 8, wide, height))

    def _seal(self) -> None:
        size = self.mm(self.rng.uniform(32, 38))
        x = self.left + self.mm(self.rng.uniform(48, 62))
        y = min(round(self.y) - size * 3 // 4, self.bottom - size // 2)
        self._draw("seal", (x, max(self.top, y), size, size))

    def _draw(self, kind: str, box: tuple[int, int, int, int]) -> None:
        self.sheets[-1].drawings.append(Drawing(kind, box))

    def _furniture(self, sheet: Sheet, text: str, y: float, align: str = "center") -> None:
        kept, self.y = self.y, y
        words = self._words((Piece(text),))
        room = self.right - self.left
        pixels = min(self.em * 0.85, self._fit(words, room))
        sheet.lines.append(self._place(words, self.left, room, align, pixels))
        self.y = kept

    def _number(self) -> None:
        """Page numbers at the foot, in the document's habit."""
        habit, count = self.style.footer, len(self.sheets)
        if not habit or (count == 1 and habit != "of"):
            return
        for number, sheet in enumerate(self.sheets, 1):
            text = f"– {number} –" if habit == "dash" else f"Pagina {number} din {count}"
            align = "center" if habit == "dash" else "right"
            self._furniture(sheet, text, self.bottom + self.mm(9), align)


def _ruled(block: Block | None) -> bool:
    """Whether a block is a row of a table with lines."""
    return isinstance(block, Row) and block.border
