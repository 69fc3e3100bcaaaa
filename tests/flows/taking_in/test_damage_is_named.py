"""What is damaged or does not add up is named, is not in the index, and can be mended."""

import dataclasses

import pytest

from flows.commands.scan_batch import batch_answer
from flows.progress import Silent
from flows.run import open_run
from flows.stages import publishing
from flows.work import Stages, work_batch
from pipeline import units
from pipeline.ledger import open_ledger
from scanners.sources import find_binders
from schemas.records import UnitState, decode_unit
from schemas.settings import load_settings
from search.backend import open_backend

pytestmark = pytest.mark.slow


def unit_of_form(place, kind):
    """The folder of the unit whose originals are of a kind."""
    for unit in place.units:
        if decode_unit((unit / "metadata/record.json").read_bytes()).originals[0].kind == kind:
            return unit
    raise AssertionError(kind)


def flip_a_bit(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def delete(path):
    path.unlink()


def swap_pdfs(path):
    other = path.with_name("02.pdf")
    first, second = path.read_bytes(), other.read_bytes()
    path.write_bytes(second)
    other.write_bytes(first)


def add_a_stranger(path):
    path.with_name("strain.exe").write_bytes(b"MZ")


DAMAGES = [
    (delete, "alto/0002.xml", {"fixity", "reconciliation"}),
    (flip_a_bit, "alto/0002.xml", {"fixity"}),
    (delete, "pdf/01.pdf", {"fixity", "reconciliation"}),
    (flip_a_bit, "pdf/01.pdf", {"fixity"}),
    (swap_pdfs, "pdf/01.pdf", {"fixity"}),
    (flip_a_bit, "originals/biblioraft-002.tif", {"fixity"}),
    (delete, "originals/biblioraft-002.tif", {"fixity"}),
    (add_a_stranger, "pdf/01.pdf", {"unexpected"}),
]


@pytest.mark.parametrize(("damage", "file", "checks"), DAMAGES)
def test_verify_names_what_is_damaged(own_archive, damage, file, checks):
    unit = unit_of_form(own_archive, "tiff")
    damage(unit / "representations/rep1" / file)
    done = own_archive.run("verify", "--json")
    assert done.code == 3
    failed = done.json["failed"]
    assert {failure["unit"] for failure in failed} == {unit.name}
    assert {failure["check"] for failure in failed} >= checks
    told = {failure["file"] for failure in failed}
    stem = "strain.exe" if damage is add_a_stranger else file.rsplit("/", 1)[1]
    assert any(stem in name for name in told)
    assert all(failure["reason"] for failure in failed)
    other = next(u for u in own_archive.units if u != unit)
    assert own_archive.run("verify", other.name, "--json").json["failed"] == []
    people = own_archive.run("verify", unit.name)
    assert people.code == 3
    assert unit.name in people.out


@pytest.mark.parametrize("kind", ["tiff", "pdf", "jpeg"])
@pytest.mark.parametrize("file", ["alto/0006.xml", "pdf/01.pdf"])
def test_scanning_again_mends_what_can_be_made_again(own_archive, whole_way, file, kind):
    unit = unit_of_form(own_archive, kind)
    before = decode_unit((unit / "metadata/record.json").read_bytes())
    path = unit / "representations/rep1" / file
    was = path.read_bytes()
    path.unlink()
    again = own_archive.run("scan-batch", "binders", "--json")
    assert again.json["pages"] == whole_way[1].json["pages"]
    assert again.json["indexed"] == whole_way[1].json["indexed"]
    assert again.json["work"]["pages_recognised"] <= 1
    after = decode_unit((unit / "metadata/record.json").read_bytes())
    assert [d.id for d in after.documents] == [d.id for d in before.documents]
    assert after.pages == before.pages
    assert path.read_bytes() == was
    assert path.suffix == ".pdf" or after == before
    verified = own_archive.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])


def drop_a_page(unit, taken, pages, documents, run):
    """A publishing stage that loses the last page of the record."""
    lost = dataclasses.replace(unit, pages=unit.pages[:-1])
    return publishing.publish(lost, taken, pages, documents, run)


def batch(place, stages, monkeypatch):
    monkeypatch.chdir(place.root)
    settings = load_settings({"archive": place.archive, "workers": 2}, {})
    with open_run(settings, Silent()) as run:
        outcome = work_batch(find_binders((place.root / "small/tiff.tif",), settings), run, stages)
    return settings, outcome


def test_a_unit_that_does_not_add_up_is_not_published(small_place, monkeypatch):
    settings, outcome = batch(small_place, Stages(publish=drop_a_page), monkeypatch)
    answer = batch_answer(outcome, 1.0, 1.0, "ro")
    assert answer.exit_code == 3
    ((told,),) = (answer.payload["unreconciled"],)
    assert {"not-reconciled", "page-lost"} <= set(told["problems"])
    assert any("nu a fost publicată" in line for line in answer.lines)
    assert any("5 scanate, 4 găsite" in line for line in answer.lines)
    assert answer.payload["indexed"] == open_backend(settings).count() == 0
    with open_ledger(settings) as ledger:
        assert [row.state for row in ledger.units()] == [UnitState.UNRECONCILED]
    status = small_place.run("status", "--json").json
    assert status["reconciled"] is False
    assert status["unreconciled"] == answer.payload["units"]
    assert small_place.run("search", "de", "--json").json["total"] == 0
    assert small_place.run("reindex", "--json").json["indexed"] == 0
    (unit,) = small_place.units
    assert not (unit / "metadata/manifest-sha256.txt").exists()
    _, mended = batch(small_place, Stages(), monkeypatch)
    assert batch_answer(mended, 1.0, 1.0, "ro").exit_code == 0
    assert mended.binders[0].recognised_now == 0
    assert open_backend(settings).count() == mended.binders[0].indexed > 0
    verified = small_place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])


def test_a_published_unit_that_stops_adding_up_leaves_the_index(small_place, monkeypatch):
    settings, first = batch(small_place, Stages(), monkeypatch)
    (unit,) = small_place.units
    (unit / "representations/rep1/alto/0002.xml").unlink()
    _, outcome = batch(small_place, Stages(publish=drop_a_page), monkeypatch)
    assert outcome.binders[0].problems
    assert open_backend(settings).count() == 0 < first.binders[0].indexed
    assert not (unit / "metadata/manifest-sha256.txt").exists()


@pytest.mark.parametrize("accident", ["die", "trip"])
def test_a_document_that_cannot_be_made_loses_its_unit_only(small_place, monkeypatch, accident):
    """The process that writes a PDF dies: the unit says so, the next run makes it."""
    with monkeypatch.context() as patched:
        patched.setattr("flows.stages.documents.MAKE_DOCUMENT", f"tests.flows.dying:{accident}")
        _, outcome = batch(small_place, Stages(), patched)
    (binder,) = outcome.binders
    assert {p.code for p in binder.problems} == {"pdf-count"}
    assert binder.indexed == 0
    _, mended = batch(small_place, Stages(), monkeypatch)
    assert not mended.binders[0].problems
    assert mended.binders[0].recognised_now == 0


@pytest.mark.parametrize("accident", ["die", "trip"])
def test_pages_whose_reading_dies_fail_with_their_pictures(small_place, monkeypatch, accident):
    monkeypatch.setattr("flows.stages.reading.READ_PAGE", f"tests.flows.dying:{accident}")
    settings, outcome = batch(small_place, Stages(), monkeypatch)
    (binder,) = outcome.binders
    assert (binder.counts.failed, binder.counts.scanned, binder.problems) == (5, 5, ())
    (unit,) = small_place.units
    findings = units.read_findings(settings.layout.unit(unit.name))
    assert [f.code for f in findings] == ["page-process-died"] * 5
    (pdf,) = (unit / "representations/rep1/pdf").iterdir()
    assert pdf.stat().st_size > 50_000
    assert batch_answer(outcome, 1.0, 1.0, "ro").exit_code == 3


def test_a_full_disk_stops_the_batch_and_fails_no_page(small_place, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("flows.stages.reading.READ_PAGE", "tests.flows.dying:fill_the_disk")
        with pytest.raises(OSError, match="No space left"):
            batch(small_place, Stages(), patched)
    _, outcome = batch(small_place, Stages(), monkeypatch)
    assert (outcome.binders[0].counts.failed, outcome.binders[0].problems) == (0, ())


@pytest.mark.parametrize("file", ["record.json", "events.jsonl"])
def test_a_damaged_unit_costs_itself_and_never_the_batch(small_place, file):
    first = small_place.run("scan-batch", "small/tiff.tif", "--json")
    (ident,) = first.json["units"]
    (unit,) = small_place.units
    (unit / "metadata" / file).write_bytes(b"{\n")
    if file == "events.jsonl":
        (unit / "representations/rep1/alto/0002.xml").unlink()
    done = small_place.run("scan-batch", "small", "--json")
    assert done.code == 3, done.err
    assert "Traceback" not in done.err
    (healthy,) = done.json["units"]
    assert healthy != ident
    (damaged,) = done.json["unreconciled"]
    assert damaged.keys() == {"unit", "problems", "reason", "remedy"}
    assert (damaged["unit"], damaged["problems"]) == (ident, ["unit-damaged"])
    assert f"Unitatea {ident} are un fișier deteriorat: {file}" in damaged["reason"]
    assert f"opis verify {ident}" in damaged["remedy"]
    outcomes = {source["unit"]: source["outcome"] for source in done.json["sources"]}
    assert outcomes == {ident: "same", healthy: "taken"}
    assert done.json["quarantined"] == []
    people = small_place.run("scan-batch", "small")
    assert people.code == 3
    assert f"Unitatea {ident} are un fișier deteriorat" in people.err + people.out
    assert f"opis verify {ident}" in people.err + people.out
    assert small_place.run("status", "--json").json["published"] >= 1
    reindexed = small_place.run("reindex", "--json")
    assert reindexed.json["damaged"] == ([ident] if file == "record.json" else [])
