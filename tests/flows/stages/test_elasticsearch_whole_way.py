"""With Elasticsearch's URL set, the same commands fill and ask it, and nothing else."""

from pathlib import Path

import pytest

from tests.flows.opis_command import Place

QUESTIONS = ("primăria", "primaria", "PRIMĂRIEI", "prinaria", "hotararile")


@pytest.fixture
def served(small_place: Place, elasticsearch_url: str, elasticsearch_prefix: str) -> Place:
    own = {
        "OPIS_ELASTICSEARCH_URL": elasticsearch_url,
        "OPIS_ELASTICSEARCH_PREFIX": elasticsearch_prefix,
    }
    return Place(small_place.root, {**small_place.environment, **own})


def _pages(place: Place, question: str) -> list[tuple[str, int, list]]:
    hits = place.run("search", question, "--json", "--limit", 50).json["hits"]
    return sorted((hit["unit"], hit["page"], hit["boxes"]) for hit in hits)


def test_a_batch_is_found_in_elasticsearch_as_in_the_embedded_index(
    served: Place, small_place: Place
) -> None:
    first = served.run("scan-batch", "small", "--json").json
    assert first["indexed"] == first["pages"]["recognised"] > 0
    assert not any(Path(served.archive / "index").glob("staff/*"))
    again = served.run("scan-batch", "small", "--json").json
    assert (again["indexed"], again["work"]) == (first["indexed"], {"pages_recognised": 0})
    embedded = small_place.run("reindex", "--backend", "embedded", "--json").json
    assert embedded["indexed"] == first["indexed"]
    found = {question: _pages(served, question) for question in QUESTIONS}
    assert found == {question: _pages(small_place, question) for question in QUESTIONS}
    assert found["primăria"]
    assert served.run("search", "primăria", "--role", "public", "--json").json["total"] == 0
    assert served.run("verify", "--json").json["failed"] == []


def test_an_index_that_was_lost_is_filled_again(served: Place) -> None:
    first = served.run("scan-batch", "small", "--json").json
    assert served.run("reindex", "--json").json["indexed"] == first["indexed"]
    assert _pages(served, "primăria")
