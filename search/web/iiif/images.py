"""IIIF Image API 3.0, level 1, for pages: info.json and regions of the drawn page image."""

from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import RedirectResponse

from search.web.answers import as_json, keeping, tagged
from search.web.api.pages import PageId
from search.web.asking import Asking, Asks
from search.web.iiif.cutting import cut_out, picture_size
from search.web.iiif.requests import canonical, read_request
from search.web.parts import PagePicture

CONTEXT = "http://iiif.io/api/image/3/context.json"
LEVEL = "http://iiif.io/api/image/3/level1.json"
LINKED_DATA = f'application/ld+json;profile="{CONTEXT}"'
_TILE = 1024
_SCALES = (1, 2, 4, 8)
_SMALLEST = 96


def service_id(asking: Asking, page: str) -> str:
    """The address of a page's image service."""
    return f"{asking.base}/iiif/{page}"


def _links(address: str) -> str:
    return f'<{address}>;rel="canonical", <{LEVEL}>;rel="profile"'


def _also(asking: Asking, header: str) -> str:
    """What the answer depends on, and this header."""
    return ", ".join(part for part in (keeping(asking).get("Vary", ""), header) if part)


def _drawn(asking: Asking, page: str) -> tuple[PagePicture, bool]:
    seen, place = asking.view.page(page, part=True)
    return asking.holdings.pictures.picture(seen, place), seen.guarded


def _sizes(width: int, height: int) -> list[dict[str, int]]:
    """Sizes that are a whole division of the page, the smallest first."""
    found = [(width // scale, height // scale) for scale in (1, 2, 4, 8, 16)]
    return [{"width": w, "height": h} for w, h in reversed(found) if min(w, h) >= _SMALLEST]


def image_service(asking: Asks, page: PageId) -> Response:
    """To the description of the image service."""
    asking.view.page(page, part=True)
    address = f"{service_id(asking, page)}/info.json"
    return RedirectResponse(address, 303, headers=keeping(asking, guarded=True))


def image_information(asking: Asks, page: PageId) -> Response:
    """What the image service of a page can do."""
    picture, guarded = _drawn(asking, page)
    width, height = picture_size(picture.data)
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "id": service_id(asking, page),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level1",
        "width": width,
        "height": height,
        "sizes": _sizes(width, height),
        "tiles": [{"width": _TILE, "height": _TILE, "scaleFactors": list(_SCALES)}],
        "extraFeatures": ["canonicalLinkHeader", "profileLinkHeader"],
    }
    linked = "application/ld+json" in asking.request.headers.get("accept", "")
    return as_json(
        asking,
        told,
        media_type=LINKED_DATA if linked else "application/json",
        guarded=guarded,
        headers={"Link": f'<{LEVEL}>;rel="profile"', "Vary": _also(asking, "Accept")},
    )


def image_region(
    asking: Asks,
    page: PageId,
    region: Annotated[
        str, Path(description="`full`, `square` or `x,y,w,h` in pixels.", examples=["0,0,600,400"])
    ],
    size: Annotated[
        str, Path(description="`max`, `w,`, `,h` or `w,h`, never larger.", examples=["300,"])
    ],
    rotation: Annotated[str, Path(description="`0`.", examples=["0"])],
    quality: Annotated[str, Path(description="`default`.", examples=["default"])],
    form: Annotated[str, Path(alias="format", description="`jpg`.", examples=["jpg"])],
) -> Response:
    """A region of the page image in the size asked for."""
    picture, guarded = _drawn(asking, page)
    width, height = picture_size(picture.data)
    cut = read_request((region, size, rotation, quality, form), width, height)
    place = canonical(cut, width, height)
    return tagged(
        asking,
        cut_out(picture.data, cut),
        "image/jpeg",
        guarded=guarded,
        headers={"Link": _links(f"{service_id(asking, page)}/{place}")},
    )
