"""The printed words of an ALTO page and where they stand, in a tenth of the time of the whole page.

What `write_alto` writes is cut at its words; ALTO that differs from it in any sign that is no word and no
number is read by `read_alto`. So both tell the same of any file, and refuse the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.alto import NAMESPACE, need_settings, read_alto
from schemas.geometry import Box, Size
from schemas.text import PageText

Lines = tuple[tuple[str, ...], ...]
_TEXT = r'[^"<\x00-\x1f\ufffe\uffff]*+'
_INNER = r"[^<>\x00-\x1f\ufffe\uffff]*+"
_NUMBER = "-?[0-9]{1,9}+"
_PLACE = " ".join(f'{name}="{_NUMBER}"' for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
_STRING = re.compile(
    rf'<String ID="[0-9a-z]++" CONTENT="({_TEXT})" WC="{_NUMBER}\.[0-9]{{3}}" ({_PLACE})/>'
)
_SIZE = 'WIDTH="([0-9]{1,9})" HEIGHT="([0-9]{1,9})"'
_LINE = f'<TextLine ID="[0-9a-z]+" {_PLACE}>'
_BLOCK = f'<TextBlock ID="[0-9a-z]+" {_PLACE}>{_LINE}'
_NEXT_LINE = re.compile(f"</TextLine>{_LINE}")
_NEXT_BLOCK = re.compile(f"</TextLine></TextBlock>{_BLOCK}")
_HEAD = re.compile(
    rf"<\?xml version='1\.0' encoding='UTF-8'\?>\n<alto xmlns=\"{re.escape(NAMESPACE)}\">"
    "<Description><MeasurementUnit>pixel</MeasurementUnit>"
    f"<sourceImageInformation><fileName>{_INNER}</fileName></sourceImageInformation>"
    f'<Processing ID="reading"><processingStepSettings>({_INNER})</processingStepSettings>'
    f"<processingSoftware><softwareName>{_INNER}</softwareName></processingSoftware></Processing>"
    rf'</Description><Layout><Page ID="p[0-9]+" PHYSICAL_IMG_NR="[0-9]+" {_SIZE}>'
    rf'<PrintSpace HPOS="0" VPOS="0" WIDTH="{_NUMBER}" HEIGHT="{_NUMBER}">{_BLOCK}'
)
_SPACE = "<SP/>"
_TAIL = "</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
_OTHER_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot);)")
_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
_LARGE = 4_000_000
"""Bytes; beyond that it is for the parser to tell whether it is too much."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The words of one page as printed: of blocks, of lines, in reading order.

    `size` is the page image's; `places` tell where each word stands on it, as ALTO's attributes.
    """

    size: Size
    blocks: tuple[Lines, ...]
    places: Sequence[str]

    def box(self, word: int) -> Box:
        """The box of a word, counted from 0 in reading order, in pixels."""
        return Box(*map(int, self.places[word].split('"')[1::2]))


def printed_page(page: PageText) -> PrintedPage:
    """A page's words and their places alone."""
    return PrintedPage(
        page.size,
        tuple(tuple(tuple(w.text for w in line.words) for line in b.lines) for b in page.blocks),
        tuple(_place(word.box) for word in page.words),
    )


def _place(box: Box) -> str:
    return f'HPOS="{box.x}" VPOS="{box.y}" WIDTH="{box.w}" HEIGHT="{box.h}"'


def read_printed(data: bytes) -> PrintedPage:
    """`printed_page(read_alto(data))`; raises ValueError where that does."""
    return _cut(data) or printed_page(read_alto(data))


def _cut(data: bytes) -> PrintedPage | None:
    """The page of ALTO that is written as ours is; None for any other."""
    try:
        text = data.decode() if len(data) < _LARGE else ""
    except UnicodeDecodeError:
        return None
    before, *pieces = _STRING.split(text)
    head = _HEAD.fullmatch(before)
    if head is None or pieces[-1:] != [_TAIL] or _OTHER_REFERENCE.search(text):
        return None
    words = pieces[::3] if "&" not in text else list(map(_unescaped, pieces[:-1:3]))
    blocks = _blocks(words, pieces[2:-1:3])
    if blocks is None:
        return None
    need_settings(_unescaped(head[1]))
    return PrintedPage(Size(int(head[2]), int(head[3])), blocks, pieces[1::3])


def _unescaped(text: str) -> str:
    for reference, sign in _REFERENCES:
        text = text.replace(reference, sign)
    return text


def _blocks(words: Sequence[str], between: Sequence[str]) -> tuple[Lines, ...] | None:
    """Words in lines and blocks by what stands between them; None for what we do not write."""
    blocks: list[list[tuple[str, ...]]] = [[]]
    start = 0
    for place, what in enumerate(between, 1):
        if what == _SPACE:
            continue
        blocks[-1].append(tuple(words[start:place]))
        start = place
        if _NEXT_BLOCK.fullmatch(what):
            blocks.append([])
        elif not _NEXT_LINE.fullmatch(what):
            return None
    blocks[-1].append(tuple(words[start:]))
    return tuple(map(tuple, blocks))
