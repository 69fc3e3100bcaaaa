"""GET /cautare.atom: a search of the public index as a feed, the newest published first (RFC 4287).

Entries are documents; `updated` is when the archive published what is public of them now.
"""

from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from lxml import etree

from schemas.access import PUBLIC_SCOPE
from schemas.messages import say
from schemas.settings import Settings
from search.backend import Backend
from search.guard.languages import spoken
from search.index.answers import RawHit
from search.portal.etags import cached
from search.portal.stores import Stores, there
from search.portal.xml import moment, utc, xml_text
from search.query import parse
from search.web.addresses import origin
from search.web.site.asked import Asked, asked_in
from search.web.views.wording import title

_ATOM = "http://www.w3.org/2005/Atom"
_TYPE = "application/atom+xml; charset=utf-8"
_AT_ONCE, _LOOKED_AT, _ENTRIES = 100, 1_000, 50
_NEVER = "1970-01-01T00:00:00Z"


class AtomService:
    """Feeds of public searches, for everybody."""

    def __init__(self, settings: Settings, backend: Backend, stores: Stores) -> None:
        self._settings = settings
        self._backend = backend
        self._changes = stores.changes

    def feed(self, request: Request) -> Response:
        """The feed of a search, with the parameters of /cautare."""
        asked = asked_in(request)
        hits = {hit.document: hit for hit in self._hits(asked)}
        times = there(self._changes).published(hits)
        newest = sorted(times, key=lambda document: (times[document], document), reverse=True)
        entries = [(hits[document], times[document]) for document in newest[:_ENTRIES]]
        updated = entries[0][1] if entries else _NEVER
        body = _written(asked, entries, updated, origin(request), self._settings.institution)
        return cached(request, body, _TYPE, moment(updated), vary="Cookie")

    def _hits(self, asked: Asked) -> Iterator[RawHit]:
        """The best page of each document that answers, those dated last first.

        Where nothing is asked for, of those published last.
        """
        wanted = asked.wanted
        if not wanted.q and not wanted.filters:
            yield from self._newest()
            return
        query = parse(wanted.q)
        for start in range(0, _LOOKED_AT, _AT_ONCE):
            answer = self._backend.search(
                query,
                wanted.filters,
                PUBLIC_SCOPE.index,
                start,
                _AT_ONCE,
                sort="-date",
                group="document",
                facets=(),
            )
            yield from answer.hits
            if len(answer.hits) < _AT_ONCE:
                return

    def _newest(self) -> Iterator[RawHit]:
        for document in there(self._changes).newest(_ENTRIES):
            one = {"document": document}
            hits = self._backend.search(parse(""), one, PUBLIC_SCOPE.index, limit=1, facets=()).hits
            yield from hits

    def router(self) -> APIRouter:
        """The feed under its address."""
        router = APIRouter(tags=["portal"])
        router.add_api_route(
            "/cautare.atom",
            self.feed,
            response_class=Response,
            include_in_schema=False,
            summary="A search of public documents as an Atom feed",
        )
        return router


def _named(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = xml_text(text)


def _linked(parent: etree._Element, rel: str, kind: str, address: str) -> None:
    link = etree.SubElement(parent, f"{{{_ATOM}}}link")
    link.attrib.update({"rel": rel, "type": kind, "href": xml_text(address)})


def _written(
    asked: Asked, entries: list[tuple[RawHit, str]], updated: str, base: str, institution: str
) -> bytes:
    """The feed as XML; ids stay the same for the same search and the same document."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    parameters = urlencode({"q": asked.q, **dict(sorted(asked.filters.items()))})
    name = sha256(parameters.encode("utf-8", "replace")).hexdigest()[:32]
    _named(feed, "id", f"urn:opis:search:{name}")
    _named(feed, "title", f"{asked.q or say('archive', spoken().language)} – {institution}")
    _named(feed, "updated", utc(updated))
    _named(etree.SubElement(feed, f"{{{_ATOM}}}author"), "name", institution)
    _linked(feed, "self", "application/atom+xml", f"{base}/cautare.atom?{parameters}")
    _linked(feed, "alternate", "text/html", f"{base}/cautare?{parameters}")
    for hit, when in entries:
        _add_entry(feed, hit, when, f"{base}/d/{hit.document}/p/{hit.document_page}", asked.q)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8"))


def _add_entry(feed: etree._Element, hit: RawHit, when: str, address: str, query: str) -> None:
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    _named(entry, "id", f"urn:opis:document:{hit.document}")
    _named(entry, "title", title(hit.type, hit.number, hit.date))
    _named(entry, "updated", utc(when))
    marked = f"{address}?{urlencode({'q': query})}" if query else address
    _linked(entry, "alternate", "text/html", marked)
    about = [part for part in (hit.issuer, hit.fond) if part]
    if about:
        _named(entry, "summary", " · ".join(about))
