"""The letters that the tuned network writes: those of the start weights and some more."""

import struct
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.recognition.network.charset import classes_of, read_recoder, read_unicharset

# added classes, each with the one whose output weights it starts from
ADDED: Mapping[str, str] = {
    **dict(zip("áéíóúöüőűäß", "aeiouououas", strict=True)),
    **dict(zip("ÁÉÍÓÚÖÜŐŰÄ", "AEIOUOUOUA", strict=True)),
    "–": "—",
    "§": "S",
    "•": "*",
    "°": "*",
}
_ALIKE = str.maketrans(
    {
        "ţ": "ț",
        "ş": "ș",
        "Ţ": "Ț",
        "Ş": "Ș",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "″": '"',
        "…": "...",
        "\u00a0": " ",
        "º": "°",
        "−": "-",
        "‑": "-",
        "­": "-",
        "·": "•",
        "ﬆ": "st",
        "ﬁ": "fi",
        "ﬂ": "fl",
    }
)
_BASE = str.maketrans("łŁđĐøØıæœ", "lLdDoOiao")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """`texts`: an output class's character, "" where it writes none; `null`: CTC's blank."""

    texts: tuple[str, ...]
    null: int

    def numbers(self) -> dict[str, int]:
        """Each character's class."""
        return {text: place for place, text in enumerate(self.texts) if text}


def plain(text: str) -> str:
    """NFC with comma-below letters, plain quotes, dashes and single spaces, as labels have it."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_ALIKE).split())


def spelled(text: str, known: Iterable[str]) -> str:
    """The text in known characters: other letters lose their accents, other signs are left out."""
    letters = {*known, " "}

    def one(letter: str) -> str:
        if letter in letters:
            return letter
        base = unicodedata.normalize("NFD", letter)[0].translate(_BASE)
        return base if base in letters else ""

    return " ".join("".join(one(letter) for letter in plain(text)).split())


def alphabet_of(unicharset: bytes, recoder: bytes, null: int, count: int) -> Alphabet:
    """What the `count` classes of a .traineddata file's unicharset and recoder write."""
    characters, codes = read_unicharset(unicharset, "ron"), read_recoder(recoder, "ron")
    classes = classes_of(characters, codes, null, count, "ron")
    return Alphabet(classes.texts, classes.null)


def _kind(letter: str) -> str:
    """Tesseract's flags in hexadecimal: lower case, upper case or a sign."""
    if not letter.isalpha():
        return "10"
    return "5" if letter.isupper() else "3"


def _other_case(letter: str, own: int, first: int, added: tuple[str, ...]) -> int:
    other = letter.swapcase()
    return first + added.index(other) if other in added else own


def more_characters(unicharset: bytes, added: Iterable[str]) -> bytes:
    """The unicharset with characters more at its end."""
    letters = tuple(added)
    head, _, body = unicharset.decode("utf-8").partition("\n")
    first, lines = int(head), []
    for own, letter in enumerate(letters, first):
        script = "Latin" if letter.isalpha() else "Common"
        other = _other_case(letter, own, first, letters)
        spaced = " ".join(f"{ord(sign):x}" for sign in letter)
        flags = f"{_kind(letter)} 0,255,0,255,0,0,0,0,0,0 {script} {other} 0 {own} {letter}"
        note = {"3": "a", "5": "A", "10": "p"}[_kind(letter)]
        lines.append(f"{letter} {flags}\t# {letter} [{spaced} ]{note}\n")
    return f"{first + len(letters)}\n{body}{''.join(lines)}".encode()


def more_codes(recoder: bytes, first: int, count: int) -> bytes:
    """The recoder with `count` characters more, written by the classes from `first` on."""
    (known,) = struct.unpack_from("<I", recoder)
    codes = (struct.pack("<bIi", 1, 1, first + at) for at in range(count))
    return struct.pack("<I", known + count) + recoder[4:] + b"".join(codes)
