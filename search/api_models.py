"""What the API takes and gives, as its OpenAPI description tells it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from search.finding import MOST_HITS

_MOST_PAGES = 1_000_000
FILTER_NOTE = "Only pages whose field has this value; letter case and diacritics do not matter."


class PublicSearchParameters(BaseModel):
    """A search: words are all required, "quoted" words in sequence."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", description='What is sought, e.g. `iluminat public` or `"HCL 25/2016"`.')
    type: str = Field("", description=f"Document type, e.g. `hotărâre`. {FILTER_NOTE}")
    number: str = Field("", description=f"Document number. {FILTER_NOTE}")
    date: str = Field("", description="Document date, ISO 8601.")
    issuer: str = Field("", description=f"Issuer. {FILTER_NOTE}")
    fond: str = Field("", description=f"Fonds. {FILTER_NOTE}")
    unit: str = Field("", description="Archival unit id.")
    document: str = Field("", description="Document id.")
    year: str = Field("", description="Year of the document, four digits.")
    limit: int = Field(10, ge=1, le=MOST_HITS, description="Hits a result page.")
    page: int = Field(1, ge=1, le=_MOST_PAGES, description="Result page, from 1.")

    @property
    def filters(self) -> dict[str, str]:
        """The filters that were given."""
        given = self.model_dump(exclude={"q", "role", "limit", "page"})
        return {name: value for name, value in given.items() if value}


class SearchParameters(PublicSearchParameters):
    """The same, of staff: in either index."""

    role: Literal["staff", "public"] = Field(
        "staff", description="Which index is searched; this is not an authorisation."
    )


class FoundHit(BaseModel):
    """A page that answers."""

    unit: str
    document: str = Field(description="Id for `/documents/{id}`.")
    page: int = Field(description="Page in the unit, from 1.")
    document_page: int = Field(description="Page in the document, from 1.")
    leaf: str | None = Field(description="Leaf as it is cited, e.g. `14v`.")
    snippet: str = Field(description="Text around the hit; what answers stands in « ».")
    boxes: list[list[int]] = Field(
        description="`[x, y, w, h]` of each word that answers, in pixels of the page image."
    )
    width: int = Field(description="Width of the page image; 0 when its words cannot be read.")
    height: int
    type: str
    number: str
    date: str
    issuer: str
    score: float


class SearchResult(BaseModel):
    """Pages that answer, best first; equal ones by unit and page."""

    total: int = Field(description="Pages that answer, in all.")
    hits: list[FoundHit]
    facets: dict[str, dict[str, int]] = Field(
        description="For type, year, issuer and fond: values with their page counts."
    )


class RecordField(BaseModel):
    """One field of a document's record and where it comes from."""

    value: str
    raw: str = Field(description="The words on the page.")
    page: int | None = Field(description="Page in the unit.")
    box: list[int] | None = Field(description="`[x, y, w, h]` on that page's image.")
    source: str = Field(description="rule, model, manifest or archivist.")
    confidence: float
    checked: bool = Field(description="Whether a person confirmed it.")


class DocumentPage(BaseModel):
    """One page of a document."""

    id: str = Field(description="Id for `/pages/{id}/image`.")
    page: int
    document_page: int
    leaf: str | None
    state: str = Field(description="recognised, blank or failed.")
    confidence: float | None
    image: str = Field(description="Path of the page image.")


class DocumentRecord(BaseModel):
    """A document with its fields and pages."""

    id: str
    unit: str
    number: int = Field(description="Place in the unit's list of documents, from 1.")
    fond: str
    cota: str
    fields: dict[str, RecordField]
    pages: list[DocumentPage]
    pdf: str = Field(description="Path of the PDF/A.")
    pdf_sha256: str
    flavour: str = Field(description="PDF/A flavour, e.g. `2u`.")


class PublicPage(BaseModel):
    """One page of a public copy."""

    id: str = Field(description="Id for `/public/pages/{id}/image`.")
    document_page: int
    leaf: str
    image: str = Field(description="Path of the page image.")


class PublicDocument(BaseModel):
    """What is public of a document."""

    id: str
    anonymised: bool = Field(description="Whether personal data is covered in the copy.")
    fond: str
    fields: dict[str, str] = Field(description="type, number, date, issuer, as far as public.")
    pages: list[PublicPage]
    pdf: str = Field(description="Path of the PDF/A.")
    pdf_sha256: str
    flavour: str = Field(description="PDF/A flavour, e.g. `2u`.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="The cause and the remedy, in the interface's language.")
    instance: str
    code: str
