"""Large pieces that are no rule: seals, signatures, pictures; and the letters they have swallowed."""

import numpy as np

from pipeline.imaging.raster import Pixels
from pipeline.recognition.layout.model import Edges
from pipeline.recognition.layout.pieces import Flags, Pieces, find_pieces, ink_of, letter_like

_BLOT, _WIDE_BLOT = 3.0, 4.0
_LEAST, _MOST = 0.5, 2.1
_LARGEST = 30.0
_MOST_BLOTS = 40
_DARKER = (0.75, 0.55)
_LEAST_LETTERS = 2
_COVERED = 0.5


def blots(pieces: Pieces, letter: float) -> Flags:
    """Too high and wide for letters of the page, and smaller than a page's frame or background."""
    height, width = pieces.height / letter, pieces.width / letter
    return np.asarray(
        (height > _BLOT) & (width > _WIDE_BLOT) & (np.maximum(height, width) < _LARGEST)
    )


def _known(found: Edges, before: Edges) -> Flags:
    """Which of the found edges lie mostly in one that was there before."""
    if not len(before):
        return np.zeros(len(found), np.bool_)
    low = np.maximum(found[:, None, :2], before[None, :, :2])
    high = np.minimum(found[:, None, 2:], before[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2).max(axis=1)
    return np.asarray(shared > _COVERED * np.prod(found[:, 2:] - found[:, :2], axis=1))


def _letters_in(part: Pixels, threshold: int, letter: float) -> Pieces:
    """Pieces of the size of letters at the darker level that shows most of them."""
    best = find_pieces(np.zeros_like(part))
    for share in _DARKER:
        found = find_pieces(ink_of(part, round(threshold * share)))
        height = found.height
        sized = (height >= _LEAST * letter) & (height <= _MOST * letter) & letter_like(found)
        if np.count_nonzero(sized) > len(best):
            best = found.where(sized)
    return best


def freed(reading: Pixels, threshold: int, pieces: Pieces, letter: float) -> Pieces:
    """The pieces, with the letters of darker ink that seals and signatures have swallowed.

    The large pieces stay: their other ink is in no letter.
    """
    large = np.flatnonzero(blots(pieces, letter))
    if not len(large):
        return pieces
    large = large[np.argsort(-pieces.ink[large], kind="stable")[:_MOST_BLOTS]]
    height = pieces.height
    small = pieces.where(height <= _BLOT * letter)
    for left, top, right, bottom in pieces.where(large).edges().tolist():
        part = np.ascontiguousarray(reading[top:bottom, left:right])
        found = _letters_in(part, threshold, letter).moved(left, top)
        inside = (small.right > left) & (small.left < right)
        inside &= (small.bottom > top) & (small.top < bottom)
        found = found.where(~_known(found.edges(), small.where(inside).edges()))
        if len(found) >= _LEAST_LETTERS:
            pieces, small = pieces.with_(found), small.with_(found)
    return pieces
