"""What cover sheets say of a unit's pages: which unit begins where, and what contradicts what."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flows.stages.tasks import PageResult
from schemas.inventory import DAMAGED, REFERENCE, ListedUnit, UnitName, folded, tidy
from schemas.records import Finding, Identity, PageState, Unit

PARTS = ("fond", "inventar", "cota", "an")
_MOST_LEAVES = 9
Lookup = Callable[[str], ListedUnit | None]
"""The listed unit that a reference stands for, if any."""


@dataclass(frozen=True, slots=True)
class FoundCover:
    """A cover sheet among a unit's pages; `fault` is a finding's code where it names no unit."""

    page: int
    name: UnitName = UnitName()
    leaves: int | None = None
    fault: str = ""
    reference: str = ""


def find_covers(pages: Sequence[PageResult], lookup: Lookup) -> tuple[FoundCover, ...]:
    """The cover sheets among pages that were read, in page order."""
    return tuple(_cover(page, lookup) for page in pages if page.sheet)


def _cover(page: PageResult, lookup: Lookup) -> FoundCover:
    told = page.sheet
    if DAMAGED in told:
        return FoundCover(page.page, fault="separator-unreadable")
    name = UnitName(*(tidy(told.get(part, "")) for part in PARTS))
    leaves = told.get("file_certificate", "")
    if name.cota or not told.get(REFERENCE):
        counted = leaves.isascii() and leaves.isdigit() and len(leaves) <= _MOST_LEAVES
        return FoundCover(page.page, name, int(leaves) if counted else None)
    listed = lookup(told[REFERENCE])
    if listed is None:
        return FoundCover(page.page, fault="cover-unlisted", reference=told[REFERENCE])
    return FoundCover(page.page, listed.name, listed.leaves)


def has_content(pages: Sequence[PageResult]) -> bool:
    """Whether any of these pages is more than a sheet or blank."""
    return any(page.state not in {PageState.BLANK, PageState.SEPARATOR} for page in pages)


def own_cover(pages: Sequence[PageResult], covers: Sequence[FoundCover]) -> FoundCover | None:
    """The cover that names the unit itself: the first one, with no leaf before it."""
    first = next((cover for cover in covers if not cover.fault), None)
    if first is None or has_content(pages[: first.page - 1]):
        return None
    return first


def units_behind(
    identity: Identity, pages: Sequence[PageResult], covers: Sequence[FoundCover]
) -> tuple[tuple[int, UnitName], ...]:
    """Where other units begin behind this one's pages: the page of each one's cover, and its name.

    The same cover again goes on with the same unit, one that names no unit begins none. None at
    all where the last cover has no leaf behind it: the binder was scanned from its end.
    """
    begun: list[tuple[int, UnitName]] = []
    last = name_of(identity)
    for cover in covers:
        if cover.name.cota and not last.agrees(cover.name):
            begun.append((cover.page, cover.name))
            last = cover.name
    behind = tuple((page, name) for page, name in begun if has_content(pages[: page - 1]))
    return behind if behind and has_content(pages[behind[-1][0] :]) else ()


def completed(
    known: Identity, pages: Sequence[PageResult], covers: Sequence[FoundCover]
) -> Identity:
    """What is known of a unit, completed by its own cover, unless the two contradict each other."""
    cover = own_cover(pages, covers)
    if cover is None or any(_differing(known, cover)):
        return known
    parts = {part: getattr(known, part) or getattr(cover.name, part) for part in PARTS}
    certified = cover.leaves if known.file_certificate is None else known.file_certificate
    return replace(known, **parts, file_certificate=certified)


def _differing(known: Identity, cover: FoundCover) -> Iterator[Finding]:
    """The parts that both tell, and otherwise."""
    for part in PARTS:
        has, told = getattr(known, part), getattr(cover.name, part)
        if has and told and folded(has) != folded(told):
            yield Finding("cover-sheet", cover.page, {"field": part, "a": told, "b": has})


def name_of(identity: Identity) -> UnitName:
    """What tells the unit from every other."""
    return UnitName(*(getattr(identity, part) for part in PARTS))


def cover_findings(
    unit: Unit, pages: Sequence[PageResult], covers: Sequence[FoundCover]
) -> tuple[Finding, ...]:
    """What of a unit's cover sheets a person should look at."""
    behind = units_behind(unit.identity, pages, covers)
    return (
        *_faults(covers),
        *_contradictions(unit, own_cover(pages, covers)),
        *(Finding("cover-other-unit", page, {"c": name.cota}) for page, name in behind),
        *_order(pages, covers),
    )


def _faults(covers: Sequence[FoundCover]) -> Iterator[Finding]:
    for cover in covers:
        if cover.fault:
            detail = {"reference": cover.reference} if cover.reference else {}
            yield Finding(cover.fault, cover.page, detail)


def _contradictions(unit: Unit, cover: FoundCover | None) -> Iterator[Finding]:
    """Parts that the unit and its own cover tell otherwise, unless a person has decided."""
    if cover is not None and not unit.assigned:
        yield from _differing(unit.identity, cover)


def _order(pages: Sequence[PageResult], covers: Sequence[FoundCover]) -> Iterator[Finding]:
    """A cover behind all leaves: the binder was scanned from its end."""
    if covers and has_content(pages[: covers[-1].page]):
        last = covers[-1].page
        if not has_content(pages[last:]):
            yield Finding("page-order", last)
