"""Papers of kinds that the sample binders lack: what must go is gone, what must stay stays."""

import pytest

from tests.pipeline.privacy.unfamiliar import Paper, searched, unfamiliar

PAPERS = unfamiliar("development")


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.name for paper in PAPERS])
def test_what_must_go_is_gone_and_what_must_stay_stays(paper: Paper):
    outcome = searched(paper, "clean")
    assert outcome.missed == ()
    assert outcome.lost == ()


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["no diacritics", "width 44", "width 70", "1 %"])
def test_what_must_go_is_gone_from_worse_papers(variant):
    left = [(paper.name, *searched(paper, variant).missed) for paper in PAPERS]
    assert [told for told in left if len(told) > 1] == []


def test_the_halves_share_no_paper_and_every_paper_tells_what_must_go():
    both = (*PAPERS, *unfamiliar("test"))
    assert len({paper.name for paper in both}) == len(both) >= 60
    assert all(paper.hide for paper in both)
