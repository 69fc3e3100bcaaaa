"""Words as scanners misread them: letters that look alike are one letter."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

_PAIRS = re.compile("rn|ri|vv|cl|li|ii|nn|m|w|d|h|u")
_ALIKE = {
    "rn": "nn",
    "ri": "n",
    "vv": "vv",
    "cl": "cl",
    "li": "n",
    "ii": "n",
    "nn": "nn",
    "m": "nn",
    "w": "vv",
    "d": "cl",
    "h": "n",
    "u": "n",
}
_ONE = str.maketrans("0o1l|!tfj5s8b6ceaq9gyv", "ooiiiiiiissbbbccaqqgvv")
LONG = 8  # letters of a word that may have lost, doubled or changed one inside
EDGE = 2  # letters at both ends that may not: there words are inflected


@lru_cache(maxsize=65_536)
def skeleton(small: str) -> str:
    """What is left of a small word when letters that look alike are made one."""
    return _PAIRS.sub(lambda match: _ALIKE[match[0]], small).translate(_ONE)


def one_inside(read: str, word: str) -> bool:
    """Whether a long word differs from another by one letter away from its ends."""
    if len(word) < LONG or read[:EDGE] != word[:EDGE] or read[-EDGE:] != word[-EDGE:]:
        return False
    return Levenshtein.distance(read, word, score_cutoff=1) <= 1
