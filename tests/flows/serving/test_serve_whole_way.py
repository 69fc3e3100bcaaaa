"""`opis serve`: a real server over the sample archive, asked as the portal and a browser ask."""

import signal
from io import BytesIO

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from tests.flows.opis_command import assert_all_gone, ended, killed_at_last, wait_until
from tests.services.process import answers, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(whole_way):
    """The address of a server over the sample archive, and its process."""
    place, _ = whole_way
    port = free_port()
    with killed_at_last(place.start("serve", "--port", port)) as process:
        assert wait_until(lambda: answers(f"http://127.0.0.1:{port}/openapi.json"), process)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as web:
            yield web, process
        process.send_signal(signal.SIGINT)
        done = ended(process)
        assert_all_gone(process.pid)
        assert done.code in {0, 130}
        assert "Deschideți cu: opis serve --init" in done.err
        assert f"http://127.0.0.1:{port}/" in done.err
        assert "Traceback" not in done.err


@pytest.fixture(scope="module")
def staff(served, whole_way):
    """The same server as an archivist sees it who told why he looks."""
    web, _ = served
    for name, role in (("sef", "admin"), ("arhivar", "archivist")):
        made = whole_way[0].run("accounts", "add", name, "--role", role, "--by", "test", "--json")
        told = {"name": name, "password": made.json["password"]}
    token = httpx.post(f"{web.base_url}/api/v1/session", json=told, trust_env=False).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "Opis-Purpose": "archive"}
    with httpx.Client(
        base_url=web.base_url, trust_env=False, timeout=60, headers=headers
    ) as signed:
        yield signed


def hit(web, query="hotărâre"):
    found = web.get("/api/v1/search", params={"q": query}).json()
    assert found["total"] == len(found["hits"]) > 0
    return found["hits"][0]


def test_a_hit_leads_to_its_document_and_its_page_image(staff, whole_way):
    first = hit(staff)
    told = whole_way[0].run("search", "hotărâre", "--json").json["hits"][0]
    assert {k: first[k] for k in told} == told
    document = staff.get(f"/api/v1/documents/{first['document']}").json()
    assert document["unit"] == first["unit"]
    page = next(p for p in document["pages"] if p["page"] == first["page"])
    assert page["id"] == f"{first['document']}.{first['document_page']}"
    plain = staff.get(page["image"])
    marked = staff.get(page["image"], params={"highlight": "hotărâre"})
    assert plain.headers["content-type"] == marked.headers["content-type"] == "image/jpeg"
    for picture in (plain, marked):
        with Image.open(BytesIO(picture.content)) as image:
            assert image.format == "JPEG"
            assert image.size == (first["width"], first["height"])
    x, y, w, h = first["boxes"][0]
    with Image.open(BytesIO(plain.content)) as a, Image.open(BytesIO(marked.content)) as b:
        inside = (x, y, x + w, y + h)
        assert a.convert("RGB").crop(inside).tobytes() != b.convert("RGB").crop(inside).tobytes()


def test_a_region_of_a_page_is_that_part_of_its_image(staff):
    first = hit(staff)
    page = f"{first['document']}.{first['document_page']}"
    whole = staff.get(f"/api/v1/pages/{page}/image").content
    part = staff.get(f"/api/v1/iiif/{page}/100,200,300,400/max/0/default.jpg").content
    with Image.open(BytesIO(whole)) as image, Image.open(BytesIO(part)) as cut:
        assert cut.size == (300, 400)
        expected = image.convert("L").crop((100, 200, 400, 600))
        difference = ImageChops.difference(expected, cut.convert("L"))
    assert ImageStat.Stat(difference).mean[0] < 3


def test_the_pdf_of_a_document_is_served(staff):
    pdf = staff.get(f"/api/v1/documents/{hit(staff)['document']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-1.")


def test_the_page_for_people_shows_hits(staff):
    assert "text/html" in staff.get("/").headers["content-type"]
    page = staff.get("/cautare", params={"q": "hotărâre"})
    assert page.status_code == 200
    assert "<mark>" in page.text
    assert 'lang="ro"' in page.text


def test_what_does_not_exist_is_said_without_insides(served):
    web, _ = served
    for address in ("/api/v1/documents/nimic", "/api/v1/pages/nimic.1/image", "/api/v1/nimic"):
        answer = web.get(address)
        assert answer.status_code == 404, address
        assert "Traceback" not in answer.text
        assert "/tmp" not in answer.text


def test_everybody_finds_public_copies_alone(served, staff):
    web, _ = served
    first = hit(staff)
    found = web.get("/api/v1/search", params={"q": "hotărâre"})
    shown = {one["document"] for one in found.json()["hits"]}
    assert found.json()["total"] < staff.get("/api/v1/search?q=hotărâre").json()["total"]
    assert first["document"] not in shown
    assert web.get(f"/api/v1/documents/{first['document']}").status_code == 404


def test_an_address_of_the_network_needs_the_option(whole_way):
    place, _ = whole_way
    refused = place.run("serve", "--host", "0.0.0.0", "--port", 0, "--json")
    assert refused.code == 4
    assert refused.json["error"]["code"] == "address-not-loopback"
    assert "--allow-network" in refused.json["error"]["remedy"]


def test_a_port_that_is_taken_is_said(served, whole_way):
    web, _ = served
    taken = whole_way[0].run("serve", "--port", web.base_url.port)
    assert taken.code == 4
    assert "--port" in taken.err


def test_without_an_archive_there_is_nothing_to_serve(tmp_path, whole_way):
    done = type(whole_way[0])(tmp_path).run("serve", "--port", 0, "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "archive-missing")
