"""Sheets as printed come back from the scanner: what names them, whichever way they lie."""

import random

import cv2
import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.separators import SPOILT, UNITS, turned
from pipeline.sheets.drawing import draw_sheets, write_sheets
from scanners.patch_code import has_patch_t
from scanners.sheets import read_sheet
from schemas.inventory import ListedUnit, UnitName

pytestmark = pytest.mark.slow

DPI = 150
POINTS = (595, 842)


def pages_of(pdf, dpi=DPI):
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=dpi / 72, grayscale=True).to_numpy().squeeze() for page in document]


@pytest.fixture(scope="module")
def printed():
    return pages_of(draw_sheets(UNITS, 1, "Primăria Sectorului 6", "ro"))


def test_each_unit_has_its_cover_and_its_separators(printed):
    assert len(printed) == 2 * len(UNITS)
    for place, unit in enumerate(UNITS):
        cover, separator = (read_sheet(page, DPI) for page in printed[2 * place : 2 * place + 2])
        told = {
            "fond": unit.name.fond,
            "inventar": unit.name.inventar,
            "cota": unit.name.cota,
            "an": unit.name.an,
            "file_certificate": str(unit.leaves or ""),
        }
        assert cover.keys == {key: value for key, value in told.items() if value}
        assert (separator.payload, separator.keys) == ("PATCHT", {})


def test_pages_are_a4_and_say_in_letters_what_the_codes_say():
    pdf = pypdfium2.PdfDocument(draw_sheets(UNITS[1:2], 1, "Primăria Sectorului 6", "ro"))
    for page in pdf:
        assert tuple(round(side) for side in page.get_size()) == POINTS
    text = pdf[0].get_textpage().get_text_bounded()
    for word in ("FIȘĂ DE ÎNCEPUT", "345/2016", "Primăria Sectorului 6", "198", "2016"):
        assert word in text
    assert UNITS[1].name.reference in text
    assert "FIȘĂ SEPARATOARE" in pdf[1].get_textpage().get_text_bounded()


@pytest.mark.parametrize("fault", SPOILT)
def test_spoilt_sheets_are_read(printed, fault):
    for seed, page in enumerate(printed[2:4], 1):
        rng = random.Random(seed)
        spoilt = turned(SPOILT[fault](page, rng, DPI), 90 * seed)
        sheet = read_sheet(spoilt, DPI)
        assert sheet is not None
        assert sheet.payload == "PATCHT" if seed == 2 else sheet.keys


def test_the_bars_alone_refer_to_the_list(printed):
    page = printed[2].copy()
    page[int(0.45 * len(page)) : int(0.74 * len(page))] = 255
    sheet = read_sheet(page, DPI)
    assert sheet.symbology == "Code 128"
    assert sheet.keys == {"reference": UNITS[1].name.reference}


@settings(max_examples=6, deadline=None)
@given(st.text(max_size=1500), st.text(max_size=60), st.text(max_size=200))
def test_any_text_is_drawn(title, cota, institution):
    unit = ListedUnit(UnitName(title[:120], "", cota, ""), None, title)
    assert draw_sheets((unit,), 0, institution, "en").startswith(b"%PDF")


def test_the_file_is_whole(tmp_path):
    write_sheets(tmp_path / "fișe.pdf", UNITS[:1], 0, "Primăria", "en")
    assert [path.name for path in tmp_path.iterdir()] == ["fișe.pdf"]
    assert len(pages_of((tmp_path / "fișe.pdf").read_bytes())) == 1


def patch(pattern, dpi=100, grow=0.0):
    """A page with four bars across its top, widths in inches."""
    page = np.full((round(11.7 * dpi), round(8.3 * dpi)), 255, np.uint8)
    top = 1.0
    for wide in pattern:
        height = (0.2 if wide else 0.08) + grow
        rows = slice(round(top * dpi), round((top + height) * dpi))
        page[rows, round(2 * dpi) : round(5 * dpi)] = 0
        top += height + 0.08 - grow
    return page


@pytest.mark.parametrize("grow", [-0.015, 0.0, 0.02])
@pytest.mark.parametrize("angle", [0, 90, 180, 270, 5, -8])
def test_patch_t_is_read(grow, angle):
    page = turned(patch((0, 1, 0, 1), grow=grow), angle)
    assert has_patch_t(page, 100)
    assert read_sheet(page, 100).payload == "PATCHT"


@pytest.mark.parametrize("pattern", [(1, 1, 0, 0), (1, 0, 0, 1), (0, 1, 1, 0), (0, 0, 1, 1)])
def test_other_patches_are_not(pattern):
    assert not has_patch_t(patch(pattern), 100)


def test_rulings_and_noise_are_no_patch():
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 255, (1170, 830), dtype=np.uint8)
    form = np.full((1170, 830), 255, np.uint8)
    for line in range(60, 1100, 16):
        cv2.line(form, (50, line), (780, line), 0, 8)
    for page in (noise, form, np.zeros_like(form), 255 - np.zeros_like(form)):
        assert not has_patch_t(page, 100)
