"""Documents that speak of the same; how a leaf is cited; what an answer tells beside its hits."""

import pytest

from schemas.access import Grant, Scope
from schemas.errors import UsageError
from search.finding import answer_as_json, cited_leaf, find, similar
from tests.search.index_samples import page, store, words_of

PARKING = "abonament parcare reședință cartier locuri tarif înmatriculare autoturism"
STREETS = "asfaltare carosabil trotuar borduri strada reparații covor bituminos"
UNITS = (
    [page("ua-park0001", 1, f"{PARKING} unu", document="d1", regime="public", leaf="1r")],
    [page("ua-park0002", 1, f"{PARKING} doi", document="d2", regime="restricted")],
    [
        page("ua-park0003", 1, f"{PARKING} trei altceva", document="d3", regime="public"),
        page("ua-park0003", 2, "abonament parcare", document="d3", regime="public"),
    ],
    [page("ua-road0001", 1, f"{STREETS} patru", document="d4", regime="public")],
    [page("ua-road0002", 1, f"{STREETS} cinci", document="d5", regime="public")],
    *([page(f"ua-none{n:04d}", 1, f"altele {n}", document=f"n{n}")] for n in range(8)),
)
OPEN = Scope("staff", (Grant(regimes=("public",)),))


def others(archive, text, document, **asked):
    backend = archive.fill(*UNITS)
    store(archive.settings.layout, *UNITS)
    hits = similar(archive.settings, backend, [words_of(text)], document, **asked)
    return [hit.document for hit in hits]


def test_documents_of_the_same_subject_are_similar(archive):
    assert set(others(archive, UNITS[0][0].text, "d1")) == {"d2", "d3"}


def test_what_a_caller_may_not_see_is_not_similar(archive):
    assert others(archive, UNITS[0][0].text, "d1", scope=OPEN) == ["d3"]


def test_a_similar_document_shows_its_best_page(embedded):
    backend = embedded.fill(*UNITS)
    store(embedded.settings.layout, *UNITS)
    hits = similar(embedded.settings, backend, [words_of(PARKING)], "d1", limit=1)

    assert [(hit.document, hit.page, hit.snippet[:9]) for hit in hits] in (
        [("d2", 1, "abonament")],
        [("d3", 1, "abonament")],
    )


@pytest.mark.parametrize("text", ["", "xylofon", "1 2 3"])
def test_a_document_like_no_other_has_none(embedded, text):
    assert others(embedded, text, "d9") == []


def test_the_number_of_similar_documents_is_bounded(embedded):
    with pytest.raises(UsageError, match="limit-invalid"):
        others(embedded, PARKING, "d1", limit=101)


@pytest.mark.parametrize(
    ("leaf", "cited"),
    [
        ("23v", "fila 23 verso"),
        ("1r", "fila 1 recto"),
        ("14", "fila 14"),
        ("", ""),
        ("v", "fila v"),
        ("12 bis", "fila 12 bis"),
    ],
)
def test_a_leaf_is_cited_as_archivists_do(leaf, cited):
    assert cited_leaf(leaf, "ro") == cited


def test_an_answer_tells_groups_and_rests(embedded):
    backend = embedded.fill(*UNITS)
    store(embedded.settings.layout, *UNITS)
    answer = find(embedded.settings, backend, "abonament", group="document", scope=OPEN)
    told = answer_as_json(answer)

    assert (told["total"], told["groups"]) == (3, 2)
    assert {hit["document"]: hit["pages_in_group"] for hit in told["hits"]} == {"d1": 1, "d3": 2}
    assert told["hits"][0]["regime"] == "public"
    assert {hit["leaf_cited"] for hit in told["hits"] if hit["document"] == "d1"} == {
        "fila 1 recto"
    }
    assert told["facets_rest"]["type"] == {"none": 3, "other": 0}
    assert find(embedded.settings, backend, "abonament", role="staff").total == 4
