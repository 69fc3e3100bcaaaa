"""Writes one document: a template, filled, set on pages, with what is true of it."""

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from examples.binders import lexicon
from examples.binders.blocks import blocks
from examples.binders.fill import NEW_LEU, Fill, Mark
from examples.binders.lexicon import Problem
from examples.binders.templates import Template, annexes, templates
from examples.binders.truth import DocumentTruth, EntityTruth
from examples.binders.typeset import Sheet, Style, Typesetter
from examples.binders.world import World, dotted

ACT: Final = re.compile(
    r"(Leg(?:ea|ii)|O\.U\.G\.|O\.G\.|H\.G\.|H\.C\.L\.|Ordinul(?:ui)?|Decretul(?:ui)?)\s+nr\.\s+(\d+/\d{4})"
)
ACT_NAMES: Final = {"Legii": "Legea", "Ordinului": "Ordinul", "Decretului": "Decretul"}
OLD_UNTIL: Final = 2003
OWN, OTHER = 6, 1
ANNEXED: Final = (45, 40, 15)  # in a hundred: with none, one, two


@dataclass(frozen=True, slots=True)
class Draft:
    """A document set on pages, before it has its place in the binder."""

    truth: DocumentTruth
    sheets: tuple[Sheet, ...]
    style: Style
    colour: bool


def sheet_text(sheet: Sheet) -> str:
    """The page's text in reading order: words apart by a space, lines by a line break."""
    return "\n".join(" ".join(word.text for word in line) for line in sheet.lines)


def sheet_entities(sheet: Sheet) -> tuple[EntityTruth, ...]:
    """The marked stretches of sheet_text(sheet)."""
    text, at, last = sheet_text(sheet), 0, -1
    runs: list[list[int]] = []
    marks: list[Mark] = []
    for number, word in enumerate(word for line in sheet.lines for word in line):
        for span in word.spans:
            if runs and runs[-1][2] == span.occurrence and last >= number - 1:
                runs[-1][1] = at + span.end
            else:
                runs.append([at + span.start, at + span.end, span.occurrence])
                marks.append(span.mark)
            last = number
        at += len(word.text) + 1
    return tuple(
        EntityTruth(start, end, mark.label, text[start:end], mark.value, mark.official)
        for (start, end, _), mark in zip(runs, marks, strict=True)
    )


def choose(rng: random.Random, chosen: str, year: int, department: str) -> tuple[Template, Problem]:
    """A template and a problem, mostly of the binder's own department."""
    problems = lexicon.problems()
    weights = [OWN if one.department == department else OTHER for one in problems]
    usual = rng.choices(problems, weights)[0]
    kinds = templates(chosen, year)
    likely = [OWN if _department(one, usual) == department else OTHER for one in kinds]
    template = rng.choices(kinds, likely)[0]
    fitting = [one for one in problems if one.code in template.problems]
    return template, rng.choice(fitting) if fitting else usual


def _department(template: Template, problem: Problem) -> str:
    return problem.department if template.department == "{dep}" else template.department


def write(
    rng: random.Random, around: World, template: Template, problem: Problem, part: float, dpi: int
) -> Draft:
    """A document dated `part` (0 to 1) of the way through the year."""
    year = rng.randint(*template.years) if template.years else around.year
    day = date(year, 1, 4) + timedelta(days=int(355 * part))
    old = template.old and year <= OLD_UNTIL and rng.random() < 0.6
    fill = Fill(rng, around, problem, day, old=old)
    number = _numbers(fill, template, part, day)
    if template.subject is not None:
        fill.known["subiect"] = fill.expand(template.subject)
    style = _style(rng, template, around)
    body = blocks(template.body + _annexes(rng, template), fill)
    sheets = Typesetter(style, dpi, rng).set(body)
    truth = _truth(fill, template, day, number, style, sheets)
    return Draft(truth, sheets, style, rng.random() < 0.09)


def _annexes(rng: random.Random, template: Template) -> tuple[str, ...]:
    """Up to two annexes of the template's set, for a template without its own."""
    choice = annexes(template.set, personal=template.access != "public")
    own = "@break" in template.body
    count = 0 if own or not choice else rng.choices((0, 1, 2), ANNEXED)[0]
    return tuple(line for body in rng.sample(choice, count) for line in body)


def _numbers(fill: Fill, template: Template, part: float, day: date) -> str:
    rng = fill.rng
    number = str(1 + int(template.numbered * part) + rng.randint(0, 3))
    back = timedelta(days=rng.randint(0, 25) if template.numbered else 0)
    if template.received:
        back = -timedelta(days=rng.randint(1, 9))
    fill.set("nr", number)
    fill.set("nr_inreg", str(1000 + int(90_000 * part) + rng.randint(0, 400)))
    fill.set("data_inreg", dotted(day - back))
    if template.written:
        number = fill.text(template.written)
        fill.set("nr" if template.numbered else "nr_inreg", number)
    return number if template.numbered else ""


def _style(rng: random.Random, template: Template, around: World) -> Style:
    typed = template.typewriter
    header = around.title if template.footer == "inst" else ""
    return Style(
        face=rng.choice(template.faces),
        points=rng.choice(template.sizes),
        leading=rng.choice((1.5, 1.7) if typed else (1.25, 1.32, 1.4, 1.5)),
        typewriter=typed,
        justify=not typed and rng.random() < 0.75,
        indent=rng.choice((0, 8, 10, 12.5)),
        footer=template.footer,
        header=header,
    )


def _truth(
    fill: Fill,
    template: Template,
    day: date,
    number: str,
    style: Style,
    sheets: tuple[Sheet, ...],
) -> DocumentTruth:
    known = {key: "".join(one.text for one in value) for key, value in fill.known.items()}
    subject = known.get("subiect", "") if template.subject != "" else ""
    registered = template.registered
    draft = DocumentTruth(
        document=0,
        first_page=0,
        last_page=0,
        type=template.type,
        number=number,
        date=day.isoformat(),
        issuer=fill.text(template.issuer),
        subject=subject,
        nr_inreg=known["nr_inreg"] if registered else "",
        data_inreg=_iso(known["data_inreg"]) if registered else "",
        compartiment=_department(template, fill.problem),
        problem=fill.problem.code,
        parcels=(),
        acts_cited=(),
        amounts=(),
        currency="ROL" if day < NEW_LEU else "RON",
        public=False,
        regim_acces=template.access,
        personal=(),
        template=template.id,
        template_set=template.set,
        face=style.face,
        old_spelling=fill.old,
    )
    return settle(draft, sheets, tuple(fill.planted.parcels), tuple(fill.planted.amounts))


def settle(
    draft: DocumentTruth,
    sheets: tuple[Sheet, ...],
    parcels: tuple[str, ...],
    amounts: tuple[tuple[str, float], ...],
) -> DocumentTruth:
    """The truth of the pages that are there: what they name, and who may read them."""
    text = " ".join(" ".join(map(sheet_text, sheets)).split())
    entities = [one for sheet in sheets for one in sheet_entities(sheet)]
    personal = tuple(sorted({one.label for one in entities if not one.official}))
    regime = draft.regim_acces
    if personal and regime == "public":
        regime = "anonymised"
    acts = (f"{ACT_NAMES.get(kind, kind)} nr. {number}" for kind, number in ACT.findall(text))
    return replace(
        draft,
        parcels=tuple(dict.fromkeys(one for one in parcels if one in text)),
        acts_cited=tuple(dict.fromkeys(acts)),
        amounts=tuple(one for one in amounts if one[0] in text),
        personal=personal,
        regim_acces=regime,
        public=regime == "public",
    )


def shorten(draft: Draft, pages: int) -> Draft:
    """The document's first pages only."""
    sheets = draft.sheets[:pages]
    truth = settle(draft.truth, sheets, draft.truth.parcels, draft.truth.amounts)
    return Draft(truth, sheets, draft.style, draft.colour)


def _iso(day: str) -> str:
    return "-".join(reversed(day.split(".")))
