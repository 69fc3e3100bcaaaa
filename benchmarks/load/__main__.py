"""How many calls the public side answers, what a flood of it costs staff, what time tells.

python -m benchmarks.load --json [--pages N] [--seconds S] [--workers N] [--wordlist FILE]
python -m benchmarks.load --inference --json [--pages N] [--calls N]

Bounded, and on the loopback address alone. Searches of generated pages (benchmarks.finding), with
hits highlighted from their ALTO; caller and server share the machine. The figure is calls a second
at which 95 in 100 take 200 ms at most. Nothing is left on disk.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from benchmarks.finding.pages import Corpus, corpus
from benchmarks.load import inference
from benchmarks.load.archives import asked_paths, fill
from benchmarks.load.flooding import harm, most
from schemas.settings import Settings

WORDLIST = Path("../shared/data/ro_text/langdata_ron.wordlist")


def measure(chosen: argparse.Namespace, folder: Path, made: Corpus) -> dict[str, object]:
    """Calls a second by processes, and staff during floods."""
    archive = folder / "archive"
    fill(Settings(archive=archive), made)
    paths = asked_paths(made)
    counts = sorted({1, chosen.workers})
    return {
        "anonymous": {n: most(archive, paths, chosen.seconds, n) for n in counts},
        "flood_of_one_address": harm(archive, paths, chosen.seconds, 1, limited=True),
        "flood_of_many_addresses": harm(archive, paths, chosen.seconds, 1, limited=False),
    }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each step")
    parser.add_argument("--workers", type=int, default=2, help="processes, beside one alone")
    parser.add_argument("--inference", action="store_true", help="calls to three archives instead")
    parser.add_argument("--calls", type=int, default=1_000, help="rounds of each kind")
    parser.add_argument("--wordlist", type=Path, default=WORDLIST)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    chosen = parser.parse_args()
    made, started = corpus(chosen.pages, chosen.wordlist, 0.03), time.perf_counter()
    told: dict[str, object] = {"pages": chosen.pages, "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="opis-load-") as folder:
        if chosen.inference:
            told["inference"] = inference.measure(Path(folder), made, chosen.calls)
        else:
            told |= measure(chosen, Path(folder), made)
    told["load"] = round(os.getloadavg()[0], 1)
    told["seconds"] = round(time.perf_counter() - started)
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
