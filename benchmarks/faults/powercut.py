"""Power cuts: the disk's image as it is at a moment, never unmounted, and what is left on it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import SCAN, Problem, Tally, after, binders_of, originals
from benchmarks.faults.kills import STATION, WATCH, Killer, Scenario, drop, station_problems
from benchmarks.faults.tracer import Call, Decision
from schemas.hashing import hash_file

_MEGABYTES = 40
_IN_ONE_RUN = 25
_IMAGES = 120
_TRIES = 50
SCENARIOS = (Scenario("watch", WATCH, prepared=drop), Scenario("scan-batch", SCAN))


def _do(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


@contextmanager
def mounted(image: Path) -> Iterator[Path]:
    """An ext4 image under a folder of its own; its journal is replayed as after a power cut."""
    folder = image.with_suffix(".mnt")
    folder.mkdir()
    _do("mount", "-o", "loop", image, folder)
    try:
        yield folder
    finally:
        _do("umount", folder)
        folder.rmdir()


def possible() -> str:
    """Why there can be no power cuts here; empty where there can."""
    if os.geteuid() or not Path("/dev/loop-control").exists() or not shutil.which("mkfs.ext4"):
        return "needs root, loop devices and mkfs.ext4"
    return ""


@dataclass(frozen=True, slots=True)
class Cut:
    """An image of the disk, and what people had been told when it was taken."""

    image: Path
    point: str
    receipts: dict[str, str]
    complete: frozenset[str]


class Cutter:
    """Copies the image at some calls, while the program stands there."""

    def __init__(self, image: Path, place: Place, numbers: frozenset[int]) -> None:
        self._image = image
        self._place = place
        self._numbers = numbers
        self.cuts: list[Cut] = []

    def __call__(self, call: Call) -> Decision:
        if call.number in self._numbers:
            copy = self._image.with_name(f"cut-{call.number}.img")
            told = _receipts(self._place), _complete(self._place)
            if _still_copy(self._image, copy):
                self.cuts.append(Cut(copy, f"{call.number}: {call.name} {call.path}", *told))
        return None


def _still_copy(image: Path, copy: Path) -> bool:
    """A copy between two writes of the disk: the one taken after it is the same."""
    other = copy.with_suffix(".again")
    try:
        for _ in range(_TRIES):
            _do("cp", "--sparse=always", image, copy)
            _do("cp", "--sparse=always", image, other)
            if subprocess.run(["cmp", "-s", copy, other], check=False).returncode == 0:
                return True
        return False
    finally:
        other.unlink(missing_ok=True)


def _receipts(place: Place) -> dict[str, str]:
    """What the station has been told of each drop, by its name."""
    found = (place.archive / STATION / "receipts").glob("[!.]*.json")
    return {p.stem: str(msgspec.json.decode(p.read_bytes()).get("state")) for p in found}


def _complete(place: Place) -> frozenset[str]:
    """SHA-256 of the originals of units whose manifest says that they are complete."""
    units = place.archive.glob("units/*/*/metadata/manifest-sha256.txt")
    folders = (path.parents[1] / "representations/rep1/originals" for path in units)
    return frozenset(hash_file(p) for folder in folders for p in folder.glob("[!.]*"))


def _unacknowledged(place: Place, cut: Cut) -> list[Problem]:
    """What was told before the cut and is not so after it."""
    held = originals(place)
    lost = [digest for digest in cut.complete if not held[digest]]
    station = [p for p in (place.archive / STATION).rglob("[!.]*") if p.is_file()]
    there = {hash_file(path) for path in station} | set(held)
    for path in binders_of(place.root / "src"):
        if cut.receipts.get(path.name) == "done" and not held[hash_file(path)]:
            lost.append(f"{path.name}: receipt done")
        if cut.receipts.get(path.name) == "taken" and hash_file(path) not in there:
            lost.append(f"{path.name}: receipt taken")
    return [Problem("lost", f"acknowledged and gone: {one}") for one in lost]


def _survived(cut: Cut, scenario: Scenario, bench: Bench) -> list[Problem]:
    with mounted(cut.image) as folder:
        place = Place(folder / "place", bench.environment)
        problems = _unacknowledged(place, cut)
        problems += after(place, bench.reference, *scenario.command)
        if scenario.prepared:
            problems += station_problems(place)
    cut.image.unlink()
    return problems


def _cuts(scenario: Scenario, numbers: frozenset[int], bench: Bench) -> tuple[Cut, ...]:
    image = bench.root / "disk.img"
    with image.open("wb") as stream:
        stream.truncate(_MEGABYTES << 20)
    _do("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
    with mounted(image) as folder:
        shutil.copytree(bench.root / bench.material / "new", folder / "place")
        place = Place(folder / "place", bench.environment)
        place.archive.mkdir()
        if scenario.prepared:
            scenario.prepared(place)
        _do("sync", "-f", folder)
        cutter = Cutter(image, place, numbers)
        place.traced(cutter, *scenario.command)
    image.unlink()
    return tuple(cutter.cuts)


def _last(scenario: Scenario, bench: Bench) -> int:
    counting = Killer(0, ("",))
    with bench.place() as place:
        if scenario.prepared:
            scenario.prepared(place)
        place.traced(counting, *scenario.command)
    return len(counting.calls)


def of_images(bench: Bench) -> dict[str, object]:
    """Images at seeded calls, mounted again, and the same command again on them."""
    why = possible()
    if why:
        return {"skipped": why}
    tally, acknowledged = Tally(), 0
    for number, scenario in enumerate(SCENARIOS * (_IMAGES // _IN_ONE_RUN)):
        left = min(_IMAGES, bench.most) - tally.tried
        if bench.over or left <= 0:
            break
        chances, last = bench.draw("cuts", number), _last(scenario, bench)
        chosen = chances.sample(range(1, last + 1), min(_IN_ONE_RUN, left, last))
        for cut in _cuts(scenario, frozenset(chosen), replace(bench)):
            acknowledged += bool(cut.complete or set(cut.receipts.values()) & {"taken", "done"})
            tally.add(f"{scenario.name} {cut.point}", _survived(cut, scenario, bench))
    tally.more["images with something acknowledged"] = acknowledged
    return tally.figures()
