# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""A document's own number and date, and its registry number and date."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from pipeline.metadata.forms.dates import DIGIT
from pipeline.metadata.record.types import TypeFound
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import View

HEAD = 3500
FURTHER = 1200
EDGE = 40  # dates looked at from either end
CIVIL = "certificat de stare civilă"
CITIZENS = frozenset({"cerere", "petiție", "declarație fiscală"})

_LIKE = "[0-9oil|zsb]"
_DIGITS = (
    r"(?:[a-z]{2,6}[/-]?|[a-z][/-])?"
    rf"(?:\d{{1,3}}(?:\.\d{{3}}){{1,2}}|(?=[oil|zsb]{{0,2}}\d)(?:\d{{1,7}}(?=bis|ter)|{_LIKE}{{1,7}}))"
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
    r"|\binreg\w*|\bintrare|\biesire|\bregistratura)[.:]?"
    r"(?:\s{0,3}(?:generala|la|sub|cu|primariei)\b){0,2}"
    r"\s{0,3}(?:(?:nr|numar(?:ul)?)\b\s?[.:,]{0,2})?\s{0,3}" + _NUMBER
)
_LEADING = re.compile(r"[^a-z0-9\n]{0,4}(?:[a-z1|]{1,3}[^a-z0-9\n]{1,3})?" + _NUMBER)
_AT_START = re.compile(r"[^a-z0-9]{0,4}" + _NR + _NUMBER)
_LEFT = re.compile(
    r"\s{0,2}(?:[/,.-]|(?:d[a-z1]{1,2}|[a-z]in)\b)\s{0,2}(?!(?:19|20)\d\d\b)(?=\S*\d)\S{5,12}"
)
_NOT_OWN = re.compile(
    r"\d|\b(?:str|strada|bl|ap|cererea|adresa|cont|tel|conform|anexa|legea|art|cui|cif)\b"
)
_STAMPS = ("intrare", "intrarea", "iesire", "inregistrat", "inregistrata", "inregistrare")
_STAMP_NUMBER = re.compile(r"[^a-z0-9\n]{1,3}(?:[a-z1|]{1,3}[^a-z0-9\n]{1,3})?" + _NUMBER)
_REGISTERED = re.compile(
    r"\binreg\w*\s{1,3}(?:(?:la|sub|cu)\s{1,3}){0,2}(?:n[a-z1][.,: ]{1,3})?" + _NUMBER
)
_WORDS = re.compile(r"[a-z]{5,14}")
_TO_DATE = re.compile(
    r"[\s._]{0,20}[/,.-]?\s{0,3}(?:(?:din|data|de|la|ziua|zi|luna|d[a-z1]{1,3}|[a-z]in|dat[a-z])\b[: ]?\s{0,3}){0,3}[:/]?[\s._]{0,20}$"
)
_BETWEEN_STOPS = re.compile(
    r"\b(?:privind|pentru|conform|baza|legea|legii|art|subsemnat\w*|catre|inreg\w*|str|strada"
    r"|referitor|anexa|bl|ap|in|temeiul|cont)\b"
)
_INTRODUCES_DATE = re.compile(
    r"(?:^|[\s,.(])(?:din(?:\sdata(?:\sde)?)?|data|la data(?: de)?|(?:azi|astazi)[, ]{0,2}(?:data de)?"
    r"|incheiat[a]?(?: la data de)?|data (?:emiterii|facturii|\([a-z, ]{3,30}\))|emis[a]? la)[: ,]{0,3}$"
)
_REFUSES_DATE = re.compile(
    r"\b(?:nascut[a]?|nascuta|eliberat[a]?|valabil[a]?|pana|perioada|termen\w*|scaden\w*|incepand"
    r"|expir\w*|emis[a]? de|inregistrat[a]?|depus[a]?|cererea|adresa|adresei|cererii|referatul|nasterii)\b"
    r"[^\n]{0,40}$"
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
    doubt = max(0.4, sure - 0.12 * guessed)
    return Found(
        "number", match.start("number"), match.end("number"), clean_number(raw), round(doubt, 2)
    )


def _cited(context: Context, start: int) -> bool:
    """Whether a place lies in an act cited after the title, or in an identifier."""
    return context.cited[start] != 0


def _beside_title(context: Context) -> Iterator[Found]:
    """The number in the title's line or in one of the next lines."""
    lower, title = context.view.lower, context.kind
    bare = _BARE.match(lower, title.end)
    if bare:
        yield _number(bare, 0.9)
    for match in _OWN.finditer(lower, title.end, title.end + 260):
        between = lower[title.end : match.start()]
        at_line_start = not between.rpartition("\n")[2].strip(" -*")
        near = len(between) <= 90 and not _BETWEEN_STOPS.search(between)
        dated = date_after(context, match.end("number")) is not None
        if _cited(context, match.start("number")) or between.count("\n") > 5:
            continue
        if near or (at_line_start and dated):
            yield _number(match, 0.95 if near else 0.8)
    yield from _dated(context, title.end)
    following = context.lines[title.line + 1 : title.line + 4]
    yield from (n for line in following for n in _dated(context, line.start))


def _dated(context: Context, place: int) -> Iterator[Found]:
    """A number and its date at a place, whatever became of the "nr." before them."""
    match = _LEADING.match(context.view.lower, place)
    if match and not _cited(context, match.start("number")) and date_after(context, match.end()):
        yield _number(match, 0.75)


def _in_letterhead(context: Context) -> Iterator[Found]:
    """A number that begins a line of the head: the registry number of an outgoing paper."""
    lower = context.view.lower
    head = context.lines[: context.kind.line] if context.kind.end else context.lines[:10]
    for line in context.lines[:16]:
        match = _AT_START.match(lower, line.start, line.end)
        if match and not _cited(context, match.start("number")):
            after = lower[match.end() : line.end]
            if date_after(context, match.end("number")) or not after.strip(" .:/_-"):
                yield _number(match, 0.85)
    for line in head[:16]:
        yield from _dated(context, line.start)
    for line in head[:16]:
        for match in _OWN.finditer(lower, line.start, line.end):
            alone = not _NOT_OWN.search(lower, line.start, match.start())
            if alone and date_after(context, match.end("number")):
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


def find_registry(context: Context) -> tuple[Found | None, Found | None]:
    """Registry number and date ("Nr. înreg. 1234/05.03.2018"), as far as the head tells them."""
    for match in _REGISTRY.finditer(context.view.lower, 0, HEAD):
        before = context.view.lower[max(0, match.start() - 60) : match.start()]
        if re.search(
            r"\b(?:cererea|cererii|adresat\w*|petitiei|adresei|sesizarii|oficiul)\b", before
        ):
            continue
        if re.search(r"comertului|orc|registrul|fiscal", match[0]):
            continue
        number = _number(match, 0.92)
        if not re.search(r"\bn(?:r|umar)", match[0]) and date_after(context, number.end) is None:
            continue
        return number, date_after(context, number.end)
    return None, None


def find_number(context: Context) -> Found | None:
    """The document's own number; the letterhead's where the paper is an institution's."""
    if context.kind.end:
        own = next(_beside_title(context), None)
        if own is not None:
            return own
    if context.kind.kind in CITIZENS:
        return None
    letterhead = next(_in_letterhead(context), None)
    registered = _unsure(find_registry(context)[0])
    return letterhead or registered or next(_further_on(context), None)


def _further_on(context: Context) -> Iterator[Found]:
    """A number with its date, or one called the paper's, behind blocks that stand below the title."""
    lower, title = context.view.lower, context.kind
    for match in _OWN.finditer(lower, title.end, title.end + FURTHER):
        line = lower.rfind("\n", 0, match.start()) + 1
        before = lower[max(line, match.start() - 40) : match.start()]
        if _cited(context, match.start("number")) or _NOT_OWN.search(before):
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
    return found and Found(found.label, found.start, found.end, found.value, 0.6)


def find_letterhead(context: Context) -> Found | None:
    """The registry number in the letterhead, before the title."""
    title = context.kind
    return next(
        (n for n in _in_letterhead(context) if not title.end or n.start < title.start), None
    )


def _line_of(context: Context, place: int) -> int:
    return next((n for n, line in enumerate(context.lines) if line.end >= place), -1)


def _whole(context: Context) -> Sequence[Found]:
    whole = [d for d in context.dates if len(d.value) == 10 and not _cited(context, d.start)]
    return whole if len(whole) <= 2 * EDGE else whole[:EDGE] + whole[-EDGE:]


def _refused(context: Context, found: Found) -> bool:
    before = context.view.lower[max(0, found.start - 60) : found.start]
    return _REFUSES_DATE.search(before) is not None


def _near_title(context: Context) -> Found | None:
    """A date introduced by "din", "încheiat astăzi" or alone in a line under the title."""
    title, lower = context.kind, context.view.lower
    for found in _whole(context):
        line = _line_of(context, found.start)
        if found.start < title.end or line > title.line + 5:
            continue
        before = lower[max(context.lines[line].start, title.end) : found.start]
        alone = not before.strip(" -.,:")
        if _refused(context, found) or len(before) > 160:
            continue
        if alone or _INTRODUCES_DATE.search(before):
            return found
    return None


def _at_foot(context: Context) -> Found | None:
    """The date beside the signature: "Data: …", "Timișoara, …" or alone in a line."""
    lower = context.view.lower
    for found in reversed(_whole(context)):
        line = context.lines[_line_of(context, found.start)]
        before, after = lower[line.start : found.start], lower[found.end : line.end]
        labelled = re.fullmatch(r"(?:data|astazi|azi|intocmit la)?[\s:.,_]{0,6}", before)
        placed = re.fullmatch(r"[a-z .-]{2,40},?\s{0,2}", before) and not _refused(context, found)
        if (labelled and len(after) < 60) or (placed and len(after.strip(" .")) < 4):
            return found
    return None


def _in_head(context: Context) -> Found | None:
    """A date above the title, alone in its line or after "Data:" or "din"."""
    lower = context.view.lower
    for found in _whole(context):
        line = _line_of(context, found.start)
        if line > 14:
            return None
        before = lower[context.lines[line].start : found.start]
        alone = not before.strip(" -.,:") and len(context.lines[line].text) < 30
        led = len(before) < 60 and _INTRODUCES_DATE.search(before) is not None
        if (alone or led) and not _refused(context, found):
            return found
    return None


def _in_session(context: Context) -> Found | None:
    """The day of the council's session, or the day a paper says it was drawn up."""
    lower = context.view.lower
    said = re.compile(r"(?:intrunit|sedint|incheiat|astazi)[^.;]{0,160}$")
    for found in _whole(context):
        if said.search(lower[max(0, found.start - 200) : found.start]):
            return found
    return None


def _as_date(found: Found | None, sure: float) -> Found | None:
    if found is None:
        return None
    confidence = round(min(found.confidence, sure), 2)
    return Found("date", found.start, found.end, found.value, confidence)


def _apart(number: Found | None, letterhead: Found | None) -> bool:
    """Whether the paper has a number of its own beside the letterhead's, whose date is not its own."""
    return number is not None and letterhead is not None and number.start != letterhead.start


def _issued(context: Context) -> Found | None:
    """The day on which a certificate was given out ("eliberat azi, …"), not one that it tells of."""
    for found in _whole(context):
        before = context.view.lower[max(0, found.start - 40) : found.start]
        if re.search(r"\b(?:eliberat[a]?|eliberarii|emiterii)\b[^.;]{0,25}$", before):
            return found
    return None


def find_date(context: Context, number: Found | None) -> Found | None:
    """The document's own date, never one of an act it cites."""
    registry_date = find_registry(context)[1]
    stamped = find_stamped(context)
    registry_date = registry_date or (date_after(context, stamped.end) if stamped else None)
    letterhead = find_letterhead(context)
    attached = date_after(context, number.end) if number else None
    head = date_after(context, letterhead.end) if letterhead else None
    chances: tuple[tuple[Found | None, float], ...]
    if context.kind.kind in CITIZENS:
        chances = (
            (attached if context.kind.end else None, 0.95),
            (_at_foot(context), 0.9),
            (registry_date, 0.5),
            (head, 0.5),
        )
    else:
        chances = (
            (attached, 0.95),
            (_near_title(context) if context.kind.end else None, 0.92),
            (head, 0.6 if _apart(number, letterhead) else 0.85),
            (_in_head(context), 0.75),
            (_in_session(context), 0.65),
            (_at_foot(context), 0.7),
            (registry_date, 0.5),
        )
    if context.kind.kind == CIVIL:
        chances = ((_issued(context), 0.85), (_at_foot(context), 0.5))
    if number is not None and attached is None and _LEFT.match(context.view.lower, number.end):
        chances = tuple((found, min(sure, 0.5)) for found, sure in chances)
    return next((d for d in (_as_date(f, sure) for f, sure in chances) if d is not None), None)
