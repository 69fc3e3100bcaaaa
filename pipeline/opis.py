"""The opis of a unit: the list of its documents that stands at the head of the paper file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.records import Document, Page, Unit

UNKNOWN = "necunoscut"
_ANY = "document"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the opis lists it; empty where a thing is not known.

    `type`, `act_number` (failing that the registry number), `date` and `subject` are the fields'
    values; leaves as they are cited; `boundary`: how sure it is that a document begins there.
    """

    number: int
    document: str
    type: str
    act_number: str
    date: str
    subject: str
    first_leaf: str
    last_leaf: str
    first_page: int
    last_page: int
    boundary: float

    @property
    def leaves(self) -> str:
        """„4–6”, or „4” where all is on one leaf."""
        return leaf_span(self.first_leaf, self.last_leaf)


def title_of(values: Mapping[str, str]) -> str:
    """A document's title: „hotărâre nr. 25 din 2016-07-29”, „document nr. 25” where its type is unknown.

    `values` are fields by name; empty where nothing of a title is known.
    """
    kind, known = values.get("type", ""), [values.get("number", ""), values.get("date", "")]
    if kind in {"", UNKNOWN}:
        kind = _ANY if any(known) else ""
    parts = zip(("", "nr. ", "din "), (kind, *known), strict=True)
    return " ".join(f"{before}{value}" for before, value in parts if value)


def leaf_span(first: str, last: str) -> str:
    """Two leaves as people write them."""
    return first if first == last else f"{first}–{last}"


def leaves_of(pages: Sequence[Page]) -> tuple[str, str]:
    """The first and the last leaf that pages are cited by, empty where none is."""
    leaves = [page.leaf for page in pages if page.leaf]
    return (leaves[0], leaves[-1]) if leaves else ("", "")


def _entry(document: Document, unit: Unit) -> Entry:
    fields = {name: field.value for name, field in document.fields.items()}
    first, last = leaves_of(unit.pages_of(document.id))
    return Entry(
        number=document.number,
        document=document.id,
        type=fields.get("type", UNKNOWN),
        act_number=fields.get("number") or fields.get("nr_inreg", ""),
        date=fields.get("date") or fields.get("data_inreg", ""),
        subject=fields.get("subject", ""),
        first_leaf=first,
        last_leaf=last,
        first_page=document.first_page,
        last_page=document.last_page,
        boundary=document.boundary,
    )


def opis_of(unit: Unit) -> tuple[Entry, ...]:
    """The unit's documents in their order."""
    return tuple(_entry(document, unit) for document in unit.documents)
