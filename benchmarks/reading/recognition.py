"""Recognition alone, in one process: our engine and Tesseract in turns on the same prepared page.

python -m benchmarks.reading.recognition PAGES.json OUT.json LANGUAGE
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import cv2

from pipeline.imaging.image import Prepared, prepare
from pipeline.recognition import Engine, engine
from pipeline.recognition.cleaning import clean
from scanners.pages.decode import decode_page
from schemas.errors import PageFailedError
from schemas.geometry import Size
from schemas.settings import Settings, load_settings
from schemas.sources import FileKind
from schemas.text import PageText

OURS, PEER = "opis", "tesserocr"
_NOTHING: dict[str, Any] = {"cpu": 0.0, "wall": 0.0, "text": None, "tried": ""}


def _read(name: str, reader: Engine, prepared: Prepared, language: str) -> dict[str, Any]:
    """The page's lines; of our own engine after the pipeline's cleaning, of Tesseract as they came."""
    try:
        read = reader.read(prepared.reading, prepared.reading_dpi, language)
    except PageFailedError as error:
        return {"text": None, "tried": error.code}
    blocks = clean(read.blocks) if name == OURS else read.blocks
    return {"text": PageText(Size(0, 0), 0, blocks).plain, "tried": read.tried}


def _timed(name: str, reader: Engine, prepared: Prepared, language: str) -> dict[str, Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    read = _read(name, reader, prepared, language)
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**read, **spent}


def _prepared(row: dict[str, Any], settings: Settings) -> Prepared | None:
    try:
        kind = FileKind(row["kind"])
        image = decode_page(Path(row["path"]), kind, row["frame"], settings)
    except PageFailedError:
        return None
    prepared = prepare(image.pixels, image.dpi, settings)
    return None if prepared.blank or prepared.noise else prepared


def _load(readers: dict[str, Engine], prepared: Prepared, language: str) -> dict[str, float]:
    """CPU seconds of each engine's first page, above those of the same page read again."""
    first, again = (
        {name: _timed(name, reader, prepared, language)["cpu"] for name, reader in readers.items()}
        for _ in range(2)
    )
    return {name: max(0.0, first[name] - again[name]) for name in readers}


def read_all(rows: list[dict[str, Any]], language: str, settings: Settings) -> dict[str, Any]:
    """By page and engine CPU and wall seconds and text; who begins changes from page to page."""
    cv2.setNumThreads(1)
    readers = {OURS: engine(settings.engine, settings), PEER: engine(PEER, settings)}
    load: dict[str, float] = {}
    pages: dict[str, Any] = {}
    for number, row in enumerate(rows):
        prepared = _prepared(row, settings)
        if prepared is None:
            pages[row["key"]] = dict.fromkeys(readers, _NOTHING)
            continue
        load = load or _load(readers, prepared, language)
        order = list(readers) if number % 2 else list(reversed(readers))
        pages[row["key"]] = {
            name: _timed(name, readers[name], prepared, language) for name in order
        }
    return {"pages": pages, "load": load, "engines": {n: r.name for n, r in readers.items()}}


def main() -> None:
    """Read the pages that the first file lists; the second gets what was read."""
    rows, out, language = sys.argv[1:]
    told = read_all(json.loads(Path(rows).read_text(encoding="utf-8")), language, load_settings())
    Path(out).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
