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
    institution: str = ""
    department: str = ""
    cota: str = ""
    year: str = ""
    problem: str = ""
    regime: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that answers, with the boxes of its words on the page image (width × height).

    It is cited by `fond`, `cota` and `leaf_cited` ("fila 23 verso"). Where hits are grouped it is
    the best page of its document or unit, of which `pages_in_group` answer.
    """

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
    fond: str = ""
    cota: str = ""
    leaf_cited: str = ""
    institution: str = ""
    department: str = ""
    regime: str = ""
    pages_in_group: int = 0


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """`total` counts pages; facets map a field to its values and their page counts.

    `groups` counts the documents or units that answer, where hits are grouped (10,000 stands for
    that many or more). `facets_rest` tells of each facet how many pages have no value (`none`) and
    what its values beyond those shown count (`other`): with them a facet adds up to `total`, but for
    `place`, of which a page may have several. `suggestion` is what was probably meant where little
    was found, `notices` say what of the query was not understood.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    groups: int = 0
    facets_rest: dict[str, dict[str, int]] = field(default_factory=dict)
    suggestion: str = ""
    notices: tuple[str, ...] = ()
