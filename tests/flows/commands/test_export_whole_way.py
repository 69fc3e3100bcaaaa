"""`opis export`: the archive's own PDFs again, bit for bit, and those of the other profile."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from schemas.records import decode_unit

pytestmark = pytest.mark.slow


def packages(place, done):
    assert done.code == 0, done.err
    found = done.json["packages"]
    files = {(one["unit"], one["file"]): one["sha256"] for one in found}
    assert len(files) == len(found) > 0
    return files


def test_the_same_profile_is_the_same_file(own_archive):
    found = packages(own_archive, own_archive.run("export", "access", "--out", "copii", "--json"))
    assert len(found) == sum(
        len(list(u.glob("representations/rep1/pdf/*"))) for u in own_archive.units
    )
    for unit in own_archive.units:
        for pdf in unit.glob("representations/rep1/pdf/*.pdf"):
            file = f"{unit.name}/{pdf.name}"
            exported = own_archive.root / "copii" / file
            assert exported.read_bytes() == pdf.read_bytes()
            assert found[unit.name, file] == sha256(pdf.read_bytes()).hexdigest()
    assert not list((own_archive.root / "copii").glob(".export-*"))
    assert own_archive.run("verify", "--json").code == 0


def test_the_archive_profile_holds_the_scanners_own_images(own_archive):
    unit = next(
        unit
        for unit in own_archive.units
        if decode_unit((unit / "metadata/record.json").read_bytes()).originals[0].kind == "jpeg"
    )
    done = own_archive.run("export", "archive", unit.name, "--out", "predare", "--json")
    found = packages(own_archive, done)
    assert {ident for ident, _ in found} == {unit.name}
    originals = {p.read_bytes() for p in unit.glob("representations/rep1/originals/*")}
    streams = [
        image.read_raw_bytes()
        for _, file in found
        for image in _images(own_archive.root / "predare" / file)
        if str(image.Filter) == "/DCTDecode"
    ]
    assert streams
    assert all(stream in originals for stream in streams)
    for _, file in found:
        access = unit / "representations/rep1/pdf" / Path(file).name
        assert _texts(access) == _texts(own_archive.root / "predare" / file)


def _images(path):
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            yield from page.Resources.XObject.values()


def _texts(path):
    with pypdfium2.PdfDocument(path) as document:
        return [(page.get_size(), page.get_textpage().get_text_bounded()) for page in document]


def test_what_cannot_be_exported_says_so(own_archive):
    later = own_archive.run("export", "aip", "--json")
    assert (later.code, later.json["error"]["code"]) == (2, "export-not-yet")
    unknown = own_archive.run("export", "zip", "--json")
    assert (unknown.code, unknown.json["error"]["code"]) == (2, "setting-invalid")
    missing = own_archive.run("export", "access", "ua-nimic", "--json")
    assert (missing.code, missing.json["error"]["code"]) == (4, "unit-missing")


def test_an_archive_may_hold_the_other_profile(small_place):
    done = small_place.run("scan-batch", "small", "--json", OPIS_PDF_PROFILE="archive")
    assert done.code in {0, 3}, done.err
    for unit in small_place.units:
        record = decode_unit((unit / "metadata/record.json").read_bytes())
        (original,) = unit.glob("representations/rep1/originals/*")
        for pdf in unit.glob("representations/rep1/pdf/*.pdf"):
            for image in _images(pdf):
                jpeg = str(image.Filter) == "/DCTDecode"
                assert not jpeg or image.read_raw_bytes() in original.read_bytes()
                assert jpeg or record.originals[0].kind == "tiff"
                if jpeg:
                    Image.open(BytesIO(image.read_raw_bytes())).verify()
    wrong = small_place.run("status", "--json", OPIS_PDF_PROFILE="mic")
    assert (wrong.code, wrong.json["error"]["code"]) == (2, "setting-invalid")
