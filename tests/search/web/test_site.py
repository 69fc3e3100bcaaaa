"""The plain Romanian pages: structure, wording, marks, links, and what a browser is forbidden."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from fastapi.testclient import TestClient

import search.web.site
from schemas.messages import table
from search.web.application import create_app
from search.web.parts import Parts
from search.web.site.pages import marked
from search.web.views.wording import day, leaf, title
from tests.search.caller_samples import WITH_PURPOSE, acting_as
from tests.search.index_samples import A, B, page, unit_on_disk
from tests.search.web.test_api import picture

PAGES = (
    "/",
    "/cautare?q=strada",
    "/cautare?q=xylofon",
    f"/d/{A}-d1/p/1?q=iluminat",
    f"/d/{A}-d1/p/4",
    f"/d/{A}-d1/p/1/text?q=iluminat",
    f"/u/{A}",
    "/nimic",
)
CSS = (Path(search.web.site.__file__).parent / "static" / "opis.css").read_text(encoding="utf-8")


def staff(embedded):
    app = create_app(Parts(embedded.settings, picture))
    acting_as(app, WITH_PURPOSE)
    return TestClient(app)


@pytest.fixture(scope="module")
def client(kept_archive):
    return staff(kept_archive)


def read(client, address):
    return lxml.html.fromstring(client.get(address).text)


def texts(tree, path):
    return [" ".join(node.text_content().split()) for node in tree.xpath(path)]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_frame(client, address):
    tree = read(client, address)

    assert tree.get("lang") == "ro"
    assert len(tree.xpath("//main[@id='continut']//h1")) == len(tree.xpath("//h1")) == 1
    assert tree.xpath("//body/a[1]/@href") == ["#continut"]
    assert texts(tree, "//body/a[1]") == ["Săriți la conținut"]
    assert texts(tree, "//title")[0].endswith("– Arhiva digitală Primăria")
    assert tree.xpath("//header")
    assert tree.xpath("//footer")
    for field in tree.xpath("//input[@type='search']"):
        assert tree.xpath(f"//label[@for='{field.get('id')}']")
    assert all(image.get("alt") for image in tree.xpath("//img"))
    levels = [int(node.tag[1]) for node in tree.xpath("//h1|//h2|//h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("address", PAGES)
def test_nothing_needs_a_script_a_style_or_another_host(client, address):
    text = client.get(address).text
    tree = lxml.html.fromstring(text)

    assert not tree.xpath("//script|//style|//*[@style]|//iframe")
    assert not [name for node in tree.iter() for name in node.attrib if str(name).startswith("on")]
    links = tree.xpath("//@href|//@src|//@action")
    assert all(link.startswith(("/", "#")) for link in links)
    assert not re.search("[şţŞŢ]", text)


def test_titles_differ(client):
    found = [texts(read(client, address), "//title")[0] for address in PAGES]

    assert len(set(found)) == len(PAGES)


def test_results_say_how_many_and_lead_to_the_marked_page(client):
    tree = read(client, "/cautare?q=iluminat")

    assert texts(tree, "//*[@role='status']") == ["2 documente, 2 pagini"]
    assert sorted(texts(tree, "//ol//h2")) == [
        "Document, pagina 1",
        "Hotărâre nr. 25 din 29.07.2016, pagina 1",
    ]
    assert set(texts(tree, "//ol//mark")) == {"iluminatul", "iluminat"}
    assert f"/d/{A}-d1/p/1?q=iluminat" in tree.xpath("//ol//a/@href")
    assert tree.xpath("//input[@type='search']/@value") == ["iluminat"]


def test_the_count_has_the_right_plural(embedded):
    counts = {"scara": 1, "curtea": 2, "gardul": 20, "poarta": 119}
    said = ["o pagină", "2 pagini", "20 de pagini", "119 pagini"]
    texts_of = [" ".join(w for w, most in counts.items() if n <= most) for n in range(1, 120)]
    embedded.fill([page(A, n, text) for n, text in enumerate(texts_of, 1)])
    client, status = staff(embedded), "//*[@role='status']"
    for word, words in zip(counts, said, strict=True):
        tree = read(client, f"/cautare?q={word}")
        assert texts(tree, status) == [f"un document, {words}"]
        within = read(client, f"/cautare?q={word}&document={A}-d1")
        assert texts(within, status) == [words]


def test_without_results_it_says_what_to_do(client):
    tree = read(client, "/cautare?q=xylofon")

    assert texts(tree, "//*[@role='status']") == ["Niciun rezultat pentru „xylofon”."]
    assert "Verificați scrierea, folosiți mai puține cuvinte sau scoateți filtrele." in texts(
        tree, "//p"
    )


@pytest.mark.parametrize("address", PAGES)
def test_every_page_tells_of_requests_once(client, address):
    note = table("ro")["say"]["request_note"]

    assert " ".join(read(client, address).text_content().split()).count(note) == 1


def test_an_open_quotation_is_told(client):
    assert "Căutarea are o ghilimea neînchisă" in client.get('/cautare?q="iluminat public').text


def test_filters_are_links_that_go_on_and_off(client):
    tree = read(client, "/cautare?q=strada")
    on = tree.xpath("//nav//a[text()='Urbanism']/@href")[0]
    narrowed = read(client, on)
    off = narrowed.xpath("//p[@class='active']/a/@href")

    assert parse_qs(urlsplit(on).query) == {"q": ["strada"], "fond": ["Urbanism"]}
    assert texts(narrowed, "//*[@role='status']") == ["2 documente, 2 pagini"]
    assert narrowed.xpath("//input[@name='fond']/@value") == ["Urbanism"]
    assert off == ["/cautare?q=strada"] * 2


def test_result_pages_are_links(embedded):
    embedded.fill([page(A, n, "scara") for n in range(1, 26)])
    client = staff(embedded)
    within = f"/cautare?q=scara&document={A}-d1"
    tree = read(client, f"{within}&pagina=2")

    assert tree.xpath("//ol/@start") == ["11"]
    assert texts(tree, "//nav[@class='pager']//a") == ["« Înapoi", "1", "2", "3", "Înainte »"]
    assert tree.xpath("//a[@aria-current='page']/@href") == [f"{within}&pagina=2"]
    told = texts(read(client, f"{within}&pagina=9"), "//main//p")
    assert any(sentence.startswith("Nu mai sunt") for sentence in told)


@pytest.mark.parametrize("number", ["0", "-1", "zece", "9" * 50, "1.5", ""])
def test_a_page_number_that_is_none_is_the_first_or_the_last(client, number):
    assert client.get("/cautare", params={"q": "strada", "pagina": number}).status_code == 200


def test_a_page_shows_its_image_and_its_text_marked(client):
    tree = read(client, f"/d/{A}-d1/p/1?q=iluminat+25/2016")
    image = tree.xpath("//img")[0]

    assert image.get("src") == f"/api/v1/pages/{A}-d1.1/image?highlight=iluminat+25%2F2016"
    assert image.get("alt") == "Pagina 1 din 4, fila 1 recto, imagine scanată"
    assert (image.get("width"), image.get("height")) == ("2480", "3508")
    assert texts(tree, "//section//mark") == ["25/2016", "iluminatul"]
    assert texts(tree, "//a[@rel='next']") == ["Pagina 2 ›"] * 2
    assert set(tree.xpath("//a[@rel='next']/@href")) == {f"/d/{A}-d1/p/2?q=iluminat+25%2F2016"}
    assert not tree.xpath("//a[@rel='prev']")
    assert tree.xpath("//main//a[1]/@href")[0] == "/cautare?q=iluminat+25%2F2016"


def test_a_page_without_text_says_so(client):
    tree = read(client, f"/d/{A}-d1/p/4")

    assert "Pagina nu a putut fi citită automat; vedeți imaginea." in texts(tree, "//p")
    assert texts(tree, "//a[@rel='prev']") == ["‹ Pagina 3"] * 2


@pytest.mark.parametrize(
    "address", ["/nimic", "/d/none/p/1", f"/d/{A}-d1/p/99", f"/d/{A}-d1/p/x", "/d/%00/p/1"]
)
def test_what_is_not_there_is_a_page_with_one_sentence(client, address):
    answer = client.get(address)

    assert answer.status_code == 404
    assert table("ro")["say"]["not_found"] in answer.text


def test_what_is_typed_and_stored_is_shown_as_text(embedded):
    odd = '<script>alert(1)</script> «a» "b" &amp;'
    pages = [page(B, 1, f"iluminat {odd}", type="<b>tip</b>", issuer="<i>", fond="&fond")]
    embedded.fill(pages)
    unit_on_disk(embedded.settings.layout, pages)
    client = staff(embedded)
    for address in (f"/cautare?q=iluminat+{odd}", "/cautare?q=iluminat", f"/d/{B}-d1/p/1?q={odd}"):
        tree = read(client, address)
        assert not tree.xpath("//script|//b|//i")
    assert "<script>alert(1)</script>" in texts(tree, "//section")[0]


@pytest.mark.parametrize(
    ("given", "shown"), [("14r", "14 recto"), ("23v", "23 verso"), ("7", "7"), ("", ""), (None, "")]
)
def test_a_leaf_is_cited_with_its_side(given, shown):
    assert leaf(given) == shown


def test_titles_tell_what_is_known():
    assert title("hotărâre", "25", "2016-07-29") == "Hotărâre nr. 25 din 29.07.2016"
    assert title("", "", "") == "Document"
    assert title("ședință", "", "2016") == "Ședință din 2016"
    assert day("29 iulie") == "29 iulie"


def test_a_snippets_marks_are_html_and_its_text_is_not():
    assert marked("a «b c» <d> «") == "a <mark>b c</mark> &lt;d&gt; «"


def colours(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_colours_can_be_told_apart(mode):
    light, dark = CSS.split("prefers-color-scheme: dark")
    values = colours(light if mode == "light" else dark.split("* {")[0])

    for name in ("text", "muted", "link", "visited", "info"):
        assert min(contrast(values[name], values[on]) for on in ("bg", "sunk")) >= 7
    assert contrast(values["on-action"], values["link"]) >= 7
    assert contrast(values["line"], values["bg"]) >= 4.5
    assert contrast("#14181f", "#ffe066") >= 7


@pytest.mark.services
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways_or_reports_an_error(client, web_page, width):
    faults = []
    web_page.on("console", lambda message: faults.append(message.text))
    web_page.on(
        "request", lambda asked: faults.append(asked.url) if "opis.test" not in asked.url else None
    )

    def serve(route):
        path = route.request.url.removeprefix("https://opis.test")
        answer = client.get(path)
        kept = {k: v for k, v in answer.headers.items() if k != "content-length"}
        route.fulfill(status=answer.status_code, headers=kept, body=answer.content)

    web_page.route("https://opis.test/**", serve)
    web_page.set_viewport_size({"width": width, "height": 600})
    for address in PAGES[:-1]:
        web_page.goto(f"https://opis.test{address}")
        inside = web_page.evaluate("document.documentElement.scrollWidth")
        assert inside <= width, address
    assert faults == []
