"""An engine that crashes, never ends or asks for 10 GB: it costs a page, never the batch."""

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import Problem, Tally, originals, tail
from benchmarks.faults.recorded import NAME
from pipeline import recognition
from pipeline.imaging.raster import Pixels
from pipeline.recognition.interface import Engine, Recognised
from schemas.settings import Settings

_GIGABYTES = 10 << 30


def segfault() -> None:
    """A read at address 0."""
    ctypes.string_at(0)


def endless_loop() -> None:
    """It never ends."""
    while True:
        time.sleep(0.01)


def allocation() -> None:
    """10 GB, each page of them touched."""
    np.ones(_GIGABYTES, np.uint8)


def exception() -> None:
    """What nobody foresaw."""
    raise ZeroDivisionError


FAULTS = (segfault, endless_loop, allocation, exception)


@dataclass(frozen=True, slots=True)
class Faulty:
    """An engine of which every reading goes wrong."""

    fault: Callable[[], None]
    name: str = "faulty"

    def languages(self) -> tuple[str, ...]:
        return ("ron",)

    def knows(self, _language: str) -> Callable[[str], bool] | None:
        return None

    def read(self, _reading: Pixels, _dpi: int, _language: str) -> Recognised:
        """As the engine interface has it, but for its end."""
        self.fault()
        return Recognised()


def _installed(fault: Callable[[], None], names: tuple[str, ...]) -> Callable[[], None]:
    made = recognition._made  # noqa: SLF001 the one table of engines

    def faulty(name: str, told: Settings) -> Engine:
        return Faulty(fault) if name in names else made(name, told)

    def prepare() -> None:
        recognition._made = faulty  # type: ignore[assignment]  # noqa: SLF001 as above

    return prepare


def _problems(place: Place, bench: Bench) -> list[Problem]:
    done = place.run("scan-batch", "src", "--json")
    pages = done.json.get("pages") or {}
    problems: list[Problem] = []
    if done.code not in {0, 3} or pages.get("scanned") != bench.reference.pages["scanned"]:
        problems.append(Problem("stuck", f"the batch stopped: {tail(done)}"))
    if pages.get("failed") and done.code == 0:
        problems.append(Problem("silent", f"a page failed, and the exit code is 0: {tail(done)}"))
    lost = [s for s in bench.reference.sources if not originals(place)[s]]
    problems += [Problem("lost", digest[:12]) for digest in lost]
    if sum(pages.values()) != 2 * bench.reference.pages["scanned"]:
        problems.append(Problem("lost", f"pages in no state: {tail(done)}"))
    told = place.run("verify", "--json")
    return [*problems, *([Problem("damaged", tail(told))] if told.code else [])]


def batches(bench: Bench) -> dict[str, object]:
    """The engine alone, and with the one that is tried in its place."""
    tally = Tally()
    for fault in FAULTS[: bench.most]:
        for names in ((NAME,), (NAME, "pytesseract")):
            if bench.over:
                break
            prepare = _installed(fault, names)
            with bench.place(prepare=prepare, OPIS_PAGE_SECONDS="5") as place:
                tally.add(f"{fault.__name__} in {', '.join(names)}", _problems(place, bench))
    return tally.figures()
