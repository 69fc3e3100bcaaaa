"""Real scans: what is read, how pages lie, which are blank."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from pipeline.imaging.image import prepare
from pipeline.page import read_page
from schemas.records import PageState
from schemas.settings import Settings

pytestmark = pytest.mark.corpus
SETTINGS = Settings()
SCANS = ("rastolita_eliberarea_certificatelor", "rastolita_inregistrarea_casatorie")
TYPESCRIPTS = ("15_20092_default.jpg", "0_4a125_default.jpg", "FRAN_0150_0005_L-medium.jpg")


def page_of(path: Path) -> np.ndarray:
    """The first page's JPEG in a PDF, as it is."""
    with pikepdf.open(path) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        return cv2.imdecode(np.frombuffer(image.read_raw_bytes(), np.uint8), cv2.IMREAD_COLOR)


def grey(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image.convert("L"))


def lie(pixels: np.ndarray) -> tuple[int, float]:
    """Clockwise quarter turns and skew that are taken out."""
    transform = prepare(pixels, 300, SETTINGS).transform
    angle = np.degrees(np.arctan2(transform.d, transform.a))
    turns = round(angle / 90)
    return turns % 4, float(90 * turns - angle)


def error_rate(read: str, truth: str) -> float:
    read, truth = " ".join(read.split()), " ".join(truth.split())
    return Levenshtein.distance(read, truth) / len(truth)


@pytest.mark.parametrize(
    ("name", "dpi", "most"),
    [(SCANS[0], 300, 0.01), (SCANS[1], 300, 0.01), ("coseiu_anunt_cadastru", 72, 0.03)],
)
def test_romanian_scans_are_read(shared_data: Path, name: str, dpi: int, most: float) -> None:
    folder = shared_data / "ro_scans"
    truth = (folder / f"{name}_scan.p1.gt.txt").read_text(encoding="utf-8")
    outcome = read_page(page_of(folder / f"{name}_scan.pdf"), dpi, SETTINGS, "ron", False)
    assert outcome.state is PageState.RECOGNISED
    assert error_rate(outcome.text.plain, truth) <= most


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("name", SCANS)
def test_scans_are_turned_upright(shared_data: Path, name: str, turns: int) -> None:
    page = page_of(shared_data / "ro_scans" / f"{name}_scan.pdf")
    assert lie(np.rot90(page, turns).copy())[0] == turns


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("name", TYPESCRIPTS)
def test_typescripts_are_turned_upright(shared_data: Path, name: str, turns: int) -> None:
    page = grey(shared_data / "gt_typescript_fr" / name)
    assert lie(np.rot90(page, turns).copy())[0] == turns


def test_skew_as_labelled(shared_data: Path) -> None:
    """The labels are whole degrees, anticlockwise positive for the sheet's turn they undo."""
    folder = shared_data / "skew_orient_blank"
    rows = csv.DictReader((folder / "expected_angles.tsv").open(), delimiter="\t")
    labels = {row["file"]: float(row["angle_deg_from_sbrunner_test_suite"]) for row in rows}
    assert len(labels) == 4
    for name, degrees in labels.items():
        assert lie(grey(folder / name)) == (0, pytest.approx(degrees, abs=0.6)), name


def test_blank_and_written_pages(shared_data: Path) -> None:
    folder = shared_data / "skew_orient_blank"
    empty = read_page(grey(folder / "naps2_blank1.jpg"), 300, SETTINGS, "ron", False)
    assert empty.state is PageState.BLANK
    written = sorted(folder.glob("deskew-*.png"))
    assert len(written) == 4
    assert not any(prepare(grey(path), 300, SETTINGS).blank for path in written)
