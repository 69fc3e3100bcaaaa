"""Ruled lines and frames: found in the large pieces only, and taken out of the ink."""

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels
from pipeline.recognition.layout.model import Edges, no_edges
from pipeline.recognition.layout.pieces import Flags, Pieces, find_pieces

_LONG, _LEAST_LONG = 4.5, 30
_THIN = 0.5
_LARGE = 7.0
_FUZZ = 1
_MOST_PLACES = 60
_SMALL_PLACE, _SHARE = 14.0, 0.7
_MOST_AT_ONCE = 16_000_000


def _large(pieces: Pieces, letter: float) -> Flags:
    return (pieces.width >= _LARGE * letter) & (pieces.height >= 2 * letter) | (
        pieces.height >= _LARGE * letter
    )


def thin(pieces: Pieces, letter: float) -> Flags:
    """Pieces that are a ruled line and nothing else."""
    least = max(_LEAST_LONG, _LONG * letter)
    most = max(3.0, _THIN * letter)
    across = (pieces.width >= least) & (pieces.ink <= most * pieces.width)
    down = (pieces.height >= least) & (pieces.ink <= most * pieces.height)
    return (across & (pieces.height <= most + 0.02 * pieces.width)) | (
        down & (pieces.width <= most + 0.02 * pieces.height)
    )


def _runs(ink: Pixels, wide: int, high: int) -> Pixels:
    kernel = np.ones((high, wide), np.uint8)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def _straight(ink: Pixels, long: int, thick: float, *, upright: bool) -> tuple[Pixels, Edges]:
    """The ink of straight lines one way, and their edges."""
    runs = _runs(ink, 1, long) if upright else _runs(ink, long, 1)
    if not cv2.countNonZero(runs):
        return runs, no_edges()
    found = find_pieces(runs)
    along = found.height if upright else found.width
    slim = found.ink <= thick * along
    for left, top, right, bottom in found.where(~slim).edges().tolist():
        runs[top:bottom, left:right] = 0
    return runs, found.where(slim).edges()


def _spread(mask: Pixels, wide: int, high: int) -> Pixels:
    return np.asarray(cv2.dilate(mask, np.ones((high, wide), np.uint8)), dtype=np.uint8)


def ruled_ink(ink: Pixels, letter: float) -> tuple[Pixels, Edges]:
    """Ink of the ruled lines without that of the letters that cross or touch them."""
    long, thick = max(_LEAST_LONG, _LONG * letter), max(4.0, _THIN * letter)
    if max(ink.shape) < _SMALL_PLACE * letter:  # a large letter has long strokes too
        long = max(long, _SHARE * max(ink.shape))
    across, rows = _straight(ink, round(long), thick, upright=False)
    down, columns = _straight(ink, round(long), thick, upright=True)
    edges = np.concatenate((rows, columns))
    if not len(edges):
        return np.zeros_like(ink), no_edges()
    broad = 1 + 2 * _FUZZ
    rows_ink, columns_ink = _spread(across, 1, broad), _spread(down, broad, 1)
    beyond = round(_thickness(edges)) + broad + 1
    crossing_rows = rows_ink & _runs(ink, 1, beyond)
    crossing_columns = columns_ink & _runs(ink, beyond, 1)
    ruled = (rows_ink & ~crossing_rows) | (columns_ink & ~crossing_columns)
    return np.asarray(ruled | (rows_ink & columns_ink), dtype=np.uint8), edges


def _by_bands(ink: Pixels, letter: float) -> tuple[Pixels, Edges]:
    """The same for any size in bounded memory: in bands of rows, upright rules band by band."""
    height, width = ink.shape
    if ink.size <= _MOST_AT_ONCE:
        return ruled_ink(ink, letter)
    beyond = 2 * round(max(_LEAST_LONG, _LONG * letter))
    rows = max(2 * beyond, _MOST_AT_ONCE // width)
    ruled, edges = np.zeros_like(ink), []
    for top in range(0, height, rows):
        start, end = max(0, top - beyond), min(height, top + rows)
        part, found = ruled_ink(ink[start : min(height, end + beyond)], letter)
        ruled[top:end] = part[top - start : end - start]
        found = found + np.array([0, start, 0, start], np.int32)
        found[:, 1::2] = np.clip(found[:, 1::2], top, end)
        edges.append(found[found[:, 3] > found[:, 1]])
    return ruled, np.concatenate(edges).astype(np.int32)


def _thickness(edges: Edges) -> float:
    sides = edges[:, 2:] - edges[:, :2]
    return float(np.median(sides.min(axis=1)))


def _places(large: Pieces, shape: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of the areas of large pieces, those that overlap as one."""
    height, width = shape
    places: list[tuple[int, int, int, int]] = []
    order = np.argsort(-large.width * large.height, kind="stable")[:_MOST_PLACES]
    for left, top, right, bottom in large.where(order).edges().tolist():
        place = (max(0, left - 1), max(0, top - 1), min(width, right + 1), min(height, bottom + 1))
        while met := [p for p in places if _meet(p, place)]:
            places = [p for p in places if p not in met]
            every = [*met, place]
            low = (min(p[0] for p in every), min(p[1] for p in every))
            place = (*low, max(p[2] for p in every), max(p[3] for p in every))
        places.append(place)
    return places


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(pieces: Pieces, left: int, top: int, right: int, bottom: int) -> Flags:
    """Pieces that lie in the area and do not touch its edge."""
    return np.asarray(
        (pieces.left > left)
        & (pieces.top > top)
        & (pieces.right < right)
        & (pieces.bottom < bottom)
    )


def remove_rules(ink: Pixels, pieces: Pieces, letter: float) -> tuple[Pieces, Edges]:
    """The pieces of ink (0 or 255) without ruled lines, and the edges of those lines."""
    large = _large(pieces, letter) & ~thin(pieces, letter)
    height, width = ink.shape
    edges = []
    for left, top, right, bottom in _places(pieces.where(large), (height, width)):
        part = ink[top:bottom, left:right]
        ruled, found = _by_bands(part, letter)
        if not len(found):
            continue
        edges.append(found + np.array([left, top, left, top], np.int32))
        cv2.bitwise_not(ruled, ruled)
        again = find_pieces(np.asarray(cv2.bitwise_and(part, ruled, ruled))).moved(left, top)
        area = (
            left - (left == 0),
            top - (top == 0),
            right + (right == width),
            bottom + (bottom == height),
        )
        pieces = pieces.where(~_within(pieces, *area)).with_(again.where(_within(again, *area)))
    alone = thin(pieces, letter)
    return pieces.where(~alone), np.concatenate((*edges, pieces.where(alone).edges()))
