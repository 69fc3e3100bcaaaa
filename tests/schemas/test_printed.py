"""The words of a page read by themselves are those of the whole page, whatever the file is like."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.alto import read_alto, write_alto
from schemas.geometry import Affine, Box, Size
from schemas.printed import _cut, printed_page, read_printed
from schemas.text import Block, Line, PageText, Reading, Word

SIGNS = st.one_of(
    st.sampled_from("aășțîZ09.,-/&<>\"'=;\u00ad\u0301 \t\n\u2028"),
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
)
PIXELS = st.integers(-5, 10_000_000_000)
BOXES = st.builds(Box, PIXELS, PIXELS, PIXELS, PIXELS)
WORDS = st.builds(Word, st.text(SIGNS, max_size=6), BOXES, st.floats(0, 1))
LINES = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: Line(tuple(words)))
BLOCKS = st.lists(LINES, min_size=1, max_size=3).map(lambda lines: Block(tuple(lines)))
TOLD = st.text("ab;=& <\"'ș", max_size=5)
PAGES = st.builds(
    PageText,
    st.builds(Size, st.integers(0, 10**10), st.integers(0, 5000)),
    st.integers(1, 600),
    st.lists(BLOCKS, max_size=3).map(tuple),
    source_size=st.builds(Size, st.integers(0, 5000), st.integers(0, 5000)),
    transform=st.builds(Affine, st.floats(-2, 2), st.floats(-2, 2)),
    reading=st.builds(Reading, TOLD, TOLD, TOLD),
    part=st.none() | st.just(Box(1, 2, 30, 40)),
)
PLAIN = PageText(
    Size(100, 200),
    300,
    tuple(
        Block(
            tuple(
                Line(tuple(Word(f"{n}{m}&ș", Box(n, m, 30, 4), 0.5) for m in range(3)))
                for n in range(2)
            )
        )
        for _ in range(2)
    ),
)
ODD = (
    *(
        b"",
        b" ",
        b"\n",
        b"\t",
        b"-",
        b"x",
        b'"',
        b"'",
        b"<",
        b">",
        b"/",
        b"&",
        b".5",
        b"1e3",
        b"inf",
    ),
    *(
        b"&amp;",
        b"&#9;",
        b"&#10;",
        b"&#65;",
        b"&euro;",
        b"<!-- x -->",
        b"<![CDATA[x]]>",
        b"<?x y?>",
    ),
    *(b"<SP/>", b"<String/>", b'<String CONTENT="a"/>', b'<HYP CONTENT="-"/>', b"]]>", b"\r\n"),
    *(b"</TextLine>", b"<TextLine>", b"</TextBlock><TextBlock>", b"<Illustration/>", b' WC="2"'),
    *(b"<ComposedBlock>", b"\x00", b"\x0b", b"\xff", b"\xef\xbf\xbe", b"\xef\xbb\xbf", b"9" * 12),
    *(
        b"<SubsType/>",
        b"ISO-8859-1",
        b"<Tags/>",
        b"<Margin><TextBlock><TextLine/></TextBlock></Margin>",
    ),
)


def told(read, data):
    """What is read: size, words, boxes; or that it is refused."""
    try:
        page = read(data)
    except ValueError:
        return "refused"
    return page.size, page.blocks, [page.box(n) for n in range(len(page.places))]


def whole(data):
    return printed_page(read_alto(data))


def written(page):
    return write_alto(page, "a&b <1>.tif", 3)


@given(PAGES)
def test_pages_of_ours_are_read_alike(page):
    data = written(page)

    assert told(read_printed, data) == told(whole, data)


@given(
    st.integers(0, len(written(PLAIN))),
    st.integers(0, 40),
    st.sampled_from(ODD) | st.binary(max_size=3),
)
@example(0, 0, b"\xef\xbb\xbf")
def test_files_that_differ_from_ours_anywhere_are_read_or_refused_alike(place, taken, odd):
    data = written(PLAIN)
    data = data[:place] + odd + data[place + taken :]

    assert told(read_printed, data) == told(whole, data)


@pytest.mark.parametrize(
    "old", [b'HPOS="1"', b'WC="0.500"', b'WIDTH="100"', b"dpi=300", b"source=0 0"]
)
@pytest.mark.parametrize(
    "new", ["", "-", "--1", "1-2", "1.2.3", "007", "1e400", "inf", "nan", "١", "9" * 5000, " 1 "]
)
def test_numbers_that_are_none_are_read_or_refused_alike(old, new):
    kept = old.partition(b'"')[0] + b'"%s"' if b'"' in old else old.partition(b"=")[0] + b"=%s"
    data = written(PLAIN).replace(old, kept % new.encode())

    assert told(read_printed, data) == told(whole, data)


@pytest.mark.parametrize(
    "settings",
    ["", "transform=1 2", "transform=1 2 3 4 5 6 7", "transform=x", "part=1 2", "source=1"],
)
def test_how_it_was_read_is_needed_alike(settings):
    ours = written(PLAIN)
    start, end = ours.index(b"transform="), ours.index(b"</processingStepSettings>")
    data = ours[:start] + settings.encode() + ours[end:]

    assert told(read_printed, data) == told(whole, data)


def test_what_is_written_by_us_is_cut_and_not_parsed():
    assert _cut(written(PLAIN)) is not None


@pytest.mark.parametrize("data", [b"", b"<alto/>", b"<?xml version='1.0'?><a>", b"\xff\xfe"])
def test_what_is_no_page_is_refused(data):
    with pytest.raises(ValueError):
        read_printed(data)
