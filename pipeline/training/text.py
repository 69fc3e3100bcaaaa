"""What stands on the training lines: running text of given files, and numbers, names, old forms."""

import json
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from pipeline.training.alphabet import plain

_LONGEST = 82
_LEAST_TEXT = 12
_MONTHS = (
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "mai",
    "iunie",
    "iulie",
    "august",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
)
_ACTS = ("Legea", "Decretul", "H.G.", "H.C.L.", "Ordinul", "Dispoziția", "Decizia", "O.U.G.")
_HEADS = (
    *("– ", "– ", "- ", "- ", "— ", "• ", "* ", "a) ", "b) ", "1. ", "2) ", "(4) ", "II. "),
    *("Art. 3. – ", "Art. 12 – ", "§ 5. ", "C) "),
)
_SYLLABLES = (
    "ba",
    "be",
    "ká",
    "mé",
    "szi",
    "jó",
    "ló",
    "fü",
    "ső",
    "úr",
    "vár",
    "hely",
    "fél",
    "kö",
    "rö",
    "töl",
    "gy",
    "ny",
    "ház",
    "kis",
    "nagy",
    "sz",
    "ős",
    "tér",
    "út",
    "műv",
    "Mül",
    "ler",
    "Böh",
    "me",
    "groß",
    "Bür",
    "ger",
    "straß",
    "Schä",
    "fer",
    "hén",
    "déz",
    "mor",
    "lé",
    "rue",
    "été",
    "gar",
    "çon",
    "mère",
    "forêt",
    "čes",
    "ký",
    "žup",
    "ník",
    "řed",
    "itel",
    "ště",
    "stní",
    "úř",
    "ad",
    "pří",
    "jem",
    "ňom",
    "vět",
    "obč",
    "mě",
    "sto",
    "kraj",
    "ovič",
    "ević",
    "škol",
    "ľud",
)
_BARE = str.maketrans("ăâîșțĂÂÎȘȚ", "aaistAAIST")
Random = random.Random


@dataclass(frozen=True, slots=True)
class Texts:
    """`lines`: running text, drawn by length (`ends`: words up to each); `words`: drawn evenly."""

    lines: tuple[str, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]


def _records(path: Path) -> Iterable[str]:
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".jsonl":
        yield from content.splitlines()
        return
    for row in content.splitlines():
        yield from str(json.loads(row).get("text", "")).splitlines()


def _cells(path: Path) -> Iterable[str]:
    mark = {".tsv": "\t", ".csv": ";"}.get(path.suffix)
    for row in _records(path):
        for cell in row.split(mark) if mark else (row,):
            text = plain(cell)
            if any(letter.isalpha() for letter in text) and "_" not in text:
                yield text


def read_texts(paths: Iterable[Path]) -> Texts:
    """The cells of .tsv and .csv, the "text" of .jsonl, the lines of other files, each once.

    Those of at least 12 characters are running text, the others words.
    """
    found = dict.fromkeys(cell for path in paths for cell in _cells(path))
    words = dict.fromkeys(word for text in found for word in text.split())
    lines = tuple(text for text in found if len(text) >= _LEAST_TEXT and " " in text)
    ends = tuple(accumulate(len(line.split()) for line in lines))
    return Texts(lines, ends, tuple(words))


def _running(texts: Texts, rng: Random) -> str:
    words = rng.choices(texts.lines, cum_weights=texts.ends)[0].split()
    count = rng.randint(2, 13)
    first = rng.randint(0, max(0, len(words) - count))
    return " ".join(words[first : first + count])


def _scattered(texts: Texts, rng: Random) -> str:
    words = [rng.choice(texts.words) for _ in range(rng.randint(1, 7))]
    return " ".join(words)


def _name(texts: Texts, rng: Random) -> str:
    while True:
        word = rng.choice(texts.words).strip(".,;:()„”\"'")
        if word.isalpha():
            return word.capitalize()


def _date(rng: Random) -> str:
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1860, 2026)
    forms = (
        f"{day} {_MONTHS[month - 1]} {year}",
        f"{day:02d}.{month:02d}.{year}",
        f"{day}/{month}/{year}",
        f"{day}.{('I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII')[month - 1]}.{year}",
        f"{year}-{month:02d}-{day:02d}",
    )
    return rng.choice(forms)


def _reference(texts: Texts, rng: Random) -> str:
    number, year = rng.choice((rng.randint(1, 400), rng.randint(1, 99999))), rng.randint(1864, 2026)
    forms = (
        f"Nr. {number} din {_date(rng)}",
        f"nr. {number}/{year}, art. {rng.randint(1, 200)} alin. ({rng.randint(1, 9)}) lit. {rng.choice('abcdef')})",
        f"{rng.choice(_ACTS)} nr. {number}/{year} privind {_name(texts, rng)}",
        f"{_date(rng)}, ora {rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
        f"Dosar nr. {number}/{rng.randint(100, 299)}/{year}",
        f"Nr.{number}/{rng.randint(1, 12)}/{year}",
        f"anul {year}, luna {rng.choice(_MONTHS)}, ziua {rng.randint(1, 31)}",
        f"Nr. înreg. {number} / {_date(rng)}",
        f"fila {rng.randint(1, 300)} din {rng.randint(1, 300)} – vol. {rng.choice(('I', 'II', 'IV', 'IX'))}",
    )
    return rng.choice(forms)


def _figures(texts: Texts, rng: Random) -> str:
    whole, part = rng.randint(1, 999), rng.randint(0, 99)
    cnp = f"{rng.choice('1256')}{rng.randint(10**11, 10**12 - 1)}"
    forms = (
        f"{whole}.{rng.randint(0, 999):03d},{part:02d} lei",
        f"CNP {cnp}",
        f"C.N.P. {cnp}, C.I. seria {rng.choice(('CJ', 'TM', 'KX', 'XB'))} nr. {rng.randint(100000, 999999)}",
        f"str. {_name(texts, rng)} nr. {whole}, bl. {rng.choice('ABCDES')}{part}, sc. {rng.randint(1, 9)}, ap. {part}",
        f"suprafața de {whole} mp, nr. cadastral {rng.randint(10000, 399999)}, CF {rng.randint(1, 99999)}",
        f"Tel./Fax: 0{rng.randint(200, 799)}-{rng.randint(100, 999)}.{rng.randint(100, 999)}",
        f"RO{part:02d} BTRL {rng.randint(1000, 9999)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)} {part:02d}XX",
        f"{part}. {_name(texts, rng)} {_name(texts, rng)} {whole} {rng.randint(1, 9999)},{part:02d} {part}%",
        f"{whole} ha {part} ari = {rng.randint(1, 9999)} + {part} m",
        f"{rng.randint(0, 99)} {rng.randint(0, 9999)} {rng.randint(0, 999999)} {whole},{part}",
        f"t = {part}°C; {whole} × 2 = {2 * whole} „{_name(texts, rng)}”".replace("×", "x"),
    )
    return rng.choice(forms)


def _spread(text: str) -> str:
    """T I T L E S  with a space after every letter."""
    return " ".join(text[:30].replace(" ", ""))


def _capitals(texts: Texts, rng: Random) -> str:
    text = _running(texts, rng).upper()
    return _spread(text) if rng.random() < 0.12 else text


def _names(texts: Texts, rng: Random) -> str:
    forms = (
        f"comuna {_name(texts, rng)}, județul {_name(texts, rng)}",
        f"{_name(texts, rng).upper()} {_name(texts, rng)}",
        f"{_name(texts, rng)} {_name(texts, rng)}-{_name(texts, rng)}",
        f"„{_running(texts, rng)}”",
        f"“{_name(texts, rng)}” / ({_name(texts, rng)})",
    )
    return rng.choice(forms)


def _foreign(_: Texts, rng: Random) -> str:
    made = [
        "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 4)))
        for _ in range(rng.randint(1, 7))
    ]
    text = " ".join(word.capitalize() if rng.random() < 0.3 else word for word in made)
    return text.upper().replace("SS", "SS") if rng.random() < 0.1 else text


_KINDS: tuple[tuple[float, Callable[[Texts, Random], str]], ...] = (
    (0.47, _running),
    (0.12, _scattered),
    (0.10, _reference),
    (0.09, _figures),
    (0.08, _capitals),
    (0.05, _names),
    (0.09, _foreign),
)


def _old_spelling(text: str) -> str:
    """Î everywhere but in român, as from 1953 to 1993."""
    changed = text.replace("sunt", "sînt").replace("Sunt", "Sînt")
    changed = re.sub(r"(?<!rom)(?<!Rom)â(?!n[aăeiu])", "î", changed)
    return re.sub(r"(?<!ROM)Â", "Î", changed)


def _quotes(text: str, rng: Random) -> str:
    pair = rng.choice(("„”", "„”", '""', "“”", "«»"))
    words = text.split()
    first = rng.randrange(len(words))
    last = min(len(words) - 1, first + rng.randint(0, 3))
    words[first] = pair[0] + words[first]
    words[last] += pair[1]
    return " ".join(words)


def _habits(text: str, rng: Random) -> str:
    """What typists do: no diacritics, old spelling, no space after a comma or one before it."""
    chance = rng.random()
    if chance < 0.07:
        text = text.translate(_BARE)
    elif chance < 0.16:
        text = _old_spelling(text)
    chance = rng.random()
    if chance < 0.06:
        text = re.sub(r"([.,:;]) (?=\S)", r"\1", text)
    elif chance < 0.08:
        text = re.sub(r"(?<=\w)([,;:])", r" \1", text)
    elif chance < 0.12:
        text = text.rstrip(".,") + rng.choice(",.;:!?-")
    chance = rng.random()
    if text and chance < 0.04:
        text = _quotes(text, rng)
    elif chance < 0.06:
        text = re.sub(r"(\w+)", r"/\1/", text, count=1)
    elif chance < 0.12:
        text = rng.choice(_HEADS) + text
    elif chance < 0.16:
        text = text.replace(" ", f" {rng.choice('––-—')} ", 1)
    return text


def line_text(texts: Texts, rng: Random) -> str:
    """The text of one line, at most 82 characters, never empty."""
    (_, make), *_ = rng.choices(_KINDS, [share for share, _ in _KINDS])
    text = plain(_habits(make(texts, rng), rng))
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rsplit(" ", 1)[0]
    return text or "nr."
