"""`opis import`: a registry confirms and corrects fields; the same list again changes nothing."""

import csv
import json
from datetime import date

import openpyxl
import pytest

from schemas.records import decode_unit

pytestmark = pytest.mark.slow
HEADINGS = ("Nr. crt.", "Tip document", "Nr. act", "Data actului", "Emitent", "Indicativ")


def records(place):
    paths = sorted((place.root / "archive").glob("units/*/*/metadata/record.json"))
    return [decode_unit(path.read_bytes()) for path in paths]


def numbered(place):
    """Documents with a number and a date, by unit."""
    return [
        (unit, document)
        for unit in records(place)
        for document in unit.documents
        if {"number", "date"} <= set(document.fields)
    ]


def told(document, name):
    return document.fields[name].value


def test_a_registry_confirms_what_matches_and_lists_the_rest(own_archive):
    place = own_archive
    unit, document = numbered(place)[0]
    day = date.fromisoformat(told(document, "date"))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("Registrul actelor",))
    sheet.append(HEADINGS)
    sheet.append((1, told(document, "type"), told(document, "number"), day, "Emitentul", "I.A.7"))
    sheet.append((2, "", "999999", date(1951, 2, 3), "", ""))
    book.save(place.root / "registru.xlsx")
    done = place.run("import", "registru.xlsx", "--by", "Ana", "--json")
    assert done.code == 0, done.err
    answer = done.json
    assert [(m["row"], m["document"]) for m in answer["matched"]] == [(3, document.id)]
    assert [(m["row"], m["code"]) for m in answer["unmatched"]] == [(4, "row-no-document")]
    after = next(u for u in records(place) if u.id == unit.id).document_of(document.id)
    for name in ("type", "number", "date"):
        assert after.fields[name].checked
        assert after.fields[name].value == told(document, name)
    assert after.fields["indicativ_nomenclator"].source == "registry"
    events = [
        json.loads(line)
        for line in next((place.root / "archive").glob(f"units/*/{unit.id}/metadata/events.jsonl"))
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    made = [event for event in events if event["event"] == "correction"]
    assert {event["by"] for event in made} == {"Ana"}
    assert {event["source"] for event in made} == {"registry"}
    again = place.run("import", "registru.xlsx", "--by", "Ana", "--json").json
    assert again["unchanged"] == 1
    assert [match["fields"] for match in again["matched"]] == [[]]


def test_a_list_without_a_number_is_refused(own_archive):
    path = own_archive.root / "lista.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("Nume", "Obiect"), ("Ana", "parcare")])
    done = own_archive.run("import", "lista.csv", "--json")
    assert done.code == 4
    assert done.json["error"]["code"] == "registry-columns"
