"""Pages: what they are, their picture with marks, their text as HTML or plain."""

from typing import Annotated, Literal

from fastapi import Path, Query, Response

from search.web.addresses import origin
from search.web.answers import as_json, tagged
from search.web.asking import Asks
from search.web.views.wording import text_document

PageId = Annotated[
    str, Path(description="A page's id: DOCUMENT.N, N counted from 1.", examples=["k7w2m9.3"])
]
Highlight = Annotated[
    str, Query(description="Words to mark, as in a search.", examples=["iluminat"])
]
_MOST_MARKED = 1_000
"""Characters of a query that are looked for on a page."""


def page(asking: Asks, page: PageId) -> Response:
    """A page: its place in the document and the addresses of its picture and text."""
    seen, place = asking.view.page(page)
    size = asking.holdings.size(seen, place)
    ident = seen.page_id(place)
    here = f"{asking.prefix}/pages/{ident}"
    told = {
        "id": ident,
        "document": seen.id,
        "document_page": place.document_page,
        "leaf": place.leaf,
        "width": size.width if size else 0,
        "height": size.height if size else 0,
        "image": f"{here}/image",
        "text": f"{here}/text",
        "iiif": f"{origin(asking.request)}{asking.prefix}/iiif/{ident}",
    }
    return as_json(asking, told, guarded=seen.guarded)


def image(asking: Asks, page: PageId, highlight: Highlight = "") -> Response:
    """The upright, deskewed page image, with the words that answer marked."""
    seen, place = asking.view.page(page, part=True)
    picture = asking.holdings.pictures.picture(seen, place, highlight[:_MOST_MARKED])
    return tagged(asking, picture.data, picture.media_type, tag=picture.etag, guarded=seen.guarded)


def text(
    asking: Asks,
    page: PageId,
    highlight: Highlight = "",
    form: Annotated[
        Literal["html", "plain"], Query(alias="format", description="HTML, or text alone.")
    ] = "html",
) -> Response:
    """The page's text in reading order: HTML with headings and marks, or plain text."""
    seen, place = asking.view.page(page)
    words = asking.holdings.text(seen, place)
    if form == "plain":
        body, kind = (words.plain if words else ""), "text/plain; charset=utf-8"
    else:
        body = text_document(seen, place, words, highlight[:_MOST_MARKED])
        kind = "text/html; charset=utf-8"
    return tagged(asking, body.encode(), kind, guarded=seen.guarded)
