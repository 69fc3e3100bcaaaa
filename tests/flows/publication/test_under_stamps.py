"""An act with a name lost under a black seal waits for people, but for those who sign it in office."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from flows.publication.second_look import under_stamps
from flows.publication.tasks import CopyPage, CopyTask
from flows.stages.tasks import PageTask
from schemas.geometry import Box, Size
from schemas.layout import UnitLayout
from schemas.public import PublicRecord
from schemas.records import Regime
from schemas.settings import Settings
from schemas.sources import FileKind
from schemas.text import Block, Line, PageText, Word

DPI, WIDTH, HEIGHT, STEP, HIGH = 200, 1600, 1200, 48, 28
NAMES = "Ovidiu Cernat"
LOST = "Elena Vasilescu"


def row(number):
    return 80 + STEP * number


def put(pixels, text, x, number):
    cv2.putText(pixels, text, (x, row(number) + HIGH - 4), 0, 0.9, 0, 2)


def scanned(tmp_path: Path, after: int, *, sealed: bool) -> tuple[Path, PageText]:
    """A black and white page: body, a row of two names of which one is unread, `after` rows more."""
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    body = ["Se aproba raportul comisiei"] * 5 + [NAMES] + ["Anexa face parte din act"] * after
    lines = []
    for number, text in enumerate(body):
        put(pixels, text, 100, number)
        words = text.split()
        lines.append(
            Line(
                tuple(
                    Word(word, Box(100 + 110 * at, row(number), 100, HIGH), 0.97)
                    for at, word in enumerate(words)
                )
            )
        )
        cv2.rectangle(
            pixels, (100, row(number)), (100 + 110 * len(words), row(number) + HIGH), 255, -1
        )
    put(pixels, LOST, 800, 5)
    if sealed:
        cv2.circle(pixels, (900, row(5) + 14), 120, 0, 4)
        cv2.circle(pixels, (900, row(5) + 14), 84, 0, 3)
    path = tmp_path / "unit" / "representations" / "rep1" / "originals" / "1.png"
    path.parent.mkdir(parents=True)
    cv2.imwrite(str(path), pixels)
    size = Size(WIDTH, HEIGHT)
    return path, PageText(size, DPI, (Block(tuple(lines)),), source_size=size)


def held(tmp_path: Path, kind: str, after: int, *, sealed: bool = True) -> tuple[int, ...]:
    path, text = scanned(tmp_path, after, sealed=sealed)
    settings = Settings(archive=tmp_path / "archive")
    page = PageTask(
        UnitLayout(tmp_path / "unit"), 1, path.name, FileKind.PNG, 0, "ron", settings, "", ""
    )
    assert page.path == path
    record = PublicRecord("d", "u", Regime.PUBLIC, "", "", "", (), {"type": kind})
    task = CopyTask(tmp_path / "copy", record, (CopyPage(page, 1),), "", settings)
    return under_stamps(task, (text,))


@pytest.mark.parametrize("after", [0, 9])
def test_a_report_waits_wherever_the_name_was(tmp_path, after):
    assert held(tmp_path, "proces-verbal", after) == (1,)


@pytest.mark.parametrize("kind", ["dispoziție", "hotărâre"])
@pytest.mark.parametrize(("after", "waits"), [(0, ()), (9, (1,))])
def test_who_signs_in_office_keeps_no_act_but_a_name_in_its_body_does(tmp_path, kind, after, waits):
    assert held(tmp_path, kind, after) == waits


def test_without_a_seal_nothing_waits(tmp_path):
    assert held(tmp_path, "proces-verbal", 0, sealed=False) == ()
