"""What is known of a word beforehand: whether it is an ordinary word or rather somebody's name."""

from functools import lru_cache

import numpy as np

from pipeline.metadata.entities.entity_model import entity_model
from pipeline.metadata.entities.entity_words import word_numbers
from pipeline.privacy.finding.names.gazetteer import GIVEN, parts
from pipeline.privacy.finding.words import NOT_NAMES, WRITTEN_GREAT

ORDINARY = frozenset((1, 2))  # written with a small letter, or mostly so
MOSTLY_CAPITAL = 3
LISTS = 5  # of a class: 5 x how it is written + the list it stands in
STEM, ACTION = 4, 9  # letters
PLACES = frozenset((2, 3))
_OF_ROLES = ("entul", "antul", "atorul", "itorul", "entului", "antului", "atorului", "itorului")
_OF_ACTIONS = ("area", "irea", "erea", "iunea", "iunile", "iunii", "iunilor")
_BOTH = frozenset(("alin", "edit"))  # given names; one is short for a paragraph of a law


@lru_cache(maxsize=65_536)
def _class(small: str) -> tuple[int, int]:
    lexicon = entity_model().lexicon
    number = np.array([word_numbers(small).whole], dtype=np.uint32)
    written, where = divmod(int(lexicon.classes_of(number)[0]), LISTS)
    return written, where


@lru_cache(maxsize=65_536)
def is_ordinary(core: str) -> bool:
    """Whether a small folded word is a word of the language and not first of all a name."""
    if core in NOT_NAMES or core in WRITTEN_GREAT:
        return True
    return all(
        _class(part)[0] in ORDINARY or _with_article(part) or is_gerund(part) or _of_action(part)
        for part in parts(core)
    )


def _with_article(part: str) -> bool:
    if len(part) >= ACTION and part.endswith(_OF_ROLES) and part not in GIVEN:
        return True
    stem = part.removesuffix("ul")
    return stem != part and len(stem) >= STEM and _class(stem)[0] in ORDINARY


def _of_action(part: str) -> bool:
    """Whether a word is what verbs' nouns are and no surname is: "Subcontractarea"."""
    return len(part) >= ACTION and part.endswith(_OF_ACTIONS) and part not in GIVEN


@lru_cache(maxsize=65_536)
def is_gerund(part: str) -> bool:
    """Whether a small folded word is a verb's gerund, with which orders begin sentences: "Examinând"."""
    stem = part[: -len("and")]
    if not part.endswith(("and", "ind")) or len(stem) < STEM or part in GIVEN:
        return False
    return any(_class(stem + ending)[0] in ORDINARY for ending in ("a", "e", "i"))


@lru_cache(maxsize=65_536)
def is_place(core: str) -> bool:
    """Whether a small folded word is (part of) the name of a place, and hardly a given name."""
    written, where = _class(core)
    return where in PLACES and core not in GIVEN and written >= MOSTLY_CAPITAL


@lru_cache(maxsize=65_536)
def is_given(core: str) -> bool:
    """Whether a small folded word, or a half of it, is a given name letter for letter."""
    return core in _BOTH or any(part in GIVEN and not is_ordinary(part) for part in parts(core))
