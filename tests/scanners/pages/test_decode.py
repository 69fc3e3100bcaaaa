import io

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageOps, TiffImagePlugin

from scanners.pages.decode import decode_page
from scanners.pages.raster import has_colour, resolution
from schemas.errors import PageFailedError
from schemas.settings import Settings
from schemas.sources import FileKind

OPTIONS = Settings(max_megapixels=20)
WIDTH, HEIGHT = 248, 351


def scene(mode="RGB", size=(WIDTH, HEIGHT)):
    """An asymmetric picture: every turn or flip of it differs."""
    picture = Image.new("RGB", size, "white")
    w, h = size
    picture.paste((200, 30, 30), (10, 15, w // 2, h // 4))
    picture.paste((20, 20, 160), (10, h // 2, w // 4, h - 20))
    picture.paste((0, 0, 0), (w // 2, h - 60, w - 5, h - 40))
    return picture if mode == "RGB" else picture.convert(mode)


def bgr(picture):
    return cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR)


def difference(page, expected):
    """Mean difference of two pictures of the same size, compared in colour."""
    pixels = page.pixels if page.pixels.ndim == 3 else cv2.cvtColor(page.pixels, cv2.COLOR_GRAY2BGR)
    assert pixels.shape == expected.shape
    return float(np.abs(pixels.astype(int) - expected.astype(int)).mean())


def saved(tmp_path, picture, form, **options):
    path = tmp_path / f"page.{form.lower()}"
    picture.save(path, form, **options)
    return path


def decode(path, kind, frame=0, options=OPTIONS):
    page = decode_page(path, FileKind(kind), frame, options)
    assert page.pixels.dtype == np.uint8
    assert page.pixels.flags.c_contiguous
    return page


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg(tmp_path, mode):
    path = saved(tmp_path, scene(mode), "JPEG", quality=95, dpi=(300, 300))
    page = decode(path, "jpeg")
    assert difference(page, bgr(scene(mode))) < 3
    assert page.dpi == 300
    assert page.pixels.ndim == (2 if mode == "L" else 3)
    assert page.jpeg == (None if mode == "CMYK" else path.read_bytes())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_jpeg_orientations(tmp_path, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    lossless = saved(tmp_path, scene(), "PNG", exif=exif)
    turned = np.asarray(ImageOps.exif_transpose(Image.open(lossless)).convert("RGB"))
    assert np.array_equal(decode_page(lossless, FileKind.PNG, 0, OPTIONS).pixels[..., ::-1], turned)
    path = saved(tmp_path, scene(), "JPEG", quality=95, exif=exif)
    page = decode(path, "jpeg")
    upright = ImageOps.exif_transpose(Image.open(path))
    assert difference(page, bgr(upright)) < 1
    assert (page.jpeg is not None) == (orientation == 1)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "LA", "RGBA", "I;16"])
def test_png(tmp_path, mode):
    if mode == "I;16":
        deep = np.asarray(scene("L")).astype(np.uint16) * 257
        picture, expected = Image.fromarray(deep), scene("L")
    else:
        picture = expected = scene(mode)
    page = decode(saved(tmp_path, picture, "PNG", dpi=(200, 200)), "png")
    assert difference(page, bgr(expected)) < 1
    assert page.dpi == 200
    assert page.bitonal == (mode == "1")
    assert page.jpeg is None


def test_what_is_transparent_is_white(tmp_path):
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    page = decode(saved(tmp_path, picture, "PNG"), "png")
    assert page.pixels.min() == 255
    palette = scene("P")
    path = saved(tmp_path, palette, "PNG", transparency=palette.getpixel((20, 20)))
    assert decode(path, "png").pixels[20, 20].min() == 255


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        ("1", "group4"),
        ("1", "group3"),
        ("1", None),
        ("L", "tiff_lzw"),
        ("L", "packbits"),
        ("RGB", "tiff_lzw"),
        ("RGB", "tiff_adobe_deflate"),
        ("RGB", "jpeg"),
        ("CMYK", "tiff_lzw"),
        ("P", None),
        ("I;16", None),
    ],
)
def test_tiff(tmp_path, mode, compression):
    deep = mode == "I;16"
    picture = (
        Image.fromarray(np.asarray(scene("L")).astype(np.uint16) * 257) if deep else scene(mode)
    )
    path = saved(tmp_path, picture, "TIFF", compression=compression, dpi=(400, 400))
    page = decode(path, "tiff")
    assert difference(page, bgr(scene("L") if deep else scene(mode))) < 3
    assert (page.dpi, page.bitonal) == (400, mode == "1")


def test_tiff_that_says_black_is_one_or_nought(tmp_path):
    for photometric in (0, 1):
        info = TiffImagePlugin.ImageFileDirectory_v2()
        info[262] = photometric
        path = saved(tmp_path, scene("1"), "TIFF", tiffinfo=info, compression="group4")
        with Image.open(path) as again:
            expected = bgr(again)
        assert difference(decode(path, "tiff"), expected) < 1


def test_each_frame_of_a_tiff(tmp_path):
    frames = [scene("L").rotate(90 * n, expand=True) for n in range(3)]
    path = tmp_path / "many.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:], compression="tiff_lzw")
    for number, frame in enumerate(frames):
        assert difference(decode(path, "tiff", number), bgr(frame)) < 1
    with pytest.raises(PageFailedError):
        decode(path, "tiff", 3)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_tiff_orientations(tmp_path, orientation):
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[274] = orientation
    path = saved(tmp_path, scene("L"), "TIFF", tiffinfo=info)
    turned = {1: None, 3: 2, 6: -1, 8: 1}[orientation]
    expected = bgr(scene("L")) if turned is None else np.rot90(bgr(scene("L")), turned)
    assert difference(decode(path, "tiff"), expected) < 1


def test_fax_pixels_become_square(tmp_path):
    path = saved(tmp_path, scene("1", (204, 98)), "TIFF", dpi=(204, 98), compression="group4")
    page = decode(path, "tiff")
    assert page.pixels.shape == (204, 204)
    assert page.dpi == 204


@pytest.mark.parametrize(
    ("told", "size", "dpi"),
    [
        ((300, 300), (2480, 3508), 300),
        (None, (2480, 3508), 300),
        (None, (1654, 2339), 200),
        ((1, 1), (2480, 3508), 300),
        ((72, 72), (2480, 3508), 300),
        ((72, 72), (595, 842), 72),
        ((96, 96), (3508, 2480), 300),
        ((30000, 30000), (1000, 1000), 300),
        (None, (3000, 800), 300),
        ((float("nan"), 300), (2480, 3508), 300),
        ((200, 100), (1728, 1100), 200),
    ],
)
def test_resolutions(told, size, dpi):
    assert round(resolution(told, *size, OPTIONS)[0]) == dpi


def test_colour_is_seen_and_grey_too():
    grey = np.full((2000, 1500, 3), 200, np.uint8)
    noisy = grey + np.random.default_rng(1).integers(0, 4, grey.shape, dtype=np.uint8)
    assert not has_colour(noisy)
    noisy[500:560, 400:700] = (200, 40, 40)
    assert has_colour(noisy)


def test_a_colour_jpeg_without_colour_is_grey(tmp_path):
    picture = scene("L").convert("RGB")
    assert decode(saved(tmp_path, picture, "JPEG"), "jpeg").pixels.ndim == 2


def pdf_page(picture, *, matrix=None, rotate=0, extra=b"", size=(WIDTH, HEIGHT), **keys):
    """A PDF whose page is one image; pixels are points × 300/72."""
    document = pikepdf.new()
    points = [side * 72 / 300 for side in size]
    page = document.add_blank_page(page_size=points)
    data = io.BytesIO()
    if keys.pop("jpeg", False):
        picture.save(data, "JPEG", quality=95)
        stream = pikepdf.Stream(document, data.getvalue())
        stream.Filter = pikepdf.Name.DCTDecode
    else:
        stream = pikepdf.Stream(document, picture.tobytes())
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = picture.size
    stream.BitsPerComponent = 1 if picture.mode == "1" else 8
    spaces = {"RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
    stream.ColorSpace = pikepdf.Name(spaces.get(picture.mode, "/DeviceGray"))
    for key, value in keys.items():
        stream[f"/{key}"] = value
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    a, b, c, d, e, f = matrix or (points[0], 0, 0, points[1], 0, 0)
    drawing = f"q {a} {b} {c} {d} {e} {f} cm /Im0 Do Q\n".encode()
    page.Contents = document.make_stream(drawing + extra)
    page.Rotate = rotate
    return document


def stored(tmp_path, document):
    path = tmp_path / "page.pdf"
    document.save(path)
    return path


PDF_IMAGES = [(m, j) for m in ["1", "L", "RGB", "CMYK"] for j in [False, True] if m != "1" or not j]


@pytest.mark.parametrize(("mode", "jpeg"), PDF_IMAGES)
def test_pdf_page_of_one_image_gives_its_own_pixels(tmp_path, mode, jpeg):
    picture = scene(mode)
    inverted = {"Decode": [1, 0] * 4} if jpeg and mode == "CMYK" else {}
    page = decode(stored(tmp_path, pdf_page(picture, jpeg=jpeg, **inverted)), "pdf")
    assert page.dpi == 300
    assert page.pixels.shape[:2] == (HEIGHT, WIDTH)
    assert difference(page, bgr(picture)) < (25 if mode == "CMYK" else 3)
    assert (page.jpeg is not None) == (jpeg and mode != "CMYK")


W, H = WIDTH * 0.24, HEIGHT * 0.24
MATRICES = {
    "upright": (W, 0, 0, H, 0, 0),
    "upside down": (-W, 0, 0, -H, W, H),
    "mirrored": (-W, 0, 0, H, W, 0),
    "flipped": (W, 0, 0, -H, 0, H),
}
SIDEWAYS = {"left": (0, H, -W, 0, W, 0), "right": (0, -H, W, 0, 0, H)}


def drawn(path):
    """What pdfium draws at 300 dpi, as the judge."""
    import pypdfium2 as pdfium  # noqa: PLC0415 the judge is not what is tested

    bitmap = pdfium.PdfDocument(path)[0].render(scale=300 / 72)
    array = bitmap.to_numpy()
    return array if array.shape[2] == 3 else cv2.cvtColor(array, cv2.COLOR_BGRA2BGR)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("lie", [*MATRICES, *SIDEWAYS])
def test_pdf_images_are_turned_as_the_page_shows_them(tmp_path, lie, rotate):
    picture = scene() if lie in MATRICES else scene(size=(HEIGHT, WIDTH))
    matrix = {**MATRICES, **SIDEWAYS}[lie]
    path = stored(tmp_path, pdf_page(picture, matrix=matrix, rotate=rotate, jpeg=True))
    page = decode(path, "pdf")
    expected = drawn(path)[: page.pixels.shape[0], : page.pixels.shape[1]]
    expected = cv2.resize(expected, page.pixels.shape[1::-1])
    assert difference(page, expected) < 4
    assert (page.jpeg is not None) == (lie == "upright" and rotate == 0)


def test_an_inverted_image_is_shown_as_it_is_meant(tmp_path):
    inverted = ImageOps.invert(scene("L"))
    path = stored(tmp_path, pdf_page(inverted, jpeg=True, Decode=[1, 0]))
    page = decode(path, "pdf")
    assert page.jpeg is None
    assert difference(page, bgr(scene("L"))) < 4


def test_a_stencil_is_painted_with_its_colour(tmp_path):
    picture = scene("L").point(lambda value: 255 * (value > 128)).convert("1")
    document = pdf_page(picture, ImageMask=True)
    del document.pages[0].Resources.XObject.Im0.ColorSpace
    page = decode(stored(tmp_path, document), "pdf")
    assert difference(page, bgr(picture)) < 6


TEXT = b"BT /F1 30 Tf %d Tr 5 40 Td (Primaria) Tj ET\n"


@pytest.mark.parametrize(("mode", "own"), [(3, True), (0, False)])
def test_invisible_text_does_not_hide_the_scan_and_visible_text_is_kept(tmp_path, mode, own):
    document = pdf_page(scene(), jpeg=True, extra=TEXT % mode)
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    document.pages[0].Resources.Font = pikepdf.Dictionary(F1=font)
    page = decode(stored(tmp_path, document), "pdf")
    assert (page.jpeg is not None) == own
    assert (
        difference(page, bgr(scene())[: page.pixels.shape[0], : page.pixels.shape[1]]) < 4
    ) == own


def test_a_page_of_vectors_is_drawn_in_grey(tmp_path):
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(200, 100))
    page.Contents = document.make_stream(b"20 20 50 50 re f")
    page = decode(stored(tmp_path, document), "pdf")
    assert page.pixels.ndim == 2
    assert abs(page.pixels.shape[1] - 833) <= 1
    assert page.pixels[200, 200] == 0
    assert page.pixels[10, 10] == 255


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path):
    small = Settings(max_megapixels=1)
    large = Image.new("1", (1500, 1500), 1)
    for form, kind in (("TIFF", "tiff"), ("PNG", "png")):
        path = saved(tmp_path, large, form)
        with pytest.raises(PageFailedError) as caught:
            decode(path, kind, options=small)
        assert caught.value.code == "too-many-pixels"
    with pytest.raises(PageFailedError) as caught:
        decode(stored(tmp_path, pdf_page(large)), "pdf", options=small)
    assert caught.value.code == "too-many-pixels"


def test_a_large_drawing_is_drawn_coarser(tmp_path):
    document = pikepdf.new()
    document.add_blank_page(page_size=(842, 595))
    page = decode(stored(tmp_path, document), "pdf", options=Settings(max_megapixels=1))
    assert 72 <= page.dpi < 120
    assert page.pixels.size <= 1_000_000


@pytest.mark.parametrize(
    ("form", "kind"), [("JPEG", "jpeg"), ("PNG", "png"), ("TIFF", "tiff"), ("PDF", "pdf")]
)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_half_a_file_fails_its_page_and_nothing_more(tmp_path, form, kind, share):
    noise = np.random.default_rng(2).integers(0, 255, (300, 200, 3), dtype=np.uint8)
    whole = saved(tmp_path, Image.fromarray(noise), form).read_bytes()
    path = tmp_path / "half"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(PageFailedError):
        decode(path, kind)
