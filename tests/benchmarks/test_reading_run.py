"""The whole command over sample pages, beside Tesseract."""

import json
import shutil
import subprocess
import sys

import pytest

from benchmarks.reading.sets import make_set
from tests.services.process import ROOT

pytestmark = pytest.mark.slow  # pages are drawn, then read by two programs


def _run(folder, *options):
    command = (sys.executable, "-m", "benchmarks.reading", folder, *options)
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )


@pytest.fixture(scope="module")
def two_pages(tmp_path_factory):
    whole = tmp_path_factory.mktemp("set") / "whole"
    classes = make_set(whole, binders=1, pages=6, seed=5)
    folder = tmp_path_factory.mktemp("two")
    names = sorted(classes)[:2]
    for name in names:
        for ending in (".jpg", ".gt.txt"):
            file = (whole / name).with_suffix(ending)
            shutil.copyfile(file, folder / file.name)
    shutil.copyfile(whole / "classes.tsv", folder / "classes.tsv")
    return folder


def test_opis_and_tesseract_read_the_same_pages(two_pages, tmp_path):
    keep = tmp_path / "keep"
    ran = _run(two_pages, "--json", "--peer", "tesseract,tesserocr", "--keep", keep)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["pages"] == told["pages_with_truth"] == 2
    assert set(told["variants"]) == {"opis", "tesseract", "tesserocr"}
    for variant in told["variants"].values():
        assert variant["failed"] == []
        assert variant["cpu_s_page"] > 0.02
        assert variant["peak_mb"] > 20
        assert set(variant["cer_pages"]) == {path.name for path in two_pages.glob("*.jpg")}
        assert variant["cer"]["all"] < 0.5
    assert told["variants"]["opis"]["cer"]["all"] < 0.1
    assert told["variants"]["opis"]["bytes_page"] > 5000
    assert told["ratios"]["tesseract"]["cpu"]["median"] > 0
    assert told["recognition"]["classes"]["all"]["pages"] == 2
    assert list(keep.glob("round-1/tesseract/*.pdf"))


def test_a_folder_without_pages_is_refused(tmp_path):
    ran = _run(tmp_path, "--json")
    assert ran.returncode == 2
    assert "no page" in ran.stderr
    assert _run(tmp_path, "--peer", "abbyy").returncode == 2
