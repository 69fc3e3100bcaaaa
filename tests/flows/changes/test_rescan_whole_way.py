"""Pages scanned again and leaves found later: read, in PDF and index, nothing of the old lost."""

import csv
import json
import re
from collections import Counter
from hashlib import sha256

import cv2
import pikepdf
import pytest

from schemas.alto import read_alto
from schemas.records import PageState, decode_unit
from tests.flows.opis_command import Place, copied, kill, killed_at_last, wait_until
from tests.pipeline.drawn import PARAGRAPH, Look, page

pytestmark = pytest.mark.slow
WORD = "iluminatul"


@pytest.fixture(scope="module")
def first(small_binders, tmp_path_factory):
    """An archive of one small binder, to be left as it is, beside the new scans."""
    root = tmp_path_factory.mktemp("rescan")
    (root / "small").mkdir()
    (root / "small" / "tiff.tif").write_bytes((small_binders / "tiff.tif").read_bytes())
    for name, seed in (("nou.png", 1), ("fila-a.png", 2), ("fila-b.png", 3)):
        cv2.imwrite(str(root / name), page(Look(seed=seed, lines=8))[:1600])
    place = Place(root)
    assert place.run("scan-batch", "small", "--json").code == 0
    return place


@pytest.fixture
def place(first, tmp_path):
    """A copy to be changed, beside the same files."""
    (tmp_path / "small").symlink_to(first.root / "small")
    for path in first.root.glob("*.png"):
        (tmp_path / path.name).symlink_to(path)
    return copied(first, tmp_path)


def unit_folder(place):
    (folder,) = place.units
    return folder


def record(place):
    return decode_unit((unit_folder(place) / "metadata/record.json").read_bytes())


def events(place):
    lines = (unit_folder(place) / "metadata/events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def words(place):
    """The words of each page."""
    alto = unit_folder(place) / "representations/rep1/alto"
    return {
        int(path.stem): [w.text for w in read_alto(path.read_bytes()).words]
        for path in sorted(alto.glob("*.xml"))
    }


def read_pages(place):
    return [p.page for p in record(place).pages if p.state is PageState.RECOGNISED]


def own_word(place, number):
    """A word that stands on one page only, and is of no stem on the new scans."""
    told = words(place)
    counted = Counter(word.lower() for page_words in told.values() for word in set(page_words))
    return next(
        word
        for word in told[number]
        if re.fullmatch(r"[a-zA-Z]{7,}", word)
        and counted[word.lower()] == 1
        and word[:5].lower() not in PARAGRAPH.lower()
    )


def found(place, query):
    return {hit["page"] for hit in place.run("search", query, "--json").json["hits"]}


def pdf_pages(place):
    counts = []
    for path in sorted((unit_folder(place) / "representations/rep1/pdf").iterdir()):
        with pikepdf.open(path) as pdf:
            counts.append(len(pdf.pages))
    return counts


def assert_sound(place, pages):
    """Everything adds up, nothing is left over, and the binder is still the same one."""
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
    status = place.run("status", "--json").json
    assert (status["units"], status["working"], status["reconciled"]) == (1, 0, True)
    assert status["pages"]["scanned"] == pages
    again = place.run("scan-batch", "small", "--json").json
    assert [source["outcome"] for source in again["sources"]] == ["same"]
    assert again["work"]["pages_recognised"] == 0
    left = [p for p in place.archive.rglob("*") if p.name.endswith(".part") or p.name == ".work"]
    assert not left


def assert_rebuilt(place):
    """The ledger made again from the units tells the same."""
    before = place.run("status", "--json").json
    for path in place.archive.glob("ledger.db*"):
        path.unlink()
    assert place.run("ledger", "rebuild", "--json").code == 0
    assert place.run("status", "--json").json == before


def replaced(place, number, file="nou.png"):
    return place.run("review", "replace", unit_folder(place).name, number, file, "--json")


def inserted(place, after, *files):
    ident = unit_folder(place).name
    return place.run("review", "insert", ident, "--after", after, *files, "--by", "ion", "--json")


def test_a_page_is_replaced(place):
    number = read_pages(place)[-1]
    before, old = record(place), own_word(place, number)
    originals = unit_folder(place) / "representations/rep1/originals"
    kept = {path.name: path.read_bytes() for path in originals.iterdir()}
    assert number in found(place, old)
    assert number not in found(place, WORD)
    done = replaced(place, number)
    assert (done.code, done.json["outcome"]) == (0, "done"), done.err
    assert number in found(place, WORD)
    assert number not in found(place, old)
    after = record(place)
    shown = after.pages[number - 1]
    assert (shown.source, shown.frame, shown.state) == ("nou.png", 0, PageState.RECOGNISED)
    was = before.pages[number - 1]
    assert [(s.source, s.frame) for s in shown.replaced] == [(was.source, was.frame)]
    assert shown.replaced[0].when
    assert shown.quality.dpi
    assert {path.name: path.read_bytes() for path in originals.iterdir()} == {
        **kept,
        "nou.png": (place.root / "nou.png").read_bytes(),
    }
    assert [(d.id, d.first_page, d.last_page) for d in after.documents] == [
        (d.id, d.first_page, d.last_page) for d in before.documents
    ]
    assert [p.leaf for p in after.pages] == [p.leaf for p in before.pages]
    told = [event for event in events(place) if event["event"] == "page-replaced"]
    assert [(e["page"], e["source"], bool(e["by"])) for e in told] == [(number, "nou.png", True)]
    assert_sound(place, len(before.pages))
    assert_rebuilt(place)
    assert_sound(place, len(before.pages))


def test_the_same_file_again_changes_nothing_and_an_old_scan_may_come_back(place):
    number = read_pages(place)[0]
    assert replaced(place, number).json["outcome"] == "done"
    told = len(events(place))
    assert replaced(place, number).json["outcome"] == "same"
    assert len(events(place)) == told
    assert replaced(place, number, "fila-a.png").json["outcome"] == "done"
    assert replaced(place, number).json["outcome"] == "done"
    scans = [scan.source for scan in record(place).pages[number - 1].replaced]
    assert scans == ["tiff.tif", "fila-a.png"]
    assert_sound(place, len(record(place).pages))


def test_leaves_are_inserted(place):
    number = read_pages(place)[0]
    before, texts = record(place), words(place)
    later = [n for n in read_pages(place) if n > number]
    old = own_word(place, later[-1])
    done = inserted(place, number, "fila-a.png", "fila-b.png")
    assert (done.code, done.json["outcome"]) == (0, "done"), done.err
    assert [p["page"] for p in done.json["pages"]] == [number + 1, number + 2]
    after = record(place)
    assert len(after.pages) == len(before.pages) + 2
    assert [p.source for p in after.pages[number : number + 2]] == ["fila-a.png", "fila-b.png"]
    assert {number + 1, number + 2} <= found(place, WORD)
    assert found(place, old) == {later[-1] + 2}
    moved = words(place)
    assert all(moved[n + 2] == texts[n] for n in later)
    assert [d.id for d in after.documents] == [d.id for d in before.documents]
    home = after.document_of(after.pages[number].document)
    places = [p.document_page for p in after.pages_of(home.id)]
    assert places == list(range(1, len(places) + 1))
    assert pdf_pages(place) == [len(after.pages_of(d.id)) for d in after.documents]
    told = [event for event in events(place) if event["event"] == "pages-inserted"]
    assert [(e["after"], e["pages"], e["by"]) for e in told] == [(number, 2, "ion")]
    assert inserted(place, number, "fila-a.png", "fila-b.png").json["outcome"] == "same"
    assert_sound(place, len(after.pages))
    assert_rebuilt(place)
    assert_sound(place, len(after.pages))


def test_moved_pages_are_not_read_again(place):
    reads = [event["event"] for event in events(place)]
    before = {n: sha256(" ".join(w).encode()).hexdigest() for n, w in words(place).items()}
    done = inserted(place, 0, "fila-a.png")
    assert done.json["outcome"] == "done"
    assert record(place).pages[0].document_page == 1
    after = {n: sha256(" ".join(w).encode()).hexdigest() for n, w in words(place).items()}
    assert {n + 1: digest for n, digest in before.items()}.items() <= after.items()
    told = [event["event"] for event in events(place) if event["event"] != "publication"]
    assert len(told) == len(reads) + 2


MOMENTS = {
    "copied": "representations/rep1/originals/{file}",
    "reading": ".work/*",
    "record": "metadata/.*.part",
}
COMMANDS = {"replace": ("nou.png",), "insert": ("fila-a.png", "fila-b.png")}


def command(place, kind, number):
    ident, files = unit_folder(place).name, COMMANDS[kind]
    where = (number,) if kind == "replace" else ("--after", number)
    return ("review", kind, ident, *where, *files, "--by", "ion", "--json")


def facts(place):
    unit = record(place)
    return {
        "pages": [(p.state, p.source, p.frame, p.document_page, p.leaf) for p in unit.pages],
        "history": [[(s.source, s.frame) for s in p.replaced] for p in unit.pages],
        "documents": [(d.id, d.first_page, d.last_page) for d in unit.documents],
        "words": words(place),
        "pdf": pdf_pages(place),
        "originals": [(o.name, o.sha256) for o in unit.originals],
        "events": [e["event"] for e in events(place) if e["event"].startswith("page")],
    }


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("moment", [*MOMENTS, "moved"])
def test_killed_at_a_moment_the_same_command_goes_on(first, place, tmp_path, kind, moment):
    number = read_pages(place)[0]
    (tmp_path / "other").mkdir()
    undisturbed = copied(first, tmp_path / "other")
    for path in first.root.glob("*.png"):
        (tmp_path / "other" / path.name).symlink_to(path)
    assert undisturbed.run(*command(undisturbed, kind, number)).code == 0
    folder = unit_folder(place)
    manifest = folder / "metadata/manifest-sha256.txt"
    pattern = MOMENTS.get(moment, "").format(file=COMMANDS[kind][0])

    def come():
        return any(folder.glob(pattern)) if pattern else not manifest.exists()

    with killed_at_last(place.start(*command(place, kind, number))) as process:
        wait_until(come, process)
        kill(process)
    done = place.run(*command(place, kind, number))
    assert done.code == 0, (done.out, done.err)
    assert facts(place) == facts(undisturbed)
    pages = len(record(place).pages)
    assert_sound(place, pages)


def test_an_interrupted_replacement_is_finished_by_the_binder_itself(place):
    """Whoever works on the unit next finishes what was begun."""
    number = read_pages(place)[0]
    folder = unit_folder(place)
    with killed_at_last(place.start(*command(place, "replace", number))) as process:
        wait_until(lambda: b"nou.png" in (folder / "metadata/record.json").read_bytes(), process)
        kill(process)
    assert place.run("scan-batch", "small", "--json").code == 0
    assert record(place).pages[number - 1].source == "nou.png"
    assert number in found(place, WORD)
    assert replaced(place, number).json["outcome"] == "same"
    assert_sound(place, len(record(place).pages))


def refused(done, code):
    assert done.code == 4, (done.out, done.err)
    assert done.json["error"]["code"] == code
    return done.json["error"]


def test_what_cannot_be_is_refused_and_nothing_is_changed(place):
    ident, number = unit_folder(place).name, read_pages(place)[0]
    before = (unit_folder(place) / "metadata/record.json").read_bytes()
    (place.root / "gol.png").write_bytes(b"")
    (place.root / "alta.png").write_bytes((place.root / "nou.png").read_bytes())
    (place.root / "text.txt").write_text("nu este o imagine")
    refused(replaced(place, number, "nimic.png"), "source-missing")
    refused(replaced(place, number, "gol.png"), "empty-file")
    refused(replaced(place, number, "text.txt"), "unsupported-type")
    refused(replaced(place, number, "small/tiff.tif"), "rescan-one-page")
    refused(replaced(place, 99), "page-missing")
    refused(inserted(place, 99, "nou.png"), "page-missing")
    refused(inserted(place, 1, "nou.png", "alta.png"), "rescan-twice")
    refused(inserted(place, 1, "small/tiff.tif"), "rescan-known")
    refused(place.run("review", "replace", "ua-nimic", 1, "nou.png", "--json"), "unit-missing")
    refused(place.run("review", "accept", f"{ident}.aaaaaaaa", "--json"), "review-missing")
    assert (unit_folder(place) / "metadata/record.json").read_bytes() == before
    assert_sound(place, len(record(place).pages))


def test_the_list_the_marks_and_the_csv(place):
    ident = unit_folder(place).name
    number = next(p.page for p in record(place).pages if p.state is PageState.BLANK or p.page == 1)
    before = place.run("review", "list", "--json").json["waiting"]
    marked = place.run(
        "review", "rescan-mark", ident, number, "--note", "colț îndoit", "--by", "ana", "--json"
    ).json
    rows = place.run("review", "list", "--json").json["waiting"]
    again = [row for row in rows if row["kind"] == "rescan"]
    known = {row["page"] for row in before if row["kind"] == "rescan"}
    assert len(again) == len(known | {number})
    row = next(row for row in rows if row["id"] == marked["id"])
    keys = {"id", "unit", "document", "page", "field", "value", "confidence", "reason"}
    assert row.keys() >= keys | {"station", "binder", "leaf", "codes", "remedy"}
    assert (row["unit"], row["page"], row["station"]) == (ident, number, "local")
    assert "colț îndoit" in row["reason"]
    status = place.run("status", "--json").json
    assert (status["waiting_review"], status["rescan"]) == (len(rows), len(again))
    people = place.run("review", "rescan", "--out", "lista.csv")
    assert "stația local" in people.out
    assert marked["id"] in people.out
    data = (place.root / "lista.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(data.decode().splitlines()))
    listed = sorted(again, key=lambda row: row["page"])
    assert [line["identificator"] for line in lines] == [row["id"] for row in listed]
    assert lines[0]["stația"] == "local"
    refused(place.run("review", "rescan", "--out", "lista.csv", "--json"), "output-exists")
    assert place.run("review", "rescan", "--station", "S9", "--json").json["waiting"] == []
    assert place.run("review", "accept", marked["id"], "--json").code == 0
    left = {row["id"] for row in place.run("review", "list", "--json").json["waiting"]}
    assert left == {row["id"] for row in rows} - {marked["id"]}
    for _ in range(2):
        assert place.run("review", "undo", marked["id"], "--json").code == 0
    assert place.run("review", "list", "--json").json["waiting"] == before
    refused(place.run("review", "undo", marked["id"], "--json"), "review-nothing-to-undo")
    assert place.run("verify", "--json").code == 0
