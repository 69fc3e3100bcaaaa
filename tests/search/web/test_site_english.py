"""English pages: kinds of documents, days, numbers and notices are English, what documents say is not."""

import re
from datetime import datetime

import pytest

from schemas.messages import number, plural, table
from search.guard.languages import Spoken, _spoken
from search.web.views.wording import day, title
from tests.search.web.web_samples import PUBLIC


@pytest.fixture
def english():
    token = _spoken.set(Spoken("en"))
    yield
    _spoken.reset(token)


def test_titles_and_days_are_english(english):
    assert title("hotărâre", "25", "2016-07-29") == "Decision of the council no. 25 of 29 July 2016"
    assert title("opis", "", "2016") == "Opis of 2016"
    assert (day("2016-07-09"), day("2016-13-01"), day("x")) == ("9 July 2016", "01 13 2016", "x")


def test_titles_and_days_are_romanian_otherwise():
    assert title("hotărâre", "25", "2016-07-29") == "Hotărâre nr. 25 din 29.07.2016"
    assert (number(12900), plural("page", 1290)) == ("12.900", "1.290 de pagini")
    assert (number(12900, "en"), plural("page", 1290, "en")) == ("12,900", "1,290 pages")


def test_a_result_page_is_english_but_for_what_documents_say(site):
    page = site.client.get("/cautare", params={"q": "crinului )", "lang": "en"}).text
    assert "Decision of the council no. 25 of 29 July 2016, page 2" in page
    assert "<title>crinului ) – one page –" in page
    assert "A bracket has no partner" in page
    assert "leaf 2 recto" in page
    assert re.search(r'tip=hot%C4%83r%C3%A2re[^"]*">decision of the council</a>', page)
    assert not re.search("pagină|nr\\. 25|fila|O paranteză", page)


def test_the_same_page_is_romanian_for_others(site):
    site.client.cookies.clear()
    page = site.client.get("/cautare", params={"q": "crinului )"}).text
    assert "Hotărâre nr. 25 din 29.07.2016, pagina 2" in page
    assert "fila 2 recto" in page
    assert ">hotărâre</a>" in page


def test_a_page_is_cited_in_english(site):
    page = site.client.get(f"/d/{PUBLIC}/p/1", params={"lang": "en"}).text
    cited = re.search(r'<p class="citation">([^<]+)', page).group(1)
    today = datetime.now().astimezone().date()
    assert "decision of the council no. 25 of 29 July 2016. http" in cited
    assert (
        f"(seen on {today.day} {table('en')['label']['month'][f'{today:%m}']} {today.year})"
        in cited
    )
    site.client.cookies.clear()
    page = site.client.get(f"/d/{PUBLIC}/p/1").text
    assert "hotărâre nr. 25/29.07.2016. http" in page


def test_each_kind_and_month_has_a_word_in_both_languages():
    for group in ("type", "month"):
        ro, en = (table(language)["label"][group] for language in ("ro", "en"))
        assert set(ro) == set(en)
        assert all(en.values())
    assert len(table("en")["label"]["month"]) == 12
