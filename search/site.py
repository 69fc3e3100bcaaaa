"""The plain pages for people, in Romanian: a search, its results, a page with its hits marked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from schemas.hits import Hit, SearchAnswer
from schemas.messages import label, plural, say
from schemas.records import Document
from schemas.settings import Settings
from schemas.text import PageText
from search.backend import Backend
from search.documents import Documents, FoundPage
from search.finding import find, page_text
from search.highlight import answering_words
from search.query import parse

_HERE = Path(__file__).parent
_LANGUAGE = "ro"
_RESULTS = 10
_DEEPEST_PAGE = 1_000
_FACET_VALUES = 8
# Names in addresses, in the order the filters stand on the page.
PARAMETERS = {"an": "year", "tip": "type", "emitent": "issuer", "fond": "fond"}
_MARKED = re.compile("«([^«»]+)»")
_SIDES = {"r": "recto", "v": "verso"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be added or taken off: where its link leads."""

    name: str
    value: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a page of results asks for."""

    q: str
    filters: dict[str, str]
    page: int

    def address(self, page: int = 1, changed: Mapping[str, str] | None = None) -> str:
        """The same search with another result page or other filters; an empty one goes."""
        wanted = {"q": self.q, **self.filters, **(changed or {})}
        parts = {name: value for name, value in wanted.items() if value}
        return "/cautare?" + urlencode(parts | ({"pagina": str(page)} if page > 1 else {}))


def marked(snippet: str) -> Markup:
    """A snippet as HTML: what stands in «» is marked."""
    return Markup(_MARKED.sub(r"<mark>\1</mark>", str(escape(snippet))))  # noqa: S704 escaped in the same line


def leaf(value: str | None) -> str:
    """„14v” as „14 verso”."""
    text = value or ""
    return f"{text[:-1]} {_SIDES[text[-1]]}" if text[-1:] in _SIDES else text


def day(iso: str) -> str:
    """2016-07-29 as 29.07.2016; anything else as it is."""
    return ".".join(reversed(iso.split("-"))) if re.fullmatch(r"\d{4}-\d\d-\d\d", iso) else iso


def title(kind: str, number: str, date: str) -> str:
    """„Hotărâre nr. 25 din 29.07.2016”, as far as it is known."""
    name = kind[:1].upper() + kind[1:] if kind else say("untitled", _LANGUAGE)
    numbered = f"{name} nr. {number}" if number else name
    return f"{numbered} din {day(date)}" if date else numbered


def _document_title(document: Document) -> str:
    known = {name: value.value for name, value in document.fields.items()}
    return title(known.get("type", ""), known.get("number", ""), known.get("date", ""))


def _paragraphs(text: PageText, query: str) -> list[Markup]:
    """The page's blocks as HTML, the words that answer marked."""
    answering = answering_words(text, parse(query))
    paragraphs, place = [], 0
    for block in text.blocks:
        words = []
        for word in (word for line in block.lines for word in line.words):
            mark = Markup("<mark>{}</mark>") if place in answering else Markup("{}")
            words.append(mark.format(word.text))
            place += 1
        paragraphs.append(Markup(" ").join(words))
    return paragraphs


def _environment(settings: Settings) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        say=partial(say, language=_LANGUAGE),
        plural=partial(plural, language=_LANGUAGE),
        label=partial(label, language=_LANGUAGE),
        institution=settings.institution,
        parameters=tuple(PARAMETERS),
    )
    environment.filters.update(marked=marked, leaf=leaf, day=day)
    return environment


class Site:
    """The pages under their addresses."""

    def __init__(self, settings: Settings, backend: Backend, documents: Documents) -> None:
        self._settings = settings
        self._backend = backend
        self._documents = documents
        self._templates = _environment(settings)
        self._static = {
            name: (_HERE / "static" / name).read_bytes() for name in ("opis.css", "opis.svg")
        }

    def home(self) -> Response:
        """The field to ask in."""
        return self._page("home.html", title=say("search", _LANGUAGE), q="")

    def results(
        self,
        request: Request,
        q: Annotated[str, Query()] = "",
        pagina: Annotated[str, Query()] = "1",
    ) -> Response:
        """Hits of a query with filters, and ways to go on."""
        number = int(pagina) if re.fullmatch(r"[1-9][0-9]{0,3}", pagina) else 1
        filters = {name: request.query_params.get(name, "").strip() for name in PARAMETERS}
        given = {name: value for name, value in filters.items() if value}
        asked = Asked(q.strip(), given, min(number, _DEEPEST_PAGE))
        if not asked.q and not asked.filters:
            return self.home()
        answer = self._found(asked)
        pages = min(-(-answer.total // _RESULTS), _DEEPEST_PAGE)
        return self._page(
            "results.html",
            title=f"{asked.q or say('results', _LANGUAGE)} – {plural('page', answer.total)}",
            q=asked.q,
            asked=asked,
            total=answer.total,
            unclosed=parse(asked.q).unclosed,
            first=(asked.page - 1) * _RESULTS + 1,
            hits=[(hit, _hit_title(hit), _hit_address(hit, asked.q)) for hit in answer.hits],
            active=_active(asked),
            unfiltered=Asked(asked.q, {}, 1).address(),
            facets=_choices(asked, answer),
            pages=pages,
        )

    def view(self, document: str, n: str, q: Annotated[str, Query()] = "") -> Response:
        """One page: its image and its text, both marked where they answer `q`."""
        found = self._documents.page(f"{document}.{n}")
        text = page_text(self._settings, found.unit.id, found.page.page)
        name = _document_title(found.document)
        place = found.page.document_page or 1
        every = sorted(p.document_page or 0 for p in found.unit.pages_of(found.document.id))
        return self._page(
            "page.html",
            title=f"{name}, {say('page_n', _LANGUAGE, n=place)}",
            q=q,
            name=name,
            found=found,
            place=place,
            count=len(every),
            image=_image_address(found, q),
            size=text.size if text else None,
            paragraphs=_paragraphs(text, q) if text else [],
            before=_view_address(found, place - 1, q) if place - 1 in every else "",
            after=_view_address(found, place + 1, q) if place + 1 in every else "",
            back=Asked(q, {}, 1).address() if q else "/",
        )

    def style(self) -> Response:
        """The style sheet of all pages."""
        return self._lasting("opis.css", "text/css; charset=utf-8")

    def icon(self) -> Response:
        """The pages' icon."""
        return self._lasting("opis.svg", "image/svg+xml")

    def _lasting(self, name: str, media_type: str) -> Response:
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(self._static[name], media_type=media_type, headers=headers)

    def failure(self, status: int, headers: Mapping[str, str]) -> Response:
        """A page that says what went wrong and how to go on."""
        missing = status in {404, 405}
        sentence = say("not_found" if missing else "search_down", _LANGUAGE)
        return self._page(
            "failure.html", status, headers, title=sentence.split(".")[0], q="", sentence=sentence
        )

    def router(self) -> APIRouter:
        """The pages; they are not part of the API's description."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route("/", self.home)
        router.add_api_route("/cautare", self.results)
        router.add_api_route("/d/{document}/p/{n}", self.view)
        router.add_api_route("/static/opis.css", self.style)
        router.add_api_route("/static/opis.svg", self.icon)
        return router

    def _found(self, asked: Asked) -> SearchAnswer:
        filters = {PARAMETERS[name]: value for name, value in asked.filters.items()}
        return find(
            self._settings,
            self._backend,
            asked.q,
            filters=filters,
            limit=_RESULTS,
            page=asked.page,
        )

    def _page(
        self,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,  # noqa: ANN401 a template takes whatever its page shows
    ) -> Response:
        text = self._templates.get_template(template).render(values)
        kept = {"Cache-Control": "private, no-cache", **(headers or {})}
        return HTMLResponse(text, status, kept)


def _hit_title(hit: Hit) -> str:
    return title(hit.type, hit.number, hit.date)


def _hit_address(hit: Hit, query: str) -> str:
    return f"/d/{hit.document}/p/{hit.document_page}{_with_query(query)}"


def _view_address(found: FoundPage, place: int, query: str) -> str:
    return f"/d/{found.document.id}/p/{place}{_with_query(query)}"


def _with_query(query: str) -> str:
    return f"?{urlencode({'q': query})}" if query else ""


def _image_address(found: FoundPage, query: str) -> str:
    highlight = f"?{urlencode({'highlight': query})}" if query else ""
    return f"/api/v1/pages/{found.id}/image{highlight}"


def _active(asked: Asked) -> list[Choice]:
    """The filters in force; each link takes one off."""
    return [
        Choice(name, value, 0, asked.address(1, {name: ""}))
        for name, value in asked.filters.items()
    ]


def _choices(asked: Asked, answer: SearchAnswer) -> dict[str, list[Choice]]:
    """For each filter not in force, values with their page counts; each link puts one on."""
    found: dict[str, list[Choice]] = {}
    for name, field in PARAMETERS.items():
        counts = list(answer.facets.get(field, {}).items())[:_FACET_VALUES]
        if name not in asked.filters and counts:
            found[name] = [
                Choice(name, value, count, asked.address(1, {name: value}))
                for value, count in counts
            ]
    return found
