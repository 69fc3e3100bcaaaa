"""What leaks of planted personal data through the whole program to everything that is public.

python -m benchmarks.leaks --json [--binders N] [--pages N] [--seed S] [--templates heldout]

Generated, degraded binders are taken in by scan-batch; what the rules do not let out by themselves
is proposed by one name and released by another. Then everything public is searched: PDF (text
layer, strings, bytes, pictures looked at where a planted word lies, and read again), ALTO, records,
the API's answers and snippets, the public index and its files. A leak names kind, page and path;
`--values` adds the (invented) values. Intervals: bootstrap over documents, 95 %.
"""

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.leaks.looking import look
from benchmarks.leaks.material import Wanted, write_binders
from benchmarks.leaks.outside import in_answers, in_index, in_index_files
from benchmarks.leaks.papers import Paper, papers_of
from benchmarks.leaks.report import report
from benchmarks.leaks.working import Worked, work
from examples.binders.lexicon import SETS, WIDER
from flows.stages.personal import read_personal
from pipeline.ledger import open_ledger
from schemas.settings import Settings

_WORKERS = 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.leaks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--json", action="store_true", help="one JSON object on stdout (it always is)")
    add("--binders", type=int, default=18, help="how many (default %(default)s)")
    add("--pages", type=int, default=40, help="pages in each (default %(default)s)")
    add("--seed", type=int, default=1, help="dev: 1 to 99; heldout: from 900 on")
    add("--templates", choices=(*SETS, *WIDER), default="dev")
    add("--dpi", type=int, default=300, help="of the scans (default %(default)s)")
    add("--pressed", action="store_true", help="a seal on planted data of most pages")
    add("--keep", type=Path, help="a folder to work in and leave; else a temporary one")
    add("--again", action="store_true", help="only look again at what --keep holds")
    add("--values", action="store_true", help="the leaked values too")
    return parser


def _papers(places: tuple[Path, ...], worked: Worked, settings: Settings) -> tuple[Paper, ...]:
    """Every document of the archive with its truth; units are known by where they came from."""
    with open_ledger(settings, create=False) as ledger:
        sources = {row.id: Path(row.source).parts for row in ledger.units()}
    by_name = {place.name: place for place in places}
    found: list[Paper] = []
    for unit in worked.units:
        layout = settings.layout.unit(unit.id)
        place = next(by_name[part] for part in sources[unit.id] if part in by_name)
        found += papers_of(unit, layout, place, read_personal(layout))
    return tuple(found)


def run(folder: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Generate, work, look; the report."""
    wanted = Wanted(
        chosen.binders, chosen.pages, chosen.seed, chosen.templates, chosen.dpi, chosen.pressed
    )
    settings = Settings(archive=folder / "archive")
    started = time.monotonic()
    places = (
        tuple(sorted(folder.glob("b[0-9]*")))
        if chosen.again
        else write_binders(folder, wanted, _WORKERS)
    )
    generated = time.monotonic()
    worked = work(settings, () if chosen.again else places)
    papers = _papers(places, worked, settings)
    begun = time.monotonic()
    with ProcessPoolExecutor(_WORKERS) as pool:
        looked = tuple(pool.map(partial(look, settings=settings), papers))
    told = (
        *in_answers(settings, papers),
        *in_index(settings, papers),
        *in_index_files(settings, papers),
    )
    seconds = {"generate": generated - started, **worked.seconds, "look": time.monotonic() - begun}
    return report(wanted, papers, looked, told, worked, seconds, values=chosen.values)


def main() -> int:
    """Print the report; exit code 3 where anything leaked."""
    chosen = _parser().parse_args()
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
        answer = run(chosen.keep, chosen)
    else:
        with tempfile.TemporaryDirectory(prefix="leaks-") as folder:
            answer = run(Path(folder), chosen)
    print(json.dumps(answer, ensure_ascii=False))
    return 3 if answer["leaked"] else 0


if __name__ == "__main__":
    sys.exit(main())
