"""What had to go, looked for in what is left: the same value in other spellings and misreadings."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import permutations

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import FIRST_NAMES

_LEAST_VALUE, _LEAST_PART, _LEAST_WHOLE = 4, 4, 7
_LEAST_LENIENT, _LEAST_LENIENT_PART, _LEAST_LENIENT_ADDRESS = 9, 7, 14
_LEAST_NUMBER = 6
_MOST_SLIPS, _LETTERS_A_SLIP, _DIGITS_A_SLIP = 2, 6, 12
_MOST_PARTS = 4
_DIGITS = str.maketrans("oqdilsbzgt", "0001158267")
_LETTERS = str.maketrans("0158l", "oisbi")
_TOKEN = re.compile(r"[^\W_]+")
_IBAN = re.compile(r"[a-z]{2}\d{2}[a-z0-9]{11,30}")
PARTING = "\0"
"""Between texts that do not belong together."""
_SERIES = re.compile(r"[a-z]{1,3}(\d{6,8})")
_ABROAD = re.compile(r"^(?:0040|40|0)(?=\d{9}$)")
_SPOKEN = frozenset(
    """strada str bulevardul bulevard bdul calea aleea soseaua intrarea piata splaiul drumul nr
    numarul numar bloc blocul scara etaj etajul apartament apartamentul sector sectorul judet
    judetul jud municipiul municipiu orasul oras comuna satul sat localitatea romania domnul doamna
    domnului doamnei domiciliul""".split()  # noqa: SIM905 a list of words reads as one
)


_FIRST_NAMES = frozenset(fold(name).lower() for name in FIRST_NAMES)


_BEFORE_NUMBERS = frozenset(("nr", "numar", "numarul", "str", "strada"))


class Form(StrEnum):
    """How a value is looked for."""

    NUMBER = "number"
    NAME = "name"
    MIXED = "mixed"


def folded(text: str) -> str:
    """Small letters without marks, compatibility forms undone."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def tokens_of(text: str) -> tuple[str, ...]:
    """Runs of letters and digits, folded."""
    return tuple(_TOKEN.findall(folded(text)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that had to go, ready to be looked for.

    `whole`: its letters and digits in one piece; `number`: the same with letters that look like
    digits as those, of a telephone number without its prefix; `parts`: of a name, the words that
    tell it (first names where there is no other); `telling`: the tokens that are no usual words
    of addresses; `spellings`: a name in one piece, its words in any order.
    """

    tokens: tuple[str, ...]
    form: Form
    whole: str
    number: str
    parts: tuple[str, ...]
    telling: tuple[str, ...]
    spellings: tuple[str, ...]


def _parts(tokens: Sequence[str]) -> tuple[str, ...]:
    long = tuple(t for t in tokens if len(t) >= _LEAST_PART and t not in _SPOKEN)
    return tuple(t for t in long if t not in _FIRST_NAMES) or long


def _spellings(tokens: Sequence[str]) -> tuple[str, ...]:
    orders = permutations(tokens) if len(tokens) <= _MOST_PARTS else (tokens,)
    return tuple(dict.fromkeys("".join(order) for order in orders))


def _form(whole: str, value: str) -> Form:
    digits = sum(c.isdigit() for c in whole)
    if not digits and "@" not in value:
        return Form.NAME
    return Form.NUMBER if 2 * digits >= len(whole) or _IBAN.fullmatch(whole) else Form.MIXED


def _wanted(tokens: tuple[str, ...], value: str) -> Wanted:
    whole = "".join(tokens)
    form = _form(whole, value)
    return Wanted(
        tokens=tokens,
        form=form,
        whole=whole,
        number=_ABROAD.sub("", whole.translate(_DIGITS)),
        parts=_parts(tokens) if form is Form.NAME else (),
        telling=tuple(token for token in tokens if token not in _SPOKEN),
        spellings=_spellings(tokens) if form is Form.NAME else (),
    )


def wanted(values: Iterable[str]) -> tuple[Wanted, ...]:
    """The values to look for, each once; those of fewer than four letters and digits tell nothing."""
    split = {tokens_of(value): value for value in values}
    long = ((t, value) for t, value in split.items() if sum(map(len, t)) >= _LEAST_VALUE)
    return tuple(_wanted(tokens, value) for tokens, value in long)


@dataclass(frozen=True)
class Text:
    """A text made ready to look for many values in; nothing is joined across a `PARTING`.

    Of `code` (content streams, file bytes) numbers count only where they stand in one piece: the
    places of its words are numbers too.
    """

    given: str
    code: bool = False

    @cached_property
    def sections(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tokens_of(part) for part in self.given.split(PARTING))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return tuple(token for section in self.sections for token in section)

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The tokens line by line: what stands on another line is not beside a word."""
        return tuple(tokens_of(line) for line in self.given.replace(PARTING, "\n").splitlines())

    @cached_property
    def words(self) -> frozenset[str]:
        """Each token as it is, and with digits that look like letters as those."""
        each = frozenset(self.tokens)
        return each | {token.translate(_LETTERS) for token in each}

    @cached_property
    def whole(self) -> str:
        return PARTING.join("".join(section) for section in self.sections)

    @cached_property
    def number(self) -> str:
        return (PARTING.join(self.tokens) if self.code else self.whole).translate(_DIGITS)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Each token with letters that look like digits as those."""
        return frozenset(token.translate(_DIGITS) for token in frozenset(self.tokens))

    @cached_property
    def telling(self) -> tuple[str, ...]:
        return tuple(token for token in self.tokens if token not in _SPOKEN)

    @cached_property
    def told(self) -> str:
        return "".join(self.telling)

    @cached_property
    def bare(self) -> str:
        """In one piece, without what stands before the numbers of an address."""
        return "".join(token for token in self.tokens if token not in _BEFORE_NUMBERS)


def _holds(text: str, value: str, *, lenient: bool) -> bool:
    """Whether a value stands in a text; leniently, with a letter in six otherwise, a digit in twelve.

    Of digits fewer may differ: any two numbers have many in common.
    """
    if value in text:
        return True
    if not lenient or len(value) < _LEAST_LENIENT or len(text) < len(value) - 1:
        return False
    slips = max(1, len(value) // (_LETTERS_A_SLIP if value.isalpha() else _DIGITS_A_SLIP))
    least = 100 * (1 - slips / len(value)) - 0.01
    return fuzz.partial_ratio(value, text, score_cutoff=least) >= least


def _is(token: str, part: str, *, lenient: bool) -> bool:
    """Whether a token is a part of a name, leniently with one letter otherwise."""
    if token == part or token.translate(_LETTERS) == part.translate(_LETTERS):
        return True
    if not lenient or len(part) < _LEAST_LENIENT_PART or abs(len(token) - len(part)) > 1:
        return False
    return Levenshtein.distance(token, part, score_cutoff=1) <= 1


def _is_among(words: frozenset[str], part: str, *, lenient: bool) -> bool:
    if part in words or part.translate(_LETTERS) in words:
        return True
    return lenient and any(_is(word, part, lenient=True) for word in words)


def _is_another(beside: Sequence[str], name: Wanted) -> bool:
    """Whether a first name stands beside a surname, and none that may be this person's."""
    near = [token for token in beside for own in name.tokens if _differs_little(token, own)]
    return not near and any(token in _FIRST_NAMES for token in beside)


def _differs_little(token: str, own: str) -> bool:
    slips = _MOST_SLIPS if len(own) > _LEAST_PART else 1
    return Levenshtein.distance(token, own, score_cutoff=slips) <= slips


def _has_part(text: Text, name: Wanted, part: str, *, lenient: bool) -> bool:
    """Whether a part of a name stands anywhere but in the name of somebody else."""
    if not _is_among(text.words, part, lenient=lenient):
        return False
    own = part in _FIRST_NAMES
    return any(
        _is(token, part, lenient=lenient)
        and (own or not _is_another((*row[max(0, n - 1) : n], *row[n + 1 : n + 2]), name))
        for row in text.rows
        for n, token in enumerate(row)
    )


def _has_name(text: Text, name: Wanted, allowed: frozenset[str], *, lenient: bool) -> bool:
    telling = (part for part in name.parts if part not in allowed)
    if any(_has_part(text, name, part, lenient=lenient) for part in telling):
        return True
    if len(name.whole) < _LEAST_WHOLE:
        return len(name.tokens) > 1 and f" {' '.join(name.tokens)} " in f" {' '.join(text.tokens)} "
    return any(_holds(text.whole, one, lenient=lenient) for one in name.spellings)


def _is_end(token: str, number: str) -> bool:
    """Whether a token is so much of a long number's beginning or end as leaves few others."""
    if len(token) < _LEAST_NUMBER or len(number) < _LEAST_LENIENT or not token.isdigit():
        return False
    return number.startswith(token) or number.endswith(token)


def _has_number(text: Text, value: Wanted, *, lenient: bool) -> bool:
    """A number in one piece; of a series with its number, the number by itself too.

    Numbers of few digits tell nothing in code, where every place and size is one.
    """
    series = _SERIES.fullmatch(value.whole)
    if series and series[1] in text.numbers:
        return True
    if len(value.number) < _LEAST_NUMBER:
        return not text.code and value.number in text.numbers
    if not text.code and any(_is_end(token, value.number) for token in text.numbers):
        return True
    return _holds(text.number, value.number, lenient=lenient)


def _has_mixed(text: Text, value: Wanted, *, lenient: bool) -> bool:
    """A whole address; or its street and the first number that follows it."""
    told = "".join(value.telling)
    lenient = lenient and len(told) >= _LEAST_LENIENT_ADDRESS
    if len(told) >= _LEAST_NUMBER and _holds(text.told, told, lenient=lenient):
        return True
    bare = "".join(token for token in value.tokens if token not in _BEFORE_NUMBERS)
    if len(bare) >= _LEAST_WHOLE and _holds(text.bare, bare, lenient=False):
        return True
    names = [n for n, t in enumerate(value.telling) if t.isalpha() and len(t) >= _LEAST_PART]
    if not names or value.telling[names[0]] not in text.words:
        return False
    street, after = value.telling[names[0]], value.telling[names[0] + 1 :]
    number = next((token for token in after if token[0].isdigit()), None)
    places = (n for n, token in enumerate(text.telling) if token == street)
    return number is not None and any(number in text.telling[n + 1 : n + 4] for n in places)


def has(text: Text, value: Wanted, allowed: frozenset[str], *, lenient: bool) -> bool:
    """Whether a text has a value; `lenient` where it was read and may be misread.

    `allowed` are words, folded, that tell no name here: those of officials that stay.
    """
    if value.form is Form.NAME:
        return _has_name(text, value, allowed, lenient=lenient)
    if value.form is Form.NUMBER:
        return _has_number(text, value, lenient=lenient)
    return _has_mixed(text, value, lenient=lenient)


@dataclass(frozen=True, slots=True)
class Gone:
    """Everything that had to go from one copy, ready to be looked for."""

    values: tuple[Wanted, ...]
    allowed: frozenset[str] = frozenset()

    def in_text(self, given: str, *, lenient: bool = False, code: bool = False) -> bool:
        """Whether a text holds any of it: one that was read (`lenient`), or that programs read."""
        text = Text(given, code)
        return any(has(text, value, self.allowed, lenient=lenient) for value in self.values)


def gone_of(values: Iterable[str], allowed: Iterable[str] = ()) -> Gone:
    """`values` as found; `allowed` words that may stay although a value has them too."""
    return Gone(wanted(values), frozenset(t for word in allowed for t in tokens_of(word)))
