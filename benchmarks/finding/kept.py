"""An index that was built once and is measured many times: kept in a folder with what building took."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from search.index.fields import INDEX_VERSION

_TOLD = "built.json"
Built = Mapping[str, object]


@contextmanager
def folder_of(data: Path | None, name: str) -> Iterator[Path]:
    """The folder of an index below `data`, or one that is removed afterwards."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="opis-finding-") as temporary:
            yield Path(temporary)
        return
    folder = (data / name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def name_of(backend: str, pages: int, noise: float) -> str:
    """The folder's name: an index of other parameters, or another version, is another one."""
    return f"{backend}-v{INDEX_VERSION}-{pages}-{noise:g}"


def built(folder: Path) -> Built | None:
    """What building took; None of an index that is not whole."""
    try:
        told: Built = json.loads((folder / _TOLD).read_bytes())
    except FileNotFoundError:
        return None
    return told


def keep(folder: Path, told: Built) -> None:
    """Marks an index as whole."""
    (folder / _TOLD).write_text(json.dumps(told), encoding="utf-8")


@contextmanager
def linked(index: Path) -> Iterator[Path]:
    """An archive whose embedded index is a copy by hard links: what is written there stays there.

    The engine never changes a file that it wrote; its small files are replaced as a whole.
    """
    with tempfile.TemporaryDirectory(prefix=".written-", dir=index.parent.parent) as folder:
        copy = Path(folder) / "archive"
        shutil.copytree(index, copy / index.name, copy_function=os.link)
        yield copy
