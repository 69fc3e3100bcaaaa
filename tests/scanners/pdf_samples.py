"""Small PDFs of known words, with fonts that the file names and does not hold."""

from pathlib import Path

import cv2
import numpy as np
import pikepdf

LETTERS = {1: "abreve", 2: "scommaaccent", 3: "tcommaaccent", 4: "acircumflex", 5: "icircumflex"}
CODES = {"ă": 1, "ș": 2, "ț": 3, "â": 4, "î": 5}
SENTENCES = (
    "Consiliul local al comunei aprobă hotărârea privind",
    "bugetul pe anul viitor și lucrările de întreținere a",
    "drumurilor, în ședința ordinară din luna noiembrie.",
)


def coded(text: str) -> bytes:
    """The text in the encoding of `font`, as a literal string."""
    data = bytes(CODES.get(c, ord(c)) for c in text)
    return b"<" + data.hex().encode() + b">"


def font(pdf: pikepdf.Pdf, meaning: dict[int, str] | None = None) -> pikepdf.Object:
    """Times with Romanian letters; `meaning` is a table to Unicode, true or not."""
    differences = [1, *(pikepdf.Name(f"/{name}") for name in LETTERS.values())]
    encoding = pikepdf.Dictionary(
        Type=pikepdf.Name.Encoding,
        BaseEncoding=pikepdf.Name.WinAnsiEncoding,
        Differences=pikepdf.Array(differences),
    )
    made = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name("/Times-Roman"),
        Encoding=encoding,
    )
    if meaning is not None:
        rows = "".join(f"<{code:02X}> <{ord(text):04X}>\n" for code, text in meaning.items())
        head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        space = "1 begincodespacerange <00> <FF> endcodespacerange\n"
        table = f"{head}{space}{len(meaning)} beginbfchar\n{rows}endbfchar\nendcmap end end"
        made["/ToUnicode"] = pdf.make_stream(table.encode())
    return pdf.make_indirect(made)


def picture(pdf: pikepdf.Pdf, words: str = "") -> pikepdf.Object:
    """A grey page of 850 × 1100 with words drawn on it."""
    pixels = np.full((1100, 850), 255, np.uint8)
    cv2.putText(pixels, words, (90, 300), cv2.FONT_HERSHEY_COMPLEX, 1.0, (0,), 2, cv2.LINE_AA)
    stream = pdf.make_stream(pixels.tobytes())
    stream["/Type"], stream["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    stream["/Width"], stream["/Height"], stream["/BitsPerComponent"] = 850, 1100, 8
    stream["/ColorSpace"] = pikepdf.Name.DeviceGray
    return stream


def text_operators(lines: tuple[str, ...], mode: int = 0, left: int = 90, top: int = 700) -> bytes:
    rows = (coded(line) + b" Tj 0 -20 Td " for line in lines)
    return b"BT %d Tr /F 12 Tf %d %d Td " % (mode, left, top) + b"".join(rows) + b"ET\n"


def add_page(
    pdf: pikepdf.Pdf, content: bytes, *, image: bool = False, meaning: dict[int, str] | None = None
) -> pikepdf.Page:
    """A letter-size page; `image` puts a picture of the whole page under the content."""
    page = pdf.add_blank_page(page_size=(612, 792))
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font(pdf, meaning)))
    if image:
        resources["/XObject"] = pikepdf.Dictionary(Im=picture(pdf, "primaria comunei"))
        content = b"q 612 0 0 792 0 0 cm /Im Do Q\n" + content
    page.obj["/Resources"] = resources
    page.obj["/Contents"] = pdf.make_stream(content)
    return page


def digital(path: Path, pages: int = 1, *, meaning: dict[int, str] | None = None) -> Path:
    """A PDF of pages with the sentences, each with its number."""
    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        lines = (f"Pagina {number}", *SENTENCES)
        add_page(pdf, text_operators(lines), meaning=meaning)
    pdf.save(path, static_id=True)
    return path
