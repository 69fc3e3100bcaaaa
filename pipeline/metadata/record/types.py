# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""What kind of document this is: by its title, failing that by what it says of itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.metadata.classifier import classifiers
from pipeline.metadata.record.letters import reads_as_letter
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.titles import OTHER, SAYINGS, TITLES
from pipeline.metadata.text.vocabulary import FIRST_NAMES

UNKNOWN = "necunoscut"
PERMIT = "autorizație de construire"
THRESHOLD = 0.5
HEAD_LINES = 45
SHORTEST = 80  # characters of a text that the classifier has a say in
LEARNT = 0.7  # how sure the classifier must be to make a type doubtful
ALONE = 0.86  # how sure it must be to name one by itself
CERTAIN = 0.93  # how sure a title must be that no classifier makes doubtful
GUESS = 0.78  # the most that a type is sure which only the classifier, or only the rules, see
SIGNS = 0.62  # how sure a letter is that only its signs tell
_SCORE = 80.0
_SHORT, _SHORT_SCORE = 6, 88.0  # letters of a phrase that many a name is like

_PHRASES: dict[str, str] = {
    re.sub(r"[^a-z]", "", phrase): kind for kind, phrases in TITLES.items() for phrase in phrases
}
_CHOICES = tuple(_PHRASES)

_SAYINGS = tuple(
    (re.compile("|".join(patterns).replace(" ", r"\s")), kind, sure)
    for kind, sure, patterns in SAYINGS
)


@dataclass(frozen=True, slots=True)
class TypeFound:
    """The type, its confidence, and where its title stands in the view (0, 0 without one)."""

    kind: str
    confidence: float
    start: int = 0
    end: int = 0
    line: int = -1
    source: str = "rule"


@lru_cache(maxsize=16384)
def _phrase(letters: str) -> tuple[str, float]:
    """The nearest title phrase to a run of letters, and how near (0-100)."""
    if letters in FIRST_NAMES:
        return "", 0.0
    best = process.extractOne(letters, _CHOICES, scorer=fuzz.ratio, score_cutoff=_SCORE)
    if best is None or (len(best[0]) <= _SHORT and best[1] < _SHORT_SCORE):
        return "", 0.0
    return best[0], best[1]


def is_title(words: str) -> bool:
    """Whether the letters of folded words are a known title's, each of them: they were read right."""
    return _PHRASES.get(re.sub(r"[^a-z]", "", words.lower()), "") != ""


_WORD = re.compile(r"[A-Za-z0-9]+")
_LEAD = re.compile(r"^[^A-Za-z]{0,6}")


def _starts(line: TextLine, after: TextLine | None) -> Iterator[tuple[str, int]]:
    """Letters of the line's first one to six words, with the end of each run in the view."""
    lead = _LEAD.match(line.text)
    offset = lead.end() if lead else 0
    letters, count = "", 0
    for part in (line, after):
        if part is None or (part is after and count > 3):
            return
        for word in _WORD.finditer(part.text, offset if part is line else 0):
            letters += word[0].lower()
            count += 1
            if count > 6 or len(letters) > 48:
                return
            if len(letters) >= 4:
                yield letters, part.start + word.end()


def _style(line: TextLine, end: int) -> float:
    """How much a line looks like a title: capitals, shortness, nothing before it."""
    head = line.text[: max(0, end - line.start)] or line.text
    capitals = TextLine(0, 0, head).capitals
    rest = line.text[len(head) :].strip()
    if capitals > 0.75:
        return 1.0 if len(rest) < 60 or line.capitals < 0.7 else 0.9
    if not head[:1].isupper():
        return 0.35
    words = len(rest.split())
    numbered = re.match(r"\W{0,3}(?:nr\b|\d)", rest, re.IGNORECASE) is not None
    if rest[:1] == ":" and words:
        return 0.3
    if words <= 2 or numbered:
        return 0.85
    leads = re.match(r"(?:privind|pentru|de|al|a|din|incheiat)\b", rest, re.IGNORECASE)
    return 0.6 if leads and words <= 12 else 0.35


_BESIDE = re.compile(r"\s(?=[A-Z]{5,}(?: [A-Z]{2,}){0,4} N[Rr]\b)")
"""Where the right column of a head begins with a title: "Electrica S.R.L. FACTURA NR. 17"."""
_AT_END = re.compile(
    r"\s(?=(?P<title>[A-Z]{6,}(?:[ -]{1,3}[A-Z]{2,}){0,4})(?:$|\s(?:Cod|F-|Pag|Edi|Rev|Ex|Nr)))"
)
_GOES_ON = re.compile(
    r"\b(?:la|din|prin|de|si|privind|al|a|ale|pentru|cu|in|nr|sub|catre)\s*$", re.IGNORECASE
)
_RIGHT_LINES, _EXACT = 8, 95.0


def _ending_title(text: str) -> re.Match[str] | None:
    """Where a line ends with a title in capitals: "MUNICIPIUL X, JUDEȚUL Y DISPOZIȚIA"."""
    for place in _AT_END.finditer(text):
        letters = re.sub(r"[^a-z]", "", place["title"].lower())
        if _GOES_ON.search(text[: place.start()]) is None and _phrase(letters)[1] >= _EXACT:
            return place
    return None


def _right_column(line: TextLine) -> TextLine | None:
    """What begins as a title further on in a line of the head."""
    place = _BESIDE.search(line.text) or _ending_title(line.text)
    return place and TextLine(line.start + place.end(), line.end, line.text[place.end() :])


def _titles(lines: Sequence[TextLine]) -> Iterator[tuple[float, TypeFound]]:
    for number, line in enumerate(lines[:HEAD_LINES]):
        after = lines[number + 1] if number + 1 < len(lines) and len(line.text) < 40 else None
        beside = _right_column(line) if number < _RIGHT_LINES else None
        found = (_title(line, after, number), beside and _title(beside, None, number))
        yield from (one for one in found if one and one[1].kind)


_ENTERED = re.compile(r"\s(?:inreg|intrat|primit)")
"""Behind "cerere" in a corner of a permit: the request that it answers."""


def _title(line: TextLine, after: TextLine | None, number: int) -> tuple[float, TypeFound] | None:
    """The title that a line begins with, and how near it is to a known one."""
    best: tuple[float, TypeFound] | None = None
    for letters, end in _starts(line, after):
        phrase, score = _phrase(letters)
        if not phrase:
            continue
        rank = score / 100 + 0.012 * min(len(phrase), 30)
        sure = _certainty(line, number, end, phrase, score)
        if best is None or rank > best[0]:
            best = rank, TypeFound(_PHRASES[phrase], sure, line.start, end, number)
    return best


def _certainty(line: TextLine, number: int, end: int, phrase: str, score: float) -> float:
    position = 1.0 if number < 14 else max(0.6, 1.0 - 0.015 * (number - 13))
    if phrase == "adresa" and (end - line.start) < len(line.text):
        return 0.2
    if phrase == "cerere" and _ENTERED.match(line.text.lower(), end - line.start):
        return 0.2
    style = _style(line, end)
    style = max(style, 0.62) if number == 0 and line.text[:1].isupper() else style
    return round(score / 100 * style * position * 0.98, 3)


_PERMIT = re.compile(r"\W{0,3}autorizati[ae](?=\s?(?:nr\b|\d|$))")
_BUILDING = re.compile(
    r"\bleg(?:ea|ii)(?: nr\.?)? ?50\s?/\s?1991\b|\bexecutarea\s(?:lucrarilor|unor lucrari)\sde\sconstru"
)
_TOWN_HALL = re.compile(r"\W{0,3}(?:primari[ae]|comuna|orasul|municipiul|sectorul|u\.?a\.?t)\b")
CAPITALS = 0.75  # share of a title's letters
SHORT_PERMIT = 0.9  # how sure a title is that says no more than "AUTORIZAȚIE"


def _permit(lines: Sequence[TextLine], lower: str) -> Iterator[TypeFound]:
    """A building permit that is called "AUTORIZAȚIE nr. …" alone: its text tells what it allows."""
    for number, line in enumerate(lines[:HEAD_LINES]):
        title = _PERMIT.match(line.text.lower())
        if title and line.text[: title.end()].isupper() and _BUILDING.search(lower):
            end = line.start + title.end()
            yield TypeFound(PERMIT, SHORT_PERMIT, line.start, end, number)


_PROPOSES = re.compile(
    r"\b(?:propun(?:em)?\b|propunerea\b|supunem (?:spre )?(?:aprobar|dezbater)|se propune\b)"
)
_DEPARTMENT = re.compile(r"\W{0,3}(?:directia|serviciul|biroul|compartiment\w*)\b")
_ACTIVITY = re.compile(r"\braport\b[^.]{0,80}\bactivit")
_OF = re.compile(r"\W{0,3}(?:de|al|asupra)\b")
"""How a title goes on in the next line: "RAPORT" over "de anchetă socială"."""
_REPORT = re.compile(r"\W{0,3}raport\W{0,3}(?:nr\b.*)?")


def _proposal(lines: Sequence[TextLine], lower: str) -> Iterator[TypeFound]:
    """A department's report that proposes something: a "referat", though it says "RAPORT" alone."""
    for number, line in enumerate(lines[:HEAD_LINES]):
        goes_on = any(_OF.match(one.text.lower()) for one in lines[number + 1 : number + 2])
        if _REPORT.fullmatch(line.text.lower()) and line.capitals > CAPITALS and not goes_on:
            head = [one.text.lower() for one in lines[:number]]
            own = any(map(_TOWN_HALL.match, head))
            to_approve = any(map(_DEPARTMENT.match, head)) and not _ACTIVITY.search(lower)
            if own and (to_approve or _PROPOSES.search(lower)):
                yield TypeFound("referat", GUESS, line.start, line.end, number)


def find_type(lines: Sequence[TextLine], lower: str) -> TypeFound:
    """The document's type from its first lines; "necunoscut" rather than a guess.

    `lower` is the folded text in lower case; what it says of itself helps where no title is sure,
    and a classifier of its words has a say in how sure that is.
    """
    ruled = _by_rules(lines, lower)
    if len(lower) < SHORTEST:
        return ruled
    learnt, share = classifiers()["type"].chances(lower)[0]
    return _agreed(ruled, learnt, round(share, 3))


def _agreed(ruled: TypeFound, learnt: str, share: float) -> TypeFound:
    """Of the rules' type and the classifier's: both, the rules', or the classifier's as a guess.

    On papers of templates it never saw the classifier alone is right in six of seven: never sure.
    """
    sure = ruled.confidence
    if ruled.kind == learnt:
        return replace(ruled, confidence=round(max(sure, min(0.97, sure + 0.2 * share)), 3))
    if ruled.kind == UNKNOWN:
        known = share >= ALONE and learnt != OTHER
        return TypeFound(learnt, round(GUESS * share, 3), source="model") if known else ruled
    if share < LEARNT or sure >= CERTAIN:
        return ruled
    return replace(ruled, confidence=round(min(sure, GUESS), 3))


def _by_rules(lines: Sequence[TextLine], lower: str) -> TypeFound:
    """The type by its title, failing that by what the paper says of itself."""
    titles = [*(found for _, found in _titles(lines)), *_permit(lines, lower)]
    proposal = next(_proposal(lines, lower), None)
    if proposal is not None:
        return proposal
    best = max(titles, key=lambda t: t.confidence - 0.004 * t.line, default=None)
    if best is not None and best.confidence >= THRESHOLD and best.kind != OTHER:
        return best
    sayings = (
        TypeFound(kind, sure) for words, kind, sure in _SAYINGS if words.search(lower[:6000])
    )
    said = max(sayings, key=lambda s: s.confidence, default=None)
    if best is not None and best.confidence >= max(THRESHOLD, said.confidence if said else 0):
        return best
    if said is None and reads_as_letter(lines, lower):
        return TypeFound("adresă", SIGNS)
    return said or TypeFound(UNKNOWN, round(1 - (best.confidence if best else 0.2), 3))
