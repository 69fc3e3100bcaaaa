"""Plans a binder: which documents, sheets and blanks in which order, and each page's faults."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from examples.binders import documents, faults
from examples.binders.blocks import Block, Code, Mount, Text
from examples.binders.documents import Draft
from examples.binders.faults import Plan
from examples.binders.fill import Piece
from examples.binders.truth import DocumentTruth
from examples.binders.typeset import Sheet, Style, Typesetter
from examples.binders.world import World, world

FORMS: Final = ("folder", "tiff", "pdf")
SYMBOLOGIES: Final = ("Code39", "Code128", "QRCode")
SEPARATOR: Final = "PATCHT"
LONGEST, TRIES = 6, 12
SMALL, PROMISED, DAMAGED_FROM = 24, 8, 10  # pages
DEPARTMENTS: Final = {
    "Secretariat General și Juridic": "SGJ",
    "Urbanism și Amenajarea Teritoriului": "URB",
    "Impozite și Taxe Locale": "ITL",
    "Asistență Socială": "AS",
    "Administrarea Domeniului Public": "ADP",
    "Relații cu Publicul": "RP",
    "Economic și Achiziții Publice": "EAP",
    "Fond Funciar și Cadastru": "FFC",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line chooses; `form` is one of FORMS or "mixed".

    `pressed`: most pages bear a seal on private data.
    """

    pages: int = 200
    seed: int = 7
    dpi: int = 300
    faults: str = "full"
    templates: str = "all"
    form: str = "mixed"
    separators: bool = True
    text_only: bool = False
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class PagePlan:
    """A page before it is drawn; `document` counts from 1 in the binder."""

    kind: str
    sheet: Sheet
    style: Style
    document: int | None = None
    document_page: int | None = None
    leaf: int = 0
    side: str = "recto"
    symbology: str = ""
    payload: str = ""
    colour: bool = False
    faults: Plan = Plan()


@dataclass(frozen=True, slots=True)
class BinderPlan:
    """A whole binder on paper, with what the archivist knows of it."""

    name: str
    form: str
    world: World
    fond: str
    cota: str
    compartiment: str
    inventar: str
    documents: tuple[DocumentTruth, ...]
    pages: tuple[PagePlan, ...]


PLAIN: Final = Style("liberation-sans", 12.0)


def compose(index: int, options: Options) -> BinderPlan:
    """Binder `index` (from 0) of a run: it depends on the seed, the index and the options only."""
    seed = f"{options.seed}:{index}"
    rng = random.Random(f"{seed}:text")
    era = rng.choices(((1997, 2003), (2004, 2019), (2020, 2025)), (20, 42, 38))[0]
    around = world(rng, options.templates, rng.randint(*era))
    department = rng.choice(tuple(DEPARTMENTS))
    number = f"{DEPARTMENTS[department]}-{around.year}-{index + 1:03d}"
    fond = f"Primăria {around.genitive}"
    builder = _Builder(rng, around, department, options)
    builder.cover(fond, number)
    builder.fill()
    pages = _with_faults(random.Random(f"{seed}:faults"), builder.pages, index, options)
    return BinderPlan(
        name=f"biblioraft-{index + 1:03d}",
        form=FORMS[index % 3] if options.form == "mixed" else options.form,
        world=around,
        fond=fond,
        cota=number,
        compartiment=department,
        inventar=f"Inventar nr. {rng.randint(1, 9)}/{around.year + rng.randint(1, 10)}",
        documents=tuple(builder.truths),
        pages=tuple(pages),
    )


class _Builder:
    """Puts pages into a binder until it is full."""

    def __init__(
        self, rng: random.Random, around: World, department: str, options: Options
    ) -> None:
        self.rng, self.world, self.department, self.options = rng, around, department, options
        self.pages: list[PagePlan] = []
        self.truths: list[DocumentTruth] = []
        self.leaf = 0
        self.separators = 0

    @property
    def left(self) -> int:
        return self.options.pages - len(self.pages)

    def cover(self, fond: str, cota: str) -> None:
        """The first sheet, whose code says which binder this is."""
        payload = f"OPIS:fond={fond};cota={cota};an={self.world.year}"
        lines = ("ARHIVĂ", fond, self.department, f"Cota {cota}", f"Anul {self.world.year}")
        self._sheet(_caption("FIȘĂ DE ÎNCEPUT", lines, "QRCode", payload), "QRCode", payload)

    def fill(self) -> None:
        """Documents, each behind its separator, until no page is left."""
        while self.left > 0:
            separator = int(bool(self.truths) and self.options.separators)
            if self.left <= separator:
                self._blank()
                continue
            if separator:
                self._separator()
            self._document()

    def _sheet(self, body: tuple[Block, ...], symbology: str, payload: str) -> None:
        sheets = Typesetter(PLAIN, self.options.dpi, self.rng).set(body)
        self.leaf += 1
        self.pages.append(
            PagePlan(
                "separator", sheets[0], PLAIN, leaf=self.leaf, symbology=symbology, payload=payload
            )
        )

    def _separator(self) -> None:
        symbology = SYMBOLOGIES[self.separators % len(SYMBOLOGIES)]
        self.separators += 1
        lines = ("DOCUMENT NOU", "Nu se arhivează", SEPARATOR)
        self._sheet(_caption("FIȘĂ SEPARATOARE", lines, symbology, SEPARATOR), symbology, SEPARATOR)

    def _document(self) -> None:
        first, small = not self.truths, self.options.pages < SMALL
        room = min(LONGEST, self.left)
        if first and small:
            room = max(1, min(room, self.options.pages // 4))
        draft = self._draft(room)
        self._add(draft, blank=first and self.options.pages >= PROMISED)

    def _draft(self, room: int) -> Draft:
        part = len(self.pages) / self.options.pages
        best: Draft | None = None
        for _ in range(TRIES):
            template, problem = documents.choose(
                self.rng, self.options.templates, self.world.year, self.department
            )
            draft = documents.write(self.rng, self.world, template, problem, part, self.options.dpi)
            if len(draft.sheets) <= room:
                return draft
            if best is None or len(draft.sheets) < len(best.sheets):
                best = draft
        if best is None:
            raise ValueError(self.options.templates)
        return documents.shorten(best, room)

    def _add(self, draft: Draft, *, blank: bool) -> None:
        """The document's pages, on both sides of its leaves or on one, and perhaps a blank."""
        first, number = len(self.pages) + 1, len(self.truths) + 1
        double = not blank and len(draft.sheets) > 1 and self.rng.random() < 0.4
        blank = blank or self.rng.random() < 0.12
        self.truths.append(draft.truth)
        for at, sheet in enumerate(draft.sheets):
            verso = double and at % 2 == 1
            self.leaf += not verso
            side = "verso" if verso else "recto"
            self._page("text", sheet, draft, number, side)
            last = at == len(draft.sheets) - 1
            free = self.left - (len(draft.sheets) - 1 - at)
            if blank and not verso and free > 0 and (last or not double):
                self._page("blank", Sheet(), draft, number, "verso")
                blank = False
        self._close(first)

    def _page(self, kind: str, sheet: Sheet, draft: Draft, number: int, side: str) -> None:
        before = self.pages[-1]
        page = before.document_page if before.document == number else 0
        self.pages.append(
            PagePlan(
                kind,
                sheet,
                draft.style,
                document=number,
                document_page=(page or 0) + 1,
                leaf=self.leaf,
                side=side,
                colour=draft.colour and kind == "text",
            )
        )

    def _close(self, first: int) -> None:
        truth = replace(
            self.truths[-1],
            document=len(self.truths),
            first_page=first,
            last_page=len(self.pages),
        )
        self.truths[-1] = truth

    def _blank(self) -> None:
        """A blank at the end of the last document."""
        before = self.pages[-1]
        verso = before.side == "recto"
        self.leaf += not verso
        side = "verso" if verso else "recto"
        page = (before.document_page or 0) + 1
        self.pages.append(
            replace(
                before,
                kind="blank",
                sheet=Sheet(),
                document_page=page,
                leaf=self.leaf,
                side=side,
                colour=False,
            )
        )
        self._close(self.truths[-1].first_page)


def _caption(title: str, lines: tuple[str, ...], symbology: str, payload: str) -> tuple[Block, ...]:
    height = 70.0 if symbology == "QRCode" else 45.0
    big, rest = lines[0], lines[1:]
    return (
        Mount("space", 12),
        Text((Piece(title),), "center", 2.4, bold=True),
        Mount("space", 10),
        Code(symbology, payload, height),
        Mount("space", 8),
        Text((Piece(big),), "center", 2.8, bold=True),
        Mount("space", 6),
        *(Text((Piece(line),), "center", 1.5) for line in rest),
    )


def _with_faults(
    rng: random.Random, pages: list[PagePlan], index: int, options: Options
) -> Iterator[PagePlan]:
    """Each page with its faults; the promised ones (half turn, skew, unreadable) are put in."""
    level = options.faults
    plans = [faults.plan(rng, level, sheet=page.kind == "separator") for page in pages]
    text = [at for at, page in enumerate(pages) if page.kind == "text"]
    kinds = [page.kind for page in pages]
    if level == "full" and len(pages) >= PROMISED and len(text) > 2:
        spoilt = None
        if len(pages) >= DAMAGED_FROM or index == 0:
            later = [at for at in text if (pages[at].document_page or 1) > 1]
            spoilt = rng.choice(later or text[1:])
            plans[spoilt] = Plan("unreadable", damage=rng.choice(("black", "noise", "destroyed")))
            kinds[spoilt] = "unreadable"
        sound = [at for at in text if at != spoilt]
        turned, skewed = rng.sample(sound, 2)
        plans[turned] = replace(plans[turned], flip=True)
        plans[skewed] = faults.worsen(rng, replace(plans[skewed], primary="skewed", flip=False))
    for page, work, kind in zip(pages, plans, kinds, strict=True):
        yield replace(page, faults=work, kind=kind)
