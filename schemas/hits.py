"""What the index holds and what a search answers."""

from dataclasses import dataclass, field

from schemas.geometry import Box


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """One recognised page as both backends take it; `text` is the page's plain text.

    Where the boxes are stays beside the unit (ALTO); dates are ISO 8601, empty where not known.
    """

    unit: str
    document: str
    page: int
    document_page: int
    leaf: str
    text: str
    type: str = ""
    number: str = ""
    date: str = ""
    issuer: str = ""
    fond: str = ""
    compartiment: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that answers, with the boxes of its words on the page image (width × height)."""

    unit: str
    document: str
    page: int
    document_page: int
    leaf: str
    snippet: str
    boxes: tuple[Box, ...]
    width: int
    height: int
    type: str
    number: str
    date: str
    issuer: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """`total` counts pages; facets map a field to its values and their page counts."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
