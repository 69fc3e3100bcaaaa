"""What the API takes and gives, as its OpenAPI description tells it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from search.finding import MOST_HITS

_MOST_PAGES = 1_000_000
_FILTER = "Only pages whose field has this value; letter case and diacritics do not matter."
_HOW = frozenset({"q", "limit", "page", "sort", "group", "cursor"})
_BOX = "`[x, y, w, h]` in pixels of the page image."


class SearchParameters(BaseModel):
    """A search: words are all required, "quoted" words in sequence, -word must not be there."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        "",
        description='What is sought, e.g. `iluminat public`, `"HCL 25/2016"`, `tip:cerere -câini`.',
        examples=["iluminat public"],
    )
    type: str = Field("", description=f"Document type, e.g. `hotărâre`. {_FILTER}")
    number: str = Field("", description=f"Document number. {_FILTER}")
    date: str = Field("", description="Document date, ISO 8601.")
    year: str = Field("", description="Year of the document, four digits.")
    issuer: str = Field("", description=f"Issuer. {_FILTER}")
    fond: str = Field("", description=f"Fonds. {_FILTER}")
    institution: str = Field("", description=f"Institution whose paper it is. {_FILTER}")
    department: str = Field("", description=f"Department. {_FILTER}")
    place: str = Field("", description=f"A place that the document names. {_FILTER}")
    problem: str = Field("", description="The citizen's problem, e.g. `parking`.")
    regime: str = Field("", description="Access regime: public, anonymised or restricted.")
    cota: str = Field("", description=f"Reference code of the unit. {_FILTER}")
    unit: str = Field("", description="Archival unit id.")
    document: str = Field("", description="Document id.")
    sort: Literal["relevance", "date", "-date", "place"] = Field(
        "relevance",
        description="Order: best first, oldest, newest, or as they stand in the archive.",
    )
    group: Literal["", "document", "unit"] = Field(
        "", description="One hit (the best page) for each document or unit."
    )
    limit: int = Field(10, ge=1, le=MOST_HITS, description="Hits a result page.")
    page: int = Field(1, ge=1, le=_MOST_PAGES, description="Result page, from 1.")
    cursor: str = Field(
        "",
        max_length=100,
        description="`next_cursor` of the answer before, with all other parameters as they were; "
        "`page` is then not read.",
    )

    @property
    def filters(self) -> dict[str, str]:
        """The filters that were given."""
        given = self.model_dump(exclude=set(_HOW))
        return {name: value for name, value in given.items() if value}


class FoundHit(BaseModel):
    """A page that answers."""

    unit: str
    document: str = Field(description="Id for `/documents/{document}`.")
    page: int = Field(description="Page in the unit, from 1.")
    document_page: int = Field(description="Page in the document, from 1.")
    leaf: str | None = Field(description="Leaf, e.g. `14v`.")
    leaf_cited: str = Field("", description="Leaf as it is cited, e.g. `fila 14 verso`.")
    snippet: str = Field(description="Text around the hit; what answers stands in « ».")
    boxes: list[list[int]] = Field(description=f"{_BOX} One of each word that answers.")
    width: int = Field(description="Width of the page image; 0 when its words cannot be read.")
    height: int
    type: str
    number: str
    date: str
    issuer: str
    fond: str = ""
    cota: str = ""
    institution: str = ""
    department: str = ""
    regime: str = ""
    pages_in_group: int = Field(0, description="Pages of its document or unit that answer.")
    score: float


class SearchResult(BaseModel):
    """Pages that answer, best first; equal ones by unit and page."""

    total: int = Field(description="Pages that answer, in all.")
    groups: int = Field(0, description="Documents or units that answer, where hits are grouped.")
    hits: list[FoundHit]
    facets: dict[str, dict[str, int]] = Field(
        description="For each facet its values with their page counts."
    )
    facets_rest: dict[str, dict[str, int]] = Field(
        default_factory=dict,
        description="For each facet the pages without a value (`none`) and those of values not "
        "shown (`other`).",
    )
    suggestion: str = Field("", description="What may have been meant, where little was found.")
    notices: list[str] = Field(
        default_factory=list, description="What of the query was not understood, in sentences."
    )
    request: dict[str, str] = Field(
        description="Where to ask for what is not found: a page and an endpoint (Law 544/2001)."
    )
    next_cursor: str = Field("", description="`cursor` of the next result page; empty at the end.")


class Suggestion(BaseModel):
    """A way to finish what is being typed."""

    text: str


class Suggestions(BaseModel):
    """Ways to finish a query, most frequent first."""

    suggestions: list[Suggestion]


class RecordField(BaseModel):
    """One field of a document's record and where it comes from."""

    value: str
    raw: str = Field(description="The words on the page.")
    page: int | None = Field(description="Page in the unit.")
    box: list[int] | None = Field(description=_BOX)
    source: str = Field(description="rule, model, registry, manifest or archivist.")
    confidence: float
    checked: bool = Field(description="Whether a person confirmed it.")


class DocumentPage(BaseModel):
    """One page of a document as its record tells of it."""

    id: str = Field(description="Id for `/pages/{page}`.")
    page: int
    document_page: int
    leaf: str
    state: str = Field(description="recognised, blank or failed.")
    confidence: float | None
    image: str = Field(description="Path of the page image.")


class DocumentRecord(BaseModel):
    """A document's record, for staff."""

    id: str
    unit: str
    number: int = Field(description="Place in the unit's list of documents, from 1.")
    regime: str = Field(description="public, anonymised or restricted.")
    fond: str
    cota: str
    fields: dict[str, RecordField]
    pages: list[DocumentPage]
    pdf: str = Field(description="Path of the PDF/A.")
    pdf_sha256: str
    flavour: str = Field(description="PDF/A flavour, e.g. `2u`.")
    manifest: str = Field(description="Path of the IIIF manifest.")


class PublicPage(BaseModel):
    """One page of a public copy."""

    id: str = Field(description="Id for `/pages/{page}`.")
    document_page: int
    leaf: str
    image: str = Field(description="Path of the page image.")


class PublicDocument(BaseModel):
    """What is public of a document."""

    id: str
    unit: str = Field(description="Id for `/units/{unit}`.")
    anonymised: bool = Field(description="Whether personal data is covered in the copy.")
    fond: str
    fields: dict[str, str] = Field(description="type, number, date, issuer, as far as public.")
    pages: list[PublicPage]
    pdf: str = Field(description="Path of the PDF/A.")
    pdf_sha256: str
    flavour: str = Field(description="PDF/A flavour, e.g. `2u`.")
    manifest: str = Field(description="Path of the IIIF manifest.")


class PublicUnitDocument(BaseModel):
    """A public document in its unit's list."""

    id: str
    type: str
    number: str
    date: str
    issuer: str
    anonymised: bool
    address: str = Field(description="Path of the document.")


class PublicUnit(BaseModel):
    """A unit's public documents by date; nothing tells what lies between them."""

    id: str
    fond: str
    cota: str
    documents: list[PublicUnitDocument]
    manifest: str = Field(description="Path of the IIIF manifest.")


class UnitDocument(BaseModel):
    """A document in its unit's list (opis), for staff; without fields while a purpose is missing."""

    id: str
    number: int
    regime: str
    type: str
    date: str
    issuer: str
    registered: str = Field(description="The document's own number.")
    first_leaf: str
    last_leaf: str
    pages: int
    purpose_needed: bool = Field(
        description="Whether the record opens only once a purpose is told."
    )
    address: str = Field(description="Path of the document.")


class UnitRecord(BaseModel):
    """A unit with those of its documents that the caller may see, for staff."""

    id: str
    name: str
    fond: str
    cota: str
    institution: str
    department: str
    inventory: str
    year: str
    certified_leaves: int | None
    documents: list[UnitDocument]
    manifest: str = Field(description="Path of the IIIF manifest.")


class PageRecord(BaseModel):
    """One page: where it stands and where its picture and text are."""

    id: str
    document: str
    document_page: int
    leaf: str
    width: int = Field(description="Width of the page image in pixels; 0 where not known.")
    height: int
    image: str = Field(description="Path of the page image.")
    text: str = Field(description="Path of the page's text as HTML.")
    iiif: str = Field(description="Address of the IIIF Image API service.")


class SimilarDocument(BaseModel):
    """A document that says much the same."""

    id: str
    unit: str
    type: str
    number: str
    date: str
    issuer: str
    address: str = Field(description="Path of the document.")


class SimilarDocuments(BaseModel):
    """Documents that say much the same, the most similar first."""

    documents: list[SimilarDocument]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="The cause and the remedy, in the interface's language.")
    instance: str
    code: str
