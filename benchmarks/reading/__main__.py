"""How fast and how truly pages are read: Opis beside what a user would pick instead.

python -m benchmarks.reading DIR --json [--peer ocrmypdf,tesseract] [--rounds 3]
"""

import argparse
import json
import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.reading.material import make_material
from benchmarks.reading.pages import CONVENTIONS, SetPage, find_pages
from benchmarks.reading.recognition import OURS
from benchmarks.reading.report import report
from benchmarks.reading.rounds import run_rounds, start_up
from benchmarks.reading.table import tables
from benchmarks.reading.variants import PEERS, Options
from benchmarks.reading.versions import cores, notes, versions
from schemas.settings import load_settings

EPILOG = """\
A page is an image, or a page of a TIFF or PDF, in DIR itself. Its truth stands beside it:
NAME.gt.txt (or NAME.gold.txt, NAME.txt), NAME.p2.gt.txt for the second page of a file.
classes.tsv has the columns file and class; without it gt_pages.tsv beside DIR gives languages.
Errors are raw (NFC and white space), pooled over a class's pages; a page left out has 1.
line_set does not mind the order of lines. Ratios are opis / peer, of each round.
python -m benchmarks.reading.sets makes such a DIR of sample pages."""


def _peers(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(PEERS)}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading",
        description=__doc__.partition("\n")[0],
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("folder", metavar="DIR", type=Path, help="page images and PDFs")
    add("--peer", type=_peers, default=("ocrmypdf", "tesserocr"), help=", ".join(PEERS))
    add("--rounds", type=int, default=1, help="every variant so often (default %(default)s)")
    add("--language", default="ron", help="Tesseract's code (default %(default)s)")
    add("--jobs", type=int, default=cores(), help="processes of each variant (default: the cores)")
    add("--classes", type=Path, help="another table of classes")
    add(
        "--truth-conventions", choices=tuple(CONVENTIONS), default="plain", help="marks to take out"
    )
    add("--keep", metavar="OUT", type=Path, help="a new folder that keeps all outputs")
    add("--json", action="store_true", help="one JSON object on stdout")
    return parser


def _measured(pages: tuple[SetPage, ...], chosen: argparse.Namespace, work: Path) -> dict[str, Any]:
    before = os.getloadavg()[0]
    settings = load_settings({"language": chosen.language})
    options = Options(chosen.language, chosen.jobs)
    material = make_material(pages, settings, work / "material", chosen.peer)
    names = (OURS, *chosen.peer)
    rounds = run_rounds(material, names, options, work, chosen.rounds, keep=chosen.keep is not None)
    told = report(pages, rounds, start_up(material, options, settings, work))
    told["notes"] += [*notes(chosen.peer), *material.notes]
    load = {"before": round(before, 2), "after": round(os.getloadavg()[0], 2)}
    machine = {"cores": cores(), "jobs": chosen.jobs, "load": load}
    return {**told, "language": chosen.language, **machine, "versions": versions()}


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir() or chosen.rounds < 1 or chosen.jobs < 1:
        parser.error("DIR is a folder; rounds and jobs are 1 or more")
    pages = find_pages(chosen.folder, load_settings(), chosen.classes, chosen.truth_conventions)
    if not pages:
        parser.error(f"no page in {chosen.folder}")
    if chosen.keep:
        chosen.keep.mkdir(parents=True)
    place = nullcontext(chosen.keep) if chosen.keep else tempfile.TemporaryDirectory("-reading")
    with place as work:
        told = _measured(pages, chosen, Path(work).resolve())
    print(json.dumps(told, ensure_ascii=False, indent=1) if chosen.json else tables(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
