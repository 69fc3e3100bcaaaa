"""Pages made up for tests of boundaries: lines at their places on an A4 page of 100 dpi."""

from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

SIZE = Size(827, 1169)
LETTER, HIGH, STEP, LEFT = 7, 14, 20, 90


def line(text, top, left=LEFT):
    """A line of words, set from the left edge."""
    words, x = [], left
    for word in text.split():
        words.append(Word(word, Box(x, top, LETTER * len(word), HIGH), 0.95))
        x += LETTER * (len(word) + 1)
    return Line(tuple(words))


def page(*lines, top=80, centred=(), foot=""):
    """A page of these lines; those whose numbers are in `centred` stand in the middle."""
    set_ = []
    for number, text in enumerate(lines):
        left = (SIZE.width - LETTER * len(text)) // 2 if number in centred else LEFT
        set_.append(line(text, top + STEP * number, left))
    if foot:
        set_.append(line(foot, 1120, 400))
    return PageText(SIZE, 100, (Block(tuple(set_)),) if set_ else ())


BODY = (
    "Consiliul local a luat în dezbatere proiectul privind iluminatul public stradal și",
    "a constatat că sunt îndeplinite condițiile cerute de lege pentru adoptarea acestuia",
    "precum și avizul comisiei de urbanism din ședința ordinară care a avut loc în luna",
)


def decision(number, day="12.03.2014"):
    """The first page of a council's decision."""
    return page(
        "ROMÂNIA",
        "JUDEȚUL TIMIȘ",
        "CONSILIUL LOCAL",
        f"HOTĂRÂREA NR. {number}",
        f"din {day}",
        *BODY,
        "PREȘEDINTE DE ȘEDINȚĂ, SECRETAR,",
        centred=(0, 1, 2, 3, 4),
    )


def middle(foot=""):
    """A page in the middle of a paper."""
    return page(*(f"{'abcdefgh'[n]}{BODY[n % 3][1:]}" for n in range(8)), foot=foot)
