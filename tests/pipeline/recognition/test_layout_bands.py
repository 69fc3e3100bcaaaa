"""Ruled lines of a very large page are found band by band, with the same ink as at once."""

import cv2
import numpy as np
import pytest

from pipeline.recognition.layout import rules

LETTER = 20.0


def ruled_page() -> np.ndarray:
    """Ink of a grid, with letters' worth of blots on and beside its lines."""
    ink = np.zeros((2600, 1800), np.uint8)
    for x in (100, 700, 1690):
        cv2.line(ink, (x, 60), (x, 2540), 255, 3)
    for y in range(60, 2600, 310):
        cv2.line(ink, (100, y), (1690, y), 255, 3)
    for number, (x, y) in enumerate(np.random.default_rng(0).integers(60, 1700, (200, 2))):
        cv2.putText(ink, "Rn8"[number % 3], (int(x), int(1.5 * y)), 0, 0.8, 255, 2)
    return ink


def test_bands_find_what_the_whole_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    ink = ruled_page()
    ruled, edges = rules.ruled_ink(ink, LETTER)
    monkeypatch.setattr(rules, "_MOST_AT_ONCE", 1800 * 700)
    banded, parts = rules._by_bands(ink, LETTER)
    assert np.count_nonzero(banded != ruled) < 0.002 * np.count_nonzero(ruled)
    upright = parts[:, 3] - parts[:, 1] > parts[:, 2] - parts[:, 0]
    level = edges[:, 2] - edges[:, 0] > edges[:, 3] - edges[:, 1]
    assert {tuple(e) for e in parts[~upright].tolist()} == {tuple(e) for e in edges[level].tolist()}
    for x in (100, 700, 1690):
        own = parts[upright & (abs(parts[:, 0] - x) < 4)]
        assert int((own[:, 3] - own[:, 1]).sum()) == pytest.approx(2480, abs=20)
    assert parts[:, 3].max() <= ink.shape[0]
