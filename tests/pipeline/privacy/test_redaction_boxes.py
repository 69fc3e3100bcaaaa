"""What is burnt: on a grid, black throughout, the words gone, no length told."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.privacy.redaction import burn, hidden_boxes, redacted_text, touched_words
from pipeline.privacy.redaction.boxes import GRID_CM, on_grid
from schemas.alto import read_alto, write_alto
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

DPI = 100
SIZE = Size(820, 1100)
STEP = GRID_CM / 2.54 * DPI

sides = st.integers(-2_000, 3_000)
any_box = st.builds(Box, sides, sides, sides, sides)
on_page = st.builds(
    Box, st.integers(0, 700), st.integers(0, 1_000), st.integers(1, 120), st.integers(1, 90)
)
some_dpi = st.sampled_from((1, 72, DPI, 300, 1200))


def page(words):
    lines = tuple(Line((word,)) for word in words)
    return PageText(SIZE, DPI, (Block(lines),) if lines else (), source_size=SIZE)


def inside(box, size):
    return box.overlap(Box(0, 0, size.width, size.height)) == box.area


@settings(deadline=None, max_examples=25)
@given(st.lists(on_page, min_size=1, max_size=6))
def test_every_pixel_of_what_is_hidden_is_black_and_no_other(boxes):
    paper = np.full((SIZE.height, SIZE.width), 201, np.uint8)
    hidden = hidden_boxes(boxes, DPI, SIZE)
    burnt = burn(paper, hidden, DPI)
    mask = np.zeros(paper.shape, bool)
    for box in hidden:
        mask[box.y : box.y + box.h, box.x : box.x + box.w] = True
    for box in boxes:
        assert mask[box.y : box.y + box.h, box.x : box.x + box.w].all()
    assert (burnt[mask] == 0).all()
    assert (burnt[~mask] == 201).all()
    assert (paper == 201).all()


@settings(deadline=None, max_examples=25)
@given(st.lists(any_box, max_size=6), some_dpi)
def test_hostile_boxes_give_rectangles_on_the_page_and_on_the_grid(boxes, dpi):
    hidden = hidden_boxes(boxes, dpi, SIZE)
    for box in hidden:
        assert inside(box, SIZE)
        assert box.w > 0
        assert box.h > 0
        assert on_grid(box, dpi, SIZE)
    seen = [b for b in boxes if b.x < SIZE.width and b.y < SIZE.height and b.x + max(b.w, 1) > 0]
    if any(b.y + max(b.h, 1) > 0 for b in seen):
        assert hidden
    burn(np.zeros((SIZE.height, SIZE.width, 3), np.uint8), boxes, dpi)


@settings(deadline=None, max_examples=25)
@given(st.lists(on_page, min_size=1, max_size=8))
def test_lengths_are_those_of_the_grid_alone(boxes):
    for box in hidden_boxes(boxes, DPI, SIZE):
        ends = {round(box.x / STEP), round((box.x + box.w) / STEP)}
        assert abs(box.x - round(box.x / STEP) * STEP) <= 1
        at_edge = box.x + box.w == SIZE.width
        assert at_edge or abs(box.x + box.w - max(ends) * STEP) <= 1


@settings(deadline=None, max_examples=25)
@given(st.integers(100, 200), st.integers(20, 200), st.integers(0, 200))
def test_a_longer_name_from_the_same_place_looks_the_same_until_the_next_column(x, width, more):
    one, other = (hidden_boxes((Box(x, 50, w, 12),), DPI, SIZE)[0] for w in (width, width + more))
    columns = (other.w - one.w) / STEP
    assert abs(columns - round(columns)) < 0.02
    assert columns <= more / STEP + 1.02


@settings(deadline=None, max_examples=25)
@given(st.lists(on_page, max_size=12), st.lists(on_page, max_size=4))
def test_words_that_touch_a_rectangle_are_gone_and_all_others_stay(words, boxes):
    text = page([Word(f"w{n}", box, 0.5) for n, box in enumerate(words)])
    hidden = hidden_boxes(boxes, DPI, SIZE, text)
    left = redacted_text(text, hidden)
    kept = [word for word in text.words if not any(word.box.overlap(box) for box in hidden)]
    assert list(left.words) == kept
    assert len(touched_words(text, hidden)) == len(words) - len(kept)
    assert not any(word.box.overlap(box) for word in left.words for box in boxes)
    assert all(block.lines for block in left.blocks)


@settings(deadline=None, max_examples=25)
@given(st.lists(on_page, min_size=1, max_size=5))
def test_burning_again_what_was_quantised_changes_nothing(boxes):
    hidden = hidden_boxes(boxes, DPI, SIZE)
    paper = np.full((SIZE.height, SIZE.width), 255, np.uint8)
    once = burn(paper, hidden, DPI)
    assert (burn(once, hidden, DPI) == once).all()


line_words = st.lists(
    st.tuples(st.integers(4, 40), st.integers(10, 150), st.booleans()), min_size=1, max_size=7
)


def line_of(parts):
    """A line of words: the room before each, its width, and whether it is to be hidden."""
    x, words = 20, []
    for room, width, hide in parts:
        words.append((Word(f"w{x}", Box(x + room, 100, width, 20), 0.9), hide))
        x += room + width
    text = PageText(SIZE, DPI, (Block((Line(tuple(word for word, _ in words)),)),))
    return text, [word.box for word, hide in words if hide], [w for w, hide in words if not hide]


@settings(deadline=None, max_examples=30)
@given(line_words)
@example([(40, 150, False)] * 4 + [(4, 10, True)])  # no step between the word and the edge
def test_in_a_line_widths_are_whole_steps_and_all_is_covered(parts):
    text, boxes, _ = line_of(parts)
    hidden = hidden_boxes(boxes, DPI, SIZE, text)
    for box in hidden:
        steps = box.w / STEP
        assert box.x + box.w == SIZE.width or abs(steps - round(steps)) * STEP <= 1
        assert inside(box, SIZE)
    for box in boxes:
        there = box.overlap(Box(0, 0, SIZE.width, SIZE.height))
        assert max((box.overlap(one) for one in hidden), default=0) == there
    paper = np.full((SIZE.height, SIZE.width), 255, np.uint8)
    black = np.zeros(paper.shape, bool)
    for box in hidden:
        black[box.y : box.y + box.h, box.x : box.x + box.w] = True
    assert ((burn(paper, hidden, DPI) == 0) == black).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(4, 40), st.integers(20, 150), st.integers(20, 300), st.integers(0, 200))
def test_the_word_before_stays_and_the_length_is_not_told(room, word, name, more):
    for width in (name, name + more):
        text, boxes, kept = line_of(((10, word, False), (room, width, True)))
        (box,) = hidden_boxes(boxes, DPI, SIZE, text)
        left = redacted_text(text, (box,))
        assert [one.text for one in left.words] == [one.text for one in kept]
        assert boxes[0].x - 3 <= box.x <= boxes[0].x
        steps = box.w / STEP
        assert box.x + box.w == SIZE.width or abs(steps - round(steps)) * STEP <= 1


@settings(deadline=None, max_examples=40)
@given(st.integers(20, 150), st.integers(2, 40), st.integers(0, 150))
def test_the_word_after_stays_where_nothing_is_before_and_the_length_is_not_told(name, room, more):
    for width in (name, name + more):
        own, after = (
            Box(700 - room - width, 100, width, 20),
            Word("fiul", Box(700, 100, 90, 20), 1.0),
        )
        text = page([Word("Pop", own, 1.0), after])
        (box,) = hidden_boxes((own,), DPI, SIZE, text)
        assert redacted_text(text, (box,)).words == (after,)
        assert own.x + own.w <= box.x + box.w <= min(700, own.x + own.w + 3)
        assert abs(box.w / STEP - round(box.w / STEP)) * STEP <= 1


@settings(deadline=None, max_examples=60)
@given(line_words, st.integers(2, 19), st.integers(20, 200), st.integers(2, 19))
def test_words_a_space_away_on_both_sides_do_not_both_stay(parts, before, name, after):
    """The gap between them would tell the name's length to a pixel."""
    text, boxes, kept = line_of(
        (*((r, w, False) for r, w, _ in parts[:2]), (before, name, True), (after, 60, False))
    )
    left = redacted_text(text, hidden_boxes(boxes, DPI, SIZE, text)).words
    assert not {kept[-1], kept[-2]} <= set(left)


@pytest.mark.parametrize(
    ("parts", "stay"),
    [
        (((10, 60, False), (6, 90, True), (5, 20, False), (4, 20, False)), ["w186", "w211"]),
        (
            ((10, 60, False), (6, 90, True), (80, 20, False), (4, 20, False)),
            ["w20", "w186", "w286"],
        ),
    ],
)
def test_a_rectangle_lies_where_it_hides_fewest_words(parts, stay):
    text, boxes, _ = line_of(parts)
    left = redacted_text(text, hidden_boxes(boxes, DPI, SIZE, text))
    assert [word.text for word in left.words] == stay


def test_the_words_of_a_name_are_one_rectangle_and_no_wider_than_the_whole_of_it():
    parts = ((10, 60, False), (6, 45, True), (4, 50, True), (4, 45, True), (60, 40, False))
    text, boxes, kept = line_of(parts)
    (box,) = hidden_boxes(boxes, DPI, SIZE, text)
    assert round(box.w / STEP) == 2
    assert list(redacted_text(text, (box,)).words) == kept


def test_a_word_that_another_rectangle_reaches_is_no_beginning():
    text, boxes, _ = line_of(((10, 30, True), (6, 20, False), (6, 60, True), (300, 20, False)))
    hidden = hidden_boxes(boxes, DPI, SIZE, text)
    assert all(on_grid(box, DPI, SIZE) for box in hidden)


def test_an_exact_box_is_widened_before_it_is_burnt():
    burnt = burn(np.full((200, 800), 255, np.uint8), (Box(130, 40, 61, 20),), DPI)
    columns = np.flatnonzero(burnt[50] == 0)
    assert (columns[0], columns[-1] + 1) == (round(STEP), round(3 * STEP))


@pytest.mark.parametrize(("word", "heights"), [("ana", 14), ("Ghița", 26)])
def test_height_is_that_of_the_line_and_tells_nothing_of_the_letters(word, heights):
    """Two names, one without long letters, between the same words of the same line."""
    y = 100 if heights == 26 else 106
    own = Word(word, Box(300, y, 60, heights), 1.0)
    line = Line(
        (Word("Pop", Box(180, 100, 60, 26), 1.0), own, Word("fiul", Box(600, 100, 60, 26), 1.0))
    )
    text = PageText(SIZE, DPI, (Block((line,)),), source_size=SIZE)
    (box,) = hidden_boxes((own.box,), DPI, SIZE, text)
    assert (box.y, box.y + box.h) == (98, 128)


def test_lines_above_and_below_keep_their_words():
    rows = [Line((Word(f"r{n}", Box(250, 100 + 24 * n, 200, 23), 1.0),)) for n in range(3)]
    text = PageText(SIZE, DPI, (Block(tuple(rows)),), source_size=SIZE)
    left = redacted_text(text, hidden_boxes((rows[1].box,), DPI, SIZE, text))
    assert [word.text for word in left.words] == ["r0", "r2"]


def test_neighbours_are_one_rectangle_and_lines_stay_apart():
    boxes = (Box(100, 100, 60, 20), Box(190, 101, 60, 20), Box(100, 160, 60, 20))
    hidden = hidden_boxes(boxes, DPI, SIZE)
    assert len(hidden) == 2
    assert len(hidden_boxes((*boxes[:1], Box(600, 100, 30, 20)), DPI, SIZE)) == 2


def test_boxes_outside_hide_nothing_and_an_empty_one_its_place():
    assert hidden_boxes((Box(900, 10, 5, 5), Box(-50, 10, 40, 5)), DPI, SIZE) == ()
    (box,) = hidden_boxes((Box(400, 300, 0, 0),), DPI, SIZE)
    assert box.x <= 400 < box.x + box.w
    assert hidden_boxes((Box(0, 0, 5, 5),), DPI, Size(0, 0)) == ()


def test_alto_has_no_trace_of_what_is_gone():
    words = (
        Word("numitul", Box(90, 100, 70, 20), 0.9),
        Word("Vasilescu", Box(250, 100, 90, 20), 0.412),
    )
    line = Line((*words, Word("declară", Box(600, 100, 80, 20), 0.8)))
    only = Line((Word("1760512354783", Box(250, 200, 140, 20), 0.537),))
    text = PageText(SIZE, DPI, (Block((line,)), Block((only,))), source_size=SIZE)
    boxes = hidden_boxes((words[1].box, only.words[0].box), DPI, SIZE, text)
    data = write_alto(redacted_text(text, boxes), "public.pdf", 1)
    for gone in (b"Vasilescu", b"1760512354783", b"0.412", b"0.537", b'WIDTH="90"', b'HPOS="250"'):
        assert gone not in data
    assert [word.text for word in read_alto(data).words] == ["numitul", "declară"]
    root = etree.fromstring(data)
    assert len(root.findall(".//{*}TextBlock")) == len(root.findall(".//{*}TextLine")) == 1
    assert [e.get("ID") for e in root.iter("{*}String")] == ["b1l1w1", "b1l1w2"]
