"""What a harvester is given: documents that are public now, and those that were, by the feed of changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from sys import intern

from schemas.access import PUBLIC_SCOPE
from schemas.errors import InputError, UsageError
from schemas.portal import Stamped
from schemas.public import read_copy
from search.analysis import normal
from search.portal.oai.protocol import ProtocolError, Selection
from search.portal.stores import Changes
from search.query import Query
from search.turns import give_way
from search.web.views.holdings import Holdings
from search.web.views.seen import SeenDocument

AT_ONCE = 50
"""Records of one answer."""
_URN = "urn:opis:document:"
_IDENTIFIER = re.compile(rf"{_URN}([A-Za-z0-9_-]{{1,100}})")
_SPEC = re.compile("(?:[a-z0-9-]|~[0-9a-f]{2})+")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_AHEAD = 500
_MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Item:
    """A document and when it changed last; without `seen` it was withdrawn."""

    identifier: str
    noted: str
    seen: SeenDocument | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list; `rest` selects what follows, None at the end."""

    items: tuple[Item, ...]
    rest: Selection | None = None


def spec_of(fond: str) -> str:
    """The name of a fonds' set: letters without marks, `-` for a space, `~xx` for any other byte."""
    return "".join(map(_escaped, normal(fond)))


def _escaped(sign: str) -> str:
    if sign in _PLAIN:
        return sign
    return "-" if sign == " " else "".join(f"~{byte:02x}" for byte in sign.encode())


def _fond_of(spec: str) -> str:
    """The fonds of a set's name, as filters compare it; empty for no name of ours."""
    if not _SPEC.fullmatch(spec):
        return ""
    plain = spec.replace("-", " ").replace("~", "%")
    found = re.sub("(?:%[0-9a-f]{2})+", _unescaped, plain)
    return found if spec_of(found) == spec else ""


def _unescaped(escapes: re.Match[str]) -> str:
    return bytes.fromhex(escapes.group().replace("%", "")).decode(errors="replace")


class Harvest:
    """The public documents with the times of their changes."""

    def __init__(self, holdings: Holdings, changes: Changes, fonds_known: dict[str, str]) -> None:
        self._holdings = holdings
        self._changes = changes
        self._fonds_known = fonds_known
        self._view = holdings.public()

    def part(self, selection: Selection) -> Part:
        """The next part of a list; raises ProtocolError noRecordsMatch, badResumptionToken."""
        found: list[Item] = []
        last = ""
        for change in self._after(selection):
            item = self._item(change, selection.set)
            if item is not None and len(found) == AT_ONCE:
                return Part(tuple(found), replace(selection, cursor=last))
            if item is not None:
                found.append(item)
                last = change.cursor
        if not found:
            raise ProtocolError("badResumptionToken" if selection.cursor else "noRecordsMatch")
        return Part(tuple(found))

    def one(self, identifier: str) -> Item:
        """A document, also one that was withdrawn; raises ProtocolError idDoesNotExist."""
        parts = _IDENTIFIER.fullmatch(identifier)
        change = self._changes.stamp_of(parts.group(1)) if parts else None
        item = self._item(change, "") if change else None
        if item is None:
            raise ProtocolError("idDoesNotExist")
        return item

    def _after(self, selection: Selection) -> Iterator[Stamped]:
        """Changes within the bounds; of a set that nothing public is in, withdrawals alone."""
        cursor, alone = selection.cursor, bool(selection.set) and not self._has(selection.set)
        while True:
            page = self._page(replace(selection, cursor=cursor), alone=alone)
            yield from page
            if len(page) < _AHEAD:
                return
            cursor = page[-1].cursor

    def _page(self, selection: Selection, *, alone: bool) -> tuple[Stamped, ...]:
        give_way()
        try:
            return self._changes.stamped(
                selection.cursor,
                _AHEAD,
                since=selection.first,
                until=selection.last,
                withdrawn_alone=alone,
            )
        except (InputError, UsageError) as error:
            if error.code in {"cursor-invalid", "cursor-gone"}:
                raise ProtocolError("badResumptionToken") from error
            raise

    def _has(self, spec: str) -> bool:
        fond = _fond_of(spec)
        asked = {"fond": fond}
        role = PUBLIC_SCOPE.index
        search = self._holdings.backend.search
        return bool(fond) and search(Query(), asked, role, limit=1, facets=()).total > 0

    def _item(self, change: Stamped, spec: str) -> Item | None:
        """The document of a change; None where it is of another set or goes this moment."""
        identifier = f"{_URN}{change.document}"
        if change.withdrawn:
            return Item(identifier, change.noted)
        if spec and self._spec(change) != spec:
            return None
        give_way()
        try:
            seen = self._view.document(change.document)
        except InputError as error:
            if error.code == "unit-missing":
                return None
            raise
        return Item(identifier, change.noted, seen)

    def _spec(self, change: Stamped) -> str:
        """The set of a changed document; a change never says another one, so that it is kept."""
        known = self._fonds_known.get(change.cursor)
        if known is not None:
            return known
        layout = self._holdings.settings.layout.unit(change.unit)
        copy = read_copy(layout.public_copy(change.document))
        if copy is None:
            return ""
        if len(self._fonds_known) >= _MOST_KEPT:
            self._fonds_known.clear()
        return self._fonds_known.setdefault(change.cursor, intern(spec_of(copy.fond)))
