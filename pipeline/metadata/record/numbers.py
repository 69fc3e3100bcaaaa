# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""A document's own number and date, and its registry number and date."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import process

from pipeline.metadata.forms.dates import DIGIT
from pipeline.metadata.record.types import TypeFound
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import View

HEAD = 3500
FURTHER = 1200
ROWS = 3  # lines that begin with a number and its date: a table
NEXT = 3  # lines under a title in which its number may stand
ALONE = 120  # letters behind a title in which a number alone in its line is still the head's
COLUMN = 8  # lines of a letterhead
CIVIL = "certificat de stare civilă"
OWN_NUMBER = frozenset(
    (
        "hotărâre",
        "dispoziție",
        "autorizație de construire",
        "certificat de urbanism",
        "contract",
        "factură",
    )
)
"""Papers with a number of their own, which no registry gives."""
ACTS = frozenset({"hotărâre", "dispoziție"})
CITIZENS = frozenset({"cerere", "petiție", "declarație fiscală"})

_LIKE = "[0-9oil|zsb]"
_DIGITS = (
    r"(?:[a-z]{2,6}[/-]?|[a-z][/-])?"
    rf"(?:\d{{1,3}}(?:\.\d{{3}}){{1,2}}|(?=[oil|zsb]{{0,2}}\d)(?:\d{{1,7}}(?=bis|ter)|\d{{8,10}}|{_LIKE}{{1,7}}))"
)
_NUMBER = rf"(?P<number>{_DIGITS}(?:[/-](?!{DIGIT}{{1,2}}[./-])(?!(?:19|20)\d\d)[a-z0-9]{{1,6}})?)(?=(?:bis|ter)?(?![0-9a-z|]))"
_LETTERS = str.maketrans("oil|zsb", "0111256")
_NR = (
    r"(?:(?<![a-z0-9])(?:n[rnti1j]|[jmhi]r)|(?<=[a-z])nr(?=[ .:]{0,2}\d)|\bnumar(?:ul)?|\bno|(?<![a-z0-9])n[°º]|№)\s?[.:,]{0,2}[\s._]{0,30}"
    r"(?:(?:/|si)\s?data\s?[.:]?\s{1,3})?"
    r"(?:(?:act(?:ului)?|document(?:ului)?|factur(?:a|ii)|contract(?:ului)?|hotararii|dispozitiei"
    r"|decizi(?:e|ei)|autorizatiei|certificatului)\s?[.:]?\s{1,3})?"
)
_OWN = re.compile(_NR + _NUMBER)
_BARE = re.compile(rf"\s{{0,3}}{_NUMBER}(?=\s?/|\s{{1,2}}din\b)")
_REGISTRY = re.compile(
    r"(?:\b(?:nr|numar(?:ul)?)\b\s?[.:]?\s{0,2}(?:de\s)?(?:inreg\w*|intrare\w*|registr\w*|ies\w*)"
    r"|\binreg\w*|\bintrare|\bintrat[a]?|\biesire|\bregistratura|\bprimit[a]?\b[^\n]{0,40}?\s(?=cu|sub))[.:]?"
    r"(?:\s{0,3}(?:generala|la|sub|cu|primariei)\b:?){0,2}"
    r"\s{0,3}(?:(?:nr|numar(?:ul)?)\b\s?[.:,]{0,2})?\s{0,3}" + _NUMBER
)
_LEADING = re.compile(r"[^a-z0-9\n]{0,4}(?:[a-z1|]{1,3}[^a-z0-9\n]{1,3})?" + _NUMBER)
_OF_ANOTHER = re.compile(
    r"\b(?:cerer(?:e|ea|ii)|adres(?:a|ei)|referat(?:ul|ului)|raport(?:ul|ului)|petiti(?:a|ei)|legi?(?:ea|i|ii)"
    r"|sesiz\w+|dosar(?:ul|ului)?)\W{1,3}(?:\w{2,12}\W{1,2})?$"
)
"""Words behind which the number of another paper stands."""
_UNDER = re.compile(r"\b(?:incheiat|emis|eliberat|intocmit)[a]?\b[^;]{0,40}\bsub $")
"""As in "încheiat la 8 mai 2023, sub nr. 144": the paper's own."""
_MISREAD = re.compile(r"\W{0,3}n[a-z1j]\s?[.,:]\s?[a-z0-9|]*\d")
WEAK = 0.6
"""How sure a number is that may be another's: then its date is no surer."""
_AT_START = re.compile(r"[^a-z0-9]{0,4}" + _NR + _NUMBER)
_NOT_OWN = re.compile(
    r"\d|\b(?:str|strada|bl|ap|cererea|adresa|cont|tel|conform|anexa|legea|art|cui|cif)\b"
)
_CITING = re.compile(r"[a-z]{3,}[^\n]{8,}\bnr\.?\s{0,2}\n\s*$")
"""A line of text that ends with "nr.": the number that begins the next is another paper's."""
_STAMPS = ("intrare", "intrarea", "iesire", "inregistrat", "inregistrata", "inregistrare")
_STAMP_NUMBER = re.compile(r"[^a-z0-9\n]{1,3}(?:[a-z1|]{1,3}[^a-z0-9\n]{1,3})?" + _NUMBER)
_REGISTERED = re.compile(
    r"\binreg\w*\s{1,3}(?:(?:la|sub|cu)\s{1,3}){0,2}(?:n[a-z1][.,: ]{1,3})?" + _NUMBER
)
_WORDS = re.compile(r"[a-z]{5,14}")
_TO_DATE = re.compile(
    r"[\s._]{0,20}[/,.-]?\s{0,3}(?:(?:din|data|de|la|ziua|zi|luna|eliberat[a]?|emis[a]?|d[a-z1]{1,3}|[a-z]in|dat[a-z])\b[: ]?\s{0,3}){0,4}[:/]?[\s._]{0,20}$"
)
_BETWEEN_STOPS = re.compile(
    r"\b(?:privind|pentru|conform|baza|legea|legii|art|subsemnat\w*|catre|inreg\w*|str|strada"
    r"|referitor|anexa|bl|ap|in|temeiul|cont)\b"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules for fields look at."""

    view: View
    lines: tuple[TextLine, ...]
    kind: TypeFound
    dates: tuple[Found, ...]
    spans: tuple[Found, ...]
    cited: bytes


def cited_places(length: int, kind: TypeFound, spans: Sequence[Found]) -> bytes:
    """A mark for every character that belongs to a cited act, an identifier or a name."""
    marks = bytearray(length)
    for span in spans:
        own = span.label == "ACT_REF" and kind.start <= span.start <= kind.end
        if span.label not in {"NUM", "DATE", "ORG"} and not own:
            marks[span.start : span.end] = b"\1" * (span.end - span.start)
    return bytes(marks)


def clean_number(raw: str) -> str:
    """As in "12.345" → "12345", "l2" → "12"; letters of a prefix stay, in capitals."""
    raw = re.sub(r"(?<=\d)\.(?=\d{3})", "", raw)
    head, mark, tail = raw.partition("/")
    if re.fullmatch(rf"{_LIKE}+", head, re.IGNORECASE):
        return (head.lower().translate(_LETTERS) + mark + tail).upper()
    return raw.upper()


def _number(match: re.Match[str], sure: float) -> Found:
    """A number; each of its letters that must be a digit makes it doubtful."""
    raw = match["number"]
    guessed = sum(c in "oil|" for c in raw) + 3 * sum(c in "zsb" for c in raw)
    if raw[:2].isalpha() or not any(c.isdigit() for c in raw.partition("/")[0]):
        guessed = 0
    doubt = max(0.4, sure - 0.16 * guessed)
    return Found(
        "number", match.start("number"), match.end("number"), clean_number(raw), round(doubt, 2)
    )


def is_cited(context: Context, start: int) -> bool:
    """Whether a place lies in an act cited after the title, or in an identifier."""
    return context.cited[start] != 0


def _beside_title(context: Context) -> Iterator[Found]:
    """The number in the title's line or in one of the next lines."""
    lower, title = context.view.lower, context.kind
    bare = _BARE.match(lower, title.end)
    if bare:
        yield _number(bare, 0.9)
    unread = _unread(context)
    for match in _OWN.finditer(lower, title.end, title.end + 260):
        between = lower[title.end : match.start()]
        if _OF_ANOTHER.search(between):
            continue
        at_line_start = not between.rpartition("\n")[2].strip(" -*")
        near = len(between) <= 90 and not _BETWEEN_STOPS.search(between)
        near = near or _UNDER.search(between) is not None
        dated = date_after(context, match.end("number")) is not None
        if is_cited(context, match.start("number")) or between.count("\n") > 5:
            continue
        if near or (at_line_start and dated):
            yield _number(match, WEAK if unread else 0.95 if near else 0.8)
    yield from _dated(context, title.end)
    following = context.lines[title.line + 1 : title.line + 10]
    below = [(at, n) for at, line in enumerate(following) for n in _dated(context, line.start)]
    if len(below) < ROWS:  # else a table
        yield from (number for at, number in below if at < NEXT)


def _unread(context: Context) -> bool:
    """Whether the first line under the title begins as a number does that no rule can read."""
    line = next(iter(context.lines[context.kind.line + 1 :]), None)
    if line is None or not _MISREAD.match(context.view.lower, line.start, line.end):
        return False
    return _AT_START.match(context.view.lower, line.start, line.end) is None


def _dated(context: Context, place: int) -> Iterator[Found]:
    """A number and its date at a place, whatever became of the "nr." before them."""
    if _CITING.search(context.view.lower, max(0, place - 60), place):
        return
    match = _LEADING.match(context.view.lower, place)
    if match and not is_cited(context, match.start("number")) and date_after(context, match.end()):
        yield _number(match, 0.75)


def _in_letterhead(context: Context) -> Iterator[Found]:
    """A number that begins a line of the head: the registry number of an outgoing paper."""
    lower = context.view.lower
    head = context.lines[: context.kind.line] if context.kind.end else context.lines[:10]
    for line in context.lines[:16]:
        match = _AT_START.match(lower, line.start, line.end)
        if match and not is_cited(context, match.start("number")):
            after = lower[match.end() : line.end]
            above = not context.kind.end or line.start <= context.kind.end + ALONE
            alone = not after.strip(" .:/_-") and (above or _dated_below(context, line))
            if alone or date_after(context, match.end("number")):
                yield _number(match, 0.85)
    bare = [number for line in head[:16] for number in _dated(context, line.start)]
    if len(bare) < ROWS:
        yield from bare
    for line in head[:16]:
        for match in _OWN.finditer(lower, line.start, line.end):
            alone = not _NOT_OWN.search(lower, line.start, match.start())
            if alone and date_after(context, match.end("number")):
                yield _number(match, 0.7)
    yield from _in_column(context, head[:COLUMN])


def _dated_below(context: Context, line: TextLine) -> bool:
    """Whether the next line ends with a date, as where number and day stand under the signatures."""
    below = next((one for one in context.lines if one.start > line.end), None)
    return below is not None and _ends_dated(context, below)


def _in_column(context: Context, head: Sequence[TextLine]) -> Iterator[Found]:
    """A number that ends a line of the letterhead, with the date that ends the next one.

    So a letterhead in two columns is read: "COMUNA X Nr. 3321" and "JUDEȚUL Y Data: 14.06.2012".
    """
    lower = context.view.lower
    for line in head[:-1]:
        for match in _OWN.finditer(lower, line.start, line.end):
            ends = not lower[match.end() : line.end].strip(" .:")
            if (
                ends
                and _dated_below(context, line)
                and not _NOT_OWN.search(lower, line.start, match.start())
            ):
                yield _number(match, 0.7)


def date_after(context: Context, place: int, reach: int = 50) -> Found | None:
    """The whole date that follows a number, with nothing but a link between."""
    lower = context.view.lower
    for found in context.dates:
        if place <= found.start <= place + reach and len(found.value) == 10:
            if _TO_DATE.fullmatch(lower, place, found.start):
                return found
            return None
    return None


_DATED_BELOW = re.compile(r"(?:^|.*\s)(?:din|data)(?: data(?: de)?| de)?[: .]{0,3}")


def registered_on(context: Context, place: int) -> Found | None:
    """The date behind a registry number, or at the end of the line below one that ends its line."""
    at = next((n for n, line in enumerate(context.lines) if line.end >= place), len(context.lines))
    after = date_after(context, place)
    if after or at + 1 >= len(context.lines) or context.lines[at].end - place > 2:
        return after
    below, lower = context.lines[at + 1], context.view.lower
    ending = (d for d in context.dates if below.start <= d.start and 0 <= below.end - d.end < 2)
    return next((d for d in ending if _DATED_BELOW.fullmatch(lower, below.start, d.start)), None)


def find_registry(context: Context) -> tuple[Found | None, Found | None]:
    """Registry number and date ("Nr. înreg. 1234/05.03.2018"), as far as the head tells them."""
    for match in _REGISTRY.finditer(context.view.lower, 0, HEAD):
        before = context.view.lower[max(0, match.start() - 60) : match.start()]
        if re.search(
            r"\b(?:cererea|cererii|adresat\w*|petiti(?:a|ei)|adres(?:a|ei)|sesizar(?:ea|ii)|oficiul"
            r"|referat\w*|raport\w*|expuner\w*|proiect\w*|documenta\w*|scriso(?:area|rii)|reclamati(?:a|ei)|memoriul(?:ui)?)\b",
            before,
        ):
            continue
        if re.search(
            r"comertului|\borc\b|registrul|inregistr\w*\s(?:in scopuri )?fiscal|\bcod", match[0]
        ):
            continue
        number = _number(match, 0.92)
        day = registered_on(context, number.end)
        if not re.search(r"\bn(?:r|umar)", match[0]) and day is None:
            continue
        return number, day
    return None, None


def _at_foot(context: Context) -> Iterator[Found]:
    """An act's number under the signatures: alone in its line, the day in the line above or below."""
    if context.kind.kind not in ACTS or not context.kind.end:
        return
    for above, line in pairwise(context.lines):
        match = _AT_START.match(context.view.lower, line.start, line.end)
        if match is None or line.start < context.kind.end + ALONE:
            continue
        alone = not context.view.lower[match.end() : line.end].strip(" .:/_-")
        if alone and (_ends_dated(context, above) or _dated_below(context, line)):
            yield _number(match, 0.85)


def _ends_dated(context: Context, line: TextLine) -> bool:
    return any(line.start <= d.start and 0 <= line.end - d.end < 2 for d in context.dates)


def find_number(context: Context) -> Found | None:
    """The document's own number; the letterhead's where the paper is an institution's."""
    if context.kind.end:
        own = next(_beside_title(context), None)
        foot = next(_at_foot(context), None)
        if own is not None and (foot is None or own.confidence > foot.confidence):
            return own
        if foot is not None:
            return foot
    if context.kind.kind in CITIZENS:
        return None
    letterhead = next(_in_letterhead(context), None)
    if letterhead is not None and context.kind.kind in OWN_NUMBER and context.kind.end:
        letterhead = _unsure(letterhead)
    registered = _unsure(find_registry(context)[0])
    return letterhead or registered or next(_further_on(context), None)


def _further_on(context: Context) -> Iterator[Found]:
    """A number with its date, or one called the paper's, behind blocks that stand below the title."""
    lower, title = context.view.lower, context.kind
    for match in _OWN.finditer(lower, title.end, title.end + FURTHER):
        line = lower.rfind("\n", 0, match.start()) + 1
        before = lower[max(line, match.start() - 40) : match.start()]
        if is_cited(context, match.start("number")) or _NOT_OWN.search(before):
            continue
        called = re.search(r"\b(?:seri[ae]|factur\w*|contract\w*|act\w*)\b", before + match[0])
        if date_after(context, match.end("number")) or called:
            yield _number(match, 0.6)


def find_stamped(context: Context) -> Found | None:
    """The number of a registry stamp ("INTRARE Nr. 40215"), though its words be misread."""
    for line in context.lines[:40]:
        word = _WORDS.search(context.view.lower, line.start, line.end)
        if word is None or not process.extractOne(word[0], _STAMPS, score_cutoff=80):
            continue
        match = _STAMP_NUMBER.match(context.view.lower, word.end(), line.end)
        if match:
            return _number(match, 0.85)
    return None


def find_registered(context: Context) -> Found | None:
    """The number under which what the paper answers was registered, failing one of its own."""
    match = _REGISTERED.search(context.view.lower, 0, HEAD)
    return _number(match, 0.6) if match else None


def _unsure(found: Found | None) -> Found | None:
    return found and replace(found, confidence=min(found.confidence, WEAK))


def find_letterhead(context: Context) -> Found | None:
    """The registry number in the letterhead, before the title."""
    title = context.kind
    return next(
        (n for n in _in_letterhead(context) if not title.end or n.start < title.start), None
    )
