"""What people and slow networks do to an inbox: nothing is stranded, nothing is lost."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from io import BytesIO, FileIO
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import HUNG, Done, Place
from benchmarks.faults.judging import Problem, Tally, originals, tail
from benchmarks.faults.kills import STATION, WATCH
from benchmarks.faults.tracer import Call, Decision
from schemas.hashing import hash_file

_MANY = 1000
_SETTLE = 3
NAME = "binder.tif"


def _inbox(place: Place) -> Path:
    folder = place.archive / STATION / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _binder(place: Place, more: int = 0) -> bytes:
    (path,) = (place.root / "src").glob("*.tif")
    return path.read_bytes() + bytes(more)


def _there(place: Place) -> set[str]:
    """SHA-256 of everything that lies anywhere in the archive."""
    return {hash_file(p) for p in place.archive.rglob("*") if p.is_file() and not p.is_symlink()}


def _stranded(place: Place) -> list[Problem]:
    station = place.archive / STATION
    left = [p for f in ("inbox", "claimed") for p in (station / f).glob("[!.]*")]
    return [Problem("lost", f"stranded: {p.relative_to(station)}") for p in left]


def _ended(done: Done) -> list[Problem]:
    wrong = done.code == HUNG or done.crashed or done.code not in {0, 3}
    return [Problem("stuck", tail(done))] if wrong else []


def _judged(place: Place, sent: tuple[bytes, ...], *, taken: bool) -> list[Problem]:
    """After some looks more: nothing left lying, all that was sent in units (or at least kept)."""
    problems: list[Problem] = []
    for _ in range(_SETTLE):
        problems = _ended(place.run(*WATCH))
    held, there = originals(place), _there(place)
    for data in sent:
        digest = sha256(data).hexdigest()
        if digest not in (held if taken else there):
            problems.append(Problem("lost", f"{len(data)} bytes that were sent"))
    problems += [Problem("doubled", d[:12]) for d, count in held.items() if count > 1]
    verified = place.run("verify", "--json") if held else None
    if verified and verified.code:
        problems.append(Problem("damaged", tail(verified)))
    return [*problems, *_stranded(place), *_untold(place)]


def _untold(place: Place) -> list[Problem]:
    """A receipt that still says `waiting` or `taken`, or a refusal without reason and remedy."""
    problems = []
    for path in (place.archive / STATION / "receipts").glob("[!.]*.json"):
        told = msgspec.json.decode(path.read_bytes())
        if told.get("state") not in {"done", "refused"}:
            problems.append(Problem("silent", f"receipt {path.name}: {told.get('state')}"))
        if told.get("state") == "refused" and not (told.get("reason") and told.get("remedy")):
            problems.append(Problem("unnamed", f"receipt {path.name}: {told}"))
    return problems


def _meanwhile(place: Place, act: Callable[[], None]) -> list[Problem]:
    """The station acts while a watcher looks."""
    watching = place.start(*WATCH)
    try:
        act()
    except BaseException:
        watching.end()
        raise
    return _ended(watching.wait(60))


def _slowly(path: Path, data: bytes, pieces: int, pause: float) -> Callable[[], None]:
    def act() -> None:
        size = -(-len(data) // pieces)
        with path.open("wb") as stream:
            for start in range(0, len(data), size):
                stream.write(data[start : start + size])
                stream.flush()
                time.sleep(pause)

    return act


def slow_copy(bench: Bench, pause: float, *, whole: bool) -> list[Problem]:
    """A copy in eight pieces, with pauses shorter or longer than the window."""
    with bench.place() as place:
        data = _binder(place)
        first = _meanwhile(place, _slowly(_inbox(place) / NAME, data, 8, pause))
        return [*first, *_judged(place, (data,), taken=whole)]


def reopened(bench: Bench, pause: float, *, held: bool) -> list[Problem]:
    """A complete file that grows later: by its name again, or by a descriptor that stayed open."""
    with bench.place() as place:
        data, more = _binder(place), bytes(range(256))
        path = _inbox(place) / NAME

        def act() -> None:
            path.write_bytes(data)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND) if held else -1
            time.sleep(pause)
            if not held:
                descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            os.write(descriptor, more)
            os.close(descriptor)

        first = _meanwhile(place, act)
        kept = sha256(data + more).hexdigest() in _there(place) | set(originals(place))
        return [
            *first,
            *_judged(place, (data + more,) if kept or held else (data, more), taken=False),
        ]


def many(bench: Bench, count: int) -> list[Problem]:
    """A folder of so many pages at once."""
    with bench.place() as place:
        folder = _inbox(place) / "raft"
        folder.mkdir()
        blank = Image.fromarray(np.full((350, 250), 255, np.uint8))
        for number in range(count):
            told = PngInfo()
            told.add_text("page", str(number))
            blank.save(folder / f"{number:04d}.png", pnginfo=told, dpi=(100, 100))
        (_inbox(place) / "raft.ok").touch()
        sent = tuple(p.read_bytes() for p in sorted(folder.iterdir()))
        first = _ended(place.run(*WATCH, seconds=900))
        return [*first, *_judged(place, sent, taken=True)]


class _Vanishing:
    """Deletes the drop, wherever it lies, at the n-th call."""

    def __init__(self, place: Place, number: int) -> None:
        self._station = place.archive / STATION
        self._number = number

    def __call__(self, call: Call) -> Decision:
        if call.number == self._number:
            for path in self._station.rglob(NAME):
                if path.is_file():
                    path.unlink(missing_ok=True)
        return None


def vanished(bench: Bench, number: int) -> list[Problem]:
    """The file is gone in the middle of it; dropped again it is taken."""
    with bench.place() as place:
        data = _binder(place)
        for attempt in range(2):
            (_inbox(place) / NAME).write_bytes(data)
            (_inbox(place) / "binder.ok").touch()
            decide = _Vanishing(place, 0 if attempt else number)
            problems = _ended(place.traced(decide, *WATCH))
        return [*problems, *_judged(place, (data,), taken=True)]


def same_name(bench: Bench) -> list[Problem]:
    """The same name with other bytes: two units, or refused with a reason; never one over another."""
    with bench.place() as place:
        sent = tuple(_binder(place, more) for more in (0, 1))
        problems: list[Problem] = []
        for data in sent:
            (_inbox(place) / NAME).write_bytes(data)
            (_inbox(place) / "binder.ok").touch()
            problems += _ended(place.run(*WATCH))
        return [*problems, *_judged(place, sent, taken=False)]


def replaced(bench: Bench) -> list[Problem]:
    """The same name with other bytes, while the first is being taken."""
    with bench.place() as place:
        first, second = (_binder(place, more) for more in (0, 1))
        (_inbox(place) / NAME).write_bytes(first)
        (_inbox(place) / "binder.ok").touch()

        def act() -> None:
            until = time.monotonic() + 20
            while (_inbox(place) / NAME).exists() and time.monotonic() < until:
                time.sleep(0.005)
            (_inbox(place) / NAME).write_bytes(second)
            (_inbox(place) / "binder.ok").touch()

        problems = _meanwhile(place, act)
        return [*problems, *_judged(place, (first, second), taken=False)]


def same_bytes(bench: Bench) -> list[Problem]:
    """Another name with the same bytes is the same unit."""
    with bench.place() as place:
        data = _binder(place)
        for name in ("a", "b"):
            (_inbox(place) / f"{name}.tif").write_bytes(data)
            (_inbox(place) / f"{name}.ok").touch()
        first = _ended(place.run(*WATCH))
        units = len(tuple(place.archive.glob("units/*/*")))
        doubled = [Problem("doubled", f"{units} units")] if units != 1 else []
        return [*first, *doubled, *_judged(place, (data,), taken=True)]


_PAGES = 5


def _page(number: int) -> bytes:
    made, told = BytesIO(), PngInfo()
    told.add_text("page", str(number))
    blank = Image.fromarray(np.full((350, 250), 255, np.uint8))
    blank.save(made, "PNG", pnginfo=told, dpi=(100, 100))
    return made.getvalue()


def _begun(path: Path) -> FileIO:
    """A new file; its folder is made again where it was taken meanwhile, as a scanner does."""
    while True:
        path.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            return path.open("xb", buffering=0)


def _in_pieces(folder: Path, pages: Sequence[bytes], pause: float, pieces: int) -> None:
    """Each page in so many writes, with a pause after each."""
    for number, data in enumerate(pages):
        size = -(-len(data) // pieces)
        with _begun(folder / f"{number:04d}.png") as stream:
            for start in range(0, len(data), size):
                stream.write(data[start : start + size])
                time.sleep(pause)


def page_by_page(bench: Bench, way: str, pause: float, *, early: bool = False) -> list[Problem]:
    """A folder of pages, slowly: by manifest (a), by a rename at its end (b), or by nothing (c).

    Where it may be taken `early`, between two pages, all of them have to be one unit in the end.
    """
    with bench.place() as place:
        pages = tuple(_page(number) for number in range(_PAGES))
        inbox, pieces = _inbox(place), 1 if early else 2

        def act() -> None:
            if way == "rename":
                (inbox.parent / "station.toml").write_text('delivery = "rename"\n')
                _in_pieces(inbox / "raft.part", pages, pause, pieces)
                (inbox / "raft.part").rename(inbox / "raft")
                return
            if way == "manifest":
                told = [
                    {"name": f"{n:04d}.png", "bytes": len(d), "sha256": sha256(d).hexdigest()}
                    for n, d in enumerate(pages)
                ]
                (inbox / "raft.batch.json").write_bytes(msgspec.json.encode({"files": told}))
            _in_pieces(inbox / "raft", pages, pause, pieces)

        first = _meanwhile(place, act)
        problems = [*first, *_judged(place, pages, taken=True)]
        units = len(tuple(place.archive.glob("units/*/*")))
        problems += [Problem("doubled", f"{units} units")] if units > 1 else []
        receipt = place.archive / STATION / "receipts/raft.json"
        joined = msgspec.json.decode(receipt.read_bytes())["joined"] if receipt.exists() else 0
    late = Problem("early", f"{joined} pages came later")
    return [*problems, late] if joined and not early else problems


def inboxes(bench: Bench) -> dict[str, object]:
    """Everything a station may do to its inbox."""
    tally, chances = Tally(), bench.draw("stations")
    few = bench.most < _MANY
    trials: dict[str, Callable[[], list[Problem]]] = {
        "slow copy, pauses under the window": lambda: slow_copy(bench, 0.15, whole=True),
        "slow copy, pauses over the window": lambda: slow_copy(bench, 0.7, whole=False),
        "grows by its name before it is taken": lambda: reopened(bench, 0.1, held=False),
        "grows by its name after it is taken": lambda: reopened(bench, 2.5, held=False),
        "grows by an open descriptor before it is taken": lambda: reopened(bench, 0.1, held=True),
        "grows by an open descriptor while it is taken": lambda: reopened(bench, 0.7, held=True),
        "pages with a manifest, pauses over the window": lambda: page_by_page(
            bench, "manifest", 0.7
        ),
        "pages, then a rename, pauses over the window": lambda: page_by_page(bench, "rename", 0.7),
        "pages, pauses under the window": lambda: page_by_page(bench, "", 0.15),
        "pages, pauses over the window": lambda: page_by_page(bench, "", 0.7, early=True),
        "same name, other bytes": lambda: same_name(bench),
        "same name, other bytes, meanwhile": lambda: replaced(bench),
        "same bytes, other name": lambda: same_bytes(bench),
        f"{40 if few else _MANY} files at once": lambda: many(bench, 40 if few else _MANY),
    }
    for number in sorted(chances.sample(range(2, 140), min(20, bench.most))):
        trials[f"vanished at call {number}"] = lambda n=number: vanished(bench, n)  # type: ignore[misc]  # bound now
    for name, trial in trials.items():
        if not bench.over:
            tally.add(name, trial())
    return tally.figures()
