"""The opis lists every document once, in order, with the leaves that it is on."""

from dataclasses import replace

import pytest
from hypothesis import given

from flows.commands.showing.opis_table import table_lines
from pipeline.opis import leaf_span, opis_of, title_of
from schemas.messages import say
from schemas.records import FieldValue, PageState
from tests.pipeline.unit_samples import make_unit, states

R, B = PageState.RECOGNISED, PageState.BLANK


def with_leaves(unit):
    """A unit whose pages with a document are leaves 1, 2 …"""
    leaf, pages = 0, []
    for page in unit.pages:
        leaf += page.document is not None
        pages.append(replace(page, leaf=str(leaf) if page.document else None))
    return replace(unit, pages=tuple(pages))


def sample():
    unit = with_leaves(make_unit([[R, R, B], [R]]))
    first, second = unit.documents
    fields = {
        "type": FieldValue("hotărâre"),
        "number": FieldValue("25"),
        "nr_inreg": FieldValue("1.234"),
        "date": FieldValue("2016-07-29"),
        "subject": FieldValue("aprobarea bugetului " * 6),
    }
    registered = {"nr_inreg": FieldValue("77"), "data_inreg": FieldValue("2016-08-01")}
    documents = (replace(first, fields=fields), replace(second, fields=registered, boundary=0.55))
    return replace(unit, documents=documents)


@given(states())
def test_every_document_is_listed_with_its_leaves(runs):
    unit = with_leaves(make_unit(runs))
    entries = opis_of(unit)
    assert [entry.document for entry in entries] == [d.id for d in unit.documents]
    assert [entry.number for entry in entries] == list(range(1, len(runs) + 1))
    leaves = [int(v) for entry in entries for v in (entry.first_leaf, entry.last_leaf)]
    assert leaves == sorted(leaves)
    assert sum(int(e.last_leaf) - int(e.first_leaf) + 1 for e in entries) == sum(map(len, runs))


def test_what_an_entry_says():
    first, second = opis_of(sample())
    assert (first.type, first.act_number, first.date) == ("hotărâre", "25", "2016-07-29")
    assert (first.leaves, second.leaves) == ("1–3", "4")
    assert (second.type, second.act_number, second.date) == ("necunoscut", "77", "2016-08-01")
    assert opis_of(make_unit([[R]]))[0].leaves == ""
    assert leaf_span("14r", "16v") == "14r–16v"


def test_the_table_has_a_row_a_document_and_marks_the_doubtful():
    _, head, one, two, note, _ = table_lines(opis_of(sample()), "ro")
    assert head.split() == ["Nr.", "Document", "File", "Data", "Obiect"]
    assert one.split()[:7] == ["1", "hotărâre", "nr.", "25", "1–3", "2016-07-29", "aprobarea"]
    assert one.endswith("…")
    assert two.split() == ["2?", *two.split()[1:]]
    assert one.index("1–3") == head.index("File") == two.index("4 ", 10)
    assert note == say("opis_doubted", "ro")
    assert table_lines((), "ro") == ()
    assert len(table_lines(opis_of(sample())[:1], "en")) == 4


@pytest.mark.parametrize(
    ("values", "title"),
    [
        (
            {"type": "hotărâre", "number": "25", "date": "2016-07-29"},
            "hotărâre nr. 25 din 2016-07-29",
        ),
        ({"type": "necunoscut", "number": "25"}, "document nr. 25"),
        ({"date": "2016-07-29"}, "document din 2016-07-29"),
        ({"type": "cerere"}, "cerere"),
        ({"type": "necunoscut"}, ""),
        ({}, ""),
    ],
)
def test_a_title_tells_what_is_known_and_never_that_it_is_unknown(values, title):
    assert title_of(values) == title
