import cv2
import numpy as np
import pytest
import zxingcpp

from scanners.pages.decode import decode_page
from scanners.pages.probe import probe_file
from scanners.patch_code import has_patch_t
from scanners.sheets import read_sheet
from scanners.sources import sniff
from schemas.inventory import ListedUnit, UnitName, full_payload, short_payload
from schemas.settings import Settings

pytestmark = pytest.mark.slow

FORMATS = {
    "Code 39": zxingcpp.BarcodeFormat.Code39,
    "Code 128": zxingcpp.BarcodeFormat.Code128,
    "QR Code": zxingcpp.BarcodeFormat.QRCode,
}


def sheet(payload, symbology, dpi=300, width_inches=4.0):
    """An A4 page with one code in its middle and a line of print below."""
    page = np.full((round(11.69 * dpi), round(8.27 * dpi)), 255, np.uint8)
    code = zxingcpp.create_barcode(payload, FORMATS[symbology])
    image = np.asarray(code.to_image(scale=4, add_quiet_zones=True))
    image = image if image.ndim == 2 else image[:, :, 0]
    width = round(width_inches * dpi)
    height = width if symbology == "QR Code" else round(0.8 * dpi)
    image = cv2.resize(image, (width, height), interpolation=cv2.INTER_NEAREST)
    top, left = page.shape[0] // 3, (page.shape[1] - width) // 2
    page[top : top + height, left : left + width] = image
    cv2.putText(page, "FISA SEPARATOARE", (left, top + height + dpi // 2), 0, 2, 0, 4)
    return page


def worn(page, seed):
    """As it comes from a scanner: blurred, grey, noisy, a little askew."""
    rng = np.random.default_rng(seed)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-3, 3)), 1)
    askew = cv2.warpAffine(page, turn, (width, height), borderValue=255)
    grey = cv2.GaussianBlur(askew, (0, 0), 1.2).astype(np.float32) * 0.7 + 40
    return np.clip(grey + rng.normal(0, 8, page.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("symbology", FORMATS)
@pytest.mark.parametrize("dpi", [150, 200, 300, 400, 600])
def test_separators_are_read(symbology, dpi):
    found = read_sheet(sheet("PATCHT", symbology, dpi, 3.0), dpi)
    assert (found.payload, found.symbology, found.keys) == ("PATCHT", symbology, {})


@pytest.mark.parametrize("symbology", FORMATS)
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", [1, 2])
def test_worn_and_turned_separators_are_read(symbology, turns, seed):
    page = np.ascontiguousarray(np.rot90(worn(sheet("PATCHT", symbology), seed), turns))
    assert read_sheet(page, 300).payload == "PATCHT"


@pytest.mark.parametrize("payload", ["PATCHT", "patcht", " PatchT ", "PATCH T", "PATCH-T"])
def test_spellings_of_the_separator(payload):
    assert read_sheet(sheet(payload, "QR Code"), 300).payload == "PATCHT"


def test_a_cover_sheet_tells_its_keys():
    page = sheet("OPIS:cota=12/1990; Volum=2 ;titlu=Ședințe=a;;=x", "QR Code")
    found = read_sheet(page, 300)
    assert found.keys == {"cota": "12/1990", "volum": "2", "titlu": "Ședințe=a"}
    assert found.payload.startswith("OPIS:")


UNIT = ListedUnit(UnitName("Primăria", "3/1998", "345/2016", "2016"), 198)


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_a_printed_cover_tells_all_that_it_names(dpi):
    found = read_sheet(sheet(full_payload(UNIT), "QR Code", dpi), dpi)
    assert found.keys == {
        "fond": "Primăria",
        "inventar": "3/1998",
        "cota": "345/2016",
        "an": "2016",
        "file_certificate": "198",
    }
    short = read_sheet(sheet(short_payload(UNIT), "Code 128", dpi, 6.5), dpi)
    assert short.keys == {"reference": UNIT.name.reference}


@pytest.mark.parametrize(
    "payload", [full_payload(UNIT).replace("345", "346"), "OPIS2;C=1;K=AA", "OPIS1;"]
)
def test_a_cover_that_does_not_add_up_is_a_sheet_that_names_nothing(payload):
    assert read_sheet(sheet(payload, "QR Code"), 300).keys == {"damaged": payload}


OTHERS = ["ASN00123", "PATCHT2", "XOPIS:a=b", "HTTPS://EXAMPLE.RO"]
NOT_IN_CODE_39 = set("=:")
OTHER_CODES = [
    (payload, symbology)
    for payload in OTHERS
    for symbology in FORMATS
    if symbology != "Code 39" or not NOT_IN_CODE_39 & set(payload)
]


@pytest.mark.parametrize(("payload", "symbology"), OTHER_CODES)
def test_other_codes_make_no_sheet(payload, symbology):
    assert read_sheet(sheet(payload, symbology), 300) is None


@pytest.mark.parametrize("shape", [(1, 1), (20, 3000), (3000, 20), (200, 200), (3508, 2480)])
def test_pages_without_a_code(shape):
    noise = np.random.default_rng(5).integers(0, 255, shape, dtype=np.uint8)
    assert read_sheet(noise, 300) is None
    assert read_sheet(np.full(shape, 255, np.uint8), 300) is None


SEPARATORS = {
    ("barcode-fax-image.pdf", 1),
    ("naps2_patcht.jpg", 0),
    ("patch-code-t-middle-reverse.pdf", 1),
    ("patch-code-t-middle.pdf", 1),
    ("patch-code-t-middle.tiff", 1),
    ("patch-code-t-qr.pdf", 0),
    ("patch-code-t.pdf", 0),
}


@pytest.mark.corpus
def test_every_separator_of_the_corpus_and_nothing_else(shared_data):
    found, bars, options = set(), set(), Settings()
    for path in sorted((shared_data / "separators").iterdir()):
        kind = sniff(path.read_bytes()[:1024])
        for frame in range(probe_file(path, kind, options).frames if kind else 0):
            page = decode_page(path, kind, frame, options)
            colour = page.pixels.ndim == 3
            grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY) if colour else page.pixels
            if read_sheet(grey, page.dpi):
                found.add((path.name, frame))
            size = (round(grey.shape[1] * 100 / page.dpi), round(grey.shape[0] * 100 / page.dpi))
            if has_patch_t(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), 100):
                bars.add((path.name, frame))
    assert found == SEPARATORS
    assert bars == SEPARATORS - {("patch-code-t-qr.pdf", 0)}


@pytest.mark.corpus
def test_ordinary_pages_are_no_separators(shared_data):
    for path in sorted((shared_data / "gt_typescript_fr").glob("*.jp*g")):
        page = decode_page(path, sniff(path.read_bytes()[:1024]), 0, Settings())
        grey = page.pixels if page.pixels.ndim == 2 else page.pixels[:, :, 1].copy()
        assert read_sheet(grey, page.dpi) is None
