"""`opis scan-batch` over the sample binders: its JSON against the generator's truth."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from examples.binders import binder_names, load_truth, truth_pages
from schemas.layout import ArchiveLayout
from schemas.records import decode_unit
from tests.flows.opis_command import copied, tree

pytestmark = pytest.mark.slow
KEYS = {
    "batch",
    "binders",
    "documents",
    "pages",
    "sources",
    "quarantined",
    "units",
    "indexed",
    "seconds",
    "cpu_seconds",
    "work",
}
STATES = ("recognised", "blank", "separator", "failed")
STATE_OF = {"text": "recognised", "blank": "blank", "separator": "separator"}


def records(place):
    layout = ArchiveLayout(place.archive)
    found = (decode_unit(layout.unit(unit.name).record.read_bytes()) for unit in place.units)
    return {unit.name: unit for unit in found}


def test_the_answer_has_every_key_and_its_sums_add_up(whole_way):
    _place, done = whole_way
    answer = done.json
    pages = answer["pages"]
    assert answer.keys() >= KEYS
    assert pages["scanned"] == sum(pages[state] for state in STATES)
    assert answer["indexed"] == pages["recognised"] == answer["work"]["pages_recognised"]
    assert answer["binders"] == len(answer["units"]) == len(set(answer["units"])) == 3
    assert answer["batch"].startswith("L-")
    assert answer["cpu_seconds"] > 0
    assert answer["seconds"] > 0
    assert {source["outcome"] for source in answer["sources"]} == {"taken"}
    assert {source["unit"] for source in answer["sources"]} == set(answer["units"])
    assert done.code == (3 if answer["quarantined"] or pages["failed"] else 0)
    assert "Traceback" not in done.err


def test_every_page_is_what_the_truth_says(whole_way, sample_binders):
    place, done = whole_way
    units = records(place)
    wrong = []
    for name in binder_names(sample_binders):
        truth = tuple(truth_pages(sample_binders, name))
        unit = units[name]
        assert [page.page for page in unit.pages] == [page.page for page in truth]
        for page, true in zip(unit.pages, truth, strict=True):
            assert (page.source, page.frame) == (Path(true.file).name, true.frame)
            wanted = {STATE_OF.get(true.kind, "failed"), STATE_OF.get(true.kind, "recognised")}
            if page.state not in wanted:
                wrong.append((name, page.page, true.kind, true.faults, str(page.state)))
    assert not wrong
    counted = Counter(str(page.state) for unit in units.values() for page in unit.pages)
    assert {state: counted[state] for state in STATES} == {
        state: done.json["pages"][state] for state in STATES
    }


def test_a_damaged_image_is_a_failed_page_in_its_place(whole_way, sample_binders):
    place, _ = whole_way
    units = records(place)
    damaged = [
        (name, page)
        for name in binder_names(sample_binders)
        for page in truth_pages(sample_binders, name)
        if page.damage in {"truncated", "corrupt"}
    ]
    assert damaged
    for name, page in damaged:
        found = units[name].pages[page.page - 1]
        assert (found.state, found.source) == ("failed", Path(page.file).name)
        assert found.document


def test_documents_are_those_of_the_truth(whole_way, sample_binders):
    place, done = whole_way
    units = records(place)
    total = right = 0
    for name in binder_names(sample_binders):
        truth = load_truth(sample_binders, name).documents
        found = units[name].documents
        assert [d.number for d in found] == list(range(1, len(truth) + 1))
        total += len(truth)
        for mine, true in zip(found, truth, strict=True):
            assert (mine.first_page, mine.last_page) == (true.first_page, true.last_page)
            assert (place.archive / "units").exists()
            fields = {key: value.value for key, value in mine.fields.items()}
            right += fields.get("type") == true.type and (
                not true.number or fields.get("number") == true.number
            )
    assert done.json["documents"] == total
    assert right >= 0.8 * total, (right, total)


def test_the_identity_of_a_binder_is_kept(whole_way, sample_binders):
    units = records(whole_way[0])
    for name in binder_names(sample_binders):
        truth = load_truth(sample_binders, name)
        identity = units[name].identity
        for key in ("fond", "creator", "cota", "an", "compartiment", "inventar"):
            assert getattr(identity, key) == getattr(truth, key)


def test_originals_are_byte_for_byte_and_sources_untouched(whole_way, sample_binders):
    place, _ = whole_way
    layout = ArchiveLayout(place.archive)
    for unit in records(place).values():
        for original in unit.originals:
            folder = sample_binders / "binders"
            source = folder / original.delivered
            source = source if source.exists() else folder / unit.name / original.delivered
            kept = layout.unit(unit.id).originals / original.name
            assert kept.read_bytes() == source.read_bytes()


def test_a_second_run_finds_everything_the_same(own_archive, whole_way):
    before = {
        u: tree(own_archive.archive / "units" / u.parent.name / u.name) for u in own_archive.units
    }
    again = own_archive.run("scan-batch", "binders", "--json")
    first, second = whole_way[1].json, again.json
    assert {source["outcome"] for source in second["sources"]} == {"same"}
    assert second["work"]["pages_recognised"] == 0
    for key in ("binders", "documents", "pages", "indexed", "quarantined"):
        assert second[key] == first[key], key
    assert sorted(second["units"]) == sorted(first["units"])
    assert again.code == whole_way[1].code
    after = {
        u: tree(own_archive.archive / "units" / u.parent.name / u.name) for u in own_archive.units
    }
    assert after == before
    status = own_archive.run("status", "--json").json
    assert status["units"] == 3
    assert status["pages"] == first["pages"]


def test_another_name_or_folder_or_copy_is_the_same_binder(own_archive, whole_way, tmp_path):
    first = whole_way[1].json
    elsewhere = tmp_path / "altundeva"
    elsewhere.mkdir()
    for source in sorted((tmp_path / "binders").iterdir()):
        if source.is_dir():
            shutil.copytree(source, elsewhere / f"alt-{source.name}")
            (elsewhere / f"alt-{source.name}" / "batch.json").unlink()
        elif source.suffix in {".pdf", ".tif"}:
            shutil.copy(source, elsewhere / f"copie de pe {source.name}")
            shutil.copy(source, elsewhere / f"încă una {source.name}")
    again = own_archive.run("scan-batch", "altundeva", "--json").json
    assert again["binders"] == 5
    assert {source["outcome"] for source in again["sources"]} == {"same"}
    assert sorted(again["units"]) == sorted(first["units"])
    assert again["work"]["pages_recognised"] == 0
    assert again["pages"] == first["pages"]
    assert len(own_archive.units) == 3


def test_the_same_binder_twice_in_one_batch_is_one_unit(small_place):
    shutil.copy(small_place.root / "small" / "tiff.tif", small_place.root / "small" / "x.tif")
    done = small_place.run("scan-batch", "small/tiff.tif", "small/x.tif", "--json")
    outcomes = sorted(source["outcome"] for source in done.json["sources"])
    assert outcomes == ["same", "taken"]
    assert done.json["pages"]["scanned"] == 5
    assert done.json["indexed"] == done.json["work"]["pages_recognised"]
    assert len(small_place.units) == 1


def test_a_rebuilt_ledger_knows_the_same_binders(own_archive, whole_way, tmp_path):
    """The ledger is lost; after the rebuild nothing is read again and no id changes."""
    first = whole_way[1].json
    before = {u.name: (u / "metadata/record.json").read_bytes() for u in own_archive.units}
    for path in own_archive.archive.glob("ledger.db*"):
        path.unlink()
    lost = own_archive.run("status", "--json")
    assert lost.code == 4
    assert lost.json["error"]["code"] == "ledger-lost"
    rebuilt = own_archive.run("ledger", "rebuild", "--json")
    assert rebuilt.code == 0
    assert sorted(rebuilt.json["units"]) == sorted(first["units"])
    again = own_archive.run("scan-batch", "binders", "--json").json
    assert {source["outcome"] for source in again["sources"]} == {"same"}
    assert again["work"]["pages_recognised"] == 0
    assert again["pages"] == first["pages"]
    after = {u.name: (u / "metadata/record.json").read_bytes() for u in own_archive.units}
    assert after == before
    status = own_archive.run("status", "--json").json
    assert status["pages"] == first["pages"]
    assert status["reconciled"] is True


def test_a_manifest_that_is_untrue_refuses_the_binder_until_it_is_mended(small_place):
    """A drop whose batch.json names other bytes goes aside whole, and is taken once it is true."""
    binder = small_place.root / "small" / "tiff.tif"
    said = {"files": [{"name": "tiff.tif", "sha256": "0" * 64}]}
    manifest = binder.with_name("tiff.batch.json")
    manifest.write_text(json.dumps(said), encoding="utf-8")
    refused = small_place.run("scan-batch", "small/tiff.tif", "--json")
    assert refused.code == 3
    assert refused.json["units"] == []
    assert [q["code"] for q in refused.json["quarantined"]] == ["checksum-mismatch"]
    manifest.unlink()
    taken = small_place.run("scan-batch", "small/tiff.tif", "--json")
    assert taken.code == 0
    assert len(taken.json["units"]) == 1


def test_people_read_sums_and_no_json(small_place):
    done = small_place.run("scan-batch", "small/pdf.pdf")
    assert done.code == 0
    assert "s-a încheiat" in done.out
    assert "5 scanate" in done.out
    assert "✓ se reconciliază" in done.out
    assert "Lotul L-" in done.err
    quiet = small_place.run("scan-batch", "small/pdf.pdf", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_a_copied_archive_works_elsewhere(whole_way, tmp_path):
    moved = copied(whole_way[0], tmp_path / "alt loc")
    assert moved.run("verify", "--json").json["failed"] == []
    assert moved.run("search", "hotărâre", "--json").json["total"] > 0
