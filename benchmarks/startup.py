"""How long a person waits for `opis --help` and `opis status`: medians of several starts.

python -m benchmarks.startup [--archive DIR] [--runs N] --json
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

LIMITS = {"help": 0.3, "status": 0.8}
"""Seconds, as the product promises them on 2 idle cores."""


def seconds(arguments: list[str], runs: int, archive: Path) -> list[float]:
    """Wall-clock seconds of each run, after one that warms the disk cache."""
    opis = Path(sys.executable).with_name("opis")
    environment = {**os.environ, "OPIS_ARCHIVE": str(archive)}
    taken = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run([opis, *arguments], env=environment, capture_output=True, check=True)
        taken.append(time.perf_counter() - started)
    return taken[1:]


def measure(runs: int, archive: Path) -> dict[str, object]:
    """Median and worst of each command beside its limit, with the load of the machine."""
    commands = {"help": ["--help"], "status": ["status"]}
    result: dict[str, object] = {"runs": runs, "load": os.getloadavg()[0]}
    for name, arguments in commands.items():
        taken = seconds(arguments, runs, archive)
        result[name] = {
            "median": round(statistics.median(taken), 3),
            "worst": round(max(taken), 3),
            "limit": LIMITS[name],
            "within": statistics.median(taken) <= LIMITS[name],
        }
    return result


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, required=True, help="an archive that exists")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    told = measure(chosen.runs, chosen.archive)
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
