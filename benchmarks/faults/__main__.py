"""Faults done to Opis on purpose: what was lost, doubled, or not said.

python -m benchmarks.faults [--json] [--minutes N] [--only FAMILY,...] [--most N] [--seed N]
SIGINT or SIGTERM ends it after the point at hand; the figures until there are printed.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.faults.bench import Bench, Share, open_bench
from benchmarks.faults.families import FAMILIES

_ALL = 1_000_000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    add = parser.add_argument
    add("--json", action="store_true", help="one JSON object")
    add("--minutes", type=float, default=0, help="time for all families; 0: every point")
    add("--only", default="", help=f"families, with commas between: {', '.join(FAMILIES)}")
    add("--scenarios", default="", help="of kill9 and disk_errors: names, with commas between")
    add("--most", type=int, default=_ALL, help="at most so many points of one scenario")
    add("--seed", type=int, default=1)
    add(
        "--part",
        type=_share,
        default=(1, 1),
        help="K/N: every N-th point of a scenario from the K-th on",
    )
    add("--skip", type=int, default=0, help="so many points of the seeded order were tried before")
    add("--real", type=Path, default=None, help="a folder of scanned PDF or TIFF for kill9_stages")
    add("--folder", type=Path, default=None, help="where to work (default: memory, if there is)")
    return parser.parse_args()


def _share(text: str) -> Share:
    part, parts = map(int, text.split("/"))
    if not 1 <= part <= parts:
        raise ValueError(text)
    return part, parts


def _base(told: Path | None) -> Path:
    memory = Path("/dev/shm")  # noqa: S108 only the place for a folder of our own
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return told or (memory if usable else Path(tempfile.gettempdir()))


def _opened(root: Path, chosen: argparse.Namespace) -> Bench:
    """The bench as it was asked for; a signal ends the families, not what they found."""
    seconds = chosen.minutes * 60 or float(10**9)
    made = open_bench(root, chosen.seed, seconds, chosen.most)
    found = sorted(chosen.real.iterdir()) if chosen.real else ()
    real = tuple(path for path in found if path.suffix in {".pdf", ".tif", ".tiff"})
    names = tuple(name for name in chosen.scenarios.split(",") if name)
    bench = replace(made, part=chosen.part, skip=chosen.skip, real=real, scenarios=names)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: bench.stopped.set())
    return bench


def campaign(root: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """The chosen families' figures; the time is shared evenly by those that are left."""
    names = [n for n in chosen.only.split(",") if n] or list(FAMILIES)
    bench = _opened(root, chosen)
    told: dict[str, object] = {"seed": chosen.seed, "load": os.getloadavg()[0]}
    for place, name in enumerate(names):
        if bench.stopped.is_set():
            break
        started = time.monotonic()
        share = (bench.until - started) / (len(names) - place)
        figures = FAMILIES[name](bench.with_time(share))
        told[name] = {"seconds": round(time.monotonic() - started, 1), **figures}
        sys.stderr.write(f"{name}: {json.dumps(told[name])[:300]}\n")
    return {**told, "stopped": True} if bench.stopped.is_set() else told


def main() -> int:
    """Print the figures; the exit code is 1 where a fault was not survived."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory(prefix="opis-faults-", dir=_base(chosen.folder)) as root:
        told = campaign(Path(root), chosen)
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2))
    figures = [one for one in told.values() if isinstance(one, dict)]
    return int(any(one.get("survived") != one.get("tried") for one in figures))


if __name__ == "__main__":
    sys.exit(main())
