"""Rows of a registry find their documents by number and date, or are listed."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.registry import (
    Listed,
    RegistryRow,
    confirmed,
    heading,
    match_rows,
    number_key,
)
from schemas.records import Document, FieldValue


def document(name, sure=0.95, cota="", **fields):
    values = {key: FieldValue(value, confidence=sure) for key, value in fields.items()}
    return Listed("ua-1", cota, Document(name, 1, 1, 1, values))


def row(at, **values):
    return RegistryRow(at, "", values)


DECISION = document("d1", type="hotărâre", number="25", date="2016-07-29", subject="bugetul local")
LETTER = document(
    "d2", type="adresă", number="25", date="2016-07-29", subject="tăierea unui arbore"
)
REQUEST = document("d3", type="cerere", nr_inreg="4817", data_inreg="2016-08-01", issuer="Ion Pop")
EVERY = (DECISION, LETTER, REQUEST)


def found(*rows, documents=EVERY):
    matched = match_rows(rows, documents)
    return {m.row.row: m.listed.document.id for m in matched.matches}, matched


def test_number_and_date_and_type_find_the_document():
    pairs, matched = found(row(1, number="025/2016", date="2016-07-29", type="hotărâre"))
    assert pairs == {1: "d1"}
    assert confirmed(matched.matches[0]) == {
        "number": "25",
        "date": "2016-07-29",
        "type": "hotărâre",
    }


def test_what_two_documents_have_in_common_finds_neither():
    pairs, matched = found(row(1, number="25", date="2016-07-29"))
    assert pairs == {}
    assert matched.unmatched[0][1] == "row-several-documents"


def test_the_subject_tells_two_documents_apart():
    pairs, _ = found(row(1, number="25", date="2016-07-29", subject="Tăierea unui arbore uscat"))
    assert pairs == {1: "d2"}


def test_a_registry_number_is_confirmed_as_such():
    pairs, matched = found(row(7, number="4817", date="2016-08-01"))
    assert pairs == {7: "d3"}
    assert confirmed(matched.matches[0]) == {"nr_inreg": "4817", "data_inreg": "2016-08-01"}


def test_another_date_is_another_document():
    _, matched = found(row(1, number="25", date="2015-07-29"), row(2, subject="ceva"))
    assert [code for _, code in matched.unmatched] == ["row-no-document", "row-no-number"]


def test_a_doubtful_date_is_put_right_where_the_subject_agrees():
    doubtful = document(
        "d4", sure=0.5, type="contract", number="77", date="2012-01-01", subject="chirie"
    )
    pairs, matched = found(
        row(1, number="77", date="2012-01-11", subject="chirie"), documents=[doubtful]
    )
    assert pairs == {1: "d4"}
    assert confirmed(matched.matches[0])["date"] == "2012-01-11"
    other, _ = found(row(1, number="77", date="2012-01-11", subject="pășune"), documents=[doubtful])
    assert other == {}


def test_a_sure_wording_is_kept_and_a_missing_one_filled_in():
    told = row(
        1, number="25", date="2016-07-29", type="hotărâre", subject="altceva", issuer="CL Gilău"
    )
    _, matched = found(told)
    said = confirmed(matched.matches[0])
    assert "subject" not in said
    assert said["issuer"] == "CL Gilău"


def test_documents_without_a_row_are_those_of_the_lists_years_and_types():
    _, matched = found(row(1, number="25", date="2016-07-29", type="hotărâre"))
    assert matched.without_row == ()
    _, matched = found(row(1, number="1", date="2016-01-05"))
    assert [one.document.id for one in matched.without_row] == ["d1", "d2", "d3"]
    _, matched = found(row(1, number="1", date="2003-01-05"))
    assert matched.without_row == ()


def test_headings():
    assert [heading(cell) for cell in ("Nr. crt.", "Nr. act", "Data  actului", "TIPUL", "x")] == [
        "", "number", "date", "type", "",
    ]  # fmt: skip


NUMBERS = st.integers(1, 5).map(str)
DAYS = st.sampled_from(["2016-01-01", "2016-01-02"])
ROWS = st.lists(st.builds(lambda n, d: {"number": n, "date": d}, NUMBERS, DAYS), max_size=8)


@given(ROWS, ROWS)
def test_no_document_is_given_twice_and_no_row_lost(rows, documents):
    listed = [document(f"d{at}", **values) for at, values in enumerate(documents)]
    told = [row(at, **values) for at, values in enumerate(rows)]
    matched = match_rows(told, listed)
    given_ = [match.listed.document.id for match in matched.matches]
    assert len(given_) == len(set(given_))
    assert len(matched.matches) + len(matched.unmatched) == len(rows)
    for match in matched.matches:
        assert match.row.get("date") == match.listed.value("date")
        assert number_key(match.row.get("number")) == number_key(match.listed.value("number"))
    gone = {one.document.id for one in matched.without_row}
    assert gone.isdisjoint(given_)
