"""The benchmark of boundaries: what it counts, and that it runs."""

import json
import sys

import pytest

from benchmarks import boundaries
from benchmarks.boundaries import WEARS, Parted, of_archive, scores
from examples.binders import generate, load_truth
from pipeline.units import write_record
from schemas.layout import ArchiveLayout
from schemas.records import Document, Page, PageState, Unit


def test_scores_are_those_of_all_binders_together():
    told = scores(
        [
            Parted((3, 5, 8), (3, 5, 9), (9,), 10),
            Parted((2,), (2,), (), 4),
            Parted((), (), (), 1),
        ]
    )
    assert told["documents"] == 4
    assert (told["precision"], told["recall"], told["f1"]) == (75.0, 75.0, 75.0)
    low, high = told["f1_95"]
    assert low <= 75 <= high
    assert told["doubtful"] == pytest.approx(100 / 15, abs=0.01)
    assert told["wrong_and_sure"] == pytest.approx(100 / 15, abs=0.01)  # page 8; 9 was doubtful


def test_it_runs(monkeypatch, capsys):
    options = ["--binders", "1", "--pages", "12", "--seed", "3"]
    monkeypatch.setattr(sys, "argv", ["boundaries", *options])
    boundaries.main()
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"templates", "seed", *WEARS}
    assert told["as it is"]["documents"] > 0
    assert told["3 % misread"]["f1"] <= 100


def test_an_archive_is_compared_with_the_truth(tmp_path):
    out, archive = tmp_path / "out", tmp_path / "archive"
    generate(out, 1, 12, 3, text_only=True, templates="dev", separators=False)
    firsts = [d.first_page for d in load_truth(out, "biblioraft-001").documents]
    assert len(firsts) > 2
    pages = tuple(Page(n, PageState.RECOGNISED, "a.tif", n - 1) for n in range(1, 13))
    documents = tuple(Document(f"d{n}", n, first, first) for n, first in enumerate(firsts[:-1], 1))
    unit = Unit("ua-test234567", "biblioraft-001", "", "", "", pages=pages, documents=documents)
    write_record(unit, ArchiveLayout(archive).unit(unit.id))
    told = of_archive(archive, out)
    assert told["precision"] == 100
    assert told["recall"] == round(100 * (len(firsts) - 2) / (len(firsts) - 1), 2)
