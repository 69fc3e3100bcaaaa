"""What the address of a page of results asks for, and the links that change it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from schemas.hits import SearchAnswer
from schemas.messages import label
from search.guard.languages import spoken
from search.web.api.searching import Wanted
from search.web.views.holdings import Held

RESULTS = 10
DEEPEST_PAGE = 1_000
_FACET_VALUES = 8
_HELD, _HELD_VALUES = ("fond", "tip", "an"), 12
# Names in addresses, in the order the filters stand on the page.
PARAMETERS = {
    "an": "year",
    "tip": "type",
    "emitent": "issuer",
    "fond": "fond",
    "institutie": "institution",
    "compartiment": "department",
    "loc": "place",
    "problema": "problem",
    "regim": "regime",
}
_PLACES = {"document": "document", "unitate": "unit"}
ORDERS = {"": "relevance", "noi": "-date", "vechi": "date", "cota": "place"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter or an order that can be chosen: where its link leads, and whether it is in force."""

    name: str
    value: str
    count: int
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as an address tells it; `order` is one of ORDERS."""

    q: str
    filters: dict[str, str]
    page: int = 1
    order: str = ""

    def address(self, page: int = 1, changed: Mapping[str, str] | None = None) -> str:
        """The same search with another result page, filters or order; what is empty goes."""
        wanted = {"q": self.q, **self.filters, "ordine": self.order, **(changed or {})}
        parts = {name: value for name, value in wanted.items() if value}
        return "/cautare?" + urlencode(parts | ({"pagina": str(page)} if page > 1 else {}))

    @property
    def wanted(self) -> Wanted:
        """The search itself: one hit a document, but for the pages of one document."""
        names = PARAMETERS | _PLACES
        filters = {names[name]: value for name, value in self.filters.items()}
        group = "" if "document" in self.filters else "document"
        order, language = ORDERS[self.order], spoken().language
        return Wanted(self.q, filters, RESULTS, self.page, order, group, language)


def asked_in(request: Request) -> Asked:
    """What the request asks for; what cannot be understood is left out."""
    given = request.query_params
    page = given.get("pagina", "")
    number = int(page) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1
    told = {name: given.get(name, "").strip() for name in (*PARAMETERS, *_PLACES)}
    filters = {name: value for name, value in told.items() if value}
    order = given.get("ordine", "")
    return Asked(
        given.get("q", "").strip(),
        filters,
        min(number, DEEPEST_PAGE),
        order if order in ORDERS else "",
    )


def shown(name: str, value: str) -> str:
    """A filter's value as people read it."""
    group = {"problema": "problem", "regim": "regime", "tip": "type"}.get(name, "")
    return label(group, value, spoken().language) if group else value


def active(asked: Asked) -> list[Choice]:
    """The filters in force; each link takes one off."""
    return [
        Choice(name, shown(name, value), 0, asked.address(1, {name: ""}), chosen=True)
        for name, value in asked.filters.items()
    ]


def choices(asked: Asked, answer: SearchAnswer) -> dict[str, list[Choice]]:
    """For each filter not in force, values with their page counts; each link puts one on."""
    found: dict[str, list[Choice]] = {}
    for name, field in PARAMETERS.items():
        counts = list(answer.facets.get(field, {}).items())[:_FACET_VALUES]
        if name not in asked.filters and counts:
            found[name] = [
                Choice(name, shown(name, value), count, asked.address(1, {name: value}))
                for value, count in counts
            ]
    return found


def orders(asked: Asked) -> list[Choice]:
    """The orders of results, with their links."""
    return [
        Choice(
            name,
            label("order", kind, spoken().language),
            0,
            asked.address(1, {"ordine": name}),
            asked.order == name,
        )
        for name, kind in ORDERS.items()
    ]


def held_choices(held: Held) -> dict[str, list[Choice]]:
    """What is public by fond, type and year (the latest first), as links to searches."""
    found: dict[str, list[Choice]] = {}
    for name in _HELD:
        counts = list(held.facets.get(PARAMETERS[name], {}).items())
        if name == "an":
            counts.sort(reverse=True)
        found[name] = [
            Choice(name, shown(name, value), count, Asked("", {name: value}).address())
            for value, count in counts[:_HELD_VALUES]
        ]
    return {name: values for name, values in found.items() if values}
