"""python -m examples.binders: the command line of the generator."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Final

from examples.binders.compose import FORMS
from examples.binders.faults import LEVELS
from examples.binders.fonts import FaceMissingError
from examples.binders.generate import FEWEST, generate
from examples.binders.lexicon import CHOICES

EPILOG: Final = """\
examples:
  python -m examples.binders --binders 3 --pages 12 OUT        three small binders, for a look
  python -m examples.binders --binders 50 --pages 200 OUT      10,000 pages, about 6 GB
  python -m examples.binders --templates heldout OUT           templates and names kept for tests
  python -m examples.binders --text-only --binders 5000 OUT    a million pages of text, no images

OUT/binders is what a scanner station drops: opis scan-batch OUT/binders
OUT/truth is what is true of it; OUT/truth/README.md tells the keys.
The same seed and options give the same bytes, whatever the number of workers."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.binders",
        description="Writes sample binders of an invented city hall, with exact ground truth.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("out", metavar="OUT", type=Path, help="folder to write to; binders there are replaced")
    add("--binders", type=int, default=3, help="how many binders (default %(default)s)")
    add("--pages", type=int, default=12, help="pages in each, at least 3 (default %(default)s)")
    add("--seed", type=int, default=7, help="another seed, other papers (default %(default)s)")
    add("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: the cores)")
    add("--dpi", type=int, default=300, help="resolution of the scans (default %(default)s)")
    add("--faults", choices=LEVELS, default="full", help="what paper and scanner did to the pages")
    add(
        "--templates",
        choices=CHOICES,
        default="all",
        help="they share no template, name, street or town; wide, check, unseen, varied, fresh, sealed, decades, attic, county, district, canton, canton_test, borough, borough_test: more kinds",
    )
    add("--form", choices=(*FORMS, "mixed"), default="mixed", help="mixed takes them in turn")
    add("--text-only", action="store_true", help="no images: the truth in pages.jsonl, no boxes")
    add("--pressed", action="store_true", help="a seal on private data of most pages")
    add("--no-separators", action="store_true", help="no separator sheets between documents")
    return parser


class _Progress:
    """Pages done, rate and time left, on stderr."""

    def __init__(self, pages: int) -> None:
        self.pages, self.done = pages, 0
        self.start = self.shown = time.monotonic()

    def __call__(self, pages: int) -> None:
        self.done += pages
        now = time.monotonic()
        if now - self.shown < 1 and self.done < self.pages:
            return
        self.shown = now
        rate = self.done / max(now - self.start, 1e-6)
        left = round((self.pages - self.done) / rate)
        line = f"{self.done} of {self.pages} pages, {rate:.1f} pages/s, {left // 60}:{left % 60:02d} left"
        terminal = sys.stderr.isatty()
        print(f"\r{line}   " if terminal else line, end="" if terminal else "\n", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.pages < FEWEST or chosen.binders < 1:
        parser.error(f"at least one binder of at least {FEWEST} pages")
    progress = _Progress(chosen.binders * chosen.pages)
    try:
        paths = generate(
            chosen.out,
            chosen.binders,
            chosen.pages,
            chosen.seed,
            workers=chosen.workers,
            progress=progress,
            dpi=chosen.dpi,
            faults=chosen.faults,
            templates=chosen.templates,
            form=chosen.form,
            separators=not chosen.no_separators,
            text_only=chosen.text_only,
            pressed=chosen.pressed,
        )
    except FaceMissingError as missing:
        parser.exit(4, f"{missing}\n")
    seconds = time.monotonic() - progress.start
    what = "text only" if chosen.text_only else str(chosen.out / "binders")
    print(
        f"\n{len(paths)} binders, {progress.done} pages in {seconds:.0f} s: {what}; "
        f"truth in {chosen.out / 'truth'}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
