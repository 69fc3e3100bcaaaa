"""While an index is made anew searches go on: no error, and each answer is of one index alone."""

import threading

import pytest

from schemas.hits import IndexedPage
from search.index.answers import RawAnswer
from search.query import parse
from tests.search.index_samples import Archive, page

pytestmark = pytest.mark.slow
EDITIONS = {"Unu": 40, "Doi": 60}


def edition(name: str) -> list[IndexedPage]:
    """All pages of one state of the archive: each names it, and has a misread word."""
    return [
        page(f"ua-green{n % 5:03d}", n, f"act de concesivne {name}", issuer=name, fond=name)
        for n in range(1, EDITIONS[name] + 1)
    ]


def whole(answer: RawAnswer) -> bool:
    """Whether total, facets, groups and hits are all of one edition."""
    names = set(answer.facets["issuer"])
    return (
        len(names) == 1
        and answer.facets["issuer"] == answer.facets["fond"]
        and [answer.total] == list(answer.facets["issuer"].values())
        and answer.total == EDITIONS[next(iter(names))]
        and sum(hit.pages_in_group for hit in answer.hits) == answer.total
        and {hit.fond for hit in answer.hits} == names
        and answer.groups == len(answer.hits)
    )


def test_searches_see_one_index_or_the_other(archive: Archive):
    backend = archive.fill(edition("Unu"))
    stop, answers, errors = threading.Event(), [], []

    def searching(typed: str) -> None:
        reader = archive.open()
        while not stop.is_set():
            try:
                answers.append(reader.search(parse(typed), {}, group="unit", limit=100))
            except Exception as error:  # noqa: BLE001 any error is what the test looks for
                errors.append(error)
                return

    threads = [threading.Thread(target=searching, args=(typed,)) for typed in ("act", "concesiune")]
    for thread in threads:
        thread.start()
    for name in ("Doi", "Unu") * 3:
        before = len(answers)
        backend.rebuild(edition(name))
        while len(answers) < before + 4 and not errors:
            stop.wait(0.01)
    stop.set()
    for thread in threads:
        thread.join()

    assert errors == []
    assert {answer.total for answer in answers} == set(EDITIONS.values())
    assert [answer for answer in answers if not whole(answer)] == []
