import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scanners.kinds import is_archive, sniff, tiff_frames
from schemas.sources import FileKind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.4\n", FileKind.PDF),
        (b"\xef\xbb\xbf\n" + b"x" * 900 + b"%PDF-1.7", FileKind.PDF),
        (b"x" * 1100 + b"%PDF-1.7", None),
        (b"\xff\xd8\xff\xe0", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
        (b"II*\0", FileKind.TIFF),
        (b"MM\0+", FileKind.TIFF),
        (b"PK\x03\x04" + b"\0" * 26 + b"a.pdf%PDF-1.4", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(head, kind):
    assert sniff(head) is kind


@pytest.mark.parametrize(
    ("head", "archive"),
    [
        (b"PK\x03\x04" + b"\0" * 26 + b"scan.tif", True),
        (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", False),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd", False),
        (b"Rar!\x1a\x07\x00", True),
        (b"7z\xbc\xaf\x27\x1c", True),
        (b"\x1f\x8b\x08", True),
        (b"hello", False),
    ],
)
def test_archives(head, archive):
    assert is_archive(head) is archive


def _tiff(sizes, **options):
    pictures = [Image.new("L", size) for size in sizes]
    stream = io.BytesIO()
    pictures[0].save(stream, "TIFF", save_all=True, append_images=pictures[1:], **options)
    return stream


@pytest.mark.parametrize("big", [False, True])
def test_frames_and_their_sizes_come_from_the_headers(big):
    frames = tiff_frames(_tiff([(10, 20), (30, 40), (5, 6)], big_tiff=big), 100)
    assert [(f.index, f.width, f.height) for f in frames] == [(0, 10, 20), (1, 30, 40), (2, 5, 6)]


def test_the_count_is_bounded():
    assert len(tiff_frames(_tiff([(2, 2)] * 9), 4)) == 4


def _directory(entries, following):
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


def test_a_chain_that_bites_its_tail_ends():
    first = _directory([(256, 7), (257, 8)], 8)
    assert len(tiff_frames(io.BytesIO(b"II*\0" + struct.pack("<I", 8) + first), 1000)) == 1


def test_thumbnails_are_no_pages():
    page = _directory([(256, 700), (257, 800)], 8 + 30)
    thumbnail = _directory([(254, 1), (256, 70), (257, 80)], 0)
    frames = tiff_frames(io.BytesIO(b"II*\0" + struct.pack("<I", 8) + page + thumbnail), 10)
    assert [(f.index, f.width) for f in frames] == [(0, 700)]


@given(st.binary(max_size=300), st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b""]))
def test_random_bytes_neither_hang_nor_raise(body, start):
    assert len(tiff_frames(io.BytesIO(start + body), 50)) <= 50


@given(st.data())
def test_a_spoilt_tiff_neither_hangs_nor_raises(data):
    whole = bytearray(_tiff([(4, 4)] * 3).getvalue())
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert len(tiff_frames(io.BytesIO(bytes(whole)), 50)) <= 50
