"""Faults done to Opis on purpose: what was lost, doubled, or not said.

python -m benchmarks.faults [--json] [--minutes N] [--only FAMILY,...] [--most N] [--seed N]
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.faults.bench import open_bench
from benchmarks.faults.families import FAMILIES

_ALL = 1_000_000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    add = parser.add_argument
    add("--json", action="store_true", help="one JSON object")
    add("--minutes", type=float, default=0, help="time for all families; 0: every point")
    add("--only", default="", help=f"families, with commas between: {', '.join(FAMILIES)}")
    add("--most", type=int, default=_ALL, help="at most so many points of one scenario")
    add("--seed", type=int, default=1)
    add("--folder", type=Path, default=None, help="where to work (default: memory, if there is)")
    return parser.parse_args()


def _base(told: Path | None) -> Path:
    memory = Path("/dev/shm")  # noqa: S108 only the place for a folder of our own
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return told or (memory if usable else Path(tempfile.gettempdir()))


def campaign(root: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """The chosen families' figures; the time is shared evenly by those that are left."""
    names = [n for n in chosen.only.split(",") if n] or list(FAMILIES)
    seconds = chosen.minutes * 60 or float(10**9)
    bench = open_bench(root, chosen.seed, seconds, chosen.most)
    told: dict[str, object] = {"seed": chosen.seed, "load": os.getloadavg()[0]}
    for place, name in enumerate(names):
        started = time.monotonic()
        share = (bench.until - started) / (len(names) - place)
        figures = FAMILIES[name](bench.with_time(share))
        told[name] = {"seconds": round(time.monotonic() - started, 1), **figures}
        sys.stderr.write(f"{name}: {json.dumps(told[name])[:300]}\n")
    return told


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
