"""What a drop's receipt says of a unit that does not add up, whatever the problem tells of itself."""

import pytest

from flows.watching.answering import final_receipt
from flows.work import BatchOutcome, BinderOutcome
from pipeline.reconcile import reconcile
from scanners.delivery.claims import Claim
from schemas.layout import ArchiveLayout, StationLayout
from schemas.records import Document, Page, PageState, Unit


def unit(*pages: Page) -> Unit:
    documents = (Document("abcd2345", 1, 1, len(pages)),)
    return Unit("ua-cafe0001", "b", "s", "k", "2026-01-01", pages=pages, documents=documents)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_problem_of_one_page_is_told(tmp_path, language):
    page = Page(1, PageState.RECOGNISED, "a.png", 0, "abcd2345", 1)
    problems = reconcile(unit(page, page), 2, (1,), {}, None).problems
    assert any("n" in one.detail for one in problems)
    for problem in problems:
        binder = BinderOutcome("b", (), problems=(problem,))
        outcome = BatchOutcome("L-2026-0001", (), (), (binder,))
        claim = Claim(StationLayout(tmp_path / "station"), tmp_path / "claimed", "holder")
        told = final_receipt(claim, outcome, ArchiveLayout(tmp_path), language)
        assert (told.state, told.code) == ("taken", problem.code)
        assert told.reason
        assert told.remedy
