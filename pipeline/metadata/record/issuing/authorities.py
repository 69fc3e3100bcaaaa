# ruff: noqa: PLR2004 - distances stand where the rule that uses them stands
"""Other institutions whose letterhead a paper bears: courts, schools, prefects, firms, parishes.

A city hall's archive is full of their letters; the city hall stands in them as who is addressed,
or in the stamp of its registry.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.metadata.entities.gazetteer import gazetteer
from pipeline.metadata.entities.institutions import full_name
from pipeline.metadata.record.numbers import Context
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import COUNTIES

LONGEST = 14  # words of a line that is an institution's name
MINISTRY = 1  # of _LEVELS
FIRST = 8  # lines in which a letterhead names it
WHOLE, DOUBT, SUPERIOR = 0.82, 0.78, 0.6
"""How sure the institution of a line is, one whose line may go on, and one above who writes."""
_LEVELS = tuple(
    re.compile(rf"(?:{heads})\b")
    for heads in (
        "guvernul",
        (
            r"ministerul|agentia nationala|autoritatea nationala|inspectoratul general|patriarhia"
            r"|uniunea nationala|camera notarilor|regia nationala|consiliul judetean|consiliul superior"
            r"|casa nationala|uniunea centrala|mitropolia|institutul national|oficiul national|curtea de conturi"
            r"|inspectia muncii|inspectoratul de stat|inspectia de stat|avocatul poporului|partidul"
        ),
        (
            r"arhiepiscopia|episcopia|directia silvica|inspectoratul scolar|curtea de apel|centrala|trustul"
            r"|protopopiatul|inspectoratul (?:judetean )?de politie|directia (?:generala|regionala|judeteana)"
            r"|administratia nationala|compania nationala|societatea nationala|uniunea judeteana"
            r"|d\. ?g\. ?(?:r\. ?)?f\. ?p"
        ),
        r"tribunalul|parchetul|inspectoratul",
    )
)
"""Whose names stand above that of the office that writes, from the highest; all others write."""
_COUNTIES = "|".join(fold(name).lower() for name in COUNTIES)
_HEADS = re.compile(
    r"(?:caminul (?:cultural|de|pentru)|postul de politie|avocatul poporului|partidul|antrepriza|exploatarea|santierul"
    r"|inspectorat(?:ul)?|ministerul|guvernul|agentia|autoritatea(?! tutelara)|oficiul|scoala|liceul|colegiul|gradinita"
    r"|universitatea|spitalul|cabinet(?:ul)? (?:medical|de avocat|individual)|judecatoria|tribunalul|curtea"
    r"|parchetul|penitenciarul|institutia prefectului|prefectura|compania|societatea|regia|parohia"
    r"|protopopiatul|episcopia|arhiepiscopia|manastirea|asociatia|fundatia|federatia|sindicatul|clubul"
    r"|camera|casa (?:judeteana|nationala|de|corpului)|arhivele|garda|garnizoana|jandarmeria|ocolul silvic"
    r"|biserica|comunitatea|obstea|composesoratul|sfatul popular|notariatul|procuratura|militia|intreprinderea|cooperativa|trustul|centrala|uzina|fabrica"
    r"|combinatul|gospodaria agricola|grupul scolar|gimnaziul|seminarul|dispensarul|policlinica|circumscriptia"
    r"|statiunea|sucursala|filiala|depozitul|uniunea|executor\w* judecatoresc|inspectia|curtea|mitropolia"
    r"|(?:birou|cabinet|societate) (?:individual|notarial|de avocat|profesional)\w*"
    r"|administratia (?:financiara|bazinala|parcului|de)|circa"
    r"|(?:d\. ?g\. ?(?:r\. ?)?f\. ?p|d\. ?g\. ?a\. ?s\. ?p\. ?c|o\. ?c\. ?p\. ?i|a\. ?j\. ?o\. ?f\. ?m|d\. ?s\. ?[pv]|i\. ?[sp]\. ?j"
    r"|i\. ?t\. ?m|i\. ?s\. ?u|c\. ?a\. ?p|g\. ?a\. ?c|i\. ?a\. ?s|s\. ?m\. ?a|i\. ?j\. ?g\. ?c\. ?l|i\. ?g\. ?c\. ?l|r\. ?a\. ?g\. ?c\. ?l|a\. ?p\. ?m)"
    r"(?=\.? [a-z]{3})"
    r"|muzeul|biblioteca (?:judeteana|nationala)|centrul (?:judetean|national|regional|medical|scolar|de)"
    r"|institutul|banca|barou\w*|biroul (?:notarial|executorului|individual notarial)"
    r"|administratia (?:judeteana|finantelor|nationala|bazinala|fondului)"
    r"|unitatea militara|centrul militar|consiliul judetean(?= [a-z]{3})"
    r"|directia (?:de sanatate|sanitar\w*|pentru agricultura|agricola|silvica|regional\w*|judeteana"
    r"|generala a finantelor|generala regionala|finantelor|muncii|de munca|de statistica|apelor|de drumuri"
    r"|(?:generala )?de asistenta sociala si protectia copilului (?!sector)))\b"
)
_PART = re.compile(
    r"(?:filiala|sucursala|exploatarea|antrepriza|santierul|agentia (?:locala|teritoriala)|biroul teritorial|punctul de lucru"
    r"|centrul (?:judetean|regional|operational|zonal|local))\b"
)
"""Parts of an institution that bear its name."""
_PERSON_S = re.compile(
    r"(?:(?:biroul?|cabinet|societate) (?:individual |profesional\w )?(?:notarial\w?|de avocat|medical)(?: individual)?"
    r"|(?:biroul )?executorului judecatoresc|executor judecatoresc)\W{0,2}"
)
_PERSON = re.compile(r"(?:[A-Z][A-Za-z.'-]+ ){1,3}[A-Z][A-Za-z'-]+")
_DIRECTION = re.compile(rf"directia\b.*\b(?:{_COUNTIES})$")
_POLICE = re.compile(r"politia (?:municipiului|orasului|comunei|statiunii|rurala|judetului)\b")
_FIRM = re.compile(
    r"(?:s\. ?c\. ?|sc )?[a-z0-9&.,' -]{2,60}?\b(?:s\. ?r\. ?l|srl|s\. ?a|sa|p\. ?f\. ?a|pfa|s\. ?n\. ?c|snc|r\. ?a)\b\.?"
)
_OURS = re.compile(
    r"(?:u\.? ?a\.? ?t\.?|unitatea administrativ|primaria|primarul|comuna|orasul|municipiul|sectorul"
    r"|consiliul (?:local|general))\b"
)
STAMP = re.compile(r"\W{0,3}(?:nr\.?\s?(?:de\s)?)?(?:intrare|iesire|inregistrat\w*|registratura)\b")
_OF_A_COUNTY = re.compile(rf"\b(?:{_COUNTIES})\b")
_COUNTY = re.compile(rf"(?:{_COUNTIES})\W{{0,2}}")
_OF_COUNTY = re.compile(rf"judetului (?:{_COUNTIES})\W{{0,2}}")
_THE_COUNTY = re.compile(rf"judetul (?:{_COUNTIES})\W{{0,2}}")
_PREFECT = re.compile(r"(?:institutia prefectului|prefectura)\W{0,2}$")
_GOES_ON = re.compile(r'(?:si|a|al|ale|de|din|pentru)\b|"')
_UNENDED = re.compile(r"\b(?:si|a|al|ale|de|din|pentru)$")
_CAPITALS = re.compile(r"[A-Z][A-Z.'-]+")
_OTHER_HAND = re.compile(r"\s(?!Nr\b)[A-Z][a-z]{2,}")
"""Where the right column begins beside a name in capitals."""
_BARE_NAME = re.compile(r"[A-Z][A-Za-z'-]+(?: (?:de |din |la |cu )?[A-Z][A-Za-z'-]+){0,3}")
_WRAPPED = re.compile(r"[A-Z][A-Z'-]+(?: [A-Z][A-Z'-]+)?")
_PLAIN = re.compile(
    r"\W{0,3}(?:romania|republica|judetul|jud|comuna|orasul|municipiul|sectorul|sector|satul|loc|localitatea|str|strada"
    r"|bd|bulevardul|calea|aleea|piata|tel|telefon|fax|e-?mail|www|http\w*|cod|c\.?[ui]\.?[if]|nr|numar\w*|data|dosar"
    r"|sectia|compartiment\w*|serviciul|biroul|secretariat\w*|cabinet\w*|direct(?:ia|or)|departament\w*|cont"
    r"|iban|reg|capital|operator|intrat[a]?|intrare[a]?|iesire|inreg\w*|registratur\w*|sediul|adresa|exemplar\w*"
    r"|nesecret|catre|emis\w*|termen|program|ziua|trezoreria|banca|j\d+|ro\d+|primari\w+|primarul|consiliul|aprob\w*"
    r"|avizat|vizat|se aproba)\b|.*[\d@]"
)
"""What a line under a letterhead's name may tell that is no other institution."""
_AFTER = re.compile(
    r"\s*(?:[,;|(]|\s[-–]\s(?!jud)|\b(?:nr\.? ?\d{3,}|nr\.? ?(?:inreg|din)|tel|fax|cui|cif|c\.u\.i|c\.i\.f|cod|str|sediul|j\d"
    r"|intrare|strada|bd|calea|e-?mail|cont|data(?=\W{1,3}\d)|exemplar|nesecret|operator de date|secret de serviciu)\b"
    r"|\s(?:www\.|https?:)"
    r"|(?<!\bal)(?<!\ba)(?<!\blanga)(?<!\bde)\s(?:se aprob|aprobat\b|avizat\b|vizat\b|catre\b|domnul|doamn|primar(?:ia|ul)?\b"
    r"|consiliul (?:local|popular)|inregistrat|termen\b|proiect\b|urgent\b|romania$))"
)
"""What in a line is no more the name that it begins with, but the right column's."""
_LEFT = re.compile(
    rf"(?:romania|judetul (?:{_COUNTIES})|nesecret|exemplar nr\.? ?\d+|nr\.? ?\d\S{{0,20}}) (?=[a-z])"
)
_PLACED = re.compile(r" ([A-Z][A-Za-z-]+), (?:la )?\d")
"""The town before a day in the right column, which looks like the end of the name."""


def _behind_left(context: Context, start: int, end: int) -> int:
    """Where an institution's name begins that stands right of the state, the county or a number."""
    left = _LEFT.match(context.view.lower, start, end)
    named = left and _HEADS.match(context.view.lower, left.end(), end)
    return left.end() if left and named else start


def _line_name(context: Context, start: int, end: int) -> tuple[int, int] | None:
    """Where a line that begins with an institution's name holds it."""
    end = left_column(context, start, end)
    lower = context.view.lower[start:end].replace("\n", " ")
    if len(lower.split()) > LONGEST:
        return None
    head = _HEADS.match(lower) or _POLICE.match(lower)
    if head is None and (direction := _DIRECTION.match(lower)):
        return start, start + direction.end()
    if head is None:
        firm = _FIRM.match(lower)
        return (start, start + firm.end()) if firm else None
    stop = _AFTER.search(lower, head.end())
    last = stop.start() if stop else len(lower)
    town = _PLACED.search(context.view.text[start:end], head.end())
    if town and gazetteer().knows(town[1]):
        last = min(last, town.start())
    name = lower[:last].rstrip(" :-")
    return start, start + len(name if _FIRM.fullmatch(name) else name.rstrip(" ."))


def left_column(context: Context, start: int, end: int) -> int:
    """Where a line in capitals turns into words of another hand: the right column."""
    text = context.view.text
    words = text[start:end].split()
    if len(words) < 3 or not all(map(_CAPITALS.fullmatch, words[:2])):
        return end
    other = _OTHER_HAND.search(text, start, end)
    return other.start() if other else end


def _whole_end(context: Context, places: list[tuple[int, int]], number: int, start: int) -> int:
    """Where a name that begins at a place ends: it may go on in the next line of the letterhead."""
    end = places[number][1]
    lower = context.view.lower
    if number + 1 < len(places) and (
        _GOES_ON.match(lower, *places[number + 1])
        or _COUNTY.fullmatch(lower, *places[number + 1])
        or _UNENDED.search(lower, start, end)
        or (
            _PERSON_S.fullmatch(lower, start, end)
            and _PERSON.fullmatch(context.view.text, *places[number + 1])
        )
        or _OF_COUNTY.fullmatch(lower, *places[number + 1])
        or (_PREFECT.match(lower[start:end]) and _THE_COUNTY.fullmatch(lower, *places[number + 1]))
    ):
        return places[number + 1][1]
    return end


@dataclass(frozen=True, slots=True)
class Named:
    """An institution of a letterhead: how near to who writes (0 the government), its places, its sureness."""

    level: int
    start: int
    end: int
    more: str
    sure: float


def _level(lower: str, start: int) -> int:
    found = (n for n, heads in enumerate(_LEVELS) if heads.match(lower, start))
    return next(found, len(_LEVELS))


def _named(context: Context, places: list[tuple[int, int]]) -> Iterator[Named]:
    """The institutions of the lines before the city hall's own name."""
    lower, told = context.view.lower, 0
    for number, (start, end) in enumerate(places[:FIRST]):
        if start < told:
            continue
        following = places[number + 1][0] if number + 1 < len(places) else len(lower)
        line = start
        start = _behind_left(context, start, end)  # noqa: PLW2901 - the line's own part
        if _OURS.match(lower, start, end):
            if STAMP.match(lower, following):
                continue
            return
        name = _line_name(context, start, _whole_end(context, places, number, start))
        if name and context.view.text[start].isupper():
            level = _level(lower, start)
            told = name[1]
            more = _wrapped(context, places, number, name[1]) or _town_below(context, name)
            sure = SUPERIOR if level <= MINISTRY else WHOLE
            if (
                more
                or line < start
                or not _understood(context, places, name[1])
                or _once(context, name)
            ):
                sure = min(sure, DOUBT)
            yield Named(level, *name, more, sure)


def _wrapped(context: Context, places: list[tuple[int, int]], number: int, end: int) -> str:
    """The rest of a name in a narrow left column, which the next line holds by itself."""
    text = context.view.text
    if number + 1 == len(places) or places[number][1] - end < 3:
        return ""
    below = text[slice(*places[number + 1])]
    alone = _WRAPPED.fullmatch(below) and text[places[number][0] : end].isupper()
    plain = _PLAIN.match(below.lower()) or _HEADS.match(below.lower())
    return f" {below}" if alone and not plain else ""


def _once(context: Context, name: tuple[int, int]) -> bool:
    """Whether a firm is named once only, so that nothing tells how well its name was read."""
    lower = context.view.lower
    words = lower[slice(*name)]
    firm = _FIRM.fullmatch(words) is not None and _HEADS.match(words) is None
    return firm and words.rstrip(". ") not in lower[name[1] :]


def _town_below(context: Context, name: tuple[int, int]) -> str:
    """The town that has the line under a name for itself, where the name does not hold it."""
    below = next((one for one in context.lines if one.start > name[1]), None)
    if below is None or not _BARE_NAME.fullmatch(below.text) or not below.text[-1].isalpha():
        return ""
    lower = below.text.lower()
    plain = _PLAIN.match(lower) or _HEADS.match(lower) or _OURS.match(lower)
    if plain or lower in context.view.lower[slice(*name)]:
        return ""
    again = re.search(rf"\b{re.escape(lower)}\b", context.view.lower[below.end :])
    town = again or gazetteer().knows(below.text)
    return f" {context.view.words(below.start, below.end)}" if town else ""


def _understood(context: Context, places: list[tuple[int, int]], end: int) -> bool:
    """Whether the line under a name is none that may be another institution's, or go on with it."""
    below = next((one for one in places if one[0] > end), None)
    if below is None:
        return True
    lower = context.view.lower
    known = _PLAIN.match(lower, *below) or _HEADS.match(lower, *below)
    return bool(known or _COUNTY.fullmatch(lower, *below))


def other_authority(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """The institution that the lines of a letterhead name, where it is not a city hall.

    Of several the one furthest from a ministry: the school, not its inspectorate.
    """
    named = list(_named(context, places))
    if not named:
        return None
    lowest = max(one.level for one in named)
    writing = [one for one in named if one.level == lowest]
    placed = [
        one for one in writing if _OF_A_COUNTY.search(context.view.lower[one.start : one.end])
    ]
    best = placed[0] if len(placed) == 1 else writing[0]
    value, sure = _whole_name(context, named, best), best.sure
    if len(writing) > 1 or value != _name(context, best):
        sure = min(sure, DOUBT)
    return Found("issuer", best.start, best.end, value, sure)


def _name(context: Context, one: Named) -> str:
    words = re.sub(r"\s[-–]\s", " ", context.view.words(one.start, one.end) + one.more)
    return re.sub(r"\bNR\b", "Nr", full_name(words))


def _whole_name(context: Context, named: Sequence[Named], best: Named) -> str:
    """The name; that of a branch behind the institution's of which it is one."""
    value = _name(context, best)
    above = [one for one in named if one.start < best.start]
    branch = above and _PART.match(context.view.lower, best.start)
    return f"{_name(context, above[-1])} {value}" if branch else value
