"""How Opis grows with its machines: sharing, Prefect's part, resumption, and 5,000 binders.

python -m benchmarks.scale --json [--binders N] [--pages N] [--only sharing prefect resume]
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks.scale.drops import drop
from benchmarks.scale.prefects import overhead
from benchmarks.scale.resuming import OTHER_LIMIT, SAME_LIMIT, resume
from benchmarks.scale.services import Services, services
from benchmarks.scale.sharing import work
from examples.binders import generate

PARTS = ("sharing", "prefect", "resume")
_BINDERS, _PAGES_A_BINDER = 5000, 200
_MACHINES = (1, 2, 4, 8)
_CORES, _HOURS = 8, 24
_DAY = 86_400
_PAGE_CPU = 0.15
_LEAST_SHARING = 0.95
_SEED = 21


def sharing(binders: int, pages: int, served: Services, folder: Path) -> dict[str, object]:
    """Pages per worker CPU second of two machines against one.

    A worker works for hours, a measurement for minutes: what its start costs is measured with one
    small binder, and the ratio stands without it and with it.
    """
    small = folder / "small"
    drop(small, 0, 1)
    made = generate(folder / "made", binders, pages, _SEED, dpi=200, form="folder")
    work(1, (small / "d000",), served, folder / "warm")
    start = work(1, (small / "d000",), served, folder / "start")
    one = work(1, made, served, folder / "one")
    two = work(2, made, served, folder / "two")
    steady = (one.cpu - start.cpu) / (two.cpu - 2 * start.cpu)
    return {
        "one": one.told(),
        "two": two.told(),
        "start_cpu_seconds": round(start.cpu, 2),
        "cpu_seconds_a_page": round((one.cpu - start.cpu) / (one.pages - start.pages), 4),
        "cpu_ratio": round(steady, 3),
        "cpu_ratio_with_starts": round(one.cpu / two.cpu, 3),
        "wall_ratio": round(one.wall / two.wall, 3),
        "limit": _LEAST_SHARING,
        "within": steady >= _LEAST_SHARING,
    }


def resuming(served: Services, folder: Path) -> dict[str, object]:
    """Seconds until the next new page after a kill, beside their limits."""
    same = resume(served, folder / "same", elsewhere=False)
    other = resume(served, folder / "other", elsewhere=True)
    return {
        "same_command_seconds": same,
        "other_machine_seconds": other,
        "limits": [SAME_LIMIT, OTHER_LIMIT],
        "within": same <= SAME_LIMIT and other <= OTHER_LIMIT,
    }


def projection(page_cpu: float, ratio: float) -> dict[str, object]:
    """Days for 5,000 binders of 200 pages by the number of machines, and what that assumes."""
    pages = _BINDERS * _PAGES_A_BINDER
    seconds = pages * page_cpu / _CORES
    days = {n: seconds / (n * (min(1.0, ratio) if n > 1 else 1.0)) / _DAY for n in _MACHINES}
    return {
        "pages": pages,
        "days_by_machines": {n: round(value, 2) for n, value in days.items()},
        "assumes": {
            "cpu_seconds_a_page": page_cpu,
            "cores_a_machine": _CORES,
            "hours_a_day": _HOURS,
            "cores_busy": 1.0,
            "efficiency_of_more_than_one": min(1.0, ratio),
            "services": "on machines of their own, not counted",
            "storage": "never waited for",
        },
    }


def measure(chosen: argparse.Namespace) -> dict[str, object]:
    """All that was asked for, with the load of the machine beside it."""
    told: dict[str, object] = {"load": os.getloadavg()[0], "cores": os.cpu_count()}
    ratio, page_cpu = 1.0, chosen.binder_cpu / _PAGES_A_BINDER
    with tempfile.TemporaryDirectory(prefix="opis-scale-") as name:
        folder = Path(name)
        if {"sharing", "resume"} & set(chosen.only):
            with services() as served:
                if "sharing" in chosen.only:
                    told["sharing"] = found = sharing(chosen.binders, chosen.pages, served, folder)
                    ratio = float(str(found["cpu_ratio"]))
                    page_cpu = page_cpu or float(str(found["cpu_seconds_a_page"]))
                if "resume" in chosen.only:
                    told["resume"] = resuming(served, folder)
        if "prefect" in chosen.only:
            told["prefect"] = overhead((page_cpu or _PAGE_CPU) * _PAGES_A_BINDER)
    told["projection"] = projection(page_cpu or _PAGE_CPU, ratio)
    return told


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binders", type=int, default=24)
    parser.add_argument("--pages", type=int, default=20, help="pages of each binder")
    parser.add_argument(
        "--binder-cpu",
        type=float,
        default=0.0,
        help=f"CPU seconds of a binder of 200 pages; 0: as measured by `sharing`, else"
        f" {_PAGE_CPU * _PAGES_A_BINDER:.0f}",
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    told = measure(chosen)
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
