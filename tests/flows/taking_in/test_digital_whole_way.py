"""PDFs that are not plain scans, from the drop to the archive, the export and the validators."""

import shutil
import zlib
from collections import defaultdict

import pikepdf
import pypdfium2
import pytest

from schemas.alto import read_alto
from schemas.records import decode_unit
from tests.flows.opis_command import Place
from tests.scanners import pdf_samples as samples

pytestmark = pytest.mark.slow


def mixed_file(path):
    """A digital page, a scan, a scan with another program's gibberish, a digital page."""
    pdf = pikepdf.new()
    samples.add_page(pdf, samples.text_operators(("Pagina 1", *samples.SENTENCES)))
    samples.add_page(pdf, b"", image=True)
    gibberish = ("prmi cmnei xqz", "wkrt plmn vbnx qqrst") * 4
    samples.add_page(pdf, samples.text_operators(gibberish, 3), image=True)
    samples.add_page(pdf, samples.text_operators(("Pagina 4", *samples.SENTENCES)))
    pdf.save(path)


def signed_file(path):
    samples.digital(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        value = pikepdf.Dictionary(Type=pikepdf.Name.Sig)
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("s"), V=value)
        made = pdf.make_indirect(field)
        pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=pikepdf.Array([made]), SigFlags=3)
        pdf.save(path)


def packed_zeros(mebibytes):
    """A zlib stream of zeros, its blocks all the same, so that only one has to be packed."""
    zeros, packer, check = bytes(1 << 20), zlib.compressobj(9), 1
    first, block = (packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    for _ in range(mebibytes):
        check = zlib.adler32(zeros, check)
    return first + block * (mebibytes - 1) + b"\x03\x00" + check.to_bytes(4, "big")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("digital")
    (root / "acte").mkdir()
    mixed_file(root / "acte" / "mixt.pdf")
    signed_file(root / "acte" / "semnat.pdf")
    place = Place(root, {"OPIS_WORKERS": "2"})
    done = place.run("scan-batch", "acte", "--json")
    assert done.code in {0, 3}, done.err
    return place


def unit_of(place, name):
    found = {decode_unit((u / "metadata/record.json").read_bytes()).name: u for u in place.units}
    return found[name]


def words(path):
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [page.replace("ţ", "ț").split() for page in pages]


def pdfs(unit):
    return sorted(unit.glob("representations/rep1/pdf/*.pdf"))


def alto(unit, page):
    return read_alto((unit / f"representations/rep1/alto/{page:04d}.xml").read_bytes())


def findings(unit):
    return (unit / "metadata/findings.json").read_text(encoding="utf-8")


def test_each_page_has_the_text_that_is_to_be_believed(place):
    unit = unit_of(place, "mixt")
    engines = [alto(unit, page).reading.engine for page in range(1, 5)]
    assert [engine == "pdf text" for engine in engines] == [True, False, False, True]
    said = " ".join(samples.SENTENCES)
    for page in (1, 4):
        text = alto(unit, page)
        assert text.plain.split() == f"Pagina {page} {said}".split()
        assert text.confidence == 1
    assert "primaria" in alto(unit, 3).plain
    assert "hidden text replaced" in alto(unit, 3).reading.settings
    told = [page for pdf in pdfs(unit) for page in words(pdf)]
    assert told[0] == f"Pagina 1 {said}".split()
    assert told[3] == f"Pagina 4 {said}".split()


def test_pages_of_originals_have_no_picture(place):
    unit = unit_of(place, "mixt")
    shown = []
    for path in pdfs(unit):
        with pikepdf.open(path) as pdf:
            shown += ["/XObject" in page.Resources for page in pdf.pages]
    assert shown == [False, True, True, False]
    record = decode_unit((unit / "metadata/record.json").read_bytes())
    assert {document.flavour for document in record.documents} == {"2u"}
    assert "pdf-font-replaced" in findings(unit)


def test_a_signed_file_is_copied_from_its_pictures(place):
    unit = unit_of(place, "semnat")
    (original,) = unit.glob("representations/rep1/originals/*.pdf")
    assert original.read_bytes() == (place.root / "acte" / "semnat.pdf").read_bytes()
    (path,) = pdfs(unit)
    with pikepdf.open(path) as pdf:
        assert "/XObject" in pdf.pages[0].Resources
        assert "/AcroForm" not in pdf.Root
    assert words(path)[0] == f"Pagina 1 {' '.join(samples.SENTENCES)}".split()
    assert "signed" in findings(unit)


def test_the_archive_verifies_and_exports_the_same_digital_pages(place):
    assert place.run("verify", "--json").code == 0
    unit = unit_of(place, "mixt")
    for form in ("access", "archive"):
        done = place.run("export", form, unit.name, "--out", form, "--json")
        assert done.code == 0, done.err
    for path in pdfs(unit):
        access, archive = (place.root / f / unit.name / path.name for f in ("access", "archive"))
        assert access.read_bytes() == path.read_bytes()
        assert words(archive) == words(path)
        with pikepdf.open(access) as one, pikepdf.open(archive) as other:
            for page, again in zip(one.pages, other.pages, strict=True):
                if "/XObject" not in page.Resources:
                    assert page.Contents.read_bytes() == again.Contents.read_bytes()


def test_an_original_that_takes_too_much_is_there_as_its_picture(tmp_path):
    """A form that no page shows and that would fill the memory of whoever looks into it."""
    (tmp_path / "acte").mkdir()
    path = samples.digital(tmp_path / "acte" / "bomba.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        form = pdf.make_stream(zlib.compress(packed_zeros(3 << 10), 9))
        form["/Filter"] = pikepdf.Array([pikepdf.Name.FlateDecode] * 2)
        form["/Type"], form["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
        form["/BBox"] = [0, 0, 9, 9]
        pdf.pages[0].Resources["/XObject"] = pikepdf.Dictionary(Fm=form)
        pdf.save(path)
    place = Place(tmp_path, {"OPIS_WORKERS": "1", "OPIS_MEMORY_MB": "1200"})
    done = place.run("scan-batch", "acte", "--json")
    assert done.code in {0, 3}, done.err
    (unit,) = place.units
    (made,) = pdfs(unit)
    assert words(made)[0] == f"Pagina 1 {' '.join(samples.SENTENCES)}".split()
    with pikepdf.open(made) as pdf:
        assert "/Im1" in pdf.pages[0].Resources.XObject
    assert "pdf-as-picture" in findings(unit)
    assert place.run("verify", "--json").code == 0


@pytest.mark.corpus
@pytest.mark.services
@pytest.mark.timeout(1200)
def test_the_claimed_flavour_is_true_of_every_file(shared_data, verapdf, tmp_path):
    """Born-digital, mixed and signed files: veraPDF at what the record says of each."""
    drop = tmp_path / "acte"
    drop.mkdir()
    for name in ("ro_borndigital", "misc_scans"):
        for path in sorted((shared_data / name).rglob("*.pdf")):
            shutil.copy(path, drop / f"{name}-{path.name}")
    place = Place(tmp_path, {"OPIS_WORKERS": "2"})
    done = place.run("scan-batch", "acte", "--json")
    assert done.code in {0, 3}, done.err
    claimed = defaultdict(list)
    for unit in place.units:
        record = decode_unit((unit / "metadata/record.json").read_bytes())
        for document in record.documents:
            claimed[document.flavour].append(unit / document.pdf)
    assert set(claimed) == {"2u", "2b"}
    for flavour, files in claimed.items():
        verdicts = verapdf(files, flavour)
        assert {path.name: v.failed for path, v in verdicts.items() if not v} == {}
