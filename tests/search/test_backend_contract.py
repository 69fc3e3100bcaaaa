"""What both backends must do alike: the same pages in, the same hits out."""

import pytest

from schemas.errors import UsageError
from search.query import parse
from tests.search.index_samples import A, B, C, misread_sample, page, pages_found, sample

DECISIONS = [(A, 1), (A, 3)]
SPELLINGS = {
    "exact": ("iluminatul", [(A, 1), (C, 1)]),
    "upper case": ("CRINULUI", [(A, 2)]),
    "decision": ("hotărâre", DECISIONS),
    "decisions": ("hotărâri", DECISIONS),
    "of the decisions": ("hotărârilor", DECISIONS),
    "without diacritics": ("hotararile", DECISIONS),
    "old spelling": ("hotărîre", DECISIONS),
    "old spelling without diacritics": ("hotaririle", DECISIONS),
    "cedilla": ("şcoală", [(A, 2)]),
    "comma": ("ședința", [(A, 3)]),
    "no mark": ("sedinte", [(A, 3)]),
    "d and z": ("stradă", [(A, 2), (B, 1), (C, 1)]),
    "a kind of to be": ("sunt", [(B, 2)]),
    "broken at the line's end": ("modernizării", [(C, 1)]),
    "all words": ("public consiliul", [(A, 1)]),
    "phrase": ("„iluminatul public”", [(A, 1)]),
    "phrase the other way": ('"public iluminat"', [(C, 1)]),
    "inflected phrase": ('"consiliul local"', [(A, 1)]),
    "number with a stroke": ("25/2016", [(A, 1)]),
    "numbers in the other order": ("2016/25", []),
    "date, of a record too": ("29.07.2016", [(A, 1), (B, 2)]),
    "unfinished quotation": ('"iluminat public', [(A, 1), (C, 1)]),
    "one letter wrong": ("construirr", [(A, 2)]),
    "one letter more": ("cartierr", [(B, 1)]),
    "one letter less": ("cetățanului", [(B, 1)]),
    "two letters changed": ("lumnii", [(C, 1)]),
    "two letters wrong in a long word": ("cnstruirr", [(A, 2)]),
    "two letters wrong in a short word": ("lmnii", []),
    "three letters wrong": ("cnstruxrr", []),
    "a wrong figure is not forgiven": ("2019", []),
    "short words are not forgiven": ("pa", []),
    "nothing like it": ("xylofon", []),
    "nothing": ("", []),
    "only signs": ("?! ... „”", []),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_a_page_is_found_however_it_is_spelled(filled, case):
    text, expected = SPELLINGS[case]

    assert sorted(pages_found(filled, text)) == expected


MISREAD = {
    "HCL 25/2016": [2, 3, 4],
    "hcl nr. 25 din 29 iulie 2016": [2, 3, 4],
    '"HCL 25/2016"': [2, 3],
    "29.07.2016": [2, 3, 4],
    "29 iulie 2016": [2, 3, 4],
    "29 VII 2016": [2, 3, 4],
    "iulie 2016": [2, 3, 4],
    "123456": [3, 4],
    "nr. cad. 123 456": [3, 4],
    "email": [4],
    "modernizare": [2],
    "hotărârea": [2, 3, 4],
    "municipiu": [5],
    "Cluj Napoca": [5],
    "clujnapoca": [5],
    "strada Crinului": [5],
    "clădire": [5, 6],
    "2017": [6],
    "iluminat public": [6, 7],
    "iluminatl public": [6, 7],
    "ilumin*": [7],
    "iluminat -dispoziție": [6],
    "cluj SAU dispoziție": [5, 7],
    "(cluj clădire) SAU zorelelor": [2, 5],
    "+municipiu": [],
    '"clădire veche"': [],
    "având": [7],
    "avind": [7],
    "tip:cerere": [],
    "document:ua-aaaa0001-d3": [3],
    "document:(ua-aaaa0001-d3 SAU ua-aaaa0001-d4) -hcl": [4],
    "document:(ua-aaaa0001-d3 SAU ua-aaaa0001-d5) -email": [3, 5],
}


def test_what_was_misread_or_written_otherwise_is_found(archive):
    backend = archive.fill(misread_sample())
    found = {text: [number for _, number in pages_found(backend, text)] for text in MISREAD}

    assert {text: sorted(numbers) for text, numbers in found.items()} == MISREAD
    assert found["clădire"] == [5, 6]
    assert found["iluminat public"] == [7, 6]


def test_a_word_that_is_there_is_not_taken_for_its_neighbour(archive):
    backend = archive.fill([page(A, 1, "o casă albă"), page(A, 2, "o cască albă")])

    assert pages_found(backend, "casca") == [(A, 2)]
    assert pages_found(backend, "cascb") == [(A, 2)]


def test_every_neighbour_of_a_wrong_word_is_found(archive):
    words = {
        f"lumina{n}"[:-1].replace("lumina"[n], letter, 1) for n in range(6) for letter in "xyzwqkjh"
    }
    words |= {f"{letter}lumina" for letter in "bcdfghjklmnprstvxz"}
    words |= {f"lumina{letter}" for letter in "bcdfghjklmnprstvxz"}
    words -= {"lumina"}
    backend = archive.fill([page(A, n, word) for n, word in enumerate(sorted(words), 1)])

    assert len(words) > 70
    assert len(pages_found(backend, "lumina")) == len(words)


def test_the_very_form_comes_first(archive):
    backend = archive.fill([page(A, 1, "despre străzi"), page(A, 2, "despre stradă")])

    assert pages_found(backend, "strada") == [(A, 2), (A, 1)]
    assert pages_found(backend, "străzi") == [(A, 1), (A, 2)]


FILTERS = {
    "type without diacritics": ({"type": "hotarare"}, DECISIONS),
    "type in capitals": ({"type": "HOTĂRÂRE"}, DECISIONS),
    "number": ({"number": "14/2016"}, [(A, 2)]),
    "date": ({"date": "2017-01-05"}, [(B, 1), (B, 2)]),
    "year": ({"year": "2016"}, [(A, 1), (A, 2), (A, 3)]),
    "issuer": ({"issuer": "consiliul local"}, DECISIONS),
    "fond": ({"fond": "Urbanism"}, [(B, 1), (B, 2), (C, 1)]),
    "unit": ({"unit": C}, [(C, 1)]),
    "document": ({"document": f"{B}-d1"}, [(B, 1), (B, 2)]),
    "two": ({"fond": "Urbanism", "year": "2017"}, [(B, 1), (B, 2)]),
    "none such": ({"year": "1899"}, []),
}


@pytest.mark.parametrize("case", FILTERS)
def test_filters_keep_what_has_the_value_in_order(filled, case):
    filters, expected = FILTERS[case]

    assert pages_found(filled, "", **filters) == expected


def test_a_filter_narrows_a_query(filled):
    assert pages_found(filled, "strada", fond="urbanism", type="") == [(C, 1), (B, 1)]


def test_an_unknown_filter_is_named(filled):
    with pytest.raises(UsageError) as caught:
        filled.search(parse("strada"), {"colour": "red"})

    assert (caught.value.code, caught.value.file) == ("filter-unknown", "colour")


def test_facets_count_pages_of_the_whole_answer(filled):
    answer = filled.search(parse("strada"), {}, limit=1)

    assert answer.total == 3
    assert len(answer.hits) == 1
    assert {name: values for name, values in answer.facets.items() if values} == {
        "type": {"autorizație": 1, "cerere": 1},
        "year": {"2016": 1, "2017": 1},
        "issuer": {"Primarul": 1},
        "fond": {"Urbanism": 2, "Primăria": 1},
    }


def test_a_hit_carries_what_the_record_says(filled):
    hit = filled.search(parse("autorizatii"), {}).hits[0]

    assert (hit.unit, hit.document, hit.page, hit.document_page) == (A, f"{A}-d1", 2, 2)
    assert (hit.leaf, hit.type, hit.number, hit.date) == (
        "2r",
        "autorizație",
        "14/2016",
        "2016-07-29",
    )
    assert hit.issuer == "Primarul"
    assert hit.score > 0


@pytest.mark.parametrize("text", ["scara", ""])
def test_result_pages_follow_one_another_without_gap_or_double(archive, text):
    backend = archive.fill(
        [page(A, n, "scara blocului", year="2001") for n in range(2, 17)],
        [page(B, n, "scara blocului", year="2001") for n in range(2, 17)],
    )
    found = [
        (hit.unit, hit.page)
        for offset in range(0, 40, 7)
        for hit in backend.search(parse(text), {"year": "2001"}, offset=offset, limit=7).hits
    ]

    assert found == [(unit, n) for unit in (A, B) for n in range(2, 17)]


def test_beyond_the_deepest_page_there_is_a_total_and_no_hit(filled):
    answer = filled.search(parse("strada"), {}, offset=2_000_000, limit=10)

    assert (answer.total, answer.hits) == (3, ())


def test_pages_beyond_ten_thousand_are_not_given(filled):
    assert filled.search(parse("strada"), {}, offset=9_999, limit=100).hits == ()


def test_a_unit_written_again_is_there_once(archive):
    units = sample()
    backend = archive.fill(*units, *units, units[0])

    assert backend.count() == 6
    assert backend.count(unit=A) == 3
    assert backend.count("public") == 0


def test_a_unit_written_with_fewer_pages_loses_the_others(archive):
    first = sample()[0]
    backend = archive.fill(*sample())
    written = backend.replace_unit(A, [first[0]])
    backend.commit()

    assert written == 1
    assert backend.count(unit=A) == 1
    assert pages_found(backend, "crinului") == []


def test_a_unit_written_twice_before_the_commit_is_there_once(archive):
    first = sample()[0]
    backend = archive.open(write=True)
    backend.replace_unit(A, first)
    backend.replace_unit(A, first[:2])
    backend.commit()

    assert backend.count(unit=A) == 2


def test_a_removed_unit_is_gone_and_the_others_stay(filled):
    for _ in range(2):
        filled.remove_unit(A)
        filled.commit()

    assert filled.count() == 3
    assert pages_found(filled, "hotărâre") == []
    assert pages_found(filled, "strada") == [(C, 1), (B, 1)]


def test_what_another_process_would_read_is_what_was_committed(archive):
    backend = archive.fill(sample()[0])
    reader = archive.open()
    before = reader.count()
    backend.replace_unit(B, sample()[1])
    backend.commit()

    assert (before, reader.count()) == (3, 5)
    assert pages_found(reader, "cartier") == [(B, 1)]


def test_rebuilding_leaves_what_it_was_given(filled, archive):
    reader = archive.open()
    assert pages_found(reader, "autorizatie") == [(A, 2)]
    for _ in range(2):
        assert filled.rebuild(one for pages in sample()[1:] for one in pages) == 3

    assert (filled.count(), reader.count()) == (3, 3)
    assert pages_found(reader, "autorizatie") == []
    filled.replace_unit(A, sample()[0])
    filled.commit()
    assert pages_found(reader, "autorizatie") == [(A, 2)]


def test_rebuilding_works_where_nothing_was(archive):
    backend = archive.open()

    assert backend.rebuild(sample()[2]) == 1
    assert pages_found(backend, "lumina") == [(C, 1)]


def test_an_index_that_does_not_exist_yet_finds_nothing(archive):
    backend = archive.open()

    assert pages_found(backend, "strada") == []
    assert pages_found(backend, "", unit=A) == []
    assert backend.count() == backend.count("public") == 0


def test_the_public_index_exists_and_is_empty(filled):
    answer = filled.search(parse("strada"), {}, "public")

    assert (answer.total, answer.hits) == (0, ())


def test_an_unknown_role_is_refused(filled):
    with pytest.raises(UsageError, match="role-unknown"):
        filled.search(parse("strada"), {}, "admin")


def test_a_page_without_words_counts(archive):
    backend = archive.fill([page(A, 1, ""), page(A, 2, " \n\n ")])

    assert backend.count(unit=A) == 2


def test_words_of_any_kind_are_taken(archive):
    odd = "\u0000 ﷺ 😀 |a|b| " + "x" * 70_000 + " e\u0301te\u0301 \ud7ff ½ ﬁn sfârșit"
    backend = archive.fill([page(A, 1, odd)])

    assert pages_found(backend, "sfârșit fin été") == [(A, 1)]
    assert pages_found(backend, "x" * 70_000) == [(A, 1)]


def test_long_values_do_not_cost_the_page(archive):
    backend = archive.fill([page(A, 1, "stradă", issuer="Ș" * 50_000, number="7 " * 40_000)])

    assert pages_found(backend, "strada") == [(A, 1)]
