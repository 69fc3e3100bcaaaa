"""Hits are marked where they answer: boxes, snippets, and pages whose words are missing."""

import pytest

from schemas.errors import UsageError
from search.finding import answer_as_json, find, page_boxes, page_text
from search.highlight import answering_words, highlight
from search.query import parse
from tests.search.index_samples import A, B, page, sample, store, word_box, words_of

TEXT = "Hotărârea nr. 25/2016, privind\nmoder-\nnizarea iluminatului public (strada Crinului)."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hotarari", [(0, 0)]),
        ("25/2016", [(0, 2)]),
        ("modernizare", [(1, 0), (2, 0)]),
        ("CRINULUI", [(2, 4)]),
        ('"iluminat public"', [(2, 1), (2, 2)]),
        ('"public iluminat"', []),
        ("străzi hotărîre", [(0, 0), (2, 3)]),
        ("iluminatilui", [(2, 1)]),
        ("privid", [(0, 3)]),
        ("prvid", []),
        ("", []),
    ],
)
def test_the_words_that_answer_are_boxed_in_reading_order(query, expected):
    found = highlight(words_of(TEXT), parse(query))

    assert list(found.boxes) == [word_box(*place) for place in expected]


def test_the_exact_word_keeps_its_neighbours_unmarked():
    found = highlight(words_of("casa cada case cazul"), parse("casa"))

    assert found.boxes == (word_box(0, 0), word_box(0, 2))


def test_a_phrase_marks_only_words_that_follow_one_another():
    text = words_of("public local iluminat public și public")

    assert answering_words(text, parse('"iluminat public"')) == {2, 3}


def test_the_snippet_shows_what_answers():
    found = highlight(words_of(TEXT), parse("iluminat public"))

    assert found.snippet == (
        "Hotărârea nr. 25/2016, privind modernizarea «iluminatului public» (strada Crinului)."
    )


def test_the_snippet_is_cut_around_the_thickest_place():
    words = [f"cuvânt{n}" for n in range(200)]
    words[20] = words[150] = "stradă"
    words[152] = "strada,"
    found = highlight(words_of("\n".join(words)), parse("stradă"))

    assert found.snippet.startswith("…cuvânt14")
    assert found.snippet.endswith("…")
    assert "«stradă» cuvânt151 «strada»," in found.snippet
    assert "stradă» cuvânt21" not in found.snippet
    assert 120 <= len(found.snippet) <= 180
    assert len(found.boxes) == 3


def test_a_snippet_without_a_hit_is_the_pages_beginning():
    assert highlight(words_of("unu doi " * 60), parse("trei")).snippet.startswith("unu doi")
    assert highlight(words_of(""), parse("trei")).snippet == ""


def test_a_word_longer_than_a_snippet_is_shown_whole():
    long = "a" * 400

    assert f"«{long}»" in highlight(words_of(f"unu {long} doi"), parse(long)).snippet


def test_hits_carry_snippet_boxes_and_size(embedded):
    units = sample()
    backend = embedded.fill(*units)
    store(embedded.settings.layout, *units)
    answer = find(embedded.settings, backend, "petiție înregistrată", filters={"fond": "urbanism"})
    hit = answer.hits[0]

    assert answer.total == 1
    assert (hit.unit, hit.page, hit.width, hit.height) == (B, 2, 2480, 3508)
    assert hit.boxes == (word_box(0, 3), word_box(0, 5))
    assert hit.snippet == "Termenul este 29.07.2016, «petițiile» sînt «înregistrate»"
    assert answer_as_json(answer)["hits"][0]["boxes"] == [b.as_list() for b in hit.boxes]


def test_a_page_whose_words_are_missing_or_damaged_is_a_hit_without_boxes(embedded):
    units = sample()
    backend = embedded.fill(*units)
    store(embedded.settings.layout, units[0])
    embedded.settings.layout.unit(A).alto_page(1).write_bytes(b"<alto")
    hits = find(embedded.settings, backend, "hotărâre strada").hits
    broken = find(embedded.settings, backend, "iluminat").hits

    assert hits == ()
    assert [(hit.boxes, hit.snippet, hit.width) for hit in broken] == [((), "", 0)] * 2
    assert page_text(embedded.settings, A, 1) is None
    assert page_boxes(embedded.settings, A, 1, "iluminat") == ()
    assert page_boxes(embedded.settings, A, 2, "școală") == (word_box(0, 3),)


def test_result_pages_count_from_one(embedded):
    backend = embedded.fill([page(A, n, "scara") for n in range(1, 6)])
    found = [
        hit.page
        for number in (1, 2, 3, 4)
        for hit in find(embedded.settings, backend, "scara", limit=2, page=number).hits
    ]

    assert found == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("limit", "number"), [(0, 1), (101, 1), (10, 0), (-1, 1)])
def test_limits_are_bounded(embedded, limit, number):
    with pytest.raises(UsageError, match="limit-invalid"):
        find(embedded.settings, embedded.open(), "scara", limit=limit, page=number)


MARKED = [
    ("25/2016", "HCL nr. 25 din 29 iulie 2016", "HCL nr. «25 din 29 iulie 2016»"),
    ("29.07.2016", "la 29 VII 2016, ora 7", "la «29 VII 2016», ora 7"),
    ("iulie 2016", "la 29.07.2016 și în iulie 2017", "la «29.07.2016» și în iulie 2017"),
    ("123456", "nr. cad. 123 456 și 123.457", "nr. cad. «123 456» și 123.457"),
    ("email", "adresa e-mail nouă", "adresa «e-mail» nouă"),
    ("e-mail", "adresa email nouă", "adresa «email» nouă"),
    ("HCL", "prin H.C.L. nr. 2 și hotărâri", "prin «H.C.L.» nr. 2 și «hotărâri»"),
    ("strada", "pe str. Crinului", "pe «str». Crinului"),
    ("modern*", "modernizarea și demodat", "«modernizarea» și demodat"),
    ("primărie", "prirnăria veche", "«prirnăria» veche"),
    ("firmă", "hrmă la firul", "«hrmă» la firul"),
    ("clădirea", "dădirea cladirilor", "dădirea «cladirilor»"),
    ("„clădirea veche”", "clădirea nouă, dădirea veche", "clădirea nouă, dădirea veche"),
    ("+clădirea", "dădirea nouă", "dădirea nouă"),
    ("tip:casă curte -gard", "casă cu curte și gard", "casă cu «curte» și gard"),
    ("casă SAU curte", "o curte", "o «curte»"),
    ("2016", "anul 2O16", "anul «2O16»"),
]


@pytest.mark.parametrize(("query", "text", "expected"), MARKED)
def test_exactly_what_answers_is_marked(query, text, expected):
    assert highlight(words_of(text), parse(query)).snippet == expected
