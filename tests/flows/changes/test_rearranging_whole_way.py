"""Pages move, units split and merge, identities change and go back: all stays right, none is read."""

import pytest

from flows.changes.rearranging import Cover, append_to_same, find_same, split_at_covers
from flows.progress import Silent
from flows.run import open_run
from schemas.settings import load_settings
from tests.flows.changes.rearranged import (
    assert_same_again,
    assert_sound,
    events,
    facts,
    found,
    named,
    own_word,
    pdf_pages,
    read_pages,
    record,
    review,
    undone,
    unit,
)

pytestmark = pytest.mark.slow


def test_pages_move_and_go_back(place):
    a, b = unit(place, "tiff"), unit(place, "pdf")
    before, status = facts(place), place.run("status", "--json").json
    number = read_pages(a)[-1]
    word, document = own_word(place, "tiff", number), a.pages[number - 1].document
    numbers = [p.page for p in a.pages if p.document == document]
    done = review(place, "move", a.id, f"{numbers[0]}-{numbers[-1]}", b.id, "--note", "greșit")
    assert (done["kind"], done["pages"]) == ("move", len(numbers))
    new = len(b.pages) + number - numbers[0] + 1
    assert found(place, word) == {(b.id, new)}
    gave, got = unit(place, "tiff"), unit(place, "pdf")
    assert [(e.unit, e.last - e.first + 1) for e in gave.elsewhere] == [(b.id, len(numbers))]
    assert got.documents[-1].id == document
    copy = got.originals[-1]
    assert (copy.sha256, copy.of) == (a.originals[0].sha256, a.id)
    assert before["tiff"]["originals"] == facts(place)["tiff"]["originals"]
    shown = place.run("show", document, "--json").json
    assert (shown["unit"], shown["document"]) == (b.id, document)
    for name, role in (("tiff", "gave"), ("pdf", "received")):
        (told,) = [e for e in events(place, name) if e["event"] == "rearranged"]
        assert (told["change"], told["role"], told["by"]) == (done["change"], role, "ana")
        assert told["note"] == "greșit"
    assert_sound(place)
    assert_same_again(place)
    undone(place, done["change"])
    assert facts(place) == before
    assert place.run("status", "--json").json == status
    assert found(place, word) == {(a.id, number)}
    assert_sound(place)
    again = place.run("review", "undo", done["change"], "--json")
    assert again.json["error"]["code"] == "review-nothing-to-undo"


def test_a_unit_splits_is_named_and_goes_back_last_change_first(place):
    a, before = unit(place, "tiff"), facts(place)
    number = read_pages(a)[-1]
    word = own_word(place, "tiff", number)
    split = review(place, "split", a.id, number - 1, "--cota", "13/1999", "--an", "1999")
    (new,) = split["created"]
    made = unit(place, "tiff / 13/1999")
    assert (made.id, made.identity.cota, made.identity.fond) == (new, "13/1999", a.identity.fond)
    assert found(place, word) == {(new, 2)}
    assert len(unit(place, "tiff").pages) == number - 2
    assert_sound(place)
    assert_same_again(place)
    named_ = review(place, "assign", new, "--cota", "14/1999")
    assert unit(place, "tiff / 13/1999").identity.cota == "14/1999"
    assert review(place, "assign", new, "--cota", "14/1999")["outcome"] == "same"
    early = place.run("review", "undo", split["change"], "--json")
    assert early.json["error"]["code"] == "change-not-last"
    undone(place, named_["change"])
    assert unit(place, "tiff / 13/1999").identity.cota == "13/1999"
    assert undone(place, split["change"])["removed"] == [new]
    assert facts(place) == before
    assert found(place, word) == {(a.id, number)}
    assert place.run("show", new, "--json").json["error"]["code"] == "unit-missing"
    assert_sound(place)
    assert_same_again(place)


def test_units_merge_and_go_back(place):
    a, b, before = unit(place, "tiff"), unit(place, "pdf"), facts(place)
    done = review(place, "merge", a.id, b.id)
    empty, whole = unit(place, "tiff"), unit(place, "pdf")
    assert (empty.pages, empty.documents) == ((), ())
    assert empty.originals == a.originals
    assert [d.id for d in whole.documents] == [d.id for d in (*b.documents, *a.documents)]
    assert len(whole.pages) == 10
    assert_sound(place)
    assert_same_again(place)
    undone(place, done["change"])
    assert facts(place) == before
    assert_sound(place)


def test_an_identity_stays_as_a_person_gave_it(place):
    a = unit(place, "tiff")
    done = review(place, "assign", a.id, "--cota", "99/2000", "--an", "2000")
    manifest = named(place)["tiff"] / "metadata/manifest-sha256.txt"
    manifest.unlink()
    (named(place)["tiff"] / "representations/rep1/alto/0002.xml").unlink()
    assert place.run("scan-batch", "small", "--json").code == 0
    assert unit(place, "tiff").identity.cota == "99/2000"
    assert_sound(place)
    undone(place, done["change"])
    assert unit(place, "tiff").identity == a.identity


def test_documents_split_and_merge(place):
    a, before = unit(place, "tiff"), facts(place)
    last = a.documents[-1]
    assert last.last_page > last.first_page
    split = review(place, "split-document", a.id, last.last_page)
    now = unit(place, "tiff").documents
    assert [d.id for d in now[:-1]] == [d.id for d in a.documents]
    assert (now[-1].first_page, now[-1].last_page) == (last.last_page, last.last_page)
    assert_sound(place)
    again = place.run("review", "split-document", a.id, last.last_page, "--json")
    assert again.json["error"]["code"] == "boundary-none"
    merged = review(place, "merge-documents", a.id, last.first_page)
    now = unit(place, "tiff").documents
    assert now[0].last_page >= last.first_page
    assert pdf_pages(named(place)["tiff"])[0] == len(unit(place, "tiff").pages_of(now[0].id))
    assert_sound(place)
    assert_same_again(place)
    undone(place, merged["change"])
    undone(place, split["change"])
    assert facts(place) == before
    assert [d.id for d in unit(place, "tiff").documents] == [d.id for d in a.documents]


def test_a_decision_goes_with_its_page(place):
    a, b = unit(place, "tiff"), unit(place, "pdf")
    marked = place.run("review", "rescan-mark", a.id, 2, "--note", "colț", "--json").json["id"]
    assert marked.startswith(a.id)
    done = review(place, "move", a.id, "2", b.id)
    rows = place.run("review", "list", "--json").json["waiting"]
    (row,) = [row for row in rows if row["note"] == "colț"]
    assert row["unit"] == b.id
    assert place.run("review", "accept", row["id"], "--json").code == 0
    undone(place, done["change"])
    left = {row["id"]: row["unit"] for row in place.run("review", "list", "--json").json["waiting"]}
    assert marked not in left


def test_what_cannot_be_is_refused_and_nothing_is_changed(place):
    a, b, before = unit(place, "tiff"), unit(place, "pdf"), facts(place)
    cases = {
        ("move", a.id, "9", b.id): "page-missing",
        ("move", a.id, "2-", b.id): "pages-wrong",
        ("move", a.id, "3-2", b.id): "pages-wrong",
        ("move", a.id, "2", b.id, "--at", "7"): "page-missing",
        ("move", a.id, "2", a.id): "same-unit",
        ("move", a.id, "2", "ua-nimic"): "unit-missing",
        ("merge", a.id, a.id): "same-unit",
        ("split", a.id, "1"): "boundary-none",
        ("split", a.id, "6"): "page-missing",
        ("assign", a.id): "identity-empty",
        ("split-document", a.id, "1"): "boundary-none",
        ("merge-documents", a.id, "2"): "boundary-none",
        ("undo", f"{a.id}.aaaaaaaa"): "review-missing",
    }
    for command, code in cases.items():
        done = place.run("review", *command, "--json")
        assert (done.code, done.json["error"]["code"]) == (4, code), command
    original = named(place)["tiff"] / "representations/rep1/originals/tiff.tif"
    original.write_bytes(original.read_bytes()[:-1] + b"x")
    damaged = place.run("review", "move", a.id, "2", b.id, "--json")
    assert (damaged.code, damaged.json["error"]["code"]) == (4, "unit-damaged")
    assert not list(place.archive.glob("changes/*"))
    assert facts(place) == before


def test_a_file_whose_pages_moved_is_not_inserted_again(place):
    a, b = unit(place, "tiff"), unit(place, "pdf")
    review(place, "merge", a.id, b.id)
    done = place.run("review", "insert", b.id, "--after", "1", "small/tiff.tif", "--json")
    assert done.json["error"]["code"] == "rescan-known"
    done = place.run("review", "insert", a.id, "--after", "0", "small/tiff.tif", "--json")
    assert done.json["error"]["code"] == "rescan-elsewhere"


def test_covers_split_a_binder_and_more_of_a_unit_joins_it(place):
    a = unit(place, "tiff")
    settings = load_settings({"archive": place.archive, "workers": 2})
    covers = (
        Cover(1, {"cota": "1/1990", "an": "1990"}),
        Cover(3, {"cota": "2/1990", "an": "1990"}),
        Cover(5, {"cota": "3/1990", "an": "1990"}),
    )
    with open_run(settings, Silent()) as run:
        done = split_at_covers(run, a.id, covers, "opis")
        assert len(done.change.created) == 2
        assert all(not result.problems for result in done.results.values())
        assert all(result.recognised_now == 0 for result in done.results.values())
        again = split_at_covers(run, a.id, covers, "opis")
        assert (again.change.id, again.results) == ("", {})
    own, *others = (a.id, *(new.id for new in done.change.created))
    units = {one.id: one for one in map(record, place.units)}
    assert [(units[u].identity.cota, len(units[u].pages)) for u in (own, *others)] == [
        ("1/1990", 2),
        ("2/1990", 2),
        ("3/1990", 1),
    ]
    assert_sound(place)
    review(place, "assign", others[1], "--cota", "2/1990")
    with open_run(settings, Silent()) as run:
        assert find_same(others[1], run) == others[0]
        assert find_same(others[0], run) is None
        joined = append_to_same(run, others[1], "opis")
        assert joined.change.records[-1].id == others[1]
        assert append_to_same(run, others[0], "opis") is None
    now = {one.id: one for one in map(record, place.units)}
    assert (len(now[others[0]].pages), len(now[others[1]].pages)) == (3, 0)
    assert_sound(place)
