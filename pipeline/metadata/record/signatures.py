# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""Who signed a paper, who drew it up, and whom it was assigned to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.metadata.entities.gazetteer import letters_of
from pipeline.metadata.entities.institutions import titled
from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.departments import department_at
from pipeline.metadata.record.numbers import CITIZENS
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.vocabulary import FIRST_NAMES

SIGNS, DRAWS = "signatory", "intocmit"
_ROLES: tuple[tuple[str, str, int], ...] = (
    (r"presedintele?(?: de| al?)? sedint\w*|presedinte\b", SIGNS, 1),
    (r"vice ?primar(?:ul)?", SIGNS, 2),
    (r"p ?r ?i ?m ?a ?r ?(?:ul)?(?: general)?\b", SIGNS, 1),
    (r"prefect(?:ul)?\b", SIGNS, 1),
    (r"conducatorul (?:institutiei|organului fiscal|unitatii)", SIGNS, 1),
    (r"administrator(?:ul)? public", SIGNS, 2),
    (r"director(?:ul)?(?: executiv| general| economic)?(?: adjunct)?", SIGNS, 2),
    (r"sef(?:ul)? (?:compartiment|serviciu|birou)(?:ului)?", SIGNS, 3),
    (r"arhitect[ -]?sef(?:ul)?", SIGNS, 4),
    (r"(?:p\. ?)?secretar(?:ul)?(?: general)?(?: delegat)?", SIGNS, 5),
    (r"intocmit(?: de)?|redactat(?: de)?|elaborat(?: de)?|am constatat", DRAWS, 1),
    (r"inspector(?:ul)?(?: de specialitate| principal| superior)?", DRAWS, 2),
    (r"consilier(?:ul)?(?: juridic| principal| superior)?|referent(?:ul)?|functionar(?:ul)?", DRAWS, 2),
    (r"verificat|vizat(?: juridic)?|aprobat", "", 9),
    (r"(?:avizat|contrasemneaza)(?: pentru legalitate)?", "", 9),
    (r"am luat la cunostinta|martor(?:ul|i|ii)?|primit|furnizor(?:ul)?|prestator(?:ul)?", "", 9),
    (r"achizitor(?:ul)?|solicitant(?:ul)?|semnatura(?: \w+)?|data\b|casier|delegat", "", 9),
)  # fmt: skip
_ROLE = re.compile(
    "|".join(
        rf"(?P<r{place}>\b(?:{pattern})(?!\w))" for place, (pattern, _, _) in enumerate(_ROLES)
    )
)
_NAME_WORD = re.compile(r"(?<![\w.])[A-Z][A-Za-z'-]*\.?(?![\w])")
_ASSIGNED = re.compile(
    r"\b(?:repartizat[a]?|se repartizeaza|spre (?:rezolvare|competenta solutionare|solutionare|analiza)"
    r"|in atentia)\b[ :,.-]{0,3}(?:catre |la |lui )?"
    r"(?:(?:d-?lui|d-?nei|d-?na|d-?l|dl|dna|dlui|dnei|domnul(?:ui)?|doamn(?:a|ei))[. ]{1,2})?"
)
_COUNCIL = re.compile(r"(?:CL|Cl|CJ|UAT)\s+(?=[A-Z][a-z]+\s+[A-Z])")
SECOND = 5
"""From this rank on an office only signs beside another: then who signs first was not understood."""
BLOCK = 8  # lines that a signature block has at the most
AFTER = 3  # lines under a role in which its name may stand


@dataclass(frozen=True, slots=True)
class Role:
    """An office in a signature line: which field it is for, and how early it is asked (1 first)."""

    field: str
    rank: int
    start: int
    end: int


def _roles(context: Context, line: TextLine) -> tuple[Role, ...]:
    lower = context.view.lower
    found = []
    for match in _ROLE.finditer(lower, line.start, line.end):
        place = int((match.lastgroup or "r0")[1:])
        found.append(Role(_ROLES[place][1], _ROLES[place][2], *match.span()))
    return tuple(found)


def _is_role_line(context: Context, line: TextLine, roles: Sequence[Role]) -> bool:
    """Whether a line begins with an office; of the rest only a name may be there."""
    lead = context.view.lower[line.start : roles[0].start] if roles else "x"
    covered = sum(role.end - role.start for role in roles)
    alone = covered >= 0.6 * len(line.text.replace(" ", ""))
    return not lead.strip(" :,.-*") and (alone or len(roles) == 1)


def _names(context: Context, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """So many names in a stretch that holds nothing else; [] where it cannot be told."""
    text = context.view.text[start:end]
    words = list(_NAME_WORD.finditer(context.view.text, start, end))
    letters = sum(len(word[0]) for word in words)
    if not words or letters < 0.85 * len(re.sub(r"[\s,.:_-]", "", text)):
        return []
    if count == 1:
        alone = len(_at_first_names(words)) == 1 or len(words) < 4
        groups = [words] if alone else []
    elif len(words) == 2 * count:
        groups = [words[at : at + 2] for at in range(0, len(words), 2)]
    else:
        groups = _at_first_names(words)
    if len(groups) != count or any(not 2 <= len(group) <= 4 for group in groups):
        return []
    return [(group[0].start(), group[-1].end()) for group in groups]


def _at_first_names(words: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    groups: list[list[re.Match[str]]] = []
    before = False
    for word in words:
        first = any(letters_of(part) in FIRST_NAMES for part in word[0].split("-"))
        if not groups or (first and not before):
            groups.append([])
        groups[-1].append(word)
        before = first
    return groups


def _signed(context: Context) -> Iterator[tuple[Role, int, int]]:
    """Offices with the name of who holds them, in the first signature block after the title."""
    lines, last = context.lines, len(context.lines)
    for number, line in enumerate(lines):
        if number > last:
            return
        if line.start < context.kind.end or len(line.text) > 120:
            continue
        roles = _roles(context, line)
        if not _is_role_line(context, line, roles):
            continue
        beside = _names(context, roles[-1].end, line.end, 1) if len(roles) == 1 else []
        if beside:
            last = min(last, number + BLOCK)
            yield (roles[0], *beside[0])
            continue
        for under in lines[number + 1 : number + 1 + AFTER]:
            names = _names(context, under.start, under.end, len(roles))
            if names and not _roles(context, under):
                last = min(last, number + BLOCK)
                yield from ((role, *name) for role, name in zip(roles, names, strict=True))
                break


def find_signatures(context: Context) -> dict[str, Found]:
    """`signatory` and `intocmit`: the names beside or under the offices that sign."""
    if context.kind.kind in CITIZENS:
        return {}
    best: dict[str, tuple[int, int, int]] = {}
    for role, start, end in _signed(context):
        known = best.get(role.field)
        if role.field and (known is None or role.rank < known[0]):
            best[role.field] = role.rank, start, end
    second = SIGNS in best and best[SIGNS][0] >= SECOND
    sure = 0.7 if second else 0.85
    return {field: _signing(context, field, *place[1:], sure) for field, place in best.items()}


def _signing(context: Context, field: str, start: int, end: int, sure: float) -> Found:
    """The name in a place, without the council's letters before it ("Secretara CL Irina Ene")."""
    council = _COUNCIL.match(context.view.text, start, end)
    start = council.end() if council else start
    return Found(field, start, end, titled(context.view.words(start, end)), sure)


def find_official(context: Context) -> Found | None:
    """Whom the paper was assigned to: a person or a department ("spre rezolvare: dl. Ion Popescu")."""
    view = context.view
    for match in _ASSIGNED.finditer(view.lower):
        words = re.compile(r"(?:[A-Z][A-Za-z'-]+\.? ?){2,4}").match(view.text, match.end())
        head = re.compile(r"(?i:compartiment\w*|serviciu\w*|birou\w*|directi\w*) ").match(
            view.text, match.end()
        )
        start = head.end() if head else match.end()
        name, end = department_at(view.text, start)
        if name:
            return Found("official", match.end(), end, name, 0.75)
        if words and any(letters_of(word) in FIRST_NAMES for word in words[0].split()):
            start, end = match.end(), match.end() + len(words[0].rstrip())
            return Found("official", start, end, titled(view.words(start, end)), 0.75)
    return None
