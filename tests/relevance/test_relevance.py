"""Pages of generated binders, misread letter by letter: the right ones come first, however one asks."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.finding.judged import Judge, Paper, papers
from benchmarks.finding.relevance import fill, ndcg, recall, same_answers, scores, variants
from benchmarks.finding.relevance import varied_words as words_of
from examples.binders import generate
from schemas.settings import Settings
from search.backend import Backend, open_backend

NOISE, SEED = 0.03, 5
BINDERS, PAGES, EACH = 14, 24, 12
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Paper, ...]:
    out = tmp_path_factory.mktemp("relevance") / "binders"
    generate(out, BINDERS, PAGES, SEED, text_only=True)
    return papers(out, NOISE, SEED)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.services)])
def backend(
    request: pytest.FixtureRequest, tmp_path: Path, known: tuple[Paper, ...]
) -> Iterator[Backend]:
    settings = Settings(archive=tmp_path / "archive")
    if request.param == "elasticsearch":
        settings = Settings(
            archive=tmp_path / "archive",
            elasticsearch_url=request.getfixturevalue("elasticsearch_url"),
            elasticsearch_prefix=request.getfixturevalue("elasticsearch_prefix"),
        )
    with closing(open_backend(settings, write=True)) as opened:
        fill(opened, known)
        yield opened


def test_the_best_pages_come_first_and_none_is_lost(
    backend: Backend, known: tuple[Paper, ...]
) -> None:
    queries = Judge(known, SEED).queries(EACH)
    told = scores(backend, queries)

    assert len(queries) > 6 * EACH
    assert told["all"]["ndcg@10"] >= 0.85
    assert told["all"]["recall@50"] >= 0.98


def test_every_spelling_finds_the_same_pages(backend: Backend, known: tuple[Paper, ...]) -> None:
    asked, differing = same_answers(backend, words_of(known, SEED)[::3])

    assert asked > 150
    assert len(differing) <= asked // 100


def test_the_measures_tell_good_from_bad() -> None:
    grades = {("a", 1): 3, ("a", 2): 1}

    assert ndcg([("a", 1), ("a", 2)], grades) == 1
    assert 0 < ndcg([("a", 2), ("a", 1)], grades) < 1
    assert ndcg([("b", 1)], grades) == recall([("b", 1)], grades) == 0
    assert recall([("b", 1), ("a", 2)], grades) == 0.5
    assert {"HOTĂRÎRE", "hotarire", "hotărîre", "hotarare"} <= set(variants("hotărâre"))
