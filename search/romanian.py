"""Keys of Romanian words: one for all inflected forms, old and new spelling, with or without diacritics.

Works on folded letters (no diacritics), because half of what is typed and printed has none. A form
that may belong to two words ("primarii": the mayors, of the town hall) gets both keys; two words
meet when they share one. What the rules would get wrong stands in romanian.toml.

Old spelling: î inside a word counts as â; where î is typed as i, the roots of romanian.toml tell.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from itertools import chain
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_MARKS = re.compile("[\u0300-\u036f]")
_PLAIN = str.maketrans("ăâîșțşţ", "aaistst")
_VOWELS = frozenset("aeiou")
_SHORT = 3


def strip_marks(text: str) -> str:
    """Lower case without diacritics: ă â î ș ț (comma or cedilla) become a a i s t."""
    letters = text.casefold()
    plain = letters if letters.isascii() else letters.translate(_PLAIN)
    return plain if plain.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", letters))


# Î inside a word was â's other spelling until 1993; after these prefixes it is still î.
_INNER_I = re.compile(r"(?<=\w)(?<!^ne)(?<!^re)(?<!^pre)(?<!^sub)(?<!^bine)(?<!^auto)î(?=\w)")

_ROOTS = _TABLES["old_spelling"]["beginnings"].split()
_WHOLE_WORDS = _TABLES["old_spelling"]["words"].split()
_MORE_WORDS = _TABLES["old_spelling"]["more"].split()
SMALL_WORDS = frozenset(_TABLES["small"]["words"].split())
"""Words without which a page answers a query as well."""
_TO_BE = frozenset({"sînt", "sânt", "sint"})


def _old_spelling(root: str) -> str:
    return strip_marks(root.replace("â", "i"))


_OLD = {_old_spelling(root): strip_marks(root) for root in (*_ROOTS, *_WHOLE_WORDS)}
_OLD_WORDS = {_old_spelling(word): strip_marks(word) for word in _MORE_WORDS}
_OLD_PATTERN = re.compile(
    "^(?:(?:ne|re|pre)?({})|({})$)".format(
        "|".join(sorted(map(_old_spelling, _ROOTS), key=len, reverse=True)),
        "|".join(sorted(map(_old_spelling, _WHOLE_WORDS))),
    )
)


def modern(word: str) -> str:
    """Lower-case letters without diacritics in the spelling of after 1993: hotărîre, sînt."""
    letters = unicodedata.normalize("NFC", word).casefold()
    folded = strip_marks(_INNER_I.sub("a", letters) if "î" in letters else letters)
    if letters in _TO_BE:
        return "sunt"
    if whole := _OLD_WORDS.get(folded):
        return whole
    found = _OLD_PATTERN.match(folded) if "i" in folded else None
    if not found:
        return folded
    place = found.lastindex or 1
    return folded[: found.start(place)] + _OLD[found.group(place)] + folded[found.end(place) :]


def _forms(table: str) -> dict[str, tuple[str, ...]]:
    """Lines "key: form form …" as form → keys."""
    found: dict[str, tuple[str, ...]] = {}
    for line in table.strip().splitlines():
        key, _, forms = line.partition(":")
        for form in forms.split():
            found[form] = (*found.get(form, ()), key.strip())
    return found


_IRREGULAR = _forms(_TABLES["irregular"]["forms"])

# Nouns in -ea: șosea, șoseaua, șosele, șoselei, șoselele, șoselelor.
_EA_NOUN = re.compile(
    r"^(sos|ret|caf|perd|st|salt|cur|pod|vops|canap|bidin|cherest|rind|sinch)"
    r"e(?:a|aua|le|lei|lele|lelor)$"
)
# Nouns in -eu: muzeu, muzee, muzeului, muzeelor.
_EU_NOUN = re.compile(
    r"^(\w*(?:muz|lic|tras|trof|mausol|europ|elis|antet|parten|colis))e(?:u|ul|ului|e|ele|elor|i|ii|ilor)$"
)
# Nouns in -ee: alee, aleea, alei, aleii; and in vowel + ie: cheie, chei.
_EE_NOUN = re.compile(
    r"^(al|id|ch|fem|tem|scant|cr|mol)e(?:e|ea|i|ie|ia|iei|ii|ilor|ile|iul|iului|iuri)$"
)

_WHOLE_STEMS = frozenset(_TABLES["stems"]["whole"].split())
_WHOLE_ENDINGS = frozenset(_TABLES["stems"]["whole_endings"].split())
_BIL = re.compile(r"^(\w{2,}[aieu]bil)(a|e|i|ei|ii|ele|elor|ile|ilor|ul|ului)?$")

# Ending → what stays of it; two values are two keys.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "urilor": ("", "ur"),
    "urile": ("", "ur"),
    "uri": ("", "ur"),
    "iilor": ("i",),
    "iului": ("i",),
    "iile": ("i",),
    "iul": ("i",),
    "iei": ("i",),
    "iii": ("i",),
    "ilor": ("",),
    "elor": ("",),
    "ului": ("",),
    "elui": ("",),
    "alui": ("",),
    "ile": ("",),
    "ele": ("",),
    "ul": ("",),
    "ea": ("",),
    "ei": ("",),
    "ii": ("", "i"),
    "ie": ("i",),
    "ia": ("i",),
    "iu": ("i",),
    "a": ("",),
    "e": ("",),
    "i": ("",),
    "o": ("",),
    "u": ("",),
}
_LONGEST = max(map(len, _ENDINGS))

_STEM_CHANGES = dict(pair.split(":") for pair in _TABLES["stems"]["changes"].split())
_AMINT = re.compile(r"amint$")
_UIEL = re.compile(r"(?<=[aou])iel$")
_OAI = re.compile(r"oai$")
_LAST_OA = re.compile(r"oa(?=[^aeiou]+$)")
_LAST_EA = re.compile(r"ea(?=[^aeiou]+$)")
_FROZEN = frozenset(_TABLES["stems"]["frozen"].split())


def _settled(stem: str) -> str:
    if stem in _FROZEN:
        return stem
    stem = _STEM_CHANGES.get(stem, stem)
    stem = _LAST_EA.sub("e", _LAST_OA.sub("o", stem))
    return _UIEL.sub("ial", _AMINT.sub("amant", _OAI.sub("oi", stem)))


def _softened(stem: str, ending: str) -> tuple[str, ...]:
    """Consonants before i: străzi of stradă, românești of românesc."""
    if not ending.startswith("i"):
        return (stem,)
    if stem.endswith("z"):
        return (stem[:-1] + "d", stem)
    if stem.endswith("est") and len(stem) > len("vest"):
        return (stem[:-1] + "c", stem)
    return (stem,)


def _long_enough(base: str, ending: str) -> bool:
    if len(base) >= _SHORT:
        return True
    vowel_first = len(base) == _SHORT - 1 and base[0] in _VOWELS and base[1] not in _VOWELS
    return vowel_first and (len(ending) > 1 or ending in "aei")


def _cut(word: str) -> tuple[str, tuple[str, ...]]:
    """The ending, and the bases that are left of the word without it."""
    for length in range(min(_LONGEST, len(word) - 1), 0, -1):
        base, ending = word[:-length], word[-length:]
        if ending not in _ENDINGS or not _long_enough(base, ending):
            continue
        if ending[0] == "i" and base[-1] in _VOWELS:
            return ending, (base + "i",)
        return ending, tuple(base + rest for rest in _ENDINGS[ending])
    return "", (word,)


def _whole(word: str) -> str:
    """The stem when the word is one that the endings would maim, else nothing."""
    for pattern, left in ((_EA_NOUN, "ea"), (_EU_NOUN, "eu"), (_EE_NOUN, "ei")):
        if found := pattern.match(word):
            return found.group(1) + left
    if found := _BIL.match(word):
        return found.group(1)
    for length in range(len(word), _SHORT, -1):
        if word[:length] in _WHOLE_STEMS and (
            length == len(word) or word[length:] in _WHOLE_ENDINGS
        ):
            return word[:length]
    return ""


@lru_cache(maxsize=200_000)
def keys(word: str) -> tuple[str, ...]:
    """The keys of one word, the likeliest first; a word with a digit is its own key."""
    letters = modern(word)
    own = _own_keys(letters)
    return tuple(dict.fromkeys((*own, *_ABBREVIATIONS.get(letters, ()))))


def _own_keys(letters: str) -> tuple[str, ...]:
    if not letters.isalpha() and (any(map(str.isdigit, letters)) or not letters):
        return (letters,)
    if letters in _IRREGULAR:
        return _IRREGULAR[letters]
    if whole := _whole(letters):
        return (whole,)
    if len(letters) < _SHORT:
        return (letters,)
    ending, bases = _cut(letters)
    stems = (stem for base in bases for stem in _softened(base, ending))
    return tuple(dict.fromkeys(_settled(stem) for stem in stems))


def _abbreviations(table: str) -> dict[str, tuple[str, ...]]:
    pairs = (pair.partition(":") for pair in table.split())
    return {short: _own_keys(modern(whole)) for short, _, whole in pairs}


_ABBREVIATIONS = _abbreviations(_TABLES["abbreviations"]["pairs"])


def _first_letters() -> dict[str, frozenset[str]]:
    """Keys of the tables, with the first letters of the words that have them."""
    found: dict[str, set[str]] = {}
    tables = (_IRREGULAR.items(), _ABBREVIATIONS.items())
    for form, every in chain(*tables, ((old, (new,)) for old, new in _STEM_CHANGES.items())):
        for key in every:
            found.setdefault(key, set()).add(form[0])
    return {key: frozenset(letters) for key, letters in found.items()}


_FIRST_LETTERS = _first_letters()


def first_letters(key: str) -> frozenset[str]:
    """The letters with which the words begin that have a key: its own, and what the tables tell."""
    return _FIRST_LETTERS.get(key, frozenset()) | {key[:1]}
