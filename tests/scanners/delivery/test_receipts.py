import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.delivery.receipts import (
    Receipt,
    ReceiptFile,
    Rescan,
    receipt_name,
    receipt_text,
    write_receipt,
)
from schemas.layout import StationLayout
from schemas.records import PageCounts

DONE = Receipt(
    "done",
    unit="ua-000412",
    confirmed=True,
    files=tuple(ReceiptFile(f"{n}.tif", 10, "a" * 64) for n in range(396)),
    pages=PageCounts(396, 371, 24, 0, 1),
    rescan=(Rescan("14", "v", 28, "blurred", "imagine neclară."),),
    updated="2026-11-22T14:21:00",
)


def test_a_receipt_as_people_read_it(tmp_path):
    told, text = write_receipt(StationLayout(tmp_path / "S2"), "biblioraft-07", DONE)
    data = text.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfRECIPIS")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0].endswith("stația S2")
    assert lines[1] == "STARE     ÎNCHEIAT, 22.11.2026, 14:21"
    assert lines[4] == "PAGINI    396 scanate = 371 citite + 24 goale + 1 nereușită"
    assert lines[-2] == "Păstrați biblioraftul la stație: rescanați fila 14."
    written = json.loads(told.read_text(encoding="utf-8"))
    assert (written["receipt"], written["drop"], written["station"]) == (1, "biblioraft-07", "S2")
    assert written["pages"]["failed"] == 1


@pytest.mark.parametrize(
    ("receipt", "last"),
    [
        (Receipt("done", confirmed=True), "Puteți pune biblioraftul la loc."),
        (Receipt("done", "duplicate", confirmed=True), "Puteți pune biblioraftul la loc."),
        (
            Receipt("done", "empty-file", confirmed=True),
            "Păstrați biblioraftul la stație: o parte a depunerii a fost refuzată.",
        ),
        (Receipt("waiting"), "Păstrați biblioraftul la stație: depunerea nu este completă."),
        (Receipt("refused"), "Păstrați biblioraftul la stație: depunerea a fost refuzată."),
        (Receipt("taken"), "Păstrați biblioraftul la stație: prelucrarea nu s-a încheiat."),
    ],
)
def test_the_last_line_says_what_to_do_with_the_paper(receipt, last):
    assert receipt_text(receipt).splitlines()[-1] == last


def test_what_was_not_confirmed_is_said():
    assert "verificați numărul de file" in receipt_text(Receipt("done")).replace("\n", " ")
    assert "verificați numărul" not in receipt_text(Receipt("done", confirmed=True))


NAMES = st.text(min_size=1, max_size=200)


@given(NAMES, NAMES, st.sampled_from(["ro", "en"]))
def test_no_line_is_longer_than_72_whatever_the_names(drop, reason, language):
    receipt = Receipt("refused", "x", reason, reason, drop=drop, station="S1", files=DONE.files)
    assert all(len(line) <= 72 for line in receipt_text(receipt, language).splitlines())


def test_names_that_are_not_safe_never_share_a_receipt():
    names = ["ș", "ț", "a b", "a-b", "a/b", "a" * 300, "a" * 301]
    assert len({receipt_name(name) for name in names}) == len(names)
    assert receipt_name("biblioraft-07") == "biblioraft-07"
