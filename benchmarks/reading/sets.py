"""A benchmark's folder of sample pages, with truth and classes.

python -m benchmarks.reading.sets --binders 3 --pages 40 --seed 11 OUT
"""

import argparse
import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reading.pages import CLASSES
from examples.binders import PageTruth, binder_names, generate, truth_pages
from examples.binders.fonts import FaceMissingError

_TEXT = "text"


def _with_text(made: Path) -> Iterator[tuple[str, PageTruth]]:
    for binder in binder_names(made):
        for page in truth_pages(made, binder):
            if page.kind == _TEXT and page.text.strip():
                yield f"{binder}-{page.page:04d}.jpg", page


def make_set(
    out: Path, binders: int, pages: int, seed: int, only: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Write page images, NAME.gt.txt and classes.tsv to `out`; returns classes by file.

    Blank, separator and unreadable pages are left out, and classes that are not in `only`, if any
    are. Raises FileExistsError for a folder that is there.
    """
    out.mkdir(parents=True)
    classes = {}
    with tempfile.TemporaryDirectory("-binders") as work:
        made = Path(work)
        generate(made, binders, pages, seed, workers=os.cpu_count() or 1, form="folder")
        for name, page in _with_text(made):
            if only and page.page_class not in only:
                continue
            shutil.copyfile(made / "binders" / page.file, out / name)
            (out / name).with_suffix(".gt.txt").write_text(page.text, encoding="utf-8")
            classes[name] = page.page_class
    with (out / CLASSES).open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter="\t", lineterminator="\n")
        rows.writerows([("file", "class"), *classes.items()])
    return classes


def main(arguments: list[str] | None = None) -> int:
    """Make a set; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading.sets", description=__doc__.partition("\n")[0]
    )
    add = parser.add_argument
    add("out", metavar="OUT", type=Path, help="a new folder")
    add("--binders", type=int, default=3, help="how many binders (default %(default)s)")
    add("--pages", type=int, default=40, help="pages in each, at least 3 (default %(default)s)")
    add("--seed", type=int, default=7, help="another seed, other papers (default %(default)s)")
    add("--class", dest="only", action="append", default=[], help="this class only; repeatable")
    chosen = parser.parse_args(arguments)
    try:
        classes = make_set(
            chosen.out, chosen.binders, chosen.pages, chosen.seed, frozenset(chosen.only)
        )
    except (FaceMissingError, FileExistsError, ValueError) as error:
        parser.exit(4, f"{error}\n")
    print(f"{len(classes)} pages in {chosen.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
