"""Other institutions whose letterhead a paper bears: courts, schools, prefects, firms, parishes.

A city hall's archive is full of their letters; the city hall stands in them as who is addressed,
or in the stamp of its registry.
"""

import re
from collections.abc import Iterator

from pipeline.metadata.entities.institutions import full_name
from pipeline.metadata.record.numbers import Context
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import COUNTIES

LONGEST = 14  # words of a line that is an institution's name
FIRST = 8  # lines in which a letterhead names it
WHOLE, SUPERIOR = 0.82, 0.6
"""How sure the institution of a line is, and one that may only stand above who writes."""
_SUPERIOR = re.compile(
    r"(?:ministerul|guvernul|agentia nationala|autoritatea nationala|inspectoratul general|patriarhia"
    r"|uniunea nationala|camera notarilor|regia nationala|consiliul judetean|directia silvica|arhiepiscopia|episcopia|consiliul superior|casa nationala)\b"
)
_COUNTIES = "|".join(fold(name).lower() for name in COUNTIES)
_HEADS = re.compile(
    r"(?:inspectorat(?:ul)?|ministerul|guvernul|agentia|autoritatea|oficiul|scoala|liceul|colegiul|gradinita"
    r"|universitatea|spitalul|cabinet(?:ul)? (?:medical|de avocat|individual)|judecatoria|tribunalul|curtea"
    r"|parchetul|penitenciarul|institutia prefectului|prefectura|compania|societatea|regia|parohia"
    r"|protopopiatul|episcopia|arhiepiscopia|manastirea|asociatia|fundatia|federatia|sindicatul|clubul"
    r"|camera|casa (?:judeteana|nationala|de|corpului)|arhivele|garda|garnizoana|jandarmeria|ocolul silvic"
    r"|muzeul|biblioteca (?:judeteana|nationala)|centrul (?:judetean|national|regional|medical|scolar|de)"
    r"|institutul|banca|barou\w*|biroul (?:notarial|executorului|individual notarial)"
    r"|administratia (?:judeteana|finantelor|nationala|bazinala|fondului)"
    r"|unitatea militara|centrul militar|consiliul judetean(?= [a-z]{3})"
    r"|directia (?:de sanatate|sanitar\w*|pentru agricultura|agricola|silvica|regional\w*|judeteana"
    r"|generala a finantelor|generala regionala|finantelor|muncii|de munca|de statistica|apelor|de drumuri"
    r"|(?:generala )?de asistenta sociala si protectia copilului (?!sector)))\b"
)
_DIRECTION = re.compile(rf"directia\b.*\b(?:{_COUNTIES})$")
_POLICE = re.compile(r"politia (?:municipiului|orasului|comunei|statiunii|rurala|judetului)\b")
_FIRM = re.compile(
    r"(?:s\. ?c\. ?|sc )?[a-z0-9&.,' -]{2,60}?\b(?:s\. ?r\. ?l|srl|s\. ?a|sa|p\. ?f\. ?a|pfa|s\. ?n\. ?c|snc|r\. ?a)\b\.?"
)
_OURS = re.compile(
    r"(?:u\.? ?a\.? ?t\.?|unitatea administrativ|primaria|primarul|comuna|orasul|municipiul|sectorul"
    r"|consiliul (?:local|general))\b"
)
STAMP = re.compile(r"\W{0,3}(?:intrare|iesire|inregistrat\w*|registratura)\b")
_COUNTY = re.compile(rf"(?:{_COUNTIES})\W{{0,2}}")
_GOES_ON = re.compile(r"(?:si|a|al|ale|de|din|pentru)\b")
_AFTER = re.compile(
    r"\s*(?:[,;|(]|\s[-–]\s(?!jud)|\b(?:nr\.? ?\d{3,}|nr\.? ?(?:inreg|din)|tel|fax|cui|cif|c\.u\.i|c\.i\.f|cod|str|sediul|j\d"
    r"|intrare|strada|bd|calea|e-?mail|cont)\b)"
)


def _line_name(context: Context, start: int, end: int) -> tuple[int, int] | None:
    """Where a line that begins with an institution's name holds it."""
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
    name = lower[:last].rstrip(" :-")
    return start, start + len(name if _FIRM.fullmatch(name) else name.rstrip(" ."))


def _whole_end(context: Context, places: list[tuple[int, int]], number: int) -> int:
    """Where a name ends that goes on in the next line of the letterhead."""
    end = places[number][1]
    if number + 1 < len(places) and (
        _GOES_ON.match(context.view.lower, *places[number + 1])
        or _COUNTY.fullmatch(context.view.lower, *places[number + 1])
    ):
        return places[number + 1][1]
    return end


def _named(context: Context, places: list[tuple[int, int]]) -> Iterator[tuple[bool, int, int]]:
    """The institutions of the lines before the city hall's own name, and whether each is superior."""
    lower = context.view.lower
    for number, (start, end) in enumerate(places[:FIRST]):
        following = places[number + 1][0] if number + 1 < len(places) else len(lower)
        if _OURS.match(lower, start, end):
            if STAMP.match(lower, following):
                continue
            return
        name = _line_name(context, start, _whole_end(context, places, number))
        if name and context.view.text[start].isupper():
            yield _SUPERIOR.match(lower, start) is not None, *name


def other_authority(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """The institution that the lines of a letterhead name, where it is not a city hall.

    Of several the first that is not a superior one: the school inspectorate, not its ministry.
    """
    named = list(_named(context, places))
    if not named:
        return None
    superior, start, end = next((one for one in named if not one[0]), named[-1])
    words = re.sub(r"\s[-–]\s", " ", context.view.words(start, end))
    value = re.sub(r"\bNR\b", "Nr", full_name(words))
    return Found("issuer", start, end, value, SUPERIOR if superior else WHOLE)
