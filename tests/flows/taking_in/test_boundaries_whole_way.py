"""A binder without separator sheets becomes its documents, and stays what people made of it."""

import msgspec
import pikepdf
import pytest

from examples.binders import generate, load_truth
from schemas.records import decode_unit
from tests.flows.opis_command import Place, copied
from tests.scanners import pdf_samples as samples

pytestmark = pytest.mark.slow
NAME = "biblioraft-001"


@pytest.fixture(scope="module")
def binder(tmp_path_factory):
    """A binder of six papers one after the other; the generator's own first sheet names it."""
    out = tmp_path_factory.mktemp("unparted")
    generate(out, 1, 9, 13, dpi=150, faults="light", form="tiff", templates="dev", separators=False)
    return out


@pytest.fixture(scope="module")
def first(binder, tmp_path_factory):
    """An archive that took it in, to be left as it is."""
    root = tmp_path_factory.mktemp("unparted-archive")
    (root / "binders").symlink_to(binder / "binders")
    place = Place(root)
    assert place.run("scan-batch", "binders", "--json").code == 0
    return place


@pytest.fixture
def place(first, tmp_path):
    (tmp_path / "binders").symlink_to((first.root / "binders").resolve())
    return copied(first, tmp_path)


def record(place):
    (folder,) = place.units
    return decode_unit((folder / "metadata/record.json").read_bytes())


def places(place):
    return [(d.id, d.first_page, d.last_page) for d in record(place).documents]


def bookmarks(place):
    (folder,) = place.units
    for document in record(place).documents:
        with pikepdf.open(folder / document.pdf) as pdf, pdf.open_outline() as outline:
            yield outline.root[0].title


def worked_on_again(place, **settings):
    """The unit through all stages once more, one of its pages read anew."""
    (folder,) = place.units
    (folder / "metadata/manifest-sha256.txt").unlink()
    (folder / "representations/rep1/alto/0002.xml").unlink()
    assert place.run("scan-batch", "binders", "--json", **settings).code == 0


def test_its_documents_are_those_of_the_truth(first, binder):
    unit, truth = record(first), load_truth(binder, NAME)
    assert [(d.first_page, d.last_page) for d in unit.documents] == [
        (d.first_page, d.last_page) for d in truth.documents
    ]
    assert unit.documents[0].boundary == 1
    assert all(0.5 <= d.boundary < 1 for d in unit.documents[1:])
    assert [page.begins for page in unit.pages] == [None] * len(unit.pages)


def test_the_opis_stands_in_answer_table_and_bookmarks(first):
    unit = record(first)
    done = first.run("show", unit.id, "--json").json
    assert [entry["document"] for entry in done["opis"]] == [d.id for d in unit.documents]
    assert (done["opis"][0]["first_leaf"], done["opis"][-1]["last_leaf"]) == ("1", "8")
    assert [d["boundary"] for d in done["documents"]] == [d.boundary for d in unit.documents]
    assert "Obiect" in first.run("show", unit.id).out
    told = list(bookmarks(first))
    leaves = [(e["first_leaf"], e["last_leaf"]) for e in done["opis"]]
    for number, (title, (one, other)) in enumerate(zip(told, leaves, strict=True), 1):
        assert title.startswith(f"{number}. ")
        assert title.endswith(f", file {one}" if one == other else f", file {one}–{other}")


def test_worked_on_again_it_has_the_same_documents(place):
    before = places(place)
    worked_on_again(place)
    assert places(place) == before


def test_documents_that_a_person_joins_stay_joined(place):
    before, unit = places(place), record(place)
    second = unit.documents[1]
    done = place.run("review", "merge-documents", unit.id, second.first_page, "--json").json
    joined = places(place)
    assert joined == [(before[0][0], before[0][1], before[1][2]), *before[2:]]
    assert record(place).pages[second.first_page - 1].begins is False
    worked_on_again(place)
    assert places(place) == joined
    assert place.run("review", "undo", done["change"], "--json").code == 0
    assert places(place) == before
    assert [page.begins for page in record(place).pages] == [None] * len(unit.pages)


def test_with_sheets_alone_it_is_one_document(place):
    worked_on_again(place, OPIS_BOUNDARIES="sheets")
    assert len(places(place)) == 1
    assert not [
        f
        for f in place.run("show", record(place).id, "--json").json["findings"]
        if "bound" in f["code"]
    ]


def test_leaves_scanned_in_another_order_than_their_numbers_are_told(tmp_path):
    (tmp_path / "binders").mkdir()
    pdf = pikepdf.new()
    for number in (1, 3, 2, 4):
        told = (f"Pagina {number} din 4", "", *samples.SENTENCES)
        samples.add_page(pdf, samples.text_operators(told))
    pdf.save(tmp_path / "binders/regulament.pdf")
    place = Place(tmp_path)
    assert place.run("scan-batch", "binders", "--json").code == 0
    (unit,) = place.units
    findings = msgspec.json.decode((unit / "metadata/findings.json").read_bytes())
    assert [f["page"] for f in findings if f["code"] == "page-order"] == [3]
