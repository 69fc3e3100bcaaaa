# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""What a document is about, in its own words."""

import re
from itertools import islice, takewhile

from pipeline.metadata.record.context import Context
from pipeline.metadata.record.numbers import CITIZENS, CIVIL
from pipeline.metadata.record.types import UNKNOWN
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.vocabulary import MONTH_NAMES

LONGEST = 300
MOST = 25
_ABOUT = re.compile(
    r"\b(?P<about>avand (?:ca|drept) obiect|privind|privitor la|referito(?:r|are) la|cu privire la|privitoare la)\b[ :,]{0,3}\s?"
    r"|\b(?P<label>obiect(?:ul)?(?: cererii| contractului| petitiei| lucrari(?:i|lor)| autorizatiei)?|subiect(?:ul)?|scopul(?: eliberarii)?|ref(?:eritor)?|pentru(?=\s?:)"
    r"|in scopul)\s?[.:]{1,2}\s{0,3}"
    r"|\b(?P<works>lucrari(?:lor|le)? de construire(?: pentru)?\s?:|(?m:^)\W{0,3}(?:\d\W{1,3})?"
    r"(?:lucrari(?:le)? autorizat[a-z]{1,2}|denumirea lucrari[a-z]{1,3})(?:\s?:|\s?\n))\s{0,3}"
    r"|(?P<for>(?:\n[ ]{0,80}|[ ]{1,3})-?[ ]?pentru\b)\s{1,3}"
    r"|\bva (?:rog|rugam)\b[^.;:]{0,40}?\bsa\b(?:[\s-](?:imi|ne|mi|binevoiti a))?\s(?P<ask>[a-z]{3,14}ti)\s"
    r"|\bse autorizeaza\s?:\s{0,3}(?P<authorised>)"
)
_STARTS = re.compile(
    r"\W{0,4}(?:consiliul|comitetul executiv|primarul|primaria|avand|vazand|in (?:temeiul|baza|conformitate|drept)|tinand|conform"
    r"|subsemnat|catre|stimate?|art\b|analizand|luand|examinand|urmare|hotara|dispune|decide|nr\b"
    r"|incheiat|va (?:rog|rugam|comunic)|numele|cnp|domnul|pe imobilul|prezent|data|potrivit|- pe|inregistrat|beneficiar|titular\b|solicitant"
    r"|seria|capitolul|i\.|1\.|se autoriz|valoarea|ca urmare)"
)
_REPUBLISHED = re.compile(r"[ ,\n]*(?:republicat[a]?|cu modificarile[a-z ]{0,30})?[ ,\n]*")
_ENDS = re.compile(
    r",?\s(?:(?:va )?(?:comunicam|facem cunoscut|transmitem|informam|rog|rugam|inaintam|aducem)|solicit\b"
    r"|pe (?:terenul|imobilul) (?:in suprafata|situat|aflat|din|proprietat)|intrunit)"
    r"|,? incheiat[a]? (?:azi|astazi)|, (?:executat|realizat|contractat)[a]? (?:in (?:cadrul|baza)|de)\b|;"
)
_NUMBERED = re.compile(rf"\b(?:nr|din|data|de|seria|numarul|{'|'.join(MONTH_NAMES)})\b")
_ANSWERS = re.compile(r"\b(?:urmare|raspuns|raspunsul|legatura)\b[^.;]{0,220}$")
_GOES_ON = re.compile(
    r"\b(?:raza|teritoriul|comunei|orasului|municipiului|judetului|sectorului|strada|strazii|strazile|strazilor|str\."
    r"|nr\.|de|din|a|al|ale|si|la|pe|in|cu|pentru|privind)$"
)
_TO_PERSON = re.compile(r"\b(?:d-?lui|d-?nei|domnului|doamnei|dlui|dnei|numitului|numitei)\b")
_PERMITTED = re.compile(
    r"executarea\s(?:lucrarilor|unor lucrari)\sde\s(?:construi|desfiint|constructi)\w+"
)
"""How the title of a permit goes on, whatever it permits."""
_SHORTENED = re.compile(
    r"\b(?:nr|art|str|com|jud|mun|loc|bd|sf|dr|lit|alin|pct|bl|sc|ap|et|cap|s\.c|st|gen|ing|arh|prof|[a-z])\.$"
)


def _next_breaks(context: Context, line: TextLine, following: TextLine) -> bool:
    """Whether the subject ends with this line."""
    gap = context.view.text[line.end : following.start]
    if _GOES_ON.search(line.text.lower()) and gap.count("\n") <= 1:
        return False
    if gap.count("\n") > 1 or _STARTS.match(following.text.lower()):
        return True
    ends = line.text.rstrip()
    if ends.endswith((".", ":", ";")) and not _SHORTENED.search(ends.lower()):
        return True
    if following.capitals > 0.75 and line.capitals < 0.5 and len(following.text) > 5:
        return True
    if not following.text[:1].isupper():
        return False
    full = _width(context)
    return len(line.text) < 0.85 * full or len(following.text) > 0.8 * full


def _width(context: Context) -> int:
    """The length of a full line."""
    return max((len(line.text) for line in context.lines[:60]), default=0)


def _end(context: Context, start: int) -> int:
    lines = context.lines
    at = next((n for n, line in enumerate(lines) if line.end > start), len(lines) - 1)
    while at + 1 < len(lines) and lines[at].end - start < LONGEST:
        if _next_breaks(context, lines[at], lines[at + 1]):
            break
        at += 1
    return lines[at].end


def _clause(context: Context, start: int) -> tuple[int, int]:
    """From `start` to the end of the clause, at most LONGEST, cut between words."""
    end = max(start, _end(context, start))
    stop = _ENDS.search(context.view.lower, start + 3, end)
    end = stop.start() if stop else end
    sentence = _sentence_end(context.view.text, start, end)
    end = min(end, sentence)
    if end - start > LONGEST:
        cut = context.view.text.rfind(" ", start, start + LONGEST)
        end = cut if cut > start else start + LONGEST
    return start, end


def _sentence_end(text: str, start: int, end: int) -> int:
    for match in re.finditer(r"[.][ \n]+(?=[A-Z])", text[start:end]):
        if not _SHORTENED.search(text[start : start + match.start() + 1].lower()):
            return start + match.start()
    return end


def _trim(context: Context, start: int, end: int) -> tuple[int, int]:
    text = context.view.text
    while start < end and (text[start].isspace() or text[start] in "-:,.*"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in "-:,.;*"):
        end -= 1
    numbered = _ITEM.match(text, start, end)
    start = numbered.end() if numbered else start
    named = _NAMED_WORKS.fullmatch(text, start, end)
    if named is not None:
        return named.span(1)
    quotes = text.count('"', start, end)
    if quotes == 1 or (quotes == 2 and text[start] == '"' == text[end - 1]):
        start += text[start] == '"'
        end -= end > start and text[end - 1] == '"'
    return start, end


_ITEM = re.compile(r"\(\d{1,2}\)\s{1,3}")
"""A form's number of the line."""
_NAMED_WORKS = re.compile(
    r'(?:(?:lucrare|investitie|obiectiv)\w{0,5}(?: \w+){0,3}:? )"([^"\n]{8,}(?:\n[^"\n]+)?)"'
)
"""Works that are called by their name: lucrarea „Asfaltare străzi”."""
ACTS = frozenset({"hotărâre", "dispoziție"})
ANSWERED = 0.78  # how sure the subject of what a letter answers is the letter's own
CAPITALS, HEADED, HEADING = 0.75, 0.72, 4
_DOES = re.compile(r"\W{0,3}(?:[a-z]{4,}(?:area|irea|erea)|modificarea|privind)\b")
LONG = 200  # characters of a clause that may have run on into what follows
_NEXT = re.compile(r"\n\s*[A-Z][a-z]")
"""A line that may begin another sentence, whose full stop before it was not printed or not read."""


def find_subject(context: Context) -> Found | None:
    """The clause after "privind", "Obiectul:", … in the head; its words as given."""
    title = context.kind
    if title.kind == CIVIL:
        return None
    chances = []
    matches = _ABOUT.finditer(context.view.lower, title.start, title.end + 2500)
    for match in islice(matches, MOST):
        start, end = _trim(context, *_clause(context, match.end()))
        asked = match["ask"] and title.kind not in {*CITIZENS, UNKNOWN}
        title_on = _PERMITTED.fullmatch(context.view.lower, start, end)
        if end - start < 4 or asked or title_on or _of_an_act(context, match):
            continue
        distance = context.view.text.count("\n", title.end, match.start())
        between = context.view.lower[title.end : match.start()]
        chances.append(
            (_worth(match, distance, between, bool(title.end)), -match.start(), start, end)
        )
    heading = _heading(context)
    if heading is not None:
        chances = [one for one in chances if not heading[0] <= -one[1] < heading[1]]
        chances.append((HEADED, -heading[0], *heading))
    worth, _, start, end = max(chances, default=(0.0, 0, 0, 0))
    if worth < 0.4:
        return None
    value = context.view.quote(start, end)
    named = any(s.label == "PERSON" and s.overlaps(start, end) for s in context.spans)
    if named or _TO_PERSON.search(context.view.lower, start, end):
        worth = min(worth, 0.75)
    if end - start > LONG or _NEXT.search(context.view.text, start, end):
        worth = min(worth, 0.78)
    return Found("subject", start, end, value, round(worth, 2)) if value else None


def _heading(context: Context) -> tuple[int, int] | None:
    """The capitals under an act's title that say what it does: "STABILIREA CHIRIEI PENTRU …"."""
    title = context.kind
    below = context.lines[title.line + 1 : title.line + 1 + HEADING] if title.end else ()
    lines = tuple(takewhile(lambda line: line.capitals >= CAPITALS, below))
    if title.kind not in ACTS or not lines or not _DOES.match(lines[0].text.lower()):
        return None
    goes_on = tuple(takewhile(lambda line: not _STARTS.match(line.text.lower()), lines[1:]))
    return _trim(context, lines[0].start, (lines[0], *goes_on)[-1].end)


def _of_an_act(context: Context, match: re.Match[str]) -> bool:
    """Whether the words say what a cited act is about: "Legea nr. 50/1991, privind …"."""
    if not match["about"] and not match["for"]:
        return False
    lower, start = context.view.lower, match.start()
    return any(
        act.overlaps(start, match.end())
        or (act.end <= start <= act.end + 60 and _REPUBLISHED.fullmatch(lower, act.end, start))
        for act in context.spans
        if act.label == "ACT_REF" and act.start > context.kind.end
    )


def _worth(match: re.Match[str], distance: int, between: str, titled: bool) -> float:
    """How likely the clause is the subject: by its introduction and its distance to the title."""
    if match["label"]:
        return 0.82 - 0.01 * min(distance, 30)
    if match["works"] or match["authorised"] is not None:
        return 0.85
    if match["about"]:
        return _worth_of_about(distance, between, titled=titled)
    if match["for"]:
        letters = _NUMBERED.sub("", between).strip(" \n.,:;/-_")
        return 0.75 if titled and distance <= 3 and not re.search("[a-z]", letters) else 0.0
    return 0.66 - 0.005 * min(distance, 30)


def _worth_of_about(distance: int, between: str, *, titled: bool) -> float:
    if _ANSWERS.search(between):
        return ANSWERED
    if titled and distance <= 4:
        return 0.84 - 0.03 * distance
    return 0.62 - 0.01 * distance if distance <= 16 else 0.0
