"""The IIIF Image API at level 1: what is cut, what is refused, and how it names itself."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from schemas.errors import UsageError
from search.web.iiif.requests import canonical, read_request
from tests.search.web.web_samples import HEIGHT, PUBLIC, WIDTH

SERVICE = f"http://testserver/api/v1/iiif/{PUBLIC}.1"
REST = ("0", "default", "jpg")


def asked(site, path, **headers):
    return site.client.get(f"/api/v1/iiif/{PUBLIC}.1/{path}", headers=headers)


def size_of(answer):
    with Image.open(BytesIO(answer.content)) as image:
        assert image.format == "JPEG"
        return image.size


def test_the_description_is_a_level_1_service(site):
    answer = asked(site, "info.json")
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert told["@context"] == "http://iiif.io/api/image/3/context.json"
    assert (told["id"], told["type"]) == (SERVICE, "ImageService3")
    assert (told["protocol"], told["profile"]) == ("http://iiif.io/api/image", "level1")
    assert (told["width"], told["height"]) == (WIDTH, HEIGHT)
    for size in told["sizes"]:
        shown = asked(site, f"full/{size['width']},{size['height']}/0/default.jpg")
        assert size_of(shown) == (size["width"], size["height"])


def test_the_description_is_linked_data_for_who_asks_for_it(site):
    answer = asked(site, "info.json", accept="application/ld+json")
    assert answer.headers["content-type"].startswith("application/ld+json;profile=")
    assert "Accept" in answer.headers["vary"]


def test_the_services_own_address_leads_to_its_description(site):
    answer = site.client.get(f"/api/v1/iiif/{PUBLIC}.1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SERVICE}/info.json")


@pytest.mark.parametrize(
    ("path", "size", "place"),
    [
        ("full/max", (WIDTH, HEIGHT), "full/max"),
        ("square/max", (WIDTH, WIDTH), f"0,128,{WIDTH},{WIDTH}/max"),
        ("0,0,100,100/max", (100, 100), "0,0,100,100/max"),
        ("0,0,100,100/50,", (50, 50), "0,0,100,100/50,50"),
        ("0,0,100,200/,50", (25, 50), "0,0,100,200/25,50"),
        ("0,0,100,100/10,30", (10, 30), "0,0,100,100/10,30"),
        ("600,800,999,999/max", (20, 77), "600,800,20,77/max"),
        (f"0,0,{WIDTH},{HEIGHT}/max", (WIDTH, HEIGHT), "full/max"),
        ("full/310,", (310, 438), "full/310,438"),
    ],
)
def test_a_region_is_cut_and_names_its_canonical_address(site, path, size, place):
    answer = asked(site, f"{path}/0/default.jpg")
    assert size_of(answer) == size
    links = answer.headers["link"]
    assert f'<{SERVICE}/{place}/0/default.jpg>;rel="canonical"' in links
    assert '<http://iiif.io/api/image/3/level1.json>;rel="profile"' in links
    again = site.client.get(f"{SERVICE}/{place}/0/default.jpg")
    assert again.content == answer.content


@pytest.mark.parametrize("size", ["max", "40,", "10,", "3,"])
def test_the_region_is_where_it_was_asked_for(site, size):
    inside, outside = (
        asked(site, f"{box}/{size}/0/default.jpg") for box in ("10,10,80,80", "200,200,80,80")
    )
    for answer, shade in ((inside, 20), (outside, 230)):
        with Image.open(BytesIO(answer.content)) as image:
            low, high = image.convert("L").getextrema()
        assert shade - 12 <= low <= high <= shade + 12


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("0,0,0,10/max/0/default.jpg", 400),
        ("700,0,10,10/max/0/default.jpg", 400),
        ("-1,0,10,10/max/0/default.jpg", 400),
        ("1,2,3/max/0/default.jpg", 400),
        ("quarter/max/0/default.jpg", 400),
        ("pct:0,0,50,50/max/0/default.jpg", 501),
        ("full/0,/0/default.jpg", 400),
        ("full/,/0/default.jpg", 400),
        (f"full/{WIDTH + 1},/0/default.jpg", 400),
        ("full/full/0/default.jpg", 400),
        ("full/!100,100/0/default.jpg", 501),
        ("full/pct:50/0/default.jpg", 501),
        ("full/^max/0/default.jpg", 501),
        ("full/^2000,/0/default.jpg", 501),
        ("full/max/90/default.jpg", 501),
        ("full/max/!0/default.jpg", 501),
        ("full/max/361/default.jpg", 400),
        ("full/max/x/default.jpg", 400),
        ("full/max/0/gray.jpg", 501),
        ("full/max/0/sepia.jpg", 400),
        ("full/max/0/default.png", 501),
        ("full/max/0/default.exe", 400),
    ],
)
def test_what_is_malformed_or_beyond_the_level_is_told_apart(site, path, status):
    answer = asked(site, path)
    assert answer.status_code == status
    code = "iiif-malformed" if status == 400 else "iiif-beyond-level"
    assert answer.json()["code"] == code


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(1, 5000), st.data())
def test_every_region_within_the_page_is_cut_as_asked(width, height, data):
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    w, h = data.draw(st.integers(1, 9999)), data.draw(st.integers(1, 9999))
    cut = read_request((f"{x},{y},{w},{h}", "max", *REST), width, height)
    assert (cut.region.x, cut.region.y) == (x, y)
    assert (cut.width, cut.height) == (min(w, width - x), min(h, height - y))
    region, size, *rest = canonical(cut, width, height).replace(".", "/").split("/")
    assert read_request((region, size, *rest), width, height) == cut


@given(st.lists(st.text(max_size=12), min_size=5, max_size=5))
def test_any_other_text_is_an_error_with_its_part(parts):
    told = []
    try:
        told.append(read_request(tuple(parts), 600, 800))
    except UsageError as error:
        told.append(error.file)
    assert told[0] in {"region", "size", "rotation", "quality", "format"} or told[0].width <= 600
