"""Corrections from the command line: record, index, counts follow; the reading stays; undone, kept."""

import io
import json
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import cv2
import pytest

import cli
from pipeline.reviewing.waiting import boundary_id
from schemas.errors import OpisError
from schemas.records import decode_unit
from tests.flows.opis_command import Place, copied
from tests.pipeline.drawn import Look, page

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def first(small_binders, tmp_path_factory):
    """An archive of one small binder, to be left as it is, beside a leaf that is found later."""
    root = tmp_path_factory.mktemp("review")
    (root / "small").mkdir()
    (root / "small" / "tiff.tif").write_bytes((small_binders / "tiff.tif").read_bytes())
    cv2.imwrite(str(root / "nou.png"), page(Look(seed=1, lines=8))[:1600])
    place = Place(root, {"OPIS_WORKERS": "2"})
    assert place.run("scan-batch", "small", "--json").code == 0
    return place


@pytest.fixture
def place(first, tmp_path):
    for name in ("small", "nou.png"):
        (tmp_path / name).symlink_to(first.root / name)
    return copied(first, tmp_path)


def folder(place):
    (unit,) = place.units
    return unit


def record(place):
    return decode_unit((folder(place) / "metadata/record.json").read_bytes())


def events(place):
    lines = (folder(place) / "metadata/events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def call(place, *words):
    """A command in this process: what it answers; raises its errors."""
    given = [*map(str, words), "--json", "--archive", str(place.archive)]
    with redirect_stdout(io.StringIO()) as out:
        code = cli.app(given, prog_name="opis", standalone_mode=False)
    assert not code, out.getvalue()
    return json.loads(out.getvalue())


def run(place, *words):
    return call(place, "review", *words)


def correct(place, field, *words):
    document = record(place).documents[0].id
    return run(place, "correct", f"{folder(place).name}/{document}", "--field", field, *words)


def refused(place, code, *words):
    with pytest.raises(OpisError) as caught:
        run(place, *words)
    assert caught.value.code == code


def documents_of(place, **filters):
    given = [part for name, value in filters.items() for part in ("--filter", f"{name}={value}")]
    return {hit["document"] for hit in call(place, "search", "", *given)["hits"]}


def assert_sound(place):
    assert call(place, "verify")["failed"] == []
    status = call(place, "status")
    assert (status["working"], status["reconciled"]) == (0, True)
    assert status["waiting_review"] == run(place, "list", "--limit", 1000)["total"]


def dated(place, begins):
    """The date of the document in which a scan lies, whatever its number is now."""
    unit = record(place)
    scan = (begins.source, begins.frame)
    page_ = next(p for p in unit.pages if (p.source, p.frame) == scan)
    fields = unit.document_of(page_.document).fields
    return fields["date"].value if "date" in fields else ""


def test_a_correction_is_in_record_index_and_counts_and_outlives_everything(place):
    read = record(place).documents[0]
    begins = record(place).pages_of(read.id)[0]
    pdfs = {path: path.read_bytes() for path in folder(place).glob("representations/rep1/pdf/*")}
    done = correct(place, "date", "03.02.1987", "--by", "ana")
    assert (done["outcome"], done["problems"]) == ("done", [])
    assert correct(place, "date", "1987-02-03")["outcome"] == "same"
    value = record(place).documents[0].fields["date"]
    was = read.fields["date"].value if "date" in read.fields else ""
    assert (value.value, value.source, value.read) == ("1987-02-03", "archivist", was)
    assert documents_of(place, date="1987-02-03") == {read.id}
    told = call(place, "show", read.id)["fields"]["date"]
    assert (told["read"], told["by"]) == (was, "ana")
    assert f"citit automat: {was or '–'}" in place.run("show", read.id).out
    assert {path: path.read_bytes() for path in pdfs} == pdfs
    assert_sound(place)

    run(place, "insert", folder(place).name, "--after", 0, place.root / "nou.png")
    assert dated(place, begins) == "1987-02-03"
    before = call(place, "status")
    for path in place.archive.glob("ledger.db*"):
        path.unlink()
    call(place, "ledger", "rebuild")
    assert call(place, "status") == before
    call(place, "reindex")
    assert len(documents_of(place, date="1987-02-03")) == 1

    run(place, "undo", done["corrections"][0])
    assert dated(place, begins) == was
    assert documents_of(place, date="1987-02-03") == set()
    refused(place, "review-missing", "undo", done["corrections"][0])
    assert_sound(place)


def test_fields_are_listed_accepted_and_shown_with_their_picture(place, monkeypatch):
    monkeypatch.setenv("OPIS_REVIEW_CONFIDENCE", "1")
    listed = run(place, "list", "--kind", "field")
    assert listed["total"] == len(listed["waiting"]) == listed["counts"]["field"]
    row = next(row for row in listed["waiting"] if row["box"])
    second = run(place, "list", "--kind", "field", "--limit", 1, "--page", 2)
    assert second["waiting"] == listed["waiting"][1:2]
    shown = run(place, "show", row["id"], "--out", place.root / "camp.png")
    picture = cv2.imread(str(place.root / "camp.png"))
    assert 0 < picture.shape[0] <= 2 * row["crop"][3]
    assert shown["value"] == row["value"]
    run(place, "accept", row["id"], "--by", "ion")
    field = record(place).document_of(row["document"]).fields[row["field"]]
    assert (field.value, field.checked, field.read) == (row["value"], True, "")
    left = {one["id"] for one in run(place, "list", "--kind", "field")["waiting"]}
    assert left == {one["id"] for one in listed["waiting"]} - {row["id"]}
    run(place, "undo", row["id"])
    assert run(place, "list", "--kind", "field")["waiting"] == listed["waiting"]
    both = [one["id"] for one in listed["waiting"][:2]]
    before = len(events(place))
    answers = run(place, "accept", *both)["decided"]
    assert [answer["outcome"] for answer in answers] == ["done", "done"]
    made = [event["event"] for event in events(place)[before:]]
    assert made == ["correction", "correction", "published"]
    left = {one["id"] for one in run(place, "list", "--kind", "field")["waiting"]}
    assert left == {one["id"] for one in listed["waiting"]} - set(both)


def test_a_correction_goes_with_its_document_into_another_unit_and_back(place):
    unit, document = folder(place), record(place).documents[-1]
    run(place, "correct", f"{unit.name}/{document.id}", "77", "--field", "number")
    done = run(place, "split", unit.name, document.first_page)
    (new,) = (path for path in place.units if path != unit)
    there = decode_unit((new / "metadata/record.json").read_bytes())
    assert [d.fields["number"].value for d in there.documents] == ["77"]
    run(place, "undo", done["change"])
    assert record(place).documents[-1].fields["number"].value == "77"
    assert_sound(place)


def test_personal_data_are_added_where_they_stand_and_taken_back(place):
    unit, document = folder(place).name, record(place).documents[0]
    number = next(p.page for p in record(place).pages_of(document.id) if p.confidence)
    word = call(place, "search", "", "--filter", f"document={document.id}")
    text = word["hits"][0]["snippet"].split()[0]
    done = run(place, "add", unit, number, "--kind", "person", "--text", text, "--by", "ana")
    assert done["added"] == len(done["corrections"]) > 0
    made = [event for event in events(place) if event["event"] == "personal"]
    assert all(text not in json.dumps(event) for event in made)
    again = run(place, "add", unit, number, "--kind", "PERSON", "--text", text)
    assert (again["outcome"], again["added"]) == ("same", 0)
    for ident in done["corrections"]:
        run(place, "undo", ident)
    assert_sound(place)
    refused(place, "personal-not-found", "add", unit, 1, "--kind", "CNP", "--text", "qqqq")


def test_a_boundary_is_decided_and_the_question_opened_again(place):
    unit = record(place)
    number = next(p.page for p in unit.pages if p.document_page == 2)
    ident = boundary_id(unit.id, unit.pages[number - 1])
    run(place, "accept", ident, "--by", "ana")
    parted = record(place)
    assert len(parted.documents) == len(unit.documents) + 1
    assert parted.pages[number - 1].begins is True
    run(place, "correct", ident, "--by", "ana")
    joined = record(place)
    assert [d.id for d in joined.documents] == [d.id for d in unit.documents]
    assert joined.pages[number - 1].begins is False
    run(place, "accept", boundary_id(unit.id, unit.pages_of(unit.documents[0].id)[0]))
    assert [d.id for d in record(place).documents] == [d.id for d in unit.documents]
    assert_sound(place)


def test_a_boundary_that_was_decided_is_asked_again_once_that_is_undone(place):
    unit = record(place)
    page_ = next(p for p in unit.pages if p.document_page == 2)
    ident = boundary_id(unit.id, page_)
    run(place, "correct", ident)
    assert record(place).pages[page_.page - 1].begins is False
    run(place, "undo", ident)
    assert record(place) == unit
    refused(place, "review-nothing-to-undo", "undo", ident)
    assert_sound(place)


def test_what_is_wrong_is_refused_and_changes_nothing(place):
    unit = folder(place).name
    before = (folder(place) / "metadata/record.json").read_bytes(), len(events(place))
    refused(place, "correction-date", "correct", f"{unit}/1", "31.02.2016", "--field", "date")
    refused(place, "correction-value", "correct", f"{unit}/1", "--field", "date")
    refused(place, "document-missing", "correct", f"{unit}/99", "1", "--field", "number")
    refused(place, "unit-missing", "correct", "ua-nimic/1", "1", "--field", "number")
    refused(place, "review-missing", "show", f"{unit}.aaaaaaaa")
    refused(place, "review-kind", "list", "--kind", "toate")
    refused(place, "personal-place", "add", unit, 1, "--kind", "CNP")
    refused(place, "personal-kind", "add", unit, 1, "--kind", "umbra", "--text", "x")
    assert before == ((folder(place) / "metadata/record.json").read_bytes(), len(events(place)))


def test_corrections_are_handed_over_for_training_to_their_owner_only(place):
    correct(place, "number", "4817")
    gone = correct(place, "issuer", "Primăria")["corrections"][0]
    run(place, "undo", gone)
    path = place.root / "corecturi.jsonl"
    done = run(place, "export", path)
    (row,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (row["field"], row["value"], done["corrections"]) == ("number", "4817", 1)
    assert len(row["text"]) > 100
    assert path.stat().st_mode & 0o077 == 0
    refused(place, "output-exists", "export", path)


@pytest.mark.parametrize(
    ("point", "stands"),
    [("pipeline.units:append_event", False), ("flows.changes.correcting:publish_again", True)],
)
def test_killed_at_a_moment_the_next_batch_finishes_it(place, point, stands):
    unit = folder(place).name
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.flows.dying_command", point, "1",
         "review", "correct", f"{unit}/1", "4817", "--field", "number", "--json"],
        cwd=place.root, env=place.env(PYTHONPATH=str(ROOT)),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    out, err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, (out, err.decode()[-2000:])
    assert place.run("scan-batch", "small", "--json").code == 0
    value = record(place).documents[0].fields.get("number")
    assert (value is not None and value.value == "4817") == stands
    assert_sound(place)
