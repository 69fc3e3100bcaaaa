"""The other process of the benchmark: units written and committed until it is ended.

python -m benchmarks.finding.writing WORDLIST FIRST_PAGE NOISE (settings from the environment)
"""

import itertools
import sys
from pathlib import Path

from benchmarks.finding.pages import UNIT_PAGES, corpus
from schemas.settings import load_settings
from search.backend import open_backend


def main() -> None:
    """Write for good; one line for each unit."""
    wordlist, first, noise = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    made = corpus(first, wordlist, noise)
    backend = open_backend(load_settings({}), write=True)
    start = first + -first % UNIT_PAGES
    for number in itertools.count(start, UNIT_PAGES):
        pages = [made.indexed(page) for page in range(number, number + UNIT_PAGES)]
        backend.replace_unit(pages[0].unit, pages)
        backend.commit()
        print(pages[0].unit, flush=True)


if __name__ == "__main__":
    main()
