"""The feed of public changes, kept in step with the public copies that the index holds.

It is compared with them whenever the public index was written, so that what a killed program left
unsaid is said by the next to publish; `opis reindex` and `opis verify` compare all of it.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from hashlib import sha256

from pipeline.ledger import Ledger
from pipeline.portal.changes import Feed
from schemas.layout import UnitLayout
from schemas.portal import PublicVersion
from schemas.public import RECORD, PublicRecord, copied_alto, read_copy
from schemas.records import UnitState
from schemas.settings import Settings


def public_versions(layout: UnitLayout, apart: Collection[str] = ()) -> Mapping[str, PublicVersion]:
    """A unit's documents that the public index holds, but for those `apart`, by id.

    A copy without any word is in no index, and so in no feed.
    """
    try:
        there = sorted(path.name for path in layout.public.iterdir())
    except FileNotFoundError:  # nothing is public, or the last copy goes this moment
        return {}
    return dict(_versions(layout, tuple(name for name in there if name not in apart)))


def _versions(
    layout: UnitLayout, documents: Collection[str]
) -> Iterator[tuple[str, PublicVersion]]:
    for document in documents:
        folder = layout.public_copy(document)
        copy = read_copy(folder)
        if copy is not None and _says_something(copy, layout):
            try:
                record = (folder / RECORD).read_bytes()
            except OSError:  # withdrawn this moment
                continue
            yield document, PublicVersion(copy.sha256, sha256(record).hexdigest())


def _says_something(copy: PublicRecord, layout: UnitLayout) -> bool:
    folder = layout.public_copy(copy.document)
    return any(copied_alto(folder, page.document_page).exists() for page in copy.pages)


def note_public(layout: UnitLayout, ledger: Ledger, apart: Collection[str] = ()) -> int:
    """Tell the feed what the public index holds of a unit; how many changes that were."""
    return Feed(ledger).note(layout.id, partial(public_versions, layout, apart))


def note_hidden(unit: str, ledger: Ledger) -> int:
    """Tell the feed that nothing of a unit is public."""
    return Feed(ledger).note(unit, dict)


def mend_feed(settings: Settings, ledger: Ledger) -> int:
    """Compare the whole feed with the public copies and tell it what it lacks; how many changes.

    Units that are worked on are left to whoever does.
    """
    feed = Feed(ledger)
    states = {row.id: row.state for row in ledger.units()}
    told = 0
    for unit in sorted({*states, *feed.units()}):
        if states.get(unit) == UnitState.PUBLISHED:
            told += note_public(settings.layout.unit(unit), ledger)
        elif unit not in states or not ledger.is_worked_on(unit):
            told += note_hidden(unit, ledger)
    return told


def unsaid(settings: Settings, ledger: Ledger, units: Collection[str]) -> tuple[str, ...]:
    """The published ones among the units of which the feed says otherwise than their copies."""
    feed = Feed(ledger)
    whole = {row.id for row in ledger.units(UnitState.PUBLISHED)}
    return tuple(
        unit
        for unit in units
        if unit in whole and feed.differences(unit, public_versions(settings.layout.unit(unit)))
    )
