"""The plain pages for people, in Romanian or English: a search, its results, a page with its hits marked."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from schemas.hits import Hit
from schemas.messages import label, number, plural, say
from schemas.records import Regime
from schemas.settings import Settings
from search.guard.languages import spoken
from search.problems import REQUEST
from search.web.addresses import API, origin
from search.web.answers import tagged
from search.web.api.searching import search_for
from search.web.asking import Asking, Asks
from search.web.site.asked import (
    DEEPEST_PAGE,
    RESULTS,
    Asked,
    active,
    asked_in,
    choices,
    held_choices,
    orders,
)
from search.web.site.reading import PageHits, citation, pages_with_hits, steps
from search.web.views.seen import SeenDocument, SeenPage
from search.web.views.wording import day, language_of, leaf, name_of, passages, title

_HERE = Path(__file__).parent
_TEMPLATES = (_HERE / "templates", _HERE.parents[1] / "portal" / "templates")
_FAILURES = {400: "not_understood", 404: "not_found", 405: "not_found", 429: "too_many"}
_HIT_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_MARKED = re.compile("«([^«»]+)»")
_STATIC = {"opis.css": "text/css; charset=utf-8", "opis.svg": "image/svg+xml"}
Words = Annotated[str, Query()]


def marked(snippet: str) -> Markup:
    """A snippet as HTML: what stands in «» is marked."""
    return Markup(_MARKED.sub(r"<mark>\1</mark>", str(escape(snippet))))  # noqa: S704 escaped in the same line


def _said(key: str, **values: object) -> str:
    return say(key, spoken().language, **values)


def _counted(key: str, count: int) -> str:
    return plural(key, count, spoken().language)


def environment_of(settings: Settings) -> Environment:
    """The templates with what all of them may say."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        say=_said,
        plural=_counted,
        label=lambda group, code: label(group, code, spoken().language),
        spoken=spoken,
        ordinal=lambda count: number(count, spoken().language),
        institution=settings.institution,
        request_page=REQUEST["page"],
        person="",
        q="",
    )
    environment.filters.update(marked=marked, leaf=leaf, day=day)
    return environment


def address_of(document: str, place: int, query: str = "", part: str = "") -> str:
    """The address of a document's page, or of a part of it, with the query that led there."""
    path = f"/d/{document}/p/{place}{part}"
    return f"{path}?{urlencode({'q': query})}" if query else path


class Site:
    """The pages under their addresses."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._templates = environment_of(settings)
        self._static = {name: (_HERE / "static" / name).read_bytes() for name in _STATIC}

    def home(self, asking: Asks) -> Response:
        """The field to ask in, and what everybody finds here."""
        held = asking.holdings.held()
        return self._page(
            asking,
            "home.html",
            title=say("search", spoken().language),
            held=held,
            holdings=held_choices(held),
        )

    def results(self, asking: Asks, request: Request) -> Response:
        """Documents that answer a query with filters, and ways to go on."""
        asked = asked_in(request)
        if not asked.q and not asked.filters:
            return self.home(asking)
        found = search_for(asking, asked.wanted)
        answer = found.answer
        counted = answer.groups or answer.total
        return self._page(
            asking,
            "results.html",
            guarded=asking.view.private,
            title=f"{asked.q or say('results', spoken().language)} – {_counted('page', answer.total)}",
            q=asked.q,
            asked=asked,
            here=asked.address(asked.page),
            answer=answer,
            suggested=Asked(answer.suggestion, asked.filters).address(),
            first=(asked.page - 1) * RESULTS + 1,
            hits=[(hit, _hit_title(hit), *_hit_addresses(hit, asked)) for hit in answer.hits],
            active=active(asked),
            feed=asked.address().replace("/cautare?", "/cautare.atom?"),
            unfiltered=Asked(asked.q, {}).address(),
            facets=choices(asked, answer),
            orders=orders(asked),
            pages=min(-(-counted // RESULTS), DEEPEST_PAGE),
        )

    def view(
        self, asking: Asks, document: str, n: str, q: Words = "", potrivire: Words = ""
    ) -> Response:
        """One page: its image and its text, both marked where they answer `q`."""
        seen, place = asking.view.page(f"{document}.{n}")
        text = asking.holdings.text(seen, place)
        shown = self._shown(seen, place, q)
        hits = pages_with_hits(asking.holdings, seen, place, q)
        wanted = int(potrivire) if _HIT_NUMBER.fullmatch(potrivire) else 1
        stepping = steps(
            text, q, wanted, hits, lambda page: address_of(seen.id, page or place.document_page, q)
        )
        return self._page(
            asking,
            "page.html",
            guarded=seen.guarded,
            **shown,
            image=_image_address(seen, place, q),
            size=asking.holdings.size(seen, place),
            blocks=passages(text, q, stepping.number) if text else (),
            language=language_of(text),
            hits=hits,
            steps=stepping,
            pdf=f"{API}/documents/{seen.id}/pdf",
            manifest=f"{API}/documents/{seen.id}/manifest",
            citation=citation(
                seen,
                place,
                self.settings.institution,
                f"{origin(asking.request)}{address_of(seen.id, place.document_page)}",
                datetime.now().astimezone().date(),
            ),
            anonymised=seen.copy and seen.regime is Regime.ANONYMISED,
        )

    def text(self, asking: Asks, document: str, n: str, q: Words = "") -> Response:
        """The text of one page alone, for reading aloud and copying."""
        seen, place = asking.view.page(f"{document}.{n}")
        text = asking.holdings.text(seen, place)
        return self._page(
            asking,
            "text.html",
            guarded=seen.guarded,
            **self._shown(seen, place, q, "/text"),
            image=address_of(seen.id, place.document_page, q),
            plain=f"{API}/pages/{seen.page_id(place)}/text?format=plain",
            blocks=passages(text, q) if text else (),
            language=language_of(text),
            hits=PageHits(),
        )

    def unit(self, asking: Asks, unit: str) -> Response:
        """A unit's documents: to staff its opis, to everybody the public ones by date."""
        seen = asking.view.unit(unit)
        named = (
            say("unit_cota", spoken().language, cota=seen.cota)
            if seen.cota
            else say("unit_n", spoken().language, unit=seen.id)
        )
        return self._page(
            asking,
            "unit.html",
            guarded=any(one.guarded for one in seen.documents),
            title=f"{named[:1].upper()}{named[1:]}",
            seen=seen,
            rows=[
                (one, name_of(one), address_of(one.id, one.pages[0].document_page))
                for one in seen.documents
                if one.pages
            ],
            permalink=f"{origin(asking.request)}/u/{seen.id}",
            manifest=f"{API}/units/{seen.id}/manifest",
        )

    def style(self) -> Response:
        """The style sheet of all pages."""
        return self._lasting("opis.css")

    def icon(self) -> Response:
        """The pages' icon."""
        return self._lasting("opis.svg")

    def _lasting(self, name: str) -> Response:
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(self._static[name], media_type=_STATIC[name], headers=headers)

    def failure(self, status: int, headers: Mapping[str, str], sentence: str = "") -> Response:
        """A page that says what went wrong and how to go on."""
        told = sentence or say(_FAILURES.get(status, "search_down"), spoken().language)
        kept = {"Cache-Control": "no-store", **headers}
        heading = told.split(".")[0]
        return self.show("failure.html", status, kept, title=heading, sentence=told)

    def show(
        self,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,  # noqa: ANN401 a template takes whatever its page shows
    ) -> Response:
        """A page that is kept by nobody, unless `headers` say so; for forms and failures."""
        kept = {"Cache-Control": "no-store", **(headers or {})}
        return HTMLResponse(self.render(template, **values), status, kept)

    def render(self, template: str, **values: Any) -> str:  # noqa: ANN401 a template takes whatever its page shows
        """A page's HTML."""
        return self._templates.get_template(template).render(values)

    def router(self) -> APIRouter:
        """The pages; they are not part of the API's description."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route("/", self.home)
        router.add_api_route("/cautare", self.results)
        router.add_api_route("/d/{document}/p/{n}", self.view)
        router.add_api_route("/d/{document}/p/{n}/text", self.text)
        router.add_api_route("/u/{unit}", self.unit)
        router.add_api_route("/static/opis.css", self.style)
        router.add_api_route("/static/opis.svg", self.icon)
        return router

    def _shown(self, seen: SeenDocument, place: SeenPage, q: str, part: str = "") -> dict[str, Any]:
        """What the page and its text alone have in common."""
        before, after = seen.beside(place)
        name = name_of(seen)
        number = place.document_page
        return {
            "title": f"{name}, {say('page_n', spoken().language, n=number)}"
            + (f", {say('text_alone', spoken().language)}" if part else ""),
            "q": q,
            "name": name,
            "seen": seen,
            "page": place,
            "count": len(seen.pages),
            "before": address_of(seen.id, before, q, part) if before else "",
            "after": address_of(seen.id, after, q, part) if after else "",
            "numbers": (before, after),
            "back": Asked(q, {}).address() if q else "/",
            "text_page": address_of(seen.id, number, q, "/text"),
            "asked": Asked(q, {"document": seen.id}),
        }

    def _page(
        self,
        asking: Asking,
        template: str,
        *,
        guarded: bool = False,
        **values: Any,  # noqa: ANN401 a template takes whatever its page shows
    ) -> Response:
        person = asking.view.caller.name if asking.view.private else ""
        body = self.render(template, person=person, **values)
        return tagged(asking, body.encode(), "text/html; charset=utf-8", guarded=guarded)


def _hit_title(hit: Hit) -> str:
    return title(hit.type, hit.number, hit.date)


def _hit_addresses(hit: Hit, asked: Asked) -> tuple[str, str]:
    """Where a hit's page is, and the other pages of its document that answer."""
    others = asked.address(1, {"document": hit.document})
    return address_of(hit.document, hit.document_page, asked.q), others


def _image_address(seen: SeenDocument, page: SeenPage, query: str) -> str:
    highlight = f"?{urlencode({'highlight': query})}" if query else ""
    return f"{API}/pages/{seen.page_id(page)}/image{highlight}"
