"""What stands around a page: how it is cited, and which pages of its document answer too."""

from dataclasses import dataclass
from datetime import date

from schemas.messages import say
from search.highlight import highlight
from search.query import parse
from search.web.views.holdings import Holdings
from search.web.views.seen import SeenDocument, SeenPage
from search.web.views.wording import LANGUAGE, day

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


def citation(
    document: SeenDocument, page: SeenPage, institution: str, permalink: str, today: date
) -> str:
    """The page as it is cited; what is not known is left out."""
    known = document.known
    kind, number, when = (known.get(name, "") for name in ("type", "number", "date"))
    act = " ".join(part for part in (kind, f"nr. {number}" if number else "") if part)
    dated = f"/{day(when)}" if number and when else f" din {day(when)}" if act and when else ""
    parts = (
        institution,
        document.fond,
        say("cite_cota", LANGUAGE, cota=document.cota) if document.cota else "",
        say("cite_leaf", LANGUAGE, leaf=_cited(page.leaf)) if page.leaf else "",
        f"{act}{dated}" if act else "",
    )
    seen = say("cite_seen", LANGUAGE, day=day(today.isoformat()))
    return f"{', '.join(part for part in parts if part)}. {permalink} ({seen})"


def _cited(leaf: str) -> str:
    """„14v” as „14 v”."""
    return f"{leaf[:-1]} {leaf[-1]}" if leaf[-1:] in {"r", "v"} else leaf
