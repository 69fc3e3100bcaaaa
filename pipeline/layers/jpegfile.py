"""The header of a JPEG stream: enough to know whether a PDF can show it as it is."""

from dataclasses import dataclass

_START = b"\xff\xd8"
_END = b"\xff\xd9"
_FRAMES = frozenset(
    (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
)
_SHOWN = (0xC0, 0xC1, 0xC2)
_ALONE = (0x01, *range(0xD0, 0xD8))


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """Size in pixels, number of colour components, bits of each, and the frame's marker."""

    width: int
    height: int
    components: int
    bits: int
    marker: int

    @property
    def plain(self) -> bool:
        """Grey or colour, 8 bits, baseline or progressive Huffman: what every reader shows."""
        return self.marker in _SHOWN and self.bits == 8 and self.components in (1, 3)  # noqa: PLR2004 bits of a sample


def read_header(data: bytes) -> JpegHeader | None:
    """The frame header, or None where there is none or the stream does not end."""
    if not data.startswith(_START) or _END not in data[-64:]:
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004 every marker begins so
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = (int.from_bytes(data[k : k + 2]) for k in (at + 5, at + 7))
            return JpegHeader(width, height, data[at + 9], data[at + 4], marker)
        filler = marker == 0xFF  # noqa: PLR2004 fill bytes before a marker
        alone = marker in _ALONE
        at += 1 if filler else 2 if alone else 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
