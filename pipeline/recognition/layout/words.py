"""Boxes of words, from roughly where they were read, and the ink under them."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.layout.model import Edges, PageLayout, TextLine
from schemas.geometry import Box

_DOUBT = 0.9
_BEYOND = 0.9
_AWAY = 0.35

Span = tuple[float, float]


def _tidy(line: TextLine, spans: Sequence[Span]) -> NDArray[np.float64]:
    """Finite, in order, inside the line's box, and at least a pixel wide."""
    box = line.box
    low, high = float(box.x), float(box.x + box.w)
    clean = np.empty((len(spans), 2))
    for number, span in enumerate(spans):
        ends = sorted(min(max(x, low), high) if isfinite(x) else low for x in span)
        left = min(ends[0], high - 1)
        clean[number] = left, max(ends[1], left + 1)
    return clean


def _gaps(line: TextLine) -> NDArray[np.float64]:
    """N×2: the white between runs of ink along the line."""
    edges = line.pieces[np.argsort(line.pieces[:, 0], kind="stable")]
    reached = np.maximum.accumulate(edges[:, 2])
    left, right = reached[:-1], edges[1:, 0]
    white = right > left
    return np.stack((left[white], right[white]), axis=1).astype(np.float64)


def _border(gaps: NDArray[np.float64], end: float, start: float, doubt: float) -> float:
    """Where one word ends and the next begins: in the widest gap near, else halfway."""
    middle = (end + start) / 2
    if not len(gaps):
        return middle
    low, high = min(end, start) - doubt, max(end, start) + doubt
    away = np.abs(gaps.mean(axis=1) - middle)
    near = (gaps[:, 1] > low) & (gaps[:, 0] < high)
    if not near.any():
        return middle
    worth = np.where(near, gaps[:, 1] - gaps[:, 0] - _AWAY * away, -np.inf)
    return float(gaps[int(np.argmax(worth))].mean())


def _borders(line: TextLine, spans: NDArray[np.float64]) -> NDArray[np.float64]:
    """The len(spans) + 1 borders of words that stand in order."""
    doubt, gaps = _DOUBT * line.x_height, _gaps(line)
    inner = [_border(gaps, spans[n, 1], spans[n + 1, 0], doubt) for n in range(len(spans) - 1)]
    beyond = _BEYOND * line.x_height
    ends = (spans[0, 0] - beyond, *inner, spans[-1, 1] + beyond)
    return np.maximum.accumulate(np.array(ends))


def _held(line: TextLine, left: float, right: float) -> Edges:
    """The pieces between two borders; one that crosses a border is cut there."""
    edges = line.pieces
    low, high = np.maximum(edges[:, 0], left), np.minimum(edges[:, 2], right)
    wide = np.maximum(1, edges[:, 2] - edges[:, 0])
    inside = high - low >= np.minimum(0.5 * wide, 0.5 * line.x_height)
    cut: Edges = edges[inside].copy()
    cut[:, 0] = np.maximum(cut[:, 0], np.floor(left))
    cut[:, 2] = np.minimum(cut[:, 2], np.ceil(right))
    return cut


def _box(line: TextLine, own: Edges, span: NDArray[np.float64]) -> Box:
    """Around the word's pieces; the line's height over the span where it has none."""
    whole = line.box
    if len(own):
        left, top = own[:, 0].min(), own[:, 1].min()
        right, bottom = own[:, 2].max(), own[:, 3].max()
    else:
        left, right = np.floor(span[0]), np.ceil(span[1])
        level = line.baseline_at(float(span.mean()))
        top, bottom = level - line.ascent, level + line.descent
    left = min(max(int(left), whole.x), whole.x + whole.w - 1)
    top = min(max(int(top), whole.y), whole.y + whole.h - 1)
    right = min(max(int(right), left + 1), whole.x + whole.w)
    bottom = min(max(int(bottom), top + 1), whole.y + whole.h)
    return Box(left, top, right - left, bottom - top)


def word_boxes(line: TextLine, spans: Sequence[Span]) -> tuple[Box, ...]:
    """A box for each span (left and right in the pixels of the page), snapped to ink.

    Spans may be some pixels off and in any order; boxes are never empty and inside the line's.
    """
    if not spans:
        return ()
    clean = _tidy(line, spans)
    order = np.argsort(clean.mean(axis=1), kind="stable")
    inside = clean[order]
    borders = _borders(line, inside)
    boxes: list[Box] = [line.box] * len(spans)
    for number, place in enumerate(order.tolist()):
        own = _held(line, borders[number], borders[number + 1])
        boxes[place] = _box(line, own, inside[number])
    return tuple(boxes)


def coverage(layout: PageLayout, boxes: Sequence[Box]) -> float:
    """The share of the page's letter-like ink whose pieces' centres are in the boxes; 1: no ink."""
    ink = float(layout.letter_ink.sum())
    if not ink:
        return 1.0
    under = np.zeros((layout.size.height, layout.size.width), np.bool_)
    for box in boxes:
        under[max(0, box.y) : max(0, box.y + box.h), max(0, box.x) : max(0, box.x + box.w)] = True
    edges = layout.letters
    y, x = (edges[:, 1] + edges[:, 3]) // 2, (edges[:, 0] + edges[:, 2]) // 2
    return float(layout.letter_ink[under[y, x]].sum()) / ink
