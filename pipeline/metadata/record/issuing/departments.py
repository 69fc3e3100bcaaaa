# ruff: noqa: PLR2004 - distances stand where the rule that uses them stands
"""Departments of a city hall, as letterheads and texts name them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.metadata.entities.institutions import DEPARTMENT_HEADS, NAME, full_name
from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.authorities import other_authority
from pipeline.metadata.record.numbers import CITIZENS
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import FIRST_NAMES

NAMES = (
    "Administrarea Domeniului Public",
    "Administrarea Domeniului Public și Privat",
    "Administrativ",
    "Achiziții Publice",
    "Amenajarea Teritoriului",
    "Amenajarea Teritoriului și Urbanism",
    "Arhivă",
    "Asistență Socială",
    "Asistență Socială și Autoritate Tutelară",
    "Asistență Socială și Protecția Copilului",
    "Audit Intern",
    "Autoritate Tutelară",
    "Autorizări",
    "Buget",
    "Buget-Contabilitate",
    "Cabinetul Primarului",
    "Cadastru",
    "Cadastru și Agricultură",
    "Contabilitate",
    "Control Comercial",
    "Cultură",
    "Dezvoltare Locală",
    "Disciplina în Construcții",
    "Economic",
    "Economic și Achiziții Publice",
    "Evidența Persoanelor",
    "Executare Silită",
    "Financiar-Contabil",
    "Financiar Contabilitate",
    "Fond Funciar",
    "Fond Funciar și Cadastru",
    "Gospodărie Comunală",
    "Gospodărire Comunală și Locativă",
    "Impozite și Taxe",
    "Impozite și Taxe Locale",
    "Informatică",
    "Inspecție Fiscală",
    "Investiții",
    "Investiții și Achiziții Publice",
    "Juridic",
    "Juridic-Contencios",
    "Juridic și Administrație Publică Locală",
    "Locuințe",
    "Patrimoniu",
    "Poliția Locală",
    "Protecția Mediului",
    "Registratură",
    "Registratură și Relații cu Publicul",
    "Registrul Agricol",
    "Relații cu Publicul",
    "Relații Publice",
    "Resurse Umane",
    "Salubritate",
    "Secretariat",
    "Secretariat General",
    "Secretariat General și Juridic",
    "Situații de Urgență",
    "Spații Verzi",
    "Stare Civilă",
    "Stare Civilă și Evidența Persoanelor",
    "Tehnic",
    "Tehnic-Investiții",
    "Transport Public",
    "Urbanism",
    "Urbanism și Amenajarea Teritoriului",
    "Urbanism și Amenajarea Teritoriului și Cadastru",
    "Venituri",
)
HEAD = "Compartimentul"
WHOLE = frozenset(("Poliția Locală", "Cabinetul Primarului"))
"""Departments that are called by no more than their name."""
MOST_WORDS = 7
TITLE_ROWS = 4  # lines of a head in which title and department stand side by side
LONGEST = 12  # words of a line that is a department's name
_KINDS = (("comp", "Compartimentul"), ("serv", "Serviciul"), ("bir", "Biroul"), ("dir", "Direcția"))
_SCORE, _SHORT_SCORE, _SHORT = 84.0, 92.0, 9
_FOLDED = {re.sub(r"[^a-z]", "", fold(name).lower()): name for name in NAMES}
_CHOICES = tuple(_FOLDED)


@lru_cache(maxsize=4096)
def _named(letters: str) -> tuple[str, float]:
    best = process.extractOne(letters, _CHOICES, scorer=fuzz.ratio, score_cutoff=_SCORE)
    if best is None or (len(letters) < _SHORT and best[1] < _SHORT_SCORE):
        return "", 0.0
    return _FOLDED[best[0]], float(best[1])


def department_named(words: str) -> tuple[str, float]:
    """The department whose name some folded words are, though misread, and how near (0-100).

    Another city hall's name that is merely like one of ours ("Evidența Populației") is not.
    """
    name, near = _named(re.sub(r"[^a-z]", "", words.lower()))
    return (name, near) if name and (near == 100 or _misread(words, name)) else ("", 0.0)


def _misread(words: str, name: str) -> bool:
    """Whether the words are the name's but for letters misread inside them, not other endings."""
    given, meant = (re.findall(r"[a-z0-9]+", fold(text).lower()) for text in (words, name))
    if len(given) != len(meant):
        return abs(len(given) - len(meant)) == 1 and len("".join(given)) > 3 * _SHORT
    return all(
        one == other or (one[-2:] == other[-2:]) or (one[0] == other[0] and len(one) == len(other))
        for one, other in zip(given, meant, strict=True)
    )


def department_at(text: str, start: int) -> tuple[str, int]:
    """The department that a folded text names at a place, and where its name ends."""
    best, end, score = "", start, 0.0
    for match in list(re.finditer(r"[A-Za-z0-9-]+", text[start : start + 90]))[:MOST_WORDS]:
        name, near = department_named(text[start : start + match.end()])
        if name and near + len(name) / 5 >= score:
            best, end, score = name, start + match.end(), near + len(name) / 5
    return best, end


_HEADS = re.compile(rf"\b(?:{DEPARTMENT_HEADS})\b", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:(?:[a-z]?in|d[a-z]n)\s{1,3}\w{4,7}|al|catre)\s{1,3}"
    r"((?:compart\w{4,12}|serviciul\w{0,3}|birou\w{0,4}|directi\w{1,2})\s{1,3}(?:de\s)?)",
    re.IGNORECASE,
)
_OF_UNIT_LINE = re.compile(
    rf"[ ]*\n[ ]*(?:(?i:al|a)[ ])?(?i:municipiului|orasului|comunei|sectorului|judetului)[ ](?:{NAME}|[1-6]\b)"
)
_SIGNS = re.compile(
    r"\b(?:sef|sefa|director|coordonator|inspector|consilier|referent|subsemnat\w+)\W{0,3}$"
)
_TOWN_HALL = re.compile(
    rf"(?i:primaria|consiliul local)\b[^\n]{{3,60}}?\s[-–|·]\s(?=(?:{DEPARTMENT_HEADS})\b)",
    re.IGNORECASE,
)
_RIGHT_COLUMN = re.compile(
    r"\s+(?:(?:(?i:aprobat|avizat|vizat|se aproba)[ ,.:]*)?(?:PRIMAR|APROBAT|AVIZAT|VIZAT)\b[,.: ]*$|Primar,$|(?i:nr\.? ?(?:inreg|de inreg|\d)).*$"
    r"|\S+@\S+.*$|(?i:tel|telefon|fax|cod fiscal|c\.?[ui]\.?[if]|iban|iso (?=\d)|exemplar\w*|(?:cod )?formular\w*|editi[ae]|revizi[ae]|confidential"
    r"|document\w* confidential)\b.*$|(?i:(?:cod|cont|pag|pagina|dosar|anexa)[.:]?(?: nr\.?| de executare)? ?(?=\S*\d)\S).*$|\d{2,7}(?: [-/] |[-/])\d{1,2}[-./]\d.*$)"
)
_SOMEBODY = re.compile(r" ([A-Z][a-z]+)(?: [A-Z][A-Za-z-]+){1,2}$")
_STREET = re.compile(r",? (?i:str|bd|calea|aleea)\.? ")
_LINK = re.compile(r"\s+(?:de|pentru|privind)\b", re.IGNORECASE)
_IN_CELL = re.compile(
    rf"(?i:{DEPARTMENT_HEADS})(?: (?:(?:de|pentru|si|al?) )?[A-Z][A-Za-z-]{{2,}}){{1,{MOST_WORDS}}}"
)
_ADDRESSES = re.compile(
    r"\W{0,3}(?:catre|destinatar|d-?lui|d-?nei|domnul|doamn|in atentia|spre stiinta|stimat)"
)


def header(context: Context) -> list[tuple[int, int]]:
    """The lines before the title, or the first lines; lines that address someone left out."""
    last = context.kind.line if context.kind.end else 10
    places = []
    for line in context.lines[: max(0, min(last, 16))]:
        if _ADDRESSES.match(line.text.lower()):
            break
        places.append((line.start, line.end))
    first = context.lines[context.kind.line] if context.kind.end else None
    if first and first.start < context.kind.start:  # the title stands in the right column
        places.append((first.start, context.kind.start - 1))
    return [*places, *_beside_title(context)]


def _beside_title(context: Context) -> Iterator[tuple[int, int]]:
    """The department in the left cell of a form's head whose title stands in the middle one."""
    at = context.kind.line
    below = context.lines[at + 1 : at + TITLE_ROWS] if context.kind.end and at < TITLE_ROWS else ()
    for line in below:
        start, end = _own_part(context.view.text, line.start, line.end)
        if _IN_CELL.fullmatch(context.view.text, start, end):
            yield start, end


def _found(start: int, end: int, value: str, sure: float) -> Found:
    return Found("compartiment", start, end, value, sure)


def _own_part(text: str, start: int, end: int) -> tuple[int, int]:
    """A line without the town hall before its department and the right column behind it."""
    before = _TOWN_HALL.match(text, start, end)
    start = before.end() if before else start
    behind = _RIGHT_COLUMN.search(text, start, end)
    return start, behind.start() if behind else end


def _before_person(context: Context, start: int, end: int) -> int:
    """Where a line ends whose right column is somebody's name."""
    behind = _SOMEBODY.search(context.view.text, start, end)
    return behind.start() if behind and behind[1].lower() in FIRST_NAMES else end


def _headed(context: Context, start: int, end: int) -> Found | None:
    """A line such as "Compartimentul Urbanism", its name put right where it is a known one."""
    start, end = _own_part(context.view.text, start, end)
    end = _before_person(context, start, end)
    match = _HEADS.match(context.view.text, start, end)
    if match is None or len(context.view.text[start:end].split()) > LONGEST:
        return None
    rest = _LINK.match(context.view.text, match.end(), end)
    after = rest.end() if rest else match.end()
    name, near = department_named(context.view.text[after:end])
    if name and near < 100:
        head = full_name(context.view.words(start, after))
        return _found(start, end, f"{head} {name}", 0.85)
    street = _STREET.search(context.view.text, start, end)
    if street is not None:  # the right column holds an address: where it begins is not told
        return _found(
            start, street.start(), full_name(context.view.words(start, street.start())), 0.6
        )
    of_unit = _OF_UNIT_LINE.match(context.view.text, end)
    last = of_unit.end() if of_unit else end
    return _found(start, last, full_name(context.view.words(start, last)), 0.85)


def _bare(context: Context, start: int, end: int) -> Found | None:
    """A line that is nothing but a department's name: "ASISTENȚĂ SOCIALĂ"."""
    start, end = _own_part(context.view.text, start, end)
    name, _ = department_named(context.view.text[start:end])
    whole = name if name in WHOLE else f"{HEAD} {name}"
    return _found(start, end, whole, 0.85) if name else None


def find_department(context: Context) -> Found | None:
    """The department that the letterhead names, on a citizen's paper the one it is addressed to."""
    places = header(context)
    if context.kind.kind in CITIZENS:
        places = [(line.start, line.end) for line in context.lines[:14]]
        addressed = _addressed(context, places[-1][1] if places else 0)
        if addressed is not None:
            return addressed
    other = other_authority(context, places)
    written = _written_to(context) if other else None
    if written is not None:
        return written
    for start, end in places:
        if other and other.start < end and start < other.end:
            continue
        found = _headed(context, start, end) or _bare(context, start, end)
        if found is not None:
            return found
    return _in_text(context)


def _head_of(words: str) -> str:
    """As in "compartimentului" → "Compartimentul", though misread."""
    start = fold(words).lower().strip()
    return next((head for lead, head in _KINDS if start.startswith(lead)), HEAD)


def _addressed(context: Context, last: int) -> Found | None:
    """The known department that the first lines name: "Primăria X – Biroul Relații cu Publicul"."""
    for match in _HEADS.finditer(context.view.text, 0, last):
        name, end = department_at(context.view.text, match.end())
        if name:
            return _found(match.start(), end, f"{_head_of(match[0])} {name}", 0.82)
    return None


def _written_to(context: Context) -> Found | None:
    """The department of the town hall that another institution's letter is addressed to."""
    for line in context.lines[:14]:
        if re.match(r"\W{0,3}catre\b", line.text.lower()):
            text = context.view.text
            heads = (m for m in _HEADS.finditer(text, line.start, line.end))
            head = next(heads, None)
            return head and _found(
                head.start(), line.end, full_name(context.view.words(head.start(), line.end)), 0.75
            )
    return None


def _in_text(context: Context) -> Found | None:
    """As in "din cadrul compartimentului Fond Funciar", soon after the title."""
    view, title = context.view, context.kind
    for match in _FROM.finditer(view.text, title.end, title.end + 900):
        name, end = department_at(view.text, match.end())
        if name:
            of_another = match[0][:2].lower() in {"al", "ca"}
            value = f"{_head_of(match[1])} {name}"
            return _found(match.start(1), end, value, 0.6 if of_another else 0.82)
        office = next((s for s in context.spans if s.start == match.start(1)), None)
        if office and title.kind not in CITIZENS:
            return _found(office.start, office.end, office.value, 0.7)
    return None if title.kind in CITIZENS else _signing(context)


def _signing(context: Context) -> Found | None:
    """The department that signs, or that speaks of itself: "Șef Serviciul Urbanism"."""
    view, text = context.view, context.view.text
    for match in _HEADS.finditer(text, context.kind.end):
        name, end = department_at(text, match.end())
        before = view.lower[max(0, match.start() - 24) : match.start()]
        if name and _SIGNS.search(before):
            return _found(match.start(), end, f"{_head_of(match[0])} {name}", 0.72)
    return None
