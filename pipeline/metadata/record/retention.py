"""A document's class in the filing plan, and with it how long it is kept."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.metadata.entities.gazetteer import letters_of
from pipeline.metadata.lists import FilingClass
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold

CODE, TERM = "indicativ_nomenclator", "termen_pastrare"
_ALIKE = 80.0


def _weight(one: FilingClass, kind: str, department: str, about: str) -> float:
    """How well a class fits; 0 where something that the plan asks for is not so."""
    weight = 0.0
    if one.kind:
        if letters_of(one.kind) != letters_of(kind):
            return 0.0
        weight += 2
    if one.department:
        if letters_of(one.department) not in letters_of(department):
            return 0.0
        weight += 1.5
    if one.words:
        met = sum(word in about for word in one.words)
        if not met:
            return 0.0
        weight += 1.5 + 0.5 * met
    if not (one.kind or one.words):
        near = fuzz.token_set_ratio(fold(one.title).lower(), about) if one.title else 0.0
        weight = weight + 1 if near >= _ALIKE else 0.0
    return weight


def find_retention(
    classes: Sequence[FilingClass], kind: str, department: str, about: str
) -> dict[str, Found]:
    """The class's code and its retention term; nothing where no class fits, or several as well.

    `about` is the paper's type and subject, folded and small.
    """
    ranked = sorted(
        ((_weight(one, kind, department, about), one) for one in classes), key=lambda one: -one[0]
    )
    if not ranked or ranked[0][0] <= 0:
        return {}
    weight, best = ranked[0]
    rivals = [one for other, one in ranked[1:] if other >= weight and one.code != best.code]
    if rivals:
        return {}
    sure = min(0.9, 0.45 + 0.12 * weight)
    found = {CODE: Found(CODE, 0, 0, best.code, round(sure, 2))}
    return found | ({TERM: Found(TERM, 0, 0, best.term, round(sure, 2))} if best.term else {})
