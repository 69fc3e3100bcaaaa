"""The delivered files: readable as a station's, and just where the truth says."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import jsonschema
import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, UnidentifiedImageError
from rapidfuzz.distance import Levenshtein

from examples.binders import binder_names, faults, fonts, generate, load_truth, truth_pages

pytestmark = pytest.mark.slow  # binders are drawn and read back

ROOT = Path(__file__).parents[2]
BINDERS, PAGES, SEED = 3, 12, 7
FACES_NEED = "ăâîșțĂÂÎȘȚ„”–"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("binders")
    generate(folder, BINDERS, PAGES, SEED)
    return folder


def picture(out, page):
    """The delivered image as grey pixels; None where the file cannot be decoded."""
    file = out / "binders" / page.file
    if file.suffix == ".pdf":
        with pypdfium2.PdfDocument(file) as document:
            image = document[page.frame].render(scale=page.dpi / 72).to_pil()
    else:
        try:
            image = Image.open(file)
            image.seek(page.frame)
            image.load()
        except (UnidentifiedImageError, OSError):
            return None
    return np.asarray(image.convert("L"))


def delivered(out):
    for name in binder_names(out):
        for page in truth_pages(out, name):
            yield page, picture(out, page)


def digests(folder):
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def mapped(box, transform):
    x, y, width, height = box
    corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
    return np.array(corners, float) @ np.array(transform)[:, :2].T + np.array(transform)[:, 2]


def test_same_seed_same_bytes_whatever_the_workers(tmp_path):
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    generate(one, 2, 5, 3, dpi=100)
    generate(two, 2, 5, 3, dpi=100, workers=2)
    generate(three, 1, 5, 3, dpi=100)
    assert digests(one) == digests(two)
    alone = digests(three / "binders")
    assert alone == {name: digests(one / "binders")[name] for name in alone}
    generate(three, 1, 5, 4, dpi=100)
    assert digests(three / "binders") != alone


def test_forms_and_what_every_small_binder_has(out):
    forms = [load_truth(out, name).form for name in binder_names(out)]
    assert forms == ["folder", "tiff", "pdf"]
    for name in binder_names(out):
        own = list(truth_pages(out, name))
        kinds = {page.kind for page in own}
        found = {fault for page in own for fault in page.faults}
        assert own[0].payload.startswith("OPIS:fond=")
        assert kinds == {"text", "blank", "separator", "unreadable"}
        assert {"skew", "upside_down"} <= found
        assert "PATCHT" in {page.payload for page in own}
        assert (out / "binders" / load_truth(out, name).path).exists()


def test_images_have_the_size_the_truth_says_and_spoilt_files_cannot_be_read(out):
    for page, image in delivered(out):
        if page.damage in ("truncated", "corrupt"):
            assert image is None
            continue
        height, width = image.shape
        assert abs(height - page.height) <= 1
        assert abs(width - page.width) <= 1


def test_word_boxes_hold_the_ink_after_the_transform(out):
    """Each word's box, mapped, lies in the image and is darker than the paper."""
    checked = 0
    for page, image in delivered(out):
        if page.kind != "text":
            continue
        assert [word.text for word in page.words] == page.text.split()
        paper = np.median(image)
        for word in page.words:
            corners = mapped(word.box, page.transform)
            assert (corners >= 0).all()
            assert (corners <= (page.width, page.height)).all()
            (left, top), (right, bottom) = corners.min(0), corners.max(0)
            inside = image[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
            assert inside.min() < paper - 25, (page.page, word)
            checked += 1
    assert checked > 500


def test_clean_pages_ink_lies_in_the_boxes_and_fills_them(tmp_path):
    generate(tmp_path, 1, 12, 5, faults="none", form="folder")
    tight = 0
    for page in truth_pages(tmp_path, "biblioraft-001"):
        assert page.transform == ((1, 0, 0), (0, 1, 0))
        if page.kind != "text" or {"stamp", "colour"} & set(page.content):
            continue
        ink = picture(tmp_path, page) < 150
        for word in page.words:
            x, y, width, height = word.box
            box = ink[y : y + height, x : x + width]
            assert box.any()
            tight += box[:, :3].any() and box[:, -3:].any() and box[:3].any() and box[-3:].any()
        covered = np.zeros_like(ink)
        for word in page.words:
            x, y, width, height = word.box
            covered[y - 2 : y + height + 2, x - 2 : x + width + 2] = True
        if set(page.content) <= {"typewriter"}:
            assert not (ink & ~covered).any()
    assert tight > 300


def test_separators_and_cover_can_be_read(out):
    found = set()
    for page, image in delivered(out):
        codes = (
            {code.text for code in zxingcpp.read_barcodes(image)} if image is not None else set()
        )
        assert codes == ({page.payload} if page.payload else set())
        found.add(page.symbology)
    assert found >= {"Code39", "Code128", "QRCode"}


def test_sidecars_follow_the_schemas_and_the_files(out):
    schemas = ROOT / "schemas" / "json"
    for name in binder_names(out):
        binder = load_truth(out, name)
        inside = binder.form == "folder"
        base = out / "binders" / (f"{name}/" if inside else f"{name}.")
        known, batch = (
            json.loads(
                Path(f"{base}{'/' if inside else ''}{kind}.json").read_text(encoding="utf-8")
            )
            for kind in ("binder", "batch")
        )
        for kind, value in (("binder", known), ("batch", batch)):
            schema = json.loads((schemas / f"{kind}.schema.json").read_text(encoding="utf-8"))
            jsonschema.validate(value, schema)
        assert {key: getattr(binder, key) for key in known} == known
        assert batch["leaves"] == binder.leaves
        folder = base if inside else out / "binders"
        for row in batch["files"]:
            content = (folder / row["name"]).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (
                row["bytes"],
                row["sha256"],
            )


def test_the_pdf_is_sound_and_holds_plain_jpegs(out):
    with pikepdf.open(out / "binders" / "biblioraft-003.pdf") as pdf:
        assert not pdf.check_pdf_syntax()
        assert len(pdf.pages) == PAGES
        for page in pdf.pages:
            (image,) = page.get_images().values()
            assert image.Filter == "/DCTDecode"
            assert image.read_raw_bytes()[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize("seed", [1, 2])
def test_tiff_frames_are_bitonal_g4_or_grey_jpeg(tmp_path, seed):
    generate(tmp_path, 1, 8, seed, form="tiff")
    with Image.open(tmp_path / "binders" / "biblioraft-001.tif") as tiff:
        assert tiff.n_frames == 8
        how = set()
        for frame in range(8):
            tiff.seek(frame)
            how.add(tiff.info["compression"])
            assert tiff.info["dpi"][0] in (300, 150)
        assert how in ({"group4"}, {"jpeg", "tiff_lzw"})


def test_faults_none_and_light(tmp_path):
    generate(tmp_path / "none", 1, 12, 5, faults="none", dpi=72)
    generate(tmp_path / "light", 1, 12, 5, faults="light", dpi=72)
    clean, light = (list(truth_pages(tmp_path / k, "biblioraft-001")) for k in ("none", "light"))
    assert [page.text for page in clean] == [page.text for page in light]
    assert not any(page.faults for page in clean)
    assert {fault for page in light for fault in page.faults} == {"skew"}


@given(
    st.floats(-4, 4),
    st.floats(-4, 4),
    st.floats(0.98, 1.01),
    st.booleans(),
    st.sampled_from((0, 150)),
)
@settings(max_examples=40, deadline=None)
def test_a_mark_lands_where_the_transform_says(skew, shift, scale, flip, dpi):
    width, height, mark = 620, 877, (200, 300, 40, 30)
    page = np.full((height, width), 255, np.uint8)
    x, y, w, h = mark
    page[y : y + h, x : x + w] = 0
    work = faults.Plan("skewed", skew, (shift, -shift), scale, flip, 255, 255, dpi=dpi)
    image = faults.apply(page, work, None, None, 300)
    matrix, out_width, out_height = faults.transform(work, width, height, 300)
    assert image.shape == (out_height, out_width)
    moments = cv2.moments(255 - image)
    centre = np.array((moments["m10"], moments["m01"])) / moments["m00"] + 0.5
    assert np.abs(centre - mapped(mark, matrix).mean(0)).max() < 0.15


@pytest.mark.parametrize("face", sorted(fonts.FACES))
@pytest.mark.parametrize("bold", [False, True])
def test_every_face_has_the_comma_below_letters(face, bold):
    font = fonts.font(face, bold, 40)
    missing = bytes(font.getmask("\U0010fffd"))
    assert all(bytes(font.getmask(letter)) != missing for letter in FACES_NEED)


def test_a_missing_face_names_its_package(monkeypatch):
    monkeypatch.setitem(fonts.FACES, "lost", ("fonts-lost", "Lost-Regular", "Lost-Bold"))
    with pytest.raises(fonts.FaceMissingError, match="apt-get install fonts-lost"):
        fonts.face_file("lost")


def test_the_command_line(tmp_path):
    command = [sys.executable, "-m", "examples.binders", "--binders", "1", "--pages", "4"]
    options = ["--dpi", "72", "--form", "pdf", str(tmp_path)]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "1 binders, 4 pages" in done.stderr
    assert (tmp_path / "binders" / "biblioraft-001.pdf").exists()
    wrong = subprocess.run(
        [*command, "--pages", "1", "x"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert wrong.returncode == 2
    assert "at least" in wrong.stderr


@pytest.mark.services
def test_tesseract_reads_what_the_truth_says(tmp_path):
    generate(tmp_path, 2, 16, 5, faults="none", form="folder")
    errors = length = 0
    for name in binder_names(tmp_path):
        for page in truth_pages(tmp_path, name):
            if page.kind != "text" or {"stamp", "table"} & set(page.content):
                continue
            command = ["tesseract", tmp_path / "binders" / page.file, "-", "-l", "ron"]
            environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
            done = subprocess.run(
                command, capture_output=True, text=True, env=environment, check=True
            )
            read = done.stdout.translate(str.maketrans("şţŞŢ", "șțȘȚ"))
            truth, read = (" ".join(text.split()) for text in (page.text, read))
            errors += Levenshtein.distance(truth, read)
            length += len(truth)
    assert length > 3000
    assert errors / length < 0.02
