"""What people do on the pages: step from hit to hit, read in English, see what there is."""

import re

import lxml.html
import pytest

from schemas.messages import LANGUAGES
from tests.search.caller_samples import ARCHIVIST, WITH_PURPOSE
from tests.search.web.web_samples import PUBLIC, REDACTED, SECRET

QUERY = "q=iluminat+hot%C4%83r%C3%A2re+crinului"
FIRST, LAST = f"/d/{PUBLIC}/p/1?{QUERY}", f"/d/{PUBLIC}/p/2?{QUERY}"
PAGES = ("/", f"/cautare?{QUERY}", FIRST, f"/d/{PUBLIC}/p/1/text", "/cerere", "/personal/intrare")


@pytest.fixture
def web(site):
    """A browser with no cookie yet."""
    site.client.cookies.clear()
    yield site.client
    site.client.cookies.clear()


def read(web, address):
    answer = web.get(address)
    assert answer.status_code == 200, address
    return lxml.html.fromstring(answer.text)


def step(tree, key):
    return (tree.xpath(f"//a[@accesskey='{key}']/@href") or [""])[0]


def current(tree):
    (mark,) = tree.xpath("//mark[@aria-current='true']")
    return mark.text_content(), mark.get("id")


def test_one_steps_through_all_hits_of_a_document_and_back(web):
    seen, address = [], FIRST
    while address:
        tree = read(web, address)
        seen.append(current(tree))
        assert address == FIRST or address.endswith(f"#{seen[-1][1]}")
        address = step(tree, "n")
    assert seen == [("HOTĂRÂRE", "h1"), ("iluminatul", "h2"), ("Crinului", "h1")]
    back, address = [], step(tree, "p")
    while address:
        tree = read(web, address)
        back.append(current(tree))
        address = step(tree, "p")
    assert back == seen[-2::-1]


def test_the_hit_is_framed_on_the_image_where_its_word_is(web):
    boxes = []
    for number in (1, 2):
        tree = read(web, f"{FIRST}&potrivire={number}")
        (box,) = tree.xpath("//figure/svg/rect")
        boxes.append(tuple(int(box.get(name)) for name in ("x", "y", "width", "height")))
    told = web.get("/api/v1/search?q=iluminat+hotărâre").json()["hits"][0]["boxes"]
    grown = [(x - 12, y - 12, w + 24, h + 24) for x, y, w, h in told]
    assert boxes == grown


@pytest.mark.parametrize("number", ["0", "-1", "99999", "x", "", "2&potrivire=9"])
def test_a_hit_that_there_is_not_is_the_first_or_the_last(web, number):
    assert current(read(web, f"{FIRST}&potrivire={number}"))[1] in {"h1", "h2"}


def test_without_hits_there_are_no_steps(web):
    for address in (f"/d/{PUBLIC}/p/1", f"/d/{REDACTED}/p/1?q=xylofon"):
        tree = read(web, address)
        assert not tree.xpath("//a[@accesskey]|//mark|//figure/svg")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_in_english_with_a_link_to_each_other(web, address):
    told = {}
    for language in LANGUAGES:
        web.cookies.clear()
        tree = read(web, f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert tree.get("lang") == language
        (link,) = tree.xpath("//footer//a[@hreflang]")
        other = read(web, link.get("href"))
        assert other.get("lang") == link.get("hreflang") != language
        told[language] = tree.xpath("//main")[0].text_content()
    assert told["ro"] != told["en"]
    assert not re.search(r"\b(?:Căutați|pagina|fila|Pagini|Rezultate|Cerere)\b", told["en"])


def test_the_language_is_remembered_and_a_browsers_is_not_asked(web):
    assert read(web, "/").get("lang") == "ro"
    web.get("/?lang=en")
    assert read(web, FIRST).get("lang") == "en"
    assert lxml.html.fromstring(web.get("/nimic").text).get("lang") == "en"
    assert read(web, "/?lang=klingon").get("lang") == "en"
    web.cookies.clear()
    answer = web.get("/", headers={"Accept-Language": "en"})
    assert lxml.html.fromstring(answer.text).get("lang") == "ro"
    assert "set-cookie" not in answer.headers
    kept = web.get("/?lang=en").headers["set-cookie"]
    assert re.fullmatch(r"opis-lang=en; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax", kept)


def test_the_api_and_its_texts_do_not_change_with_the_pages_language(web):
    paths = (f"/api/v1/documents/{PUBLIC}/manifest", f"/api/v1/pages/{PUBLIC}.1/text")
    before = [web.get(path).content for path in paths]
    web.get("/?lang=en")
    assert [web.get(path).content for path in paths] == before


def test_the_start_tells_what_is_public_and_nothing_else(site, web):
    told = []
    for caller in (None, ARCHIVIST, WITH_PURPOSE):
        if caller:
            site.noted(caller)
        site.app.state.holdings._held._made = None
        tree = read(web, "/")
        (counted,) = tree.xpath("//h2[text()='Ce găsiți aici']/following-sibling::p[1]/text()")
        links = tree.xpath("//div[@class='held']//a/@href")
        told.append((counted, tuple(links)))
        assert SECRET not in tree.text_content()
    assert len(set(told)) == 1
    assert told[0][0].startswith("2 documente publice, 3 pagini.")
    found = [read(web, link).xpath("string(//p[@role='status'])") for link in told[0][1]]
    assert len(found) == 4
    assert all("Nici" not in count for count in found)
