"""The benchmark's index is built once, used again, and is afterwards what it was."""

import argparse
from pathlib import Path

import pytest

from benchmarks.finding.__main__ import _measured
from benchmarks.finding.kept import built, name_of
from schemas.settings import Settings
from search.backend import open_backend

PAGES = 60
FREQUENT = "de a în la din pentru privind oraș strada primăria consiliul local hotărâre cerere plan"
RARE = [
    f"cuvânt{one}{other}{last}" for one in "bcdefghijk" for other in "aeiou" for last in "lmnrst"
]
WORDS = (*FREQUENT.split(), *RARE)


@pytest.fixture
def chosen(tmp_path: Path) -> argparse.Namespace:
    wordlist = tmp_path / "words"
    wordlist.write_text("\n".join(WORDS * 13), encoding="utf-8")
    return argparse.Namespace(
        pages=PAGES, noise=0.03, wordlist=wordlist, data=tmp_path / "data", searches=2,
        kinds=("word", "suggest"), build_only=False, meanwhile=True, relevance=False,
    )  # fmt: skip


def files_of(folder: Path) -> dict[str, bytes]:
    every = (path for path in folder.rglob("*") if path.is_file() and "lock" not in path.name)
    return {str(path.relative_to(folder)): path.read_bytes() for path in every}


@pytest.mark.slow
def test_a_kept_index_is_used_again_and_left_as_it_was(chosen):
    first = _measured(chosen, "embedded")
    folder = chosen.data / name_of("embedded", PAGES, 0.03)
    before = files_of(folder)
    second = _measured(chosen, "embedded")

    assert (first["indexing"]["reused"], second["indexing"]["reused"]) == (False, True)
    assert first["bytes_a_page"] == second["bytes_a_page"] > 0
    assert second["while_another_indexes"]["pages_then"] > PAGES
    assert files_of(folder) == before
    assert open_backend(Settings(archive=folder / "archive")).count() == PAGES


def test_an_index_that_was_not_finished_is_built_again(chosen):
    chosen.build_only = True
    _measured(chosen, "embedded")
    folder = chosen.data / name_of("embedded", PAGES, 0.03)
    (folder / "built.json").unlink()

    assert built(folder) is None
    assert _measured(chosen, "embedded")["indexing"]["reused"] is False
    assert built(folder)["pages"] == PAGES


def test_other_parameters_are_another_index():
    names = {
        name_of(b, p, n) for b in ("embedded", "elasticsearch") for p in (1, 2) for n in (0, 0.03)
    }
    assert len(names) == 8
