"""What a paper is about, as reports count it: the problem that people bring to a city hall."""

from pipeline.metadata.classifier import classifiers
from pipeline.metadata.record.context import Context
from pipeline.metadata.text.spans import Found

CATEGORIES = (
    "parking", "street_lighting", "building_permits", "local_taxes", "social_aid", "housing",
    "noise", "waste", "green_spaces", "roads", "civil_status", "land", "other",
)  # fmt: skip
_BY_TYPE = {
    "autorizație de construire": "building_permits",
    "certificat de urbanism": "building_permits",
    "certificat de stare civilă": "civil_status",
    "declarație fiscală": "local_taxes",
}
_NONE = frozenset(("factură",))
"""Papers that are about no problem."""
LEAST = 0.5
"""Under this chance nothing is said."""
SHORTEST = 80  # characters
REACH = 4000


def find_problem(context: Context) -> Found | None:
    """The problem by the paper's type where that tells it, else by its words."""
    kind = context.kind
    if kind.kind in _NONE:
        return None
    if kind.kind in _BY_TYPE and kind.confidence >= LEAST:
        value = _BY_TYPE[kind.kind]
        return Found("problem", kind.start, kind.end, value, kind.confidence, kind.source)
    words = context.view.lower[kind.end : kind.end + REACH]
    if len(words.strip()) < SHORTEST:
        return None
    value, share = classifiers()["problem"].chances(words)[0]
    return Found("problem", 0, 0, value, round(share, 3), "model") if share >= LEAST else None
