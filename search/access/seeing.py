"""Which of the hits of an answer show words of what is not public: that is a view, to be noted."""

from collections.abc import Iterable

from schemas.hits import Hit
from schemas.public import RECORD
from schemas.records import Regime
from schemas.settings import Settings


def seen_in_hits(settings: Settings, hits: Iterable[Hit]) -> str:
    """Ids of pages, with commas between: those whose words are shown and that have no public copy.

    An anonymised document's own words are not those of its copy.
    """
    shown = (hit for hit in hits if hit.snippet and not _is_public(settings, hit))
    return ",".join(f"{hit.document}.{hit.document_page}" for hit in shown)


def _is_public(settings: Settings, hit: Hit) -> bool:
    copy = settings.layout.unit(hit.unit).public_copy(hit.document)
    return hit.regime == Regime.PUBLIC.value and (copy / RECORD).is_file()
