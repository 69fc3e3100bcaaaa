"""What waits for a person: one item, its id, and how urgent it is."""

from dataclasses import dataclass
from hashlib import sha256

from pipeline import units
from schemas.errors import InputError
from schemas.geometry import Box
from schemas.records import Finding, Page, PageState, Unit

RESCAN, CHECK = "rescan", "check"
FIELD, BOUNDARY, PERSONAL, RELEASE = "field", "boundary", "personal", "release"
KINDS = (RESCAN, CHECK, RELEASE, PERSONAL, BOUNDARY, FIELD)
BY_PERSON, UNREADABLE = "rescan-marked", "unreadable"
BLOCKS, PRIVACY, STRUCTURE, READING = 1, 2, 3, 4
"""Tiers of the queue: what blocks reconciliation or publication comes first."""
ID_LENGTH = 8
_LEAST_MARGIN = 40
_BLOCKING = {RESCAN: 1.0, CHECK: 0.9, RELEASE: 0.5}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: `kind` is one of KINDS; `field` is what is doubted.

    `page` is where to look, `box` the place on its image, `value` what is doubted (a personal
    datum's is left out), `weight` how much it matters (0 to 1); `note` is what a person who marked
    it said.
    """

    id: str
    kind: str
    unit: Unit
    page: Page
    field: str
    findings: tuple[Finding, ...]
    note: str = ""
    document: str | None = None
    value: str = ""
    confidence: float | None = None
    box: Box | None = None
    weight: float = 1.0

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the findings; where there are none, that a person marked it, or that reading failed."""
        alone = UNREADABLE if self.page.state is PageState.FAILED else BY_PERSON
        return tuple(finding.code for finding in self.findings) or (alone,)

    @property
    def tier(self) -> int:
        """The first question of the queue's order; a failed page is one that no one can publish."""
        failed = self.kind == RESCAN and self.page.state is PageState.FAILED
        tiers = {CHECK: BLOCKS, RELEASE: BLOCKS, PERSONAL: PRIVACY, BOUNDARY: STRUCTURE}
        return BLOCKS if failed else tiers.get(self.kind, READING)

    @property
    def rank(self) -> tuple[int, float]:
        """Lower is worse: the tier, then the doubt times the weight; in the first by what blocks."""
        if self.tier == BLOCKS:
            return BLOCKS, -_BLOCKING[self.kind]
        return self.tier, -round((1 - (self.confidence or 0.0)) * self.weight, 3)


def item_of(unit: str, *parts: str) -> str:
    """`UNIT.` and 8 characters that stand for what the parts name."""
    number = int(sha256("\n".join(parts).encode()).hexdigest(), 16)
    letters = []
    for _ in range(ID_LENGTH):
        number, letter = divmod(number, len(units.ALPHABET))
        letters.append(units.ALPHABET[letter])
    return f"{unit}.{''.join(letters)}"


def scan_parts(page: Page) -> tuple[str, ...]:
    """The scan that a page shows, as ids take it."""
    return (page.source, str(page.frame), *((page.half.value,) if page.half else ()))


def item_id(unit: str, page: Page) -> str:
    """The id of a page's own item: it stands for the scan which the page shows."""
    return item_of(unit, *scan_parts(page))


def field_id(unit: str, begins: Page, field: str) -> str:
    """The id of a field of the document that begins at a page."""
    return item_of(unit, *scan_parts(begins), FIELD, field)


def boundary_id(unit: str, page: Page) -> str:
    """The id of the question whether a document begins at a page."""
    return item_of(unit, *scan_parts(page), BOUNDARY)


def release_id(unit: str, begins: Page) -> str:
    """The id of the release of the document that begins at a page."""
    return item_of(unit, *scan_parts(begins), RELEASE)


def unit_of(ident: str) -> str:
    """The unit of an item; raises InputError review-missing for what is no item's id."""
    unit, dot, rest = ident.rpartition(".")
    if not (unit and dot and len(rest) == ID_LENGTH):
        raise InputError("review-missing", ident)
    return unit


def around(box: Box) -> Box:
    """A box with enough of its surroundings to be understood; never left of or above the page."""
    across, along = max(3 * box.h, _LEAST_MARGIN), max(12 * box.h, 4 * _LEAST_MARGIN)
    left, top = max(0, box.x - along), max(0, box.y - across)
    return Box(left, top, box.x + box.w + along - left, box.y + box.h + across - top)
