"""Pages misread as recognition engines misread them: letters that look alike, lost marks and spaces."""

import random
import re

_TWINS = {
    "a": "ăâo", "ă": "aaâ", "â": "aaă", "b": "h6", "c": "eo", "d": ("cl", "a"), "e": "co", "f": "t",
    "g": "q9", "h": "bn", "i": "l1j", "î": "ii", "j": "i", "k": "lc", "l": "i1I", "m": ("rn", "nn", "in"),
    "n": "ru", "o": "0ce", "p": "n", "q": "g", "r": "nt", "s": "ș5", "ș": "ss", "t": "fr", "ț": "tt",
    "u": ("n", "ii", "v"), "v": "u", "w": ("vv",), "x": "k", "y": "v", "z": "2",
    "0": "OOo", "1": "lII", "5": "SS", "8": "BB", "I": "l1", "O": "0Q", "S": "5", "B": "8",
    "A": "Ă", "Ă": "A", "Â": "A", "Î": "I", "Ș": "S", "Ț": "T", "M": ("IVI", "N"), "C": "G", "E": "F",
}  # fmt: skip
_PAIRS = (("rn", "m"), ("cl", "d"), ("ri", "n"), ("ii", "u"), ("fi", "h"))
_LOST, _SPACED, _SPECK = 0.08, 0.03, 0.04
_PLAIN = "eaiorntulcsdmp"
_PAIR = re.compile("|".join(pair for pair, _ in _PAIRS))


def _letter(sign: str, chance: random.Random) -> str:
    """What one sign is read as; figures are only read for what looks like them."""
    if not sign.isalnum():
        return sign if chance.random() > _SPECK else ""
    kind = chance.random()
    if sign.isdigit():
        return chance.choice(_TWINS.get(sign, sign))
    if kind < _LOST:
        return ""
    if kind < _LOST + _SPACED:
        return f"{sign} "
    if kind < _LOST + _SPACED + _SPECK:
        return f"{sign}{chance.choice('.,i')}"
    return chance.choice(_TWINS.get(sign, _PLAIN))


def misread(text: str, noise: float, chance: random.Random) -> str:
    """A text with a share of its letters and figures misread, of its spaces lost."""
    pairs = dict(_PAIRS)
    signs: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        if sign.isspace():
            signs.append("" if sign == " " and chance.random() < noise * _SPACED else sign)
        elif chance.random() >= noise:
            signs.append(sign)
        elif (pair := _PAIR.match(text, place)) and chance.random() < 0.5:
            signs.append(pairs[pair.group()])
            place += 1
        else:
            signs.append(_letter(sign, chance))
        place += 1
    return "".join(signs)
