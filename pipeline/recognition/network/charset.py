"""What the network's output classes stand for."""

import unicodedata
from dataclasses import dataclass

from pipeline.recognition.network.binary import Reader, invalid
from schemas.errors import InputError

_MOST_CLASSES = 1 << 16
_LONGEST_CODE = 9
_SPECIAL = ("Joined", "|Broken|0|1")
_CEDILLA = (("ţ", "ț"), ("ş", "ș"), ("Ţ", "Ț"), ("Ş", "Ș"))


@dataclass(frozen=True, slots=True)
class Classes:
    """`texts`: a class's characters, "" for CTC's blank `null` and for what is never written.

    `merged`: pairs (cedilla, comma below); the first's probability is added to the second's.
    """

    texts: tuple[str, ...]
    null: int
    space: int
    merged: tuple[tuple[int, int], ...]


def read_unicharset(data: bytes, name: str) -> tuple[str, ...]:
    """The characters by their number; the first is the space."""
    try:
        head, *lines = data.decode("utf-8").split("\n")
        count = int(head.strip()[:9])
    except ValueError as error:
        invalid(name, error)
    if not 0 < count <= min(_MOST_CLASSES, len(lines)):
        invalid(name, f"{count} characters")
    texts = [line.split(" ", 1)[0] for line in lines[:count]]
    return tuple(" " if text == "NULL" else text for text in texts)


def read_recoder(data: bytes, name: str) -> tuple[tuple[int, ...], ...]:
    """The output classes that make up each character."""
    reader = Reader(data, name)
    count = reader.value("I")
    if not 0 < count <= _MOST_CLASSES:
        invalid(name, f"{count} codes")
    codes = []
    for _ in range(count):
        _, length = reader.values("bI")
        if length > _LONGEST_CODE:
            invalid(name, f"a code of {length} classes")
        codes.append(reader.values(f"{length}i"))
    reader.finish()
    return tuple(codes)


def _merged(texts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    number = {text: place for place, text in enumerate(texts)}
    return tuple(
        (number[cedilla], number[comma])
        for cedilla, comma in _CEDILLA
        if cedilla in number and comma in number
    )


def classes_of(
    characters: tuple[str, ...],
    codes: tuple[tuple[int, ...], ...],
    null: int,
    count: int,
    name: str,
) -> Classes:
    """The `count` output classes.

    Raises InputError("model-unsupported") where a character is written by several classes,
    InputError("model-invalid") where characters, codes and classes do not fit together.
    """
    if any(len(code) > 1 for code in codes):
        raise InputError("model-unsupported", name)
    if len(codes) < len(characters) or not 0 <= null < count:
        invalid(name, "characters without a class")
    texts = [""] * count
    for text, code in zip(characters, codes, strict=False):
        if text in _SPECIAL or not code or code[0] == null:
            continue
        if not 0 <= code[0] < count:
            invalid(name, f"class {code[0]} of {count}")
        texts[code[0]] = unicodedata.normalize("NFC", text)
    if " " not in texts:
        invalid(name, "no class for the space")
    known = tuple(texts)
    return Classes(known, null, known.index(" "), _merged(known))
