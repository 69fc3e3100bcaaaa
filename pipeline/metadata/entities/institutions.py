"""Institutions: where they stand in a text, and their full name with the right diacritics."""

import re
from collections.abc import Iterator

from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import View, fold
from pipeline.metadata.text.vocabulary import GENITIVE, INSTITUTION_WORDS, NOMINATIVE

SEP = r"(?:[ ]{1,4}|[ ]{0,4}\n[ ]{0,40})"
_STOP = (
    r"(?!(?i:jud|judet\w*|nr|tel|telefon\w*|email|adresa|sediul|fax|str|strada|cui|cif|cod|codul|ghiseul|numar(?:ul)?|consili\w*|primar\w*|compart\w*"
    r"|domnul(?:ui)?|doamn[ae]i?|hotarar\w*|directi\w*|servici\w*|biroul|dispoziti\w*|privind|secretar\w*|romania|cabinet\w*"
    r"|intrunit\w*|intrare|data|catre|aprobat|anexa|autorizati\w*|certificat\w*|camera|formular\w*|operator\w*|dosar\w*|exemplar\w*|programul?|etaj\w*|in|prin|din|nr|se|nesecret|cont|avizat|vizat|dl|dna"
    r"|pag(?:ina)?|editi[ae]|revizi[ae]|iso|confidential|document\w*|referat\w*|raport\w*|proces|ancheta|adeverinta|factura|contract\w*|cerere|petitie"
    r"|sesizare|anunt|somatie|nota|invitatie|convocator|declarati[ae]|aviz|acord)\b)"
)
_CONNECT = r"(?i:de|din|cu|pe|la|lui|cel|cea|sub|al)"
NAME = rf"{_STOP}[A-Z][A-Za-z'-]+(?:[ ]{{1,2}}(?:{_CONNECT}[ ])?{_STOP}[A-Z][A-Za-z'-]+){{0,3}}"
KIND = (
    r"(?i:municipiul(?:ui)?|orasul(?:ui)?|comun(?:a|ei)|sector(?:ul(?:ui)?)?|satul(?:ui)?"
    r"|com\.|mun\.|or\.)"
)
UNIT = rf"{KIND}{SEP}(?:{NAME}|[1-6]\b)"
_BODY = (
    r"(?i:consiliul(?:ui)?[ ](?:local|satesc|comunal|orasenesc|municipal)"
    r"|primari(?:a|ei)|(?:vice)?primarul(?:ui)?(?:[ ]general)?)"
)
_OF_UNIT = rf"(?:{SEP}(?i:al|a)\b)?(?:{SEP}{UNIT}|[ ]{NAME})"
LOCAL = re.compile(rf"\b{_BODY}(?:{_OF_UNIT})?")
COUNTY = re.compile(
    rf"\b(?i:consiliul(?:ui)?[ ](?:judetean|general)|prefectura|institutia{SEP}prefectului)"
    rf"(?:{SEP}(?i:al|a)\b)?(?:{SEP}(?i:judetul(?:ui)?|municipiul(?:ui)?))?(?:[ ]{NAME})?"
)
DEPARTMENT_HEADS = (
    r"directi(?:a|ei)|serviciul(?:ui)?|biroul(?:ui)?|compartiment(?:ul(?:ui)?)?"
    r"|(?:arhitect|secretariat)(?:ul)?"
)
_OFFICE_HEADS = (
    DEPARTMENT_HEADS + r"|inspectoratul(?:ui)?|ministerul(?:ui)?|agenti(?:a|ei)|cas(?:a|ei)"
    r"|oficiul(?:ui)?|scoal(?:a|ii)|spitalul(?:ui)?|liceul(?:ui)?|colegiul(?:ui)?|universitat(?:ea|ii)"
    r"|asociati(?:a|ei)|fundati(?:a|ei)|tribunalul(?:ui)?|judecatori(?:a|ei)|politi(?:a|ei)"
    r"|autoritat(?:ea|ii)|gradinita|gradinitei|societatea|regia|compania|guvernul(?:ui)?"
    r"|parlamentul(?:ui)?|institutul(?:ui)?|banca|bancii|partidul(?:ui)?|comisia|muzeul(?:ui)?"
)
_LINK = r"(?i:de|pentru|si|a|al|ale|cu|in|la|din|privind)"
_WORD = r"(?!(?i:nr|tel|fax|judetul|catre|privind|str|cui|cif|hotarar\w*)\b)[A-Z][A-Za-z'.-]*"
_OFFICE = re.compile(
    rf"\b(?i:{_OFFICE_HEADS})\b"
    rf"(?:[ ]{{1,2}}(?:{_LINK}[ ]{{1,2}}){{0,2}}{_WORD}(?:,(?=[ ][A-Z]))?){{1,8}}"
)
_FIRM = re.compile(
    r"(?<![\w.])(?:S\. ?C\. ?|SC )?(?:\"?[A-Z0-9][A-Za-z0-9&.'-]{0,30}\"?,?[ ]{1,2}(?:(?:si|de|&)[ ])?)"
    r"{1,6}(?:S\. ?R\. ?L\b\.?|SRL\b|S\. ?A\b\.?|SA\b|P\. ?F\. ?A\b\.?|PFA\b|S\. ?N\. ?C\b\.?|R\. ?A\b\.)"
)


def find_institutions(view: View) -> tuple[Found, ...]:
    """ORG spans: local bodies, county bodies, offices and firms; `value` the full name."""
    return tuple(_spans(view))


def _spans(view: View) -> Iterator[Found]:
    for pattern, sure in ((LOCAL, 0.9), (COUNTY, 0.9), (_OFFICE, 0.75), (_FIRM, 0.9)):
        for match in pattern.finditer(view.text):
            start, end = match.span()
            person = match[0][:7].lower() in {"primaru", "vicepri"}
            if not person and _capital(match[0]):
                yield Found("ORG", start, end, full_name(view.words(start, end)), sure)


def _capital(text: str) -> bool:
    """Whether it is written as a name; "primăria" alone is only a word."""
    return text[0].isupper() or text[0].isdigit() or " " in text


def _titled(word: str) -> str:
    """A word in capitals as a name is written; other words as they are."""
    if len(word) > 1 and word.isupper() and "." not in word and not _ROMAN.fullmatch(word):
        opening = len(word) - len(word.lstrip(_QUOTES))
        rest = "-".join(part.capitalize() for part in word[opening:].split("-"))
        return word[:opening] + rest
    return word


def titled(words: str) -> str:
    """Words in capitals with a first capital each; small words small."""
    return " ".join(
        word.lower() if fold(word).lower() in _SMALL and number else _titled(word)
        for number, word in enumerate(words.split())
    )


ACRONYM = 4  # letters
_ROMAN = re.compile(r"(?:I{2,3}|IV|VI{1,3}|IX|XI{1,3})|[IVX]{1,4}-[IVX]{1,4}")
_QUOTES = "\"'„”“«»‚‘’"
_SMALL = frozenset(
    (
        "de",
        "din",
        "cu",
        "pe",
        "la",
        "lui",
        "cel",
        "cea",
        "sub",
        "al",
        "a",
        "ale",
        "si",
        "in",
        "pentru",
    )
)


def full_name(words: str) -> str:
    """An institution's name in the nominative, known words with diacritics, names as given.

    "CONSILIULUI LOCAL AL COMUNEI RĂSTOLIȚA" → "Consiliul Local al Comunei Răstolița".
    """
    parts = words.rstrip(",;:- ").split()
    named = [_full_word(part) for part in parts]
    first = fold(parts[0]).lower() if parts else ""
    named[:1] = [NOMINATIVE.get(first, named[0])] if named else []
    return " ".join(named)


def _full_word(part: str) -> str:
    bare = part.rstrip(",;")
    if bare.isupper() and len(bare) <= ACRONYM and fold(bare).lower() not in INSTITUTION_WORDS:
        return part if bare in {"SRL", "SA", "SC", "PFA", "RA", "SNC"} else _titled(part)
    known = INSTITUTION_WORDS.get(fold(bare).lower())
    return known + part[len(bare) :] if known else _titled(part)


def nominative(unit: str) -> str:
    """As in "Comunei Răstolița" → "Comuna Răstolița"; a nominative stays."""
    first, _, rest = unit.partition(" ")
    return f"{NOMINATIVE.get(fold(first).lower(), full_name(first))} {rest}".strip()


def genitive(unit: str) -> str:
    """As in "Comuna Răstolița" → "Comunei Răstolița"; a genitive stays."""
    first, _, rest = unit.partition(" ")
    return f"{GENITIVE.get(fold(first).lower(), full_name(first))} {rest}".strip()
