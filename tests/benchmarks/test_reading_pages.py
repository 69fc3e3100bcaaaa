"""A folder becomes pages with their truth and class."""

import pytest
from PIL import Image

from benchmarks.reading.pages import find_pages
from schemas.settings import Settings


def _image(path, tone=255):
    Image.new("L", (40, 50), tone).save(path, dpi=(300, 300))


def _tiff(path, pages):
    first, *rest = (Image.new("L", (40, 50), 200 + number) for number in range(pages))
    first.save(path, save_all=True, append_images=rest, dpi=(300, 300))


def _found(folder, **options):
    return {page.key: page for page in find_pages(folder, Settings(), **options)}


@pytest.mark.parametrize("ending", [".gt.txt", ".gold.txt", ".txt"])
def test_the_truth_stands_beside_the_page(tmp_path, ending):
    _image(tmp_path / "a.png")
    _image(tmp_path / "b.3B.png")
    (tmp_path / f"b.3B{ending}").write_text("Hotărâre", encoding="utf-8")
    found = _found(tmp_path)
    assert found["b.3B.png"].truth == "Hotărâre"
    assert found["a.png"].truth is None
    assert [page.group for page in found.values()] == ["all", "all"]


def test_a_checked_truth_goes_before_a_plain_text(tmp_path):
    _image(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("other", encoding="utf-8")
    (tmp_path / "a.gt.txt").write_text("checked", encoding="utf-8")
    assert _found(tmp_path)["a.png"].truth == "checked"


def test_pages_of_one_file_have_their_own_truth(tmp_path):
    for name in ("apart.tif", "fed.tif", "whole.tif"):
        _tiff(tmp_path / name, 2)
    (tmp_path / "apart.p2.gt.txt").write_text("two", encoding="utf-8")
    (tmp_path / "fed.gt.txt").write_text("one\ftwo\f", encoding="utf-8")
    (tmp_path / "whole.gt.txt").write_text("both", encoding="utf-8")
    assert {key: page.truth for key, page in _found(tmp_path).items()} == {
        "apart.tif#1": None,
        "apart.tif#2": "two",
        "fed.tif#1": "one",
        "fed.tif#2": "two",
        "whole.tif#1": None,
        "whole.tif#2": None,
    }


def test_classes_come_from_the_table(tmp_path):
    for name in ("a.png", "b.png", "c.png"):
        _image(tmp_path / name)
    (tmp_path / "classes.tsv").write_text("file\tclass\na.png\tclean\nb.png\tstamp\n")
    assert [page.group for page in _found(tmp_path).values()] == ["clean", "stamp", "all"]
    other = tmp_path / "other.tsv"
    other.write_text("file\tclass\nc.png\ttable\n")
    assert _found(tmp_path, classes=other)["c.png"].group == "table"


def test_languages_beside_the_folder_are_classes(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    _image(folder / "a.png")
    (tmp_path / "gt_pages.tsv").write_text("file\tlang\tcer\nset/a.png\tces\t0.3\n")
    assert _found(folder)["a.png"].group == "ces"


def test_marks_go_only_where_the_set_is_said_to_have_them(tmp_path):
    _image(tmp_path / "a.png")
    (tmp_path / "a.gt.txt").write_text("_Nota ~~~ 1^er", encoding="utf-8")
    assert _found(tmp_path)["a.png"].truth == "_Nota ~~~ 1^er"
    marked = _found(tmp_path, conventions="tapuscorpus")["a.png"].truth
    assert marked.split() == ["Nota", "1er"]


def test_a_damaged_file_is_a_page(tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff" + b"\0" * 50)
    (tmp_path / "notes.md").write_text("not a page")
    (tmp_path / "below").mkdir()
    assert list(_found(tmp_path)) == ["bad.jpg"]


@pytest.mark.corpus
def test_real_sets_are_understood(shared_data):
    scans = _found(shared_data / "ro_scans")
    with_truth = [key for key, page in scans.items() if page.truth]
    assert len(scans) == 12
    assert with_truth == [
        "coseiu_anunt_cadastru_scan.pdf",
        "rastolita_eliberarea_certificatelor_scan.pdf",
        "rastolita_inregistrarea_casatorie_scan.pdf#1",
    ]
    typed = _found(shared_data / "gt_typescript_cs_sk_de")
    assert {page.group for page in typed.values()} == {"ces", "slk", "deu"}
    assert all(page.truth for page in typed.values())
    assert _found(shared_data / "gt_tesseract_test")["phototest.tif"].truth
