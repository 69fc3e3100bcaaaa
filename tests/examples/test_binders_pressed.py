"""Seals that are pressed on private data change the picture, and nothing of the truth."""

import random

import cv2
import numpy as np

from examples.binders import generate
from examples.binders.compose import Options, compose
from examples.binders.pressing import press
from examples.binders.truth import truth_pages


def test_seals_lie_on_private_words_and_within_the_page():
    size, pressed = (1654, 2339), 0
    plan = compose(0, Options(pages=40, seed=31, dpi=200, templates="dev"))
    for number, page in enumerate(page for page in plan.pages if page.kind == "text"):
        before = len(page.sheet.drawings)
        press(page.sheet, 200, size, random.Random(number))
        private = [
            w
            for line in page.sheet.lines
            for w in line
            if any(not s.mark.official for s in w.spans)
        ]
        for kind, (x, y, wide, high), *_ in map(as_tuple, page.sheet.drawings[before:]):
            pressed += 1
            assert kind == "seal"
            assert 0 <= x <= size[0] - wide
            assert 0 <= y <= size[1] - high
            assert any(x - 200 < w.x < x + wide + 50 and y < w.y < y + high + 40 for w in private)
    assert pressed > 4


def as_tuple(drawing):
    return drawing.kind, drawing.box


def test_the_truth_stays_and_only_pages_with_private_data_change(tmp_path):
    pages = []
    for name, pressed in (("plain", False), ("pressed", True)):
        place = tmp_path / name
        generate(
            place,
            1,
            20,
            31,
            dpi=100,
            templates="dev",
            faults="none",
            form="folder",
            pressed=pressed,
        )
        folder = next((place / "binders").iterdir())
        truth = sorted(truth_pages(place, folder.name), key=lambda page: page.page)
        pictures = [cv2.imread(str(folder.parent / page.file), 0) for page in truth]
        pages.append((truth, pictures))
    (plain, before), (same, after) = pages
    assert [(p.text, p.words, p.entities) for p in plain] == [
        (p.text, p.words, p.entities) for p in same
    ]
    assert all(picture is not None for picture in (*before, *after))
    changed = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    assert any(changed)
    private = [any(not one.official for one in page.entities) for page in plain]
    assert all(has for has, other in zip(private, changed, strict=True) if other)
