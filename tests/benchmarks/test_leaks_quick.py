"""The leaks benchmark in its quick form; and that it sees what it is there to see."""

from argparse import Namespace
from dataclasses import replace

import pytest

from benchmarks.leaks.__main__ import run
from benchmarks.leaks.looking import look
from benchmarks.leaks.needles import Needle, haystack, says
from benchmarks.leaks.papers import papers_of
from flows.stages.personal import read_personal
from pipeline import units
from schemas.alto import read_alto, write_alto
from schemas.settings import Settings

CNP = Needle("CNP", "1600821351363", "1600821351363")
NAME = Needle("PERSON", "Mădălina Dogaru", "Mădălina Dogaru")
HOME = Needle(
    "ADDRESS",
    "Cetatea Dornei, str. Olarilor nr. 101, jud. Timiș",
    "Cetatea\nDornei, str. Olarilor nr. 101",
)
CARD = Needle("ID_CARD", "TZ 449168", "seria TZ nr.\n449168")
CHOSEN = Namespace(
    binders=1, pages=9, seed=13, templates="dev", dpi=200, pressed=False, again=False, values=False
)


@pytest.mark.parametrize(
    ("needle", "text"),
    [
        (CNP, "CNP: 1600821351363."),
        (CNP, "CNP 160 0821 351363"),
        (CNP, "CNP I6OO82I35I363"),
        (CNP, "CNP 1600821351368"),
        (NAME, "doamna MADALINA DOGARU, cu"),
        (NAME, "Dogaru Mădălina"),
        (NAME, "Mădălina\nDogarn"),
        (HOME, "strada Olarilor, nr. 101"),
        (CARD, "seria T2, 449168"),
    ],
)
def test_a_value_is_seen_however_it_is_spelled(needle, text):
    assert says(needle, haystack(f"Subsemnata {text} vă rog"))


@pytest.mark.parametrize(
    ("needle", "text"),
    [
        (CNP, "CNP 2600821351399"),
        (NAME, "Mădălina Ionescu și Ion Dogaru"),
        (HOME, "strada Olarilor nr. 7, Cetatea Dornei"),
        (CARD, "seria TZ nr. 449178"),
        (CNP, ""),
    ],
)
def test_other_values_are_no_leak(needle, text):
    assert not says(needle, haystack(text))


@pytest.mark.slow
def test_nothing_leaks_from_a_small_binder_and_what_would_is_seen(tmp_path):
    report = run(tmp_path, CHOSEN)
    assert report["leaks"] == []
    assert report["leaked"] == 0
    assert report["planted"] > 5
    assert report["public"] > 1
    assert report["variants_sought"] >= report["planted"]

    settings = Settings(archive=tmp_path / "archive")
    layout = next(iter(units.all_units(settings)))
    papers = papers_of(
        units.read_record(layout), layout, next(tmp_path.glob("b0*")), read_personal(layout)
    )
    paper = next(one for one in papers if one.out and any(page.needles for page in one.pages))
    page = next(page for page in paper.pages if page.needles)
    staff = read_alto(layout.alto_page(page.page).read_bytes())
    spoilt = paper.copy / "alto" / f"{page.document_page:04d}.xml"
    spoilt.write_bytes(write_alto(replace(staff), "document.pdf", 1))
    assert {leak.where for leak in look(paper, settings).leaks} >= {"ALTO"}


@pytest.mark.slow
def test_nothing_leaks_from_under_seals_that_were_pressed_on_it(tmp_path):
    chosen = {**vars(CHOSEN), "pages": 12, "seed": 21, "pressed": True}
    report = run(tmp_path, Namespace(**chosen))
    assert report["pressed"] is True
    assert report["leaks"] == []
    assert report["planted_in_public_copies"] > 5


def test_a_drawings_own_numbers_side_by_side_are_no_leak_but_a_written_one_is():
    needle = Needle("ID_CARD", "XV 182218", "XV nr. 182218")
    assert not says(needle, haystack("1 0 0 1 822 1849 Tm", drawing=True))
    assert says(needle, haystack("BT (182218) Tj ET", drawing=True))
    assert says(needle, haystack("seria XV, 182 218"))
