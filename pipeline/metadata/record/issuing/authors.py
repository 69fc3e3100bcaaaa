# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""The private person whom a citizen's paper comes from."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.entities.gazetteer import letters_of
from pipeline.metadata.entities.institutions import titled
from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.authorities import is_letterhead, other_authority
from pipeline.metadata.record.issuing.departments import header
from pipeline.metadata.record.issuing.elsewhere import institution_elsewhere
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import FIRST_NAMES

_DESCRIBED = re.compile(
    r"\W{0,4}\n?(?:c\.? ?n\.? ?p\b|domiciliat|cu domiciliul|locuind|posesor|legitimat|avand domiciliul|nascut)"
)
_TO = re.compile(r"\b(?:primar\w*|domnul\w*|doamn\w+|catre|d-?lui|d-?nei|director\w*)\b")
_ADDRESSED = re.compile(r"\s{1,9}(?:primari[ae]|catre|domnul|consiliul)\b")
"""What stands in the right column of a letter's head: who is addressed."""
_OFFICIAL = re.compile(
    r"(?:primar|inspector|secretar|functionar|domnul|doamna|domnului|doamnei)\W{0,4}$"
)


FIRST_LINES, LAST_LINES = 4, 10
"""Lines in which who writes is named, and signs."""
CALLED = 0.85
"""How sure a person is of whom the paper itself says that he writes."""
DOUBT = 0.78


def _author(span: Found, sure: float) -> Found:
    return Found("issuer", span.start, span.end, span.value, sure)


_CALLED_SO = re.compile(
    r"(?:subsemnat\w*\W{0,12}(?:ul|a)?\W{0,3}|nume(?:le)?(?: si prenume(?:le)?)?\W{0,5}|numit[ai]\W{0,3}"
    r"|ma numesc\W{0,3}|numele meu este\W{0,3}|\bmie\W{1,3}|\b(?:imputernicit|reprezentant)(?:ul|a)(?: nostru| noastra)?\W{1,3}|(?<!mei )(?<!mele )\bsunt\W{1,3}|(?:solicitant|petent|petitionar|contribuabil|declarant)\w*\W{0,5})$"
)
_LEADS = re.compile(r"(?:solicitant|petent|petitionar|contribuabil|declarant|titular)\w{0,3}")
_HEADINGS = re.compile(r"\w{4,},? {1,3}\w{4,}[ ,]*\n\W*$")
"""The offices over several signatures, as in "Inspector, Declarant,": whose is whose is not told."""
_SIGNING = re.compile(
    r"(?:cu stima|cu respect|multumesc|semnatura|reprezentati? de|petent\w*)\W{0,6}(?:\w+ )?$"
)


def _after(context: Context, persons: list[Found], words: re.Pattern[str]) -> Iterator[Found]:
    """The persons behind such words, or who are called so in their own cell."""
    lower = context.view.lower
    for one in persons:
        before = lower[max(0, one.start - 40) : one.start]
        led = _without_role(one.value) != one.value
        if led or (words.search(before) and not _HEADINGS.search(before)):
            yield one


def _described(context: Context, persons: list[Found]) -> Iterator[Found]:
    """The persons of whom a CNP, a home or a birth is told, officials left out."""
    lower = context.view.lower
    for one in persons:
        before = lower[max(0, one.start - 30) : one.start]
        if _DESCRIBED.match(lower, one.end) and not _OFFICIAL.search(before):
            yield one


_NAME = r"[A-Z][A-Za-z'-]+(?:[ ][A-Z]\.)?(?:[ ](?:[A-Z]\.[ ])?[A-Z][A-Za-z'-]+){1,3}"
_CALLED = re.compile(
    r"(?:\b(?i:subsemnat(?:ul|a|ii)|contribuabil(?:ul|a)|petent(?:ul|a)|petitionar(?:ul|a)|declarant(?:ul|a)"
    r"|(?:imputernicit|reprezentant)(?:ul|a) (?:nostru|noastra)|numele meu este|ma numesc|mie(?=,))"
    r"|(?m:^)[ ]{0,9}(?i:de la|expeditor|nume si prenume)[ ]?:)"
    rf"(?:[ ]?\([^)\n]{{0,40}}\))?[ :,._]{{0,9}}\n?[ ]{{0,9}}({_NAME})(?=[ ]?[\n.,;<\[(]|[ ](?:domiciliat|cu domiciliul|din|avand|nascut))"
)


def _called(context: Context) -> Iterator[Found]:
    """The name in the place where papers have it, though no list and no model knows it."""
    for match in _CALLED.finditer(context.view.text, 0, 4000):
        yield Found("issuer", *match.span(1), titled(context.view.words(*match.span(1))), DOUBT)


_ADDRESS = re.compile(
    rf"(?m:^)[ ]{{0,9}}({_NAME}),[ \n](?:[A-Z][A-Za-z' -]{{2,40}},[ \n])?(?i:str|strada|bd|calea|aleea|sat|comuna|jud)\b"
)


def _with_address(context: Context) -> Iterator[Found]:
    """The name that begins one of the last lines, its address behind it."""
    last = context.lines[-LAST_LINES:]
    for match in _ADDRESS.finditer(context.view.text, last[0].start if last else 0):
        yield Found("issuer", *match.span(1), titled(context.view.words(*match.span(1))), DOUBT)


def _heading(context: Context, persons: list[Found]) -> Iterator[Found]:
    """The persons who have a line of the first ones for themselves, as senders of letters do."""
    for one in persons:
        line = next((line for line in context.lines[:8] if line.end >= one.end), None)
        before = context.view.lower[line.start : one.start] if line else ""
        rest = context.view.lower[one.end : line.end] if line else ""
        ends = len(rest) < 3 or _ADDRESSED.match(rest) is not None
        if line and line.start <= one.start and ends and not _TO.search(before):
            yield one


_WHOLE_NAME = re.compile(_NAME)


def _named_twice(context: Context) -> Iterator[Found]:
    """The name that has one of the first lines and one of the last for itself, known or not."""
    last = {letters_of(line.text) for line in context.lines[-LAST_LINES:]}
    for line in context.lines[:FIRST_LINES]:
        again = context.lines[-1].start > line.start and letters_of(line.text) in last
        if again and _WHOLE_NAME.fullmatch(line.text):
            value = titled(context.view.words(line.start, line.end))
            yield Found("issuer", line.start, line.end, value, DOUBT)


def person(context: Context) -> Found | None:
    """The private person who writes: the first one called so, else the one who signs."""
    places = header(context)
    if is_letterhead(context, places) and (office := other_authority(context, places)):
        return replace(office, confidence=min(office.confidence, DOUBT))
    persons = [span for span in context.spans if span.label == "PERSON"]
    ways = (
        (iter(filter(None, [_in_cells(context)])), 0.85),
        (_after(context, persons, _CALLED_SO), 0.9),
        (_called(context), DOUBT),
        (_described(context, persons), DOUBT),
        (_with_address(context), DOUBT),
        (iter(filter(None, [_office(context)])), DOUBT),
        (iter(filter(None, [_body(context)])), 0.8),
        (_heading(context, persons), 0.75),
        (_named_twice(context), 0.75),
        (_after(context, persons, _SIGNING), 0.75),
    )
    for found, sure in ways:
        first = next(found, None)
        if first is not None:
            return _author(first, sure)
    return institution_elsewhere(context) or _signer(context, persons)


_BODY = re.compile(
    r"(?:Asociați|Fundați|S\.? ?C\.? |Sindicat|Parohia|Clubul)|.*\b(?:S\.?R\.?L|S\.?A)\b\.?$"
)
_CELLS = re.compile(
    r"\b(?i:nume(?:le)?(?: de familie)?)\W{1,4}([A-Z][A-Za-z'-]+)\W{1,4}"
    r"(?:(?i:initiala(?: tatalui)?)\W{1,4}[A-Z]\.?\W{1,3})?"
    r"(?i:prenume(?:le)?)\W{1,4}([A-Z][A-Za-z'-]+(?:[ -][A-Z][A-Za-z'-]+)?)"
)


def _body(context: Context) -> Found | None:
    """The association or firm that writes: it stands at the very head, before who is addressed."""
    for line in context.lines[:3]:
        if re.match(r"\W{0,3}catre\b", line.text.lower()):
            return None
        for span in context.spans:
            if span.label == "ORG" and span.start == line.start and _BODY.match(span.value):
                return _author(span, 0.8)
    return None


def _office(context: Context) -> Found | None:
    """The institution whose letterhead stands at the very top of a citizen's kind of paper."""
    found = other_authority(context, header(context))
    top = context.lines[min(1, len(context.lines) - 1)].end if context.lines else 0
    return found if found is not None and found.start < top else None


_CELL = re.compile(
    r"(?m:^)\W{0,3}(?i:(?:solicitant|petent|petitionar|contribuabil|declarant)(?:ul|a)?|de la:)\W{1,3}"
    r"([A-Z][A-Za-z'-]+(?:[ ][A-Z][A-Za-z'-]+){1,3})\W{0,2}(?m:$)"
)


_FIRM_CELL = re.compile(
    r"(?m:^)\W{0,3}(?i:denumirea contribuabilului|contribuabil(?:ul)?|denumirea|solicitant(?:ul)?)\s?:\s{0,3}"
    r"([A-Z][^\n,;:]{2,60}?\b(?:S\. ?R\. ?L|S\. ?A|S\. ?N\. ?C|P\. ?F\. ?A|SRL|SA|PFA)\b\.?)"
)


def _in_cells(context: Context) -> Found | None:
    """A form's cells "Nume: Popescu Prenume: Ion", "Declarant Ion Popescu": as people say the name."""
    text = context.view.text
    match = _CELLS.search(text, 0, 4000)
    cell = _FIRM_CELL.search(text, 0, 4000) or _CELL.search(text, 0, 4000)
    if match is None:
        return cell and _named(context, *cell.span(1))
    surname, first = (context.view.words(*match.span(group)) for group in (1, 2))
    return Found("issuer", match.start(1), match.end(2), titled(f"{first} {surname}"), 0.85)


def _named(context: Context, start: int, end: int) -> Found:
    return Found("issuer", start, end, titled(context.view.words(start, end)), CALLED)


def _signer(context: Context, persons: list[Found]) -> Found | None:
    """The person named last, near the end of the paper, where a letter is signed."""
    last = context.lines[-1].end if context.lines else 0
    for span in reversed(persons):
        before = context.view.lower[max(0, span.start - 30) : span.start]
        if span.start > last - 400 and not _OFFICIAL.search(before):
            return _author(span, 0.5)
    return None


def _first_named(words: str) -> int:
    """How many words of a name are known first names."""
    return sum(any(p in FIRST_NAMES for p in letters_apart(w)) for w in words.split())


def letters_apart(word: str) -> list[str]:
    """The folded parts of a hyphened word."""
    return [letters_of(part) for part in word.split("-")]


BEFORE = 30  # letters before a cell in which its heading stands


def _given_first(context: Context, start: int, value: str) -> str:
    """A name of a form, surname first, as the same paper has it beside the signature."""
    words = value.split()
    if len(words) < 2 or _first_named(words[0]):
        return value
    turned = (" ".join((*words[at:], *words[:at])) for at in range(1, len(words)))
    surname_first = "prenume" in context.view.lower[max(0, start - BEFORE) : start]
    known = (o for o in turned if surname_first or _first_named(o.partition(" ")[0]))
    return next((one for one in known if fold(one).lower() in context.view.lower), value)


def agreed(context: Context, found: Found) -> Found:
    """A person's name as most of the paper spells it; where the spellings differ it is doubtful."""
    value = _given_first(context, found.start, _without_lead(found.value))
    letters = letters_of(value)
    allowed = max(1, len(letters) // 7)
    spelled = [
        span.value
        for span in context.spans
        if span.label == "PERSON"
        and Levenshtein.distance(letters_of(span.value), letters) <= allowed
    ] or [value]
    counts = Counter(map(letters_of, spelled))
    best = max(spelled, key=lambda one: (counts[letters_of(one)], _first_named(one), one == value))
    sure = found.confidence
    if len(counts) > 1 and counts[letters_of(best)] < 2:
        sure = min(sure, 0.6)
    elif len(spelled) > 1:
        sure = max(sure, 0.9) if sure >= CALLED else sure
    else:
        sure = min(sure, DOUBT)
    if not _first_named(best) or " " not in best:
        sure = min(sure, 0.78)
    value = best if letters_of(best) != letters else value
    return replace(found, value=value, confidence=round(sure, 2))


def _without_lead(value: str) -> str:
    """A name without a cell's heading or a misread "subsemnatul" before it."""
    value = _without_role(value)
    head, _, rest = value.partition(" ")
    begins = letters_of(head)[:9]
    misread = max(fuzz.ratio(begins, "subsemnat"), fuzz.ratio(begins, "subscrisa")) >= 70
    return rest if misread and rest else value


def _without_role(value: str) -> str:
    """A name without the heading of its cell: "I. Declarant Otilia Nuțu"."""
    value = re.sub(r"^(?:[IVX]{1,4}|\d)[.)]\s+", "", value)
    head, _, rest = value.partition(" ")
    return rest if " " in rest and _LEADS.fullmatch(letters_of(head)) else value
