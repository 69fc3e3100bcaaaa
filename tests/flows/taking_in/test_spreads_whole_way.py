"""Scans of two facing pages, split where that is asked for: counts, words, places, PDF, picture."""

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from lxml import etree
from PIL import Image

from flows.stages.drawing import draw
from flows.stages.tasks import Drawing
from schemas.alto import NAMESPACE, read_alto
from schemas.geometry import Affine, Size
from schemas.records import Half, PageState, decode_unit
from schemas.settings import Settings
from schemas.sources import FileKind
from tests.flows.opis_command import Place
from tests.pipeline.drawn import Look, page, skewed

pytestmark = pytest.mark.slow
SHAPE = (2300, 1640)
DPI = 200
LEFT, RIGHT = "Biblioteca", "Grădinița"


def sheet(word: str, seed: int) -> np.ndarray:
    """A page with a word of its own above the text."""
    drawn = page(Look(seed=seed, letters=29, lines=12), SHAPE).copy()
    cv2.putText(drawn, word, (240, 200), (30,) * 3, cv2.FontFace("sans"), 50, 500)
    return drawn


def spread() -> np.ndarray:
    """Two pages with a fold between them, a little askew."""
    both = np.hstack((sheet(LEFT, 1), sheet(RIGHT, 2)))
    away = np.abs(np.arange(both.shape[1]) - both.shape[1] / 2)
    shaded = both * (1 - 0.4 * np.exp(-away / 30))
    return skewed(shaded.astype(np.uint8), 0.8)


def wide() -> np.ndarray:
    """One page that lies across."""
    return page(Look(seed=5, letters=44, lines=12), SHAPE[::-1])


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    """A folder and a TIFF whose binder.json asks for it, in one archive of archive PDFs."""
    root = tmp_path_factory.mktemp("spreads")
    folder = root / "registre" / "dosar"
    folder.mkdir(parents=True)
    frames = [Image.fromarray(frame) for frame in (spread(), sheet("Anexa", 3), wide())]
    for name, frame in zip(("1.jpg", "2.png", "3.png"), frames, strict=True):
        frame.save(folder / name, dpi=(DPI, DPI), quality=92)
    bits = [frame.point(lambda level: 255 * (level > 150)).convert("1") for frame in frames]
    bits[0].save(
        root / "registre" / "fax.tif",
        save_all=True,
        append_images=bits[1:],
        compression="group4",
        dpi=(DPI, DPI),
    )
    told = json.dumps({"cota": "12/1950", "spreads": "split"})
    (folder / "binder.json").write_text(told)
    (root / "registre" / "fax.binder.json").write_text(told)
    place = Place(root, {"OPIS_PDF_PROFILE": "archive"})
    return place, place.run("scan-batch", "registre", "--json")


def records(place):
    found = {}
    for path in place.units:
        unit = decode_unit((path / "metadata/record.json").read_bytes())
        found[unit.name] = (path, unit)
    return found


def alto(path: Path, number: int) -> bytes:
    return (path / f"representations/rep1/alto/{number:04d}.xml").read_bytes()


def test_pages_count_what_was_split(split):
    place, done = split
    assert done.code == 0, done.err
    assert done.json["pages"]["scanned"] == done.json["pages"]["recognised"] == 8
    assert done.json["indexed"] == 8
    assert place.run("status", "--json").json["reconciled"] is True
    assert place.run("plan", "registre", "--json").json["pages"] == 8
    assert place.run("scan-batch", "registre", "--json").json["work"]["pages_recognised"] == 0


def test_the_record_tells_which_half_of_which_frame(split):
    for path, unit in records(split[0]).values():
        assert [page.half for page in unit.pages] == [Half.LEFT, Half.RIGHT, "", ""]
        assert len({(p.source, p.frame, p.half) for p in unit.pages}) == 4
        (cut,) = [cut for original in unit.originals for cut in original.cuts]
        assert cut.frame == 0
        assert abs(cut.x - SHAPE[1]) < 40
        first = path / "representations/rep1/originals" / unit.pages[0].source
        delivered = (
            split[0].root / "registre" / ("dosar/1.jpg" if len(unit.originals) > 1 else "fax.tif")
        )
        assert first.read_bytes() == delivered.read_bytes()


def test_each_half_has_its_own_words(split):
    for path, unit in records(split[0]).values():
        read = [{w.text for w in read_alto(alto(path, n)).words} for n in (1, 2, 3, 4)]
        assert LEFT in read[0]
        assert RIGHT not in read[0]
        assert RIGHT in read[1]
        assert LEFT not in read[1]
        assert unit.pages[1].state is PageState.RECOGNISED


def test_the_stored_transform_starts_at_the_whole_frame(split):
    for path, unit in records(split[0]).values():
        data = alto(path, 2)
        told = etree.fromstring(data).findtext(f".//{{{NAMESPACE}}}processingStepSettings")
        settings = dict(part.split("=", 1) for part in told.split(";"))
        text = read_alto(data)
        x = next(cut.x for original in unit.originals for cut in original.cuts)
        assert text.part.as_list() == [x, 0, 2 * SHAPE[1] - x, SHAPE[0]]
        assert settings["source"] == f"{2 * SHAPE[1]} {SHAPE[0]}"
        assert text.source_size == Size(2 * SHAPE[1], SHAPE[0])
        whole = Affine.from_text(settings["transform"])
        assert whole.point(x + 50, 70) == pytest.approx(text.transform.point(50, 70), abs=1e-6)


def test_a_half_page_shows_that_half_alone(split):
    for path, _unit in records(split[0]).values():
        with pdfium.PdfDocument(path / "representations/rep1/pdf/01.pdf") as document:
            assert len(document) == 4
            for number, own, other in ((0, LEFT, RIGHT), (1, RIGHT, LEFT)):
                text = document[number].get_textpage().get_text_bounded()
                assert own in text
                assert other not in text
                shown = document[number].render(scale=1, grayscale=True).to_numpy()
                assert shown.shape[0] > 1.2 * shown.shape[1]
                (image,) = list(
                    document[number].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])
                )
                assert image.get_px_size()[0] < 1.1 * SHAPE[1]


def test_the_page_image_is_the_half_and_boxes_lie_on_its_words(split):
    place, _ = split
    path, unit = records(place)["dosar"]
    layout = Settings(archive=place.archive).layout.unit(path.name)
    for number, word in ((1, LEFT), (2, RIGHT)):
        text = read_alto(alto(path, number))
        box = next(w.box for w in text.words if w.text == word)
        shown = unit.pages[number - 1]
        cut = unit.originals[0].cut_at(0)
        task = Drawing(
            layout, number, shown.source, FileKind.JPEG, 0, (box,), Settings(), shown.half, cut
        )
        with Image.open(io.BytesIO(draw(task))) as image:
            assert image.size == (text.size.width, text.size.height)
            marked = np.asarray(image.convert("RGB")).astype(int)
        yellow = (marked[..., 0] - marked[..., 2] > 40).nonzero()
        assert yellow[0].min() >= box.y - 16
        assert yellow[0].max() <= box.y + box.h + 16
        inside = marked[box.y + 3 : box.y + box.h - 3, box.x + 3 : box.x + box.w - 3].min(axis=2)
        assert 0.05 < (inside < 110).mean() < 0.6
    found = place.run("search", RIGHT, "--json").json["hits"]
    assert {hit["page"] for hit in found} == {2}


def test_the_other_profile_is_made_of_the_halves_too(split, tmp_path):
    done = split[0].run("export", "access", "--out", str(tmp_path), "--json")
    assert done.code == 0, done.err
    made = sorted(tmp_path.rglob("*.pdf"))
    assert len(made) == 2
    for path in made:
        with pdfium.PdfDocument(path) as document:
            sizes = [document[number].get_size() for number in range(len(document))]
        assert [width < height for width, height in sizes] == [True, True, True, False]


def test_without_being_asked_nothing_is_split(tmp_path):
    (tmp_path / "dosar").mkdir()
    Image.fromarray(spread()).save(tmp_path / "dosar" / "1.png", dpi=(DPI, DPI))
    place = Place(tmp_path, {"OPIS_WORKERS": "1"})
    assert place.run("scan-batch", "dosar", "--json").json["pages"]["scanned"] == 1
