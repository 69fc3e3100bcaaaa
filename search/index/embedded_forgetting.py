"""Which pages stand in one part of the embedded index with pages that were removed.

A part (segment) of the index counts its removed pages in the frequency of words, and so in scores, until
it is merged with others, or until none of its pages is left: then it goes.
"""

from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import tantivy

from search.index.embedded_schema import NUMBERED


class _Deletes(msgspec.Struct):
    num_deleted_docs: int


class _Segment(msgspec.Struct):
    max_doc: int
    deletes: _Deletes | None = None

    @property
    def alive(self) -> int:
        return self.max_doc - (self.deletes.num_deleted_docs if self.deletes else 0)


class _Meta(msgspec.Struct):
    segments: tuple[_Segment, ...]


def _segments(folder: Path) -> tuple[_Segment, ...]:
    return msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta).segments


def is_whole(folder: Path) -> bool:
    """Whether no part of a generation counts a removed page; asks the disk alone."""
    return all(segment.alive == segment.max_doc for segment in _segments(folder))


def beside_removed(searcher: tantivy.Searcher, folder: Path) -> frozenset[int]:
    """Numbers of the units that have to be written anew so that no removed page is counted any more.

    Those of the parts with removed pages, and of whatever parts these units stand in besides.
    """
    parts: defaultdict[int, set[int]] = defaultdict(set)
    known = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs)).hits
    addresses = [address for _, address in known]
    units = searcher.fast_field_values(NUMBERED["unit"], addresses)
    for address, unit in zip(addresses, units, strict=True):
        parts[address.segment_ord].add(int(unit or 0))
    counted = Counter(address.segment_ord for address in addresses)
    segments = dict(enumerate(_segments(folder)))
    same = {n: s.alive for n, s in segments.items() if s.alive} == counted
    stale = {n for n, s in segments.items() if s.alive < s.max_doc} if same else set(parts)
    return _together(stale, parts)


def _together(stale: set[int], parts: dict[int, set[int]]) -> frozenset[int]:
    units: set[int] = set()
    while True:
        found = units.union(*(parts.get(n, set()) for n in stale))
        if found == units:
            return frozenset(units)
        units = found
        stale = {n for n, some in parts.items() if some & units}
