"""What stands around a page: how it is cited, and which pages of its document answer too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from schemas.geometry import Box, Size
from schemas.messages import label, say
from schemas.text import PageText
from search.guard.languages import spoken
from search.highlight import answering_words, highlight
from search.query import parse
from search.web.views.holdings import Holdings
from search.web.views.seen import SeenDocument, SeenPage
from search.web.views.wording import day

HIT, LAST_HIT = "potrivire", 9_999
"""The hit of a page that an address leads to; the number that stands for a page's last."""
_MOST_PAGES = 40
"""Pages of a document that are looked through for what answers."""


@dataclass(frozen=True, slots=True)
class PageHits:
    """Pages of a document that answer, with their counts, and the nearest before and after one."""

    counts: tuple[tuple[int, int], ...] = ()
    before: int = 0
    after: int = 0


def pages_with_hits(
    holdings: Holdings, document: SeenDocument, page: SeenPage, query: str
) -> PageHits:
    """Where else in the document the query answers; nothing for documents of over 40 pages."""
    asked = parse(query)
    if not query or len(document.pages) > _MOST_PAGES:
        return PageHits()
    texts = ((one.document_page, holdings.text(document, one)) for one in document.pages)
    found = ((place, len(highlight(text, asked).boxes)) for place, text in texts if text)
    counts = tuple((place, count) for place, count in found if count)
    here = page.document_page
    before = max((place for place, _ in counts if place < here), default=0)
    return PageHits(counts, before, min((place for place, _ in counts if place > here), default=0))


@dataclass(frozen=True, slots=True)
class Steps:
    """The hit of a page that is shown, and the addresses of the hits before and after it.

    `box` in pixels of a page of `size`. Nothing of it where the page has no hit.
    """

    number: int = 0
    count: int = 0
    before: str = ""
    after: str = ""
    box: Box | None = None
    size: Size | None = None


def steps(
    text: PageText | None, query: str, wanted: int, hits: PageHits, address: Callable[[int], str]
) -> Steps:
    """From hit to hit, through the document's pages; `address` is that of a page of the document.

    A page is entered at its first hit, and from behind (`wanted` beyond the last) at its last.
    """
    words = text.words if text else ()
    places = sorted(answering_words(text, parse(query))) if text and query else []
    before = _step(address, hits.before, LAST_HIT) if hits.before else ""
    after = _step(address, hits.after, 1) if hits.after else ""
    if not places or text is None:
        return Steps(before=before, after=after)
    number, count = min(max(wanted, 1), len(places)), len(places)
    return Steps(
        number,
        count,
        _step(address, 0, number - 1) if number > 1 else before,
        _step(address, 0, number + 1) if number < count else after,
        words[places[number - 1]].box,
        text.size,
    )


def _step(address: Callable[[int], str], page: int, hit: int) -> str:
    """`page` 0: the one that is shown."""
    anchor = f"#h{hit}" if hit != LAST_HIT else "#text"
    return f"{address(page)}&{urlencode({HIT: hit})}{anchor}"


def citation(
    document: SeenDocument, page: SeenPage, institution: str, permalink: str, today: date
) -> str:
    """The page as it is cited; what is not known is left out."""
    known = document.known
    parts = (
        institution,
        document.fond,
        _said("cite_cota", cota=document.cota) if document.cota else "",
        _said("cite_leaf", leaf=_cited(page.leaf)) if page.leaf else "",
        _act(*(known.get(name, "") for name in ("type", "number", "date"))),
    )
    seen = _said("cite_seen", day=day(today.isoformat()))
    return f"{', '.join(part for part in parts if part)}. {permalink} ({seen})"


def _act(kind: str, number: str, when: str) -> str:
    """„hotărâre nr. 25/29.07.2016”, as far as it is known."""
    numbered = _said("cite_number", number=number) if number else ""
    act = " ".join(filter(None, (label("type", kind, spoken().language), numbered)))
    dated = _said("cite_number_of" if number else "cite_of", day=day(when)) if when else ""
    return f"{act}{dated}" if act else ""


def _said(key: str, **values: str) -> str:
    return say(key, spoken().language, **values)


def _cited(leaf: str) -> str:
    """„14v” as „14 v”."""
    return f"{leaf[:-1]} {leaf[-1]}" if leaf[-1:] in {"r", "v"} else leaf
