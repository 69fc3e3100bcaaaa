"""Cover and separator sheets as a PDF to print: A4, 15 mm margins, black on white."""

import logging
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TextMode
from PIL import Image

from pipeline.sheets.codes import cover_codes, separator_codes
from schemas.durable import write_bytes_durably
from schemas.inventory import ListedUnit
from schemas.messages import say

_FONT = "NotoSans"
_FONT_FILE = files("ocrmypdf") / "data" / "NotoSans-Regular.ttf"
_WIDTH, _MARGIN = 210.0, 15.0
_INNER = _WIDTH - 2 * _MARGIN
_QR, _QR_SEPARATOR = 74.0, 84.0
_BARS, _BARS_SEPARATOR = 172.0, 120.0
_BAR_HEIGHT = 20.0
_POINT = 25.4 / 72
_BOLD = 28
"""A bold letter's outline is this part of its size."""
_TITLE_LINES = 3


def draw_sheets(
    units: Sequence[ListedUnit], separators: int, institution: str, language: str
) -> bytes:
    """A PDF: for each unit its cover, then so many separators; without units only separators."""
    logging.getLogger("fpdf").setLevel(logging.ERROR)
    pdf = FPDF("portrait", "mm", "A4")
    pdf.set_margins(_MARGIN, _MARGIN)
    pdf.set_auto_page_break(False)
    pdf.set_lang(language)
    pdf.set_title(f"{institution}: {say('sheet_cover', language)}")
    pdf.add_font(_FONT, fname=str(_FONT_FILE))
    marks = separator_codes()
    for unit in units:
        _cover(pdf, unit, institution, language)
        for _ in range(separators):
            _separator(pdf, marks, institution, language)
    return bytes(pdf.output())


def write_sheets(
    path: Path, units: Sequence[ListedUnit], separators: int, institution: str, language: str
) -> None:
    """`draw_sheets` into a file that is complete or not there."""
    write_bytes_durably(path, draw_sheets(units, separators, institution, language))


def _cover(pdf: FPDF, unit: ListedUnit, institution: str, language: str) -> None:
    wide, bars = cover_codes(unit)
    pdf.add_page()
    _line(pdf, institution, 15, 12)
    _line(pdf, say("sheet_cover", language), 21, 24, bold=True)
    _line(pdf, say("sheet_cota", language), 36, 12)
    _line(pdf, unit.name.cota, 41, 64, bold=True, least=12)
    top = 76.0
    for text in _told(unit, language):
        _line(pdf, text, top, 18, least=9)
        top += 9
    _title(pdf, unit.title, top + 2)
    _image(pdf, wide, 142, _QR, _QR)
    _image(pdf, bars, 226, _BARS, _BAR_HEIGHT)
    _line(pdf, unit.name.reference, 247, 11)
    for place, key in enumerate(("sheet_cover_use", "sheet_cover_again", "sheet_keep_clear")):
        _line(pdf, say(key, language), 258 + 7 * place, 11, least=8)


def _told(unit: ListedUnit, language: str) -> Iterator[str]:
    """The parts of the name beside the cotă, those that are known."""
    name = unit.name
    if name.fond:
        yield say("sheet_fond", language, fond=name.fond)
    known = {
        "sheet_inventar": re.sub(r"(?i)^inv(entar)?\b[.:\s]*", "", name.inventar),
        "sheet_an": name.an,
        "sheet_leaves": "" if unit.leaves is None else str(unit.leaves),
    }
    told = [say(key, language, value=value) for key, value in known.items() if value]
    if told:
        yield "   ".join(told)


def _separator(
    pdf: FPDF, marks: tuple[Image.Image, Image.Image], institution: str, language: str
) -> None:
    square, bars = marks
    pdf.add_page()
    _line(pdf, institution, 15, 12)
    _line(pdf, say("sheet_separator", language), 22, 34, bold=True)
    _line(pdf, say("sheet_separator_means", language), 42, 18)
    for top in (62, 212):
        _image(pdf, bars, top, _BARS_SEPARATOR, _BAR_HEIGHT)
    _image(pdf, square, 105, _QR_SEPARATOR, _QR_SEPARATOR)
    for place, key in enumerate(("sheet_separator_use", "sheet_keep_clear")):
        _line(pdf, say(key, language), 262 + 7 * place, 11, least=8)


def _image(pdf: FPDF, picture: Image.Image, top: float, width: float, height: float) -> None:
    pdf.image(picture, x=(_WIDTH - width) / 2, y=top, w=width, h=height)


def _line(
    pdf: FPDF, text: str, top: float, size: float, *, bold: bool = False, least: float = 8
) -> None:
    """One centred line: smaller letters where it is too wide, cut where that does not help."""
    pdf.set_font(_FONT, size=size)
    while pdf.get_string_width(text) > _INNER - 2 and size > least:
        size -= 0.5
        pdf.set_font_size(size)
    while pdf.get_string_width(text) > _INNER - 2:
        text = f"{text[:-2].rstrip()}…"
    pdf.set_line_width(size * _POINT / _BOLD)
    with pdf.local_context(text_mode=TextMode.FILL_STROKE if bold else TextMode.FILL):
        pdf.set_xy(_MARGIN, top)
        pdf.cell(_INNER, size * _POINT * 1.3, text, align="C")


def _title(pdf: FPDF, title: str, top: float) -> None:
    """What the unit holds, in at most three lines."""
    pdf.set_font(_FONT, size=14)
    lines = pdf.multi_cell(
        _INNER, 7, title, align="C", dry_run=True, output=MethodReturnValue.LINES
    )
    lines = lines if isinstance(lines, list) else [title]
    kept = lines[:_TITLE_LINES]
    if len(lines) > _TITLE_LINES:
        kept[-1] = f"{kept[-1].rstrip()}…"
    for place, line in enumerate(kept):
        _line(pdf, line, top + 7 * place, 14)
