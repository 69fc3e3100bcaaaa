"""Small drops for a station, and the watching of them as a person would start it."""

import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.flows.opis_command import Place

QUICK = {
    "OPIS_WORKERS": "1",
    "OPIS_STABILITY_SECONDS": "0.3",
    "OPIS_RESCAN_SECONDS": "0.2",
    "OPIS_RETRY_SECONDS": "0.5",
    "OPIS_FREE_MB": "1",
    "OPIS_FREE_SHARE": "0",
    "OPIS_WORKING_HOURS": "",
}


def station_place(root: Path, name: str = "S2", **more: str) -> Place:
    """A place with an empty station, quick to decide."""
    (root / f"archive/stations/{name}/inbox").mkdir(parents=True)
    return Place(root, {**QUICK, **more})


def station_of(place: Place) -> Path:
    return place.archive / "stations/S2"


def page(path: Path, word: str) -> Path:
    """A small page with words of its own."""
    picture = Image.new("L", (600, 400), 255)
    font = ImageFont.load_default(40)
    ImageDraw.Draw(picture).text((60, 120), f"Primaria municipiului\n{word} {word}", 0, font=font)
    path.parent.mkdir(exist_ok=True)
    picture.save(path, dpi=(200, 200))
    return path


def watch(place: Place, **more: str) -> tuple[int, list[tuple[str, str]], str]:
    """Exit code, events and stderr of one pass."""
    done = place.run("watch", "--once", "--json", **more)
    assert "Traceback" not in done.err, done.err
    events = [json.loads(line) for line in done.out.splitlines()]
    return done.code, [(e["event"], e["file"]) for e in events if "event" in e], done.err


def receipt(place: Place, name: str) -> dict:
    return json.loads((station_of(place) / f"receipts/{name}.json").read_bytes())
