"""The page that stands for one which cannot be opened, and says so."""

import cv2
import numpy as np

from pipeline.layers.codecs import encode_g4
from pipeline.layers.types import Layer, Layered
from schemas.geometry import Box, Size
from schemas.messages import reason
from schemas.text import Block, Line, PageText, Word

DPI = 150
_A4 = Size(1240, 1754)
_LETTERS = 40
_LEFT = 150
_BASE = 400
_PARTING = " "
_BLACK = 128


def _words(sentence: str, font: "cv2.FontFace") -> tuple[Word, ...]:
    """Each word with the box that it takes when the sentence is drawn."""
    words, left = [], _LEFT
    for text in sentence.split(_PARTING):
        (_, _, width, _) = cv2.getTextSize(_A4_SIZE, text, (0, 0), font, _LETTERS)
        words.append(Word(text, Box(left, _BASE - _LETTERS, width, _LETTERS + 10), 1.0))
        left += width + _LETTERS // 3
    return tuple(words)


_A4_SIZE = (_A4.width, _A4.height)


def placeholder(page: int, language: str) -> tuple[Layered, PageText]:
    """Picture and text of „Pagina {page} nu poate fi deschisă.”, on A4."""
    font = cv2.FontFace("sans")
    words = _words(reason("image-damaged", language, n=page).cause, font)
    canvas = np.full((_A4.height, _A4.width), 255, np.uint8)
    for word in words:
        cv2.putText(canvas, word.text, (word.box.x, _BASE), (0, 0, 0), font, _LETTERS)
    ink = np.where(canvas < _BLACK, 255, 0).astype(np.uint8)
    text = PageText(_A4, DPI, (Block((Line(words),)),), source_size=_A4)
    return Layered(_A4, "bitonal", (Layer(encode_g4(ink)),)), text
