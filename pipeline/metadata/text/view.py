"""A page's words as the rules read them, with the way back to the text as given.

The view is folded to letters without diacritics (case kept), line-end hyphens and letter spacing
are closed, and words one slip away from a keyword are mended. Every character of the view knows
the character of the given text it stands for.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.text.vocabulary import KEYWORDS, NOT_KEYWORDS

COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")
_SIGNS = {
    **dict.fromkeys("„”“«»‟", '"'),
    **dict.fromkeys("‚‘’´`", "'"),
    **dict.fromkeys("–—−‐‑‒―", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\t\v\f", " "),
    **dict.fromkeys("\u2028\u2029\x85\r", "\n"),
}
_MARKED = re.compile(r"([^\W\d_])[\u0300-\u036f]{1,4}")
_NOTHING = re.compile(
    r"[\u0300-\u036f\u200b-\u200f\ufeff]+"
    r"|[\u00ad¬] {0,8}\n {0,40}"
    r"|\u00ad"
    r"|(?<=[a-z])- {0,8}\n {0,40}(?=[a-z])"
    r"|(?<=[A-Za-z]-) {0,8}\n {0,40}(?=[A-Z])"
)
_JOINED = re.compile(r"[\u00ad¬]\s*|(?<=[a-zăâîșşțţ])-[ \t]*\r?\n\s*(?=[a-zăâîșşțţ])")
_SPACED = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z] ){3,40}[A-Z](?![A-Za-z0-9])")
_TOKEN = re.compile(r"(?<![A-Za-z0-9|])[A-Za-z0-9|]{6,18}(?![A-Za-z0-9|])")
_SMALL_L = re.compile(r"(?=.*[A-Z]l|l[A-Z])(?=(?:l*[A-Z]){3})[A-Zl]+")
_LONG = 11


class _Fold(dict[int, str]):
    """str.translate table, filled as characters come: one letter for one."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0]
        folded = base if base.isascii() and base.isalpha() else _SIGNS.get(char, char)
        self[code] = folded if unicodedata.category(char) != "Cs" else "?"
        return self[code]


_FOLD = _Fold()


def fold(text: str) -> str:
    """Letters without diacritics, plain quotes, dashes and spaces; length and case unchanged."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class View:
    """`text` (folded) and `shown` (as given, comma below) are equally long; see the module."""

    given: str
    text: str
    shown: str
    lower: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the given text, half open, for a non-empty span of the view."""
        last = self.offsets[end - 1] + 1
        while last < len(self.given) and unicodedata.combining(self.given[last]):
            last += 1
        return self.offsets[start], last

    def words(self, start: int, end: int) -> str:
        """The words of a span on one line, diacritics as given."""
        return " ".join(self.shown[start:end].split())

    def quote(self, start: int, end: int) -> str:
        """The words of a span as the page has them: line ends joined, comma below, NFC."""
        low, high = self.span(start, end)
        given = _JOINED.sub("", unicodedata.normalize("NFC", self.given[low:high]))
        return " ".join(given.translate(COMMA_BELOW).split())


Draft = tuple[str, str, list[int]]
Rewrite = Callable[[re.Match[str], str], tuple[str, str]]


def _spread(offsets: list[int], count: int) -> list[int]:
    """`count` offsets over these: the first and the last keep their place."""
    if count == 1:
        return [offsets[0]]
    return [offsets[j * (len(offsets) - 1) // (count - 1)] for j in range(count)]


def _rewrite(draft: Draft, pattern: re.Pattern[str], change: Rewrite) -> Draft:
    text, shown, offsets = draft
    texts, shows, places, last = [], [], [], 0
    for match in pattern.finditer(text):
        start, end = match.span()
        new, new_shown = change(match, shown[start:end])
        if new == match[0]:
            continue
        texts += [text[last:start], new]
        shows += [shown[last:start], new_shown]
        places += offsets[last:start] + _spread(offsets[start:end], len(new))
        last = end
    if not texts:
        return draft
    return "".join([*texts, text[last:]]), "".join([*shows, shown[last:]]), places + offsets[last:]


def _compose(match: re.Match[str], shown: str) -> tuple[str, str]:
    composed = unicodedata.normalize("NFC", shown).translate(COMMA_BELOW)
    return match[1], composed if len(composed) == 1 else shown[0]


def _drop(_match: re.Match[str], _shown: str) -> tuple[str, str]:
    return "", ""


def _close(match: re.Match[str], shown: str) -> tuple[str, str]:
    return match[0].replace(" ", ""), shown.replace(" ", "")


@lru_cache(maxsize=65536)
def mend(word: str) -> str:
    """The keyword (lower case) that a folded lower-case word was meant to be, or the word."""
    if word in KEYWORDS or word in NOT_KEYWORDS or sum(c.isalpha() for c in word) < len(word) - 2:
        return word
    allowed = 1 if len(word) < _LONG else 2
    best = process.extractOne(word, KEYWORDS, scorer=Levenshtein.distance, score_cutoff=allowed)
    if best is None or (best[1] > 1 and len(best[0]) < _LONG):
        return word
    return str(best[0])


def _capital_i(token: str) -> str:
    """A word in capitals whose I were read as small l: "PRlMARlA"."""
    return token.replace("l", "I") if _SMALL_L.fullmatch(token) else token


def _mend_token(match: re.Match[str], shown: str) -> tuple[str, str]:
    token = match[0]
    mended = mend(_capital_i(token).lower())
    if mended == token.lower():
        return token, shown
    letters = [c for c in token if c.isalpha()]
    if sum(c.isupper() for c in letters) > len(letters) / 2:
        return mended.upper(), mended.upper()
    mended = mended.capitalize() if letters[0].isupper() else mended
    return mended, mended


def build_view(given: str) -> View:
    """The view of any text, at a cost linear in its length."""
    draft: Draft = (fold(given), given.translate(COMMA_BELOW), list(range(len(given))))
    for pattern, change in ((_MARKED, _compose), (_NOTHING, _drop), (_SPACED, _close)):
        draft = _rewrite(draft, pattern, change)
    text, shown, offsets = _rewrite(draft, _TOKEN, _mend_token)
    return View(given, text, shown, _lower(text), tuple(offsets))


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower()[:1] or c for c in text)
