"""Turns a template's lines into blocks: what stands on the paper, not yet where."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from examples.binders.fill import Fill, Piece

RANGE: Final = re.compile(r"@(pool|repeat) (?:(\w+) )?(\d+)-(\d+) ?(.*)")
BARS: Final = re.compile(r"\|(?![^{}]*\})")
ALIGN: Final = {"=": "center", ">": "right", "<": "left", "-": "item"}
CELL_ALIGN: Final = {"c": "center", "l": "left", "r": "right"}


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or a heading; `scale` enlarges the type."""

    pieces: tuple[Piece, ...]
    align: str = "justify"
    scale: float = 1.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells; `widths` in per cent of the text width."""

    cells: tuple[tuple[Piece, ...], ...]
    widths: tuple[int, ...]
    aligns: tuple[str, ...]
    border: bool
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Boxed:
    """Lines in a frame at the right: the registry's stamp."""

    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A barcode, `height` in mm, with the format's name of zxing-cpp."""

    symbology: str
    payload: str
    height: float


@dataclass(frozen=True, slots=True)
class Mount:
    """Something without words: arms, rule, space (mm), break, keep (mm), sign (columns), seal."""

    kind: str
    value: float = 0.0
    side: str = ""


Block = Text | Row | Boxed | Code | Mount


def blocks(body: tuple[str, ...], fill: Fill) -> tuple[Block, ...]:
    """All blocks of a body, its slots filled in the order of reading."""
    return tuple(_Reader(fill).read(body))


class _Reader:
    def __init__(self, fill: Fill) -> None:
        self.fill = fill
        self.widths: tuple[int, ...] = ()
        self.aligns: tuple[str, ...] = ()

    def read(self, body: tuple[str, ...]) -> Iterator[Block]:
        for line in body:
            if line.startswith(("@pool", "@repeat")):
                yield from self._many(line)
            elif line.startswith("@widths"):
                columns = line.split()[1:]
                self.widths = tuple(int(one[:-1]) for one in columns)
                self.aligns = tuple(CELL_ALIGN[one[-1]] for one in columns)
            elif line:
                yield self._one(line)

    def _many(self, line: str) -> Iterator[Block]:
        found = RANGE.fullmatch(line)
        if found is None:
            raise ValueError(line)
        kind, pool, low, high, pattern = found.groups()
        count = _count(self.fill.rng, int(low), int(high))
        sentences = self.fill.sample(pool, count) if kind == "pool" else ("",) * count
        for number, sentence in enumerate(sentences, 1):
            self.fill.counters["i"] = number
            first = sentence[:1].upper() if pattern.startswith("{i}") else sentence[:1]
            yield self._one(pattern.replace("{}", first + sentence[1:]))

    def _one(self, line: str) -> Block:
        expand = self.fill.expand
        if line.startswith("@"):
            return self._mount(line)
        if line.startswith(("# ", "## ")):
            level, text = line.split(" ", 1)
            return Text(expand(text), "center", 1.25 if level == "#" else 1.05, bold=True)
        if line.startswith(("| ", "|! ", ": ")):
            return self._row(line)
        if line[:2] in ("= ", "> ", "< ", "- "):
            prefix = "– " if line[0] == "-" else ""
            return Text(expand(prefix + line[2:]), ALIGN[line[0]])
        return Text(expand(line))

    def _row(self, line: str) -> Row:
        head, rest = line.split(" ", 1)
        cells = tuple(self.fill.expand(cell.strip()) for cell in BARS.split(rest))
        if head == ":":
            share = 100 // len(cells)
            return Row(cells, (share,) * len(cells), ("center",) * len(cells), border=False)
        missing = len(self.widths) - len(cells)
        return Row(
            cells + ((),) * missing, self.widths, self.aligns, border=True, bold=head == "|!"
        )

    def _mount(self, line: str) -> Block:
        kind, *rest = line[1:].split()
        if kind == "reg":
            return Boxed(
                tuple(
                    map(
                        self.fill.expand,
                        ("PRIMĂRIA {uat.gen^}", "INTRARE Nr. {nr_inreg}", "Data {data_inreg}"),
                    )
                )
            )
        if kind == "stamp":
            lines = line.removeprefix("@stamp ").split(" / ")
            return Boxed(tuple(map(self.fill.expand, lines)))
        if kind == "arms":
            return Mount(kind, side=rest[0])
        return Mount(kind, float(rest[0]) if rest else 0.0, rest[1] if len(rest) > 1 else "")


def _count(rng: random.Random, low: int, high: int) -> int:
    """Nearer to the low end, as most papers are short."""
    return low + int((high - low + 1) * rng.random() ** 1.3 * 0.9999)
