"""What every family of faults works with: a tiny binder, archives in known states, a budget."""

import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count, islice, takewhile
from operator import itemgetter
from pathlib import Path
from threading import Event
from typing import TypeVar

from benchmarks.faults import recorded
from benchmarks.faults.commands import Place, load
from benchmarks.faults.judging import SCAN, Reference, reference_of
from examples.binders import generate

Made = tuple[str, int, int]
"""A sample binder: its form, its pages, its seed."""
Share = tuple[int, int]
"""Which part of the points, of how many."""
TINY: tuple[Made, ...] = (("tiff", 3, 11),)
BINDERS: tuple[Made, ...] = (("tiff", 5, 11), ("pdf", 8, 12))
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Bench:
    """`until` is a time of the monotonic clock; `most` limits the points of one scenario.

    Of the points in their seeded order the first `skip` are left out, and of the others all but
    one `part`: what was stopped goes on, and several processes share what is left. `real` are
    files of scanned binders; `scenarios` are the names of those that are tried, empty for all.
    """

    root: Path
    seed: int
    until: float
    most: int
    reference: Reference
    environment: Mapping[str, str]
    material: str = "tiny"
    numbers: Iterator[int] = field(default_factory=count)
    part: Share = (1, 1)
    skip: int = 0
    stopped: Event = field(default_factory=Event)
    real: tuple[Path, ...] = ()
    scenarios: tuple[str, ...] = ()

    def draw(self, *names: object) -> random.Random:
        """Chances that are the same in every run with this seed."""
        return random.Random(":".join(map(str, (self.seed, *names))))  # noqa: S311 chances, no secrets

    @property
    def over(self) -> bool:
        return self.stopped.is_set() or time.monotonic() > self.until

    def mixed(self, last: Mapping[Key, int]) -> Iterator[tuple[Key, int]]:
        """Points 1 to `last` of several scenarios in a seeded order, as many as the limits allow.

        Where a point stands, and in which part, is its own affair: with some calls more or less
        the other points keep their order.
        """
        chosen: list[tuple[float, Key, int]] = []
        for key, end in last.items():
            name = getattr(key, "name", key)
            if not self.scenarios or name in self.scenarios:
                mine = range(self.part[0], end + 1, self.part[1])
                ranks = ((self.draw(name, n).random(), key, n) for n in mine)
                chosen += sorted(ranks, key=itemgetter(0))[: self.most]
        order = [(key, number) for _, key, number in sorted(chosen, key=itemgetter(0))]
        return takewhile(lambda _: not self.over, islice(order, self.skip, None))

    @contextmanager
    def place(
        self,
        state: str = "new",
        prepare: Callable[[], None] | None = None,
        under: Path | None = None,
        **environment: str,
    ) -> Iterator[Place]:
        """A place of its own in a known state (`new`, `done`), gone afterwards."""
        root = (under or self.root) / f"place-{next(self.numbers)}"
        shutil.copytree(self.root / self.material / state, root, symlinks=True)
        try:
            yield Place(root, {**self.environment, **environment}, prepare)
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def with_binders(self) -> "Bench":
        """The same bench with larger binders, several at once: those told, else two generated."""

        def fill(folder: Path) -> None:
            for path in self.real:
                shutil.copy(path, folder)

        chosen = fill if self.real else generated(BINDERS)
        reference = _states(self.root / "binders", self.environment, chosen)
        return replace(self, reference=reference, material="binders")

    def with_time(self, seconds: float) -> "Bench":
        """The same bench with so much time from now on."""
        return replace(self, until=min(self.until, time.monotonic() + seconds))


def generated(binders: Sequence[Made]) -> Callable[[Path], None]:
    """What fills a folder with sample binders."""

    def fill(folder: Path) -> None:
        for form, pages, seed in binders:
            made = generate(
                folder.with_name(form), 1, pages, seed, dpi=100, faults="light", form=form
            )
            for path in made[0].parent.iterdir():
                _copied(path, folder / path.name.replace("001", f"{seed:03d}"), seed)
            shutil.rmtree(folder.with_name(form))

    return fill


def _states(root: Path, environment: Mapping[str, str], fill: Callable[[Path], None]) -> Reference:
    """The states `new` (sources alone) and `done` (taken in) of some binders under a folder."""
    new, done = root / "new", root / "done"
    (new / "src").mkdir(parents=True)
    fill(new / "src")
    shutil.copytree(new, done)
    place = Place(done, environment)
    first = place.run(*SCAN)
    if first.code:
        raise RuntimeError(f"an undisturbed run failed: {first.out}{first.err}")
    return reference_of(place, first)


def _copied(path: Path, to: Path, seed: int) -> None:
    """A file under another name; a sidecar tells the name that its binder has there."""
    data = path.read_bytes()
    if path.suffix == ".json":
        data = data.replace(b"biblioraft-001", f"biblioraft-{seed:03d}".encode())
    to.write_bytes(data)


def open_bench(root: Path, seed: int, seconds: float, most: int) -> Bench:
    """A bench in an empty folder; the commands' modules are loaded now."""
    load()
    recorded.install(root / "recorded")
    environment = {
        "OPIS_ENGINE": recorded.NAME,
        "OPIS_RESCAN_SECONDS": "0.1",
        "OPIS_STABILITY_SECONDS": "0.3",
        "OPIS_FREE_MB": "0",
        "OPIS_FREE_SHARE": "0",
    }
    reference = _states(root / "tiny", environment, generated(TINY))
    return Bench(root, seed, time.monotonic() + seconds, most, reference, environment)


def sampled(found: Sequence[str], most: int, chances: random.Random) -> tuple[str, ...]:
    """At most so many, drawn, in their order."""
    chosen = set(chances.sample(range(len(found)), min(most, len(found))))
    return tuple(one for n, one in enumerate(found) if n in chosen)
