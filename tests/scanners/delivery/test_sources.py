import io
import json
import os
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from scanners.delivery.folders import is_ignored
from scanners.sources import find_binders
from schemas.errors import InputError
from schemas.messages import table
from schemas.settings import Settings
from schemas.sources import FileKind

OPTIONS = Settings(max_depth=3, max_file_mb=1)
PDF = b"%PDF-1.4\n%%EOF\n"
ZIP = b"PK\x03\x04" + b"\0" * 40


def picture(form, pages=1):
    stream = io.BytesIO()
    frame = Image.new("L", (8, 8), 255)
    more = {"save_all": True, "append_images": [frame] * (pages - 1)} if pages > 1 else {}
    frame.save(stream, form, **more)
    return stream.getvalue()


JPEG, PNG, TIFF, TIFF3 = picture("JPEG"), picture("PNG"), picture("TIFF"), picture("TIFF", 3)


def plant(folder, tree):
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict | list):
            path.write_text(json.dumps(content), encoding="utf-8")
        elif content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
    return folder


def find(folder, *names, options=OPTIONS):
    sources = [folder / name for name in names] or [folder]
    return find_binders(sources, options, names={folder: "raft"})


def refused(plan):
    return {(r.file, r.code) for r in plan.refused}


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (TIFF3, "tiff"), (TIFF, "tiff"), (JPEG, "jpeg"), (PNG, "png")],
)
def test_a_single_file_is_a_binder_whatever_its_name(tmp_path, content, kind):
    plan = find(plant(tmp_path, {"raft-07.doc": content}), "raft-07.doc")
    (binder,) = plan.binders
    assert plan.refused == ()
    assert [f.kind for f in binder.files] == [FileKind(kind)]
    assert binder.files[0].bytes == len(content)


def test_a_folder_of_page_images_is_a_binder_in_natural_order(tmp_path):
    plan = find(plant(tmp_path, {"p10.jpg": JPEG, "p9.tif": TIFF, "p1.png": PNG}))
    (binder,) = plan.binders
    assert [f.name for f in binder.files] == ["p1.png", "p9.tif", "p10.jpg"]
    assert (binder.source, plan.refused) == ("raft", ())


def test_a_folder_of_binders(tmp_path):
    tree = {"a.pdf": PDF, "b.tif": TIFF3, "c/1.jpg": JPEG, "c/2.jpg": JPEG, "d/e/1.png": PNG}
    plan = find(plant(tmp_path, tree))
    assert [(b.name, b.source, len(b.files)) for b in plan.binders] == [
        ("a", "raft/a.pdf", 1),
        ("b", "raft/b.tif", 1),
        ("c", "raft/c", 2),
        ("e", "raft/d/e", 1),
    ]


@pytest.mark.parametrize("beside", [{"x.pdf": PDF}, {"x.tif": TIFF3}, {"sub/1.jpg": JPEG}])
def test_pages_beside_anything_else_are_refused_file_by_file(tmp_path, beside):
    plan = find(plant(tmp_path, {"1.jpg": JPEG, "2.jpg": JPEG, **beside}))
    assert plan.binders == ()
    assert refused(plan) == {(f"raft/{n}", "ambiguous-folder") for n in ["1.jpg", "2.jpg", *beside]}


def test_what_cannot_be_taken_is_refused_and_the_binder_goes_on(tmp_path):
    tree = {
        "1.jpg": JPEG,
        "2": b"",
        "2.jpg": b"",
        "2b.jpg": b"\0" * 40,
        "3.zip": ZIP,
        "notes.txt": b"hello",
        "4.jpg": JPEG + b"\0" * (1 << 20),
        "a\nb.jpg": JPEG,
        "SCAN.jpg": JPEG,
        "scan.jpg": JPEG,
    }
    plan = find(plant(tmp_path, tree))
    (binder,) = plan.binders
    in_place = ["1.jpg", "2.jpg", "2b.jpg", "SCAN.jpg"]  # damaged images stay where the leaf is
    assert [f.name for f in binder.files] == in_place
    assert refused(plan) == {
        ("raft/2", "empty-file"),
        ("raft/3.zip", "nested-archive"),
        ("raft/notes.txt", "unsupported-type"),
        ("raft/4.jpg", "too-large"),
        ("raft/a\\x0ab.jpg", "unsafe-name"),
        ("raft/scan.jpg", "case-collision"),
    }


def test_links_and_special_files_are_refused_and_never_followed(tmp_path):
    outside = plant(tmp_path / "outside", {"secret.jpg": JPEG})
    inside = plant(tmp_path / "raft", {"1.jpg": JPEG})
    (inside / "2.jpg").symlink_to(outside / "secret.jpg")
    (inside / "3").symlink_to(outside)
    os.mkfifo(inside / "4.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(inside / "5"))
        plan = find_binders([inside], OPTIONS, names={inside: "raft"})
    assert [f.name for f in plan.binders[0].files] == ["1.jpg"]
    assert refused(plan) == {(f"raft/{n}", "special-file") for n in ("2.jpg", "3", "4.jpg", "5")}


def test_a_link_that_a_person_typed_is_followed_but_never_a_dropped_one(tmp_path):
    plant(tmp_path, {"real.pdf": PDF})
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real.pdf")
    assert len(find_binders([link], OPTIONS).binders) == 1
    assert [r.code for r in find_binders([link], OPTIONS, follow=False).refused] == ["special-file"]


def test_silently_ignored_names(tmp_path):
    tree = {
        "1.jpg": JPEG,
        ".hidden": JPEG,
        "2.jpg.part": JPEG,
        "Thumbs.db": b"x",
        "~$inventar.xlsx": b"x",
        "desktop.ini": b"x",
        "raft.ok": b"",
        "binder.json": {"cota": "12"},
    }
    plan = find(plant(tmp_path, tree))
    assert refused(plan) == set()
    assert plan.binders[0].identity.cota == "12"


def test_too_deep_and_empty(tmp_path):
    tree = {"a/b/c/d/1.pdf": PDF, "a/b/c/2.pdf": PDF, "empty": None}
    plan = find(plant(tmp_path, tree))
    assert [b.source for b in plan.binders] == ["raft/a/b/c/2.pdf"]
    assert refused(plan) == {("raft/a/b/c/d/1.pdf", "too-deep"), ("raft/empty", "nothing-found")}


def test_a_folder_with_an_unsafe_name_is_refused_file_by_file(tmp_path):
    plan = find(plant(tmp_path, {"ok.pdf": PDF, "a\tb/1.jpg": JPEG, "a\tb/2.jpg": JPEG}))
    assert [b.name for b in plan.binders] == ["ok"]
    assert {code for _, code in refused(plan)} == {"unsafe-name"}
    assert len(plan.refused) == 2


def test_a_missing_source_is_an_error_that_names_it(tmp_path):
    with pytest.raises(InputError) as caught:
        find_binders([tmp_path / "raft-7"], OPTIONS)
    assert caught.value.code == "source-missing"
    assert caught.value.file.endswith("raft-7")


def test_what_is_reached_twice_is_taken_once(tmp_path):
    plant(tmp_path, {"a/1.jpg": JPEG, "a/2.jpg": JPEG, "b.pdf": PDF})
    plan = find(tmp_path, "a/1.jpg", "a", "b.pdf", "b.pdf", ".", "a/../b.pdf")
    paths = [f.path for b in plan.binders for f in b.files]
    assert sorted(p.name for p in paths) == ["1.jpg", "2.jpg", "b.pdf"]
    assert plan.refused == ()


def test_identity_inside_and_beside(tmp_path):
    tree = {
        "a/1.jpg": JPEG,
        "a/binder.json": {"cota": "A"},
        "b.pdf": PDF,
        "b.binder.json": {"cota": "B"},
        "c.pdf": PDF,
        "c.pdf.binder.json": {"cota": "C"},
        "d.pdf": PDF,
        "d.binder.json": {"an": "last year"},
    }
    plan = find(plant(tmp_path, tree))
    assert [b.identity.cota for b in plan.binders] == ["A", "B", "C", ""]
    assert refused(plan) == {("raft/d.binder.json", "binder-invalid")}


def test_a_manifest_that_cannot_be_read_refuses_its_binder(tmp_path):
    plant(tmp_path, {"1.jpg": JPEG, "2.jpg": JPEG})
    (tmp_path / "batch.json").write_text('{"files":\n [,]}', encoding="utf-8")
    plan = find(tmp_path)
    assert plan.binders == ()
    assert refused(plan) == {
        (f"raft/{n}", "manifest-invalid") for n in ("1.jpg", "2.jpg", "batch.json")
    }
    assert plan.refused[0].detail["n"] == "2"


def test_a_manifest_above_binders_is_handed_down(tmp_path):
    files = [{"name": n} for n in ("a/1.jpg", "b.pdf", "c/gone.jpg", "b/x")]
    plan = find(plant(tmp_path, {"a/1.jpg": JPEG, "b.pdf": PDF, "batch.json": {"files": files}}))
    assert [dict(b.manifest.files) for b in plan.binders] == [
        {"1.jpg": (None, None)},
        {"b.pdf": (None, None)},
    ]
    assert [(r.code, r.detail["n"]) for r in plan.refused] == [("manifest-waiting", "2")]


NAMES = st.sampled_from(
    ["1.jpg", "2", "10.tif", "A", "a", "b.pdf", ".x", "y.part", "z.ok", "binder.json", "c\x01", "ș"]
)
CONTENTS = st.sampled_from([JPEG, PNG, TIFF, TIFF3, PDF, ZIP, b"", b"text", {"cota": "1"}])
TREES = st.recursive(
    CONTENTS, lambda inner: st.dictionaries(NAMES, inner, max_size=4), max_leaves=14
)


def grow(folder, tree):
    folder.mkdir()
    for name, content in tree.items():
        if isinstance(content, dict) and "cota" not in content:
            grow(folder / name, content)
        elif isinstance(content, dict):
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
        else:
            (folder / name).write_bytes(content)


def expected(folder):
    for entry in os.scandir(folder):
        if is_ignored(entry.name, entry.is_file()):
            continue
        if entry.is_dir():
            yield from expected(entry.path)
        else:
            yield os.path.realpath(entry.path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tree=st.dictionaries(NAMES, TREES, max_size=5))
def test_every_file_of_any_tree_is_accounted_for_once(tree, tmp_path_factory):
    root = tmp_path_factory.mktemp("tree") / "raft"
    grow(root, tree)
    plan = find_binders([root, root], OPTIONS)
    taken = [str(f.path) for b in plan.binders for f in b.files]
    put_aside = [str(r.path) for r in plan.refused if r.path and not r.path.is_dir()]
    manifests = [p for p in put_aside if p.endswith("binder.json")]
    found = taken + [p for p in put_aside if p not in manifests]
    assert sorted(found) == sorted(p for p in expected(root) if not p.endswith("binder.json"))
    assert {r.code for r in plan.refused} <= set(table("ro")["reason"])
    assert plan.binders or plan.refused
