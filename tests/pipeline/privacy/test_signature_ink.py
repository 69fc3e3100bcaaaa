"""The ink of a signature is found where one is expected, read words beside it are left alone."""

import cv2
import numpy as np

from pipeline.privacy.ink import signature_ink
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

DPI = 200
LABEL = Word("Semnătura", Box(400, 300, 160, 30), 0.97)
ROOM = Box(380, 332, 200, 30)


def page(*words):
    return PageText(Size(1000, 800), DPI, (Block((Line(words),)),))


def paper():
    pixels = np.full((800, 1000), 235, np.uint8)
    cv2.rectangle(pixels, (400, 300), (560, 330), 20, -1)
    points = np.array([(420 + 8 * n, 385 + round(25 * np.sin(n))) for n in range(20)])
    cv2.polylines(pixels, [points.reshape(-1, 1, 2)], False, 60, 3)
    return pixels


def covered(boxes, pixels):
    """The share of the scribble's ink that the boxes hold."""
    ink = pixels < 100
    ink[295:335] = False
    ink[:, 700:] = False
    mask = np.zeros_like(ink)
    for box in boxes:
        mask[box.y : box.y + box.h, box.x : box.x + box.w] = True
    return (ink & mask).sum() / ink.sum()


def test_the_scribble_under_a_label_is_covered_and_the_label_is_not():
    boxes = signature_ink(paper(), page(LABEL), ((ROOM,),))
    assert covered(boxes, paper()) > 0.99
    assert not any(box.overlap(Box(405, 305, 150, 20)) for box in boxes)


def test_a_scribble_that_was_read_as_a_doubtful_word_is_ink_all_the_same():
    doubtful = Word("ller", Box(410, 350, 180, 70), 0.4)
    assert covered(signature_ink(paper(), page(LABEL, doubtful), ((ROOM,),)), paper()) > 0.99


def test_ink_far_away_and_empty_places_are_left():
    pixels = paper()
    cv2.line(pixels, (800, 600), (950, 700), 0, 4)
    boxes = signature_ink(pixels, page(LABEL), ((ROOM,),))
    assert not any(box.x > 700 for box in boxes)
    assert signature_ink(pixels, page(LABEL), ((),)) == ()
    assert signature_ink(pixels, page(LABEL), ((Box(990, 790, 5, 5),),)) == ()
