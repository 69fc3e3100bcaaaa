"""One archive of the three sample binders, made once; small binders for what has to be killed."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from examples.binders import generate
from tests.flows.opis_command import Done, Place, copied
from tests.services.once import made_once

TWO_READ = {"OPIS_WORKERS": "2"}


@pytest.fixture(scope="session")
def whole_way(sample_binders: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Done]:
    """The process's own copy of the sample binders, taken in by one `opis scan-batch --json`; to be left as they are."""

    def make(folder: Path) -> None:
        (folder / "binders").symlink_to(sample_binders / "binders")
        done = Place(folder, TWO_READ).run("scan-batch", "binders", "--json")
        (folder / "done.json").write_text(json.dumps(asdict(done)), encoding="utf-8")

    made = made_once(tmp_path_factory, "whole-way", make)
    place = copied(Place(made, TWO_READ), tmp_path_factory.mktemp("whole-way"))
    (place.root / "binders").symlink_to(sample_binders / "binders")
    return place, Done(**json.loads((made / "done.json").read_text(encoding="utf-8")))


@pytest.fixture
def own_archive(whole_way: tuple[Place, Done], tmp_path: Path) -> Place:
    """A copy of the sample archive, to be changed, beside the same sources."""
    place = copied(whole_way[0], tmp_path)
    (tmp_path / "binders").symlink_to((whole_way[0].root / "binders").resolve())
    return place


@pytest.fixture(scope="session")
def small_binders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two binders of five pages, quickly read: a TIFF and a PDF, without batch.json."""

    def make(folder: Path) -> None:
        (folder / "small").mkdir()
        for seed, form in ((11, "tiff"), (12, "pdf")):
            made = generate(folder / form, 1, 5, seed, dpi=150, faults="light", form=form)
            shutil.copy(made[0], folder / "small" / f"{form}{made[0].suffix}")

    return made_once(tmp_path_factory, "small", make) / "small"


@pytest.fixture
def small_place(small_binders: Path, tmp_path: Path) -> Place:
    """An empty archive beside the two small binders."""
    shutil.copytree(small_binders, tmp_path / "small")
    return Place(tmp_path, {"OPIS_WORKERS": "2"})
