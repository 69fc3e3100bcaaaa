"""The boxes of hits against the generator's truth: they cover the word found, and little else."""

import json
import re
from collections import Counter

import pytest

from examples.binders import binder_names, truth_pages
from flows.commands.finding import search
from schemas.alto import read_alto
from schemas.geometry import Affine, Box
from schemas.records import PageState, decode_unit
from schemas.settings import load_settings

pytestmark = pytest.mark.slow
QUERIES = 40
SHORTEST = 6
COVERED = 0.95
LARGEST = 2.0
SHARE = 0.95
_LETTERS = re.compile(r"[^\W\d_]+")


def core(text):
    """A word without what is printed against it; empty where it is not one plain word."""
    words = _LETTERS.findall(text)
    return words[0].lower() if len(words) == 1 and len(words[0]) >= SHORTEST else ""


@pytest.fixture(scope="module")
def pages(whole_way, sample_binders):
    """Truth of each recognised page with words, by the binder's name and the page."""
    units = {
        unit.name: unit
        for path in whole_way[0].units
        for unit in (decode_unit((path / "metadata/record.json").read_bytes()),)
    }
    return {
        (units[name].id, page.page): page
        for name in binder_names(sample_binders)
        for page in truth_pages(sample_binders, name)
        if page.words and units[name].pages[page.page - 1].state is PageState.RECOGNISED
    }


def distinctive(pages):
    """Words that stand on few pages and are plain, the same ones each time."""
    on_pages = Counter(
        word for page in pages.values() for word in {core(w.text) for w in page.words} if word
    )
    few = sorted((count, word) for word, count in on_pages.items() if count <= 3)
    step = max(1, len(few) // QUERIES)
    return [word for _, word in few[::step]][:QUERIES]


def true_boxes(page, query, settings, unit):
    """The boxes of a word on the page image: clean page → delivered image → page image."""
    (a, b, c), (d, e, f) = page.transform
    path = settings.layout.unit(unit).alto_page(page.page)
    whole = Affine(a, b, c, d, e, f).then(read_alto(path.read_bytes()).transform)
    return [whole.box(Box(*word.box)) for word in page.words if core(word.text) == query]


def test_boxes_cover_the_words_found(whole_way, pages, capsys):
    settings = load_settings({"archive": whole_way[0].archive}, {})
    queries = distinctive(pages)
    assert len(queries) == QUERIES
    found = missed = 0
    good, wrong = [], []
    for query in queries:
        hits = {
            (hit["unit"], hit["page"]): [Box(*box) for box in hit["boxes"]]
            for hit in search(settings, query, "staff", (), 100, 1).payload["hits"]
        }
        for key, page in pages.items():
            for true in true_boxes(page, query, settings, key[0]):
                near = max(
                    hits.get(key, [Box(0, 0, 0, 0)]), key=true.overlap, default=Box(0, 0, 0, 0)
                )
                if near.overlap(true) == 0:
                    missed += 1
                    continue
                found += 1
                covered, size = near.overlap(true) / true.area, near.area / true.area
                fits = covered >= COVERED and size <= LARGEST
                (good if fits else wrong).append(
                    (query, page.page, round(covered, 3), round(size, 2))
                )
    told = json.dumps({"queries": QUERIES, "found": found, "missed": missed, "good": len(good)})
    with capsys.disabled():
        print(f"\n{told} {wrong}")  # noqa: T201 the measured shares are what is wanted
    assert found >= QUERIES / 2
    assert len(good) / found >= SHARE, wrong
