# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Telephones in old and new forms, and electronic addresses."""

import re
from collections.abc import Iterator

from pipeline.privacy.finding.identifiers.digits import LIKE, as_digits, digit_share
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

NATIONAL, LEAST, MOSTLY = 10, 6, 0.7
SURE, LIKELY, UNSURE = 0.97, 0.85, 0.6
_GAP = r"(?:[ .,/|()'-]{0,2}|\n)"
_MOBILE = re.compile(
    rf"(?<![0-9A-Za-z,-])(?<!\d\.)(?:(?:\+|00) ?4 ?[0O]?{_GAP})?[0OoQ]{_GAP}[237](?:{_GAP}[0-9Ool]){{8}}(?![0-9A-Za-z]|[.,]\d)"
)
_OLD = re.compile(
    r"(?<![0-9A-Za-z,.-])[0OoQ][0-9Ool]{2} ?[/|] ?[0-9Ool](?:[ .-]?[0-9Ool]){5}(?![0-9A-Za-z]|[.,/-]\d)"
    r"|(?<![0-9A-Za-z,./-])01 ?[/|] ?\d{3}[ .-]?\d{2}[ .-]?\d{2}(?![0-9A-Za-z]|[.,/-]\d)"
)
_CUE = re.compile(
    r"(?<![A-Za-z])(?i:te[l1][.,:;/]|[tl][ec][l1it]e[ft][oa0]n\w*|telef\w*|[a-z]{2,4}[ec]f[o0]n\w{0,3}|mob(?:il)?\b|tel\b|fax)"
    r"[ .:;,/]{0,4}(?:(?i:fix|mobil|nr|fax|de|contact|serviciu|acasa|birou|personal)(?:[ .:,]{1,3}|(?=\n))){0,3}\n{0,2}"
)
_CALLED = re.compile(
    rf"[\s._]{{0,8}}(?:\+? ?4 ?0?)?[({LIKE}](?:[ ./()'|-]{{0,3}}[{LIKE}]){{4,12}}(?![A-Za-z])"
)
_EXCHANGE = re.compile(r"\s{0,2}(\d{1,2}-\d{2})(?![\w/.,-]*\d)")
_PIECE = re.compile(r"\s{0,2}([\w.,/()-]{6,16}?)(?=[.,;]?(?:\s|$))")
MOBILE = "07"
_OF_OFFICE = re.compile(r"(?i:\bfax\b|www\.|\bcentrala\b|\bc\.?u\.?i\b|\bc\.?i\.?f\b)")
_AT_HOME = re.compile(
    r"(?i:\bacasa\b|\bpersonal\b|\bdomicili|\binregistrat[a]? (?:la|sub) n|\b(?:ap|et|sc|bl)\b|\bcnp\b|c\.n\.p)"
)
_AT = r"(?:@|\(a\)|\(at\)|\[at\]|©|®|€|\{a\}|\(Q|@\.)"
_EMAIL = re.compile(
    rf"(?<![\w@])[\w+-]{{1,40}}(?: ?[._-] ?[\w+-]{{1,40}}){{0,5}} ?{_AT} ?"
    r"[\w-]{1,40}(?:(?: ?\. ?|[, ] ?)[\w-]{1,40}){0,4}? ?[.,]? ?(?i:ro|r0|com|net|eu|org|info|de|hu|it|fr|uk|me|md|es|at|ch|be|pl|gr|bg|rs|ua|io|biz)(?!\w)"
    rf"|(?<![\w@])[\w.+-]{{2,40}}{_AT}[\w-]{{2,40}}\. [a-z]{{2,3}}(?!\w)"
    rf"|(?<![\w@])[\w.+-]{{2,40}}{_AT}[\w.-]{{2,40}}"
    r"|(?<![\w@-])(?:(?!(?:e?mail|la|de|pe|si|adresa) )[a-z]{2,20} )?[a-z][\w.-]{1,38}(?:\d|(?<=[a-z])) ?[QGO(]{1,2}D? ?[a-z][a-z-]{2,30}"
    r"(?:\.[a-z-]{2,20}){0,2}(?:[.,] ?| )(?:r[o0]|com|net|eu|org)(?![\w])"
    r"|(?<![\w@])[\w.+-]{2,40} (?:arond|a rond) ?[\w-]{2,40} ?(?:punct|\.) ?(?:ro|com|net|eu|org)(?!\w)"
)
_LAST_PIECE = re.compile(rf"(?:[\w.-]{{1,3}}|\d{{1,6}}) ?{_AT}")
_TORN_LOCAL = re.compile(
    r"(?<![^\s])(?!(?:e?-?mail|la|de|pe|si|adresa|posta|electronica)\b)[a-z][\w.-]{1,30} $"
)
"""The part before a blank of an address whose last letters alone stand before the sign."""
_MAIL_HINT = re.compile(
    r"[@©®€\[{]|\w[QGO]\w{2,20}[, ] ?(?:r[o0]|com|net)\b|\barond\b|\ba rond\b|\(a|\. ?(?:r[o0]|com|net|eu|org|info|de|hu|it|fr|uk)\b|(?i:\[at\])"
)
_AT_READ = re.compile(r"(?<=\w) ?(?:\([DOQGa]?\)?|[QG]) ?(?=[a-z])")
_LOST_LINE = re.compile(r"(?<=\w) (?=\w+[^ ]*@)")
_MAIL_CUE = re.compile(
    r"(?<![A-Za-z])(?i:[ec][-~ .]?ma[il1]{1,2}|mail|adresa electronica)(?![A-Za-z])[ .:;,]{0,4}\n{0,2}"
)
_MAIL_PIECE = re.compile(r"\s{0,2}([^\s,;]+)([,;]?)")
_ENDED = re.compile(r"\.(?:r[o0]|com|net|eu|org)\W*$", re.IGNORECASE)
_LOST_AT = re.compile(
    r"(?<![\w@/.-])(?!www|http)(?:"
    r"(?:(?!(?:e?mail|la|de|pe|si|adresa) )[a-z-]{2,20} )?[a-z][a-z._-]{0,30}\d{1,3} ?[a-z][a-z-]{1,30}"
    r"|[a-z]\w{0,30}[._]?\w{0,30}\d{1,2}\w{3,30}|(?!\w*(?:primari|consili|judet|gov))[a-z]{14,40}"
    r")(?:[.-][\w-]{2,20}){0,3}\.(?:ro|com)(?!\w)"
)
_JOINT = re.compile(r"^(.*?[a-z._-]\d{1,3}) ?([a-z][a-z-]+\..*)$")
_OFFICES = re.compile(
    r"^(?:office|contact|primar(?:ia|ie)?\w*|registratura|secretariat|info|relatii\w*|cabinet\w*|sesizari|petitii)\W"
)


def _line(text: str, start: int, end: int) -> str:
    stop = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : stop if stop >= 0 else len(text)]


def national(raw: str) -> str:
    """National digits: "0722123456"."""
    value = as_digits(raw)
    if len(value) > NATIONAL:
        value = "0" + value.removeprefix("00").removeprefix("4").removeprefix("0")
    return value


def _phones(text: str) -> Iterator[Span]:
    for start, end in _called(text):
        raw = text[start:end]
        value = national(raw)
        if digit_share(raw) >= 1 / 2:
            sure = SURE if len(value) in {9, NATIONAL} and value[0] == "0" else UNSURE
            yield Span(PersonalKind.PHONE, start, end, value, sure)
    for pattern in (_MOBILE, _OLD):
        for match in pattern.finditer(text):
            if digit_share(match[0]) > 1 / 2:
                yield Span(PersonalKind.PHONE, *match.span(), national(match[0]), LIKELY)


def _called(text: str) -> Iterator[tuple[int, int]]:
    """What stands after the word for a telephone, digits for the most part."""
    for cue in _CUE.finditer(text):
        if match := _CALLED.match(text, cue.end()):
            start = match.end() - len(match[0].lstrip(" \n._"))
            yield start, match.end()
        elif match := _EXCHANGE.match(text, cue.end()):
            yield match.span(1)
        elif (piece := _PIECE.match(text, cue.end())) and _mostly_digits(piece[1]):
            yield piece.span(1)


def _mostly_digits(raw: str) -> bool:
    return digit_share(raw) > MOSTLY and sum(c.isdigit() for c in raw) >= LEAST


def of_office(text: str, span: Span) -> bool:
    """Whether a telephone stands in a line that only a letterhead has; a mobile one never does."""
    line = _line(text, span.start, span.end)
    if span.value.startswith(MOBILE):
        return False
    return _OF_OFFICE.search(line) is not None and _AT_HOME.search(line) is None


def _lines_of(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line in which a pattern stands."""
    end = -1
    for match in pattern.finditer(text):
        if match.start() >= end:
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            end = end if end >= 0 else len(text)
            yield start, end


def _mails(text: str) -> Iterator[Span]:
    for start, end in _lines_of(_MAIL_HINT, text):
        for match in _EMAIL.finditer(text, start, end):
            first = match.start()
            torn = _LAST_PIECE.match(match[0]) and _TORN_LOCAL.search(text, start, first)
            first = torn.start() if torn else first
            yield _mail(first, match.end(), text[first : match.end()], LIKELY)
        for match in _LOST_AT.finditer(text, start, end):
            if not match[0].startswith("www"):
                yield _mail(match.start(), match.end(), match[0], UNSURE)
    for cue in _MAIL_CUE.finditer(text):
        at, start = cue.end(), -1
        while (piece := _MAIL_PIECE.match(text, at)) and piece.start(1) - cue.end() < 60:
            start = piece.start(1) if start < 0 else start
            at = piece.end(1)
            if piece[2] or _ENDED.search(piece[1]) or text[at : at + 1] == "\n":
                break
        raw = text[start:at]
        if start >= 0 and ("." in raw or "@" in raw):
            yield _mail(start, at, raw, SURE)


def _mail(start: int, end: int, raw: str, sure: float) -> Span:
    value = re.sub(rf" ?{_AT} ?", "@", raw.strip(" .,;:\n"))
    value = value if "@" in value else _AT_READ.sub("@", value, count=1)
    value = re.sub(r"(?<=\d) (?=\d\w*@)", "", value)
    value = value if "@" in value else _JOINT.sub(r"\1@\2", value)
    value = _LOST_LINE.sub("_", re.sub(r" ?([._-]) ?|\s*\n\s*", r"\1", value))
    value = re.sub(r"\s", "", value).lower()
    return Span(PersonalKind.EMAIL, start, end, value, sure if "@" in value else UNSURE)


def find(text: str) -> Iterator[Span]:
    """Telephones and addresses but those of an office's letterhead."""
    yield from (span for span in _phones(text) if not of_office(text, span))
    yield from (span for span in _mails(text) if not _OFFICES.match(span.value))
