"""Whether the chain is what it was: edits, deletions, truncation and rewriting are found.

Within the chain by its digests and numbers; against somebody who made all of it anew, or cut its
end off, by the signed heads outside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from pipeline.audit.anchors import HEAD, KEY, PRUNED, Found, read_anchors
from pipeline.audit.chain import GENESIS, Stored, entries

ANCHORED = "anchor"
"""The action of the entry that tells of an anchor; its subject is the number that was signed."""
ROTATED = "audit-key"
"""The action of the entry that announces a new signing key; its subject is the key's digits."""
_MOST_BREAKS = 100


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain is broken: at an entry's number, or at a file of the anchors."""

    kind: str
    seq: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: entries, the first and the last number, the last one that is anchored."""

    entries: int
    first: int
    last: int
    anchors: int
    anchored: int
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        return not self.breaks


@dataclass(frozen=True, slots=True)
class _Anchored:
    """Digests by number, as signed: heads, and the last entries that retention removed."""

    heads: Mapping[int, str]
    pruned: Mapping[int, str]
    keys: frozenset[str]
    forged: tuple[str, ...]


def _anchored(found: tuple[Found, ...]) -> _Anchored:
    good = tuple(one.anchor for one in found if one.anchor is not None)
    return _Anchored(
        {one.seq: one.digest for one in good if one.kind in {HEAD, KEY}},
        {one.seq: one.digest for one in good if one.kind == PRUNED},
        frozenset(one.time for one in good if one.kind == KEY),
        tuple(one.file for one in found if one.anchor is None),
    )


def _wrong(one: Stored, before: Stored | None, known: _Anchored) -> Iterator[Break]:
    """What speaks against an entry, given the one before (None: it is the first)."""
    seq = one.entry.seq
    if one.digest != one.entry.digest:
        yield Break("edited", seq)
    if before is None:
        since = GENESIS if seq == 1 else known.pruned.get(seq - 1)
        if one.entry.previous != since:
            yield Break("deleted", seq - 1)
    elif seq != before.entry.seq + 1:
        yield Break("deleted", before.entry.seq + 1)
    elif one.entry.previous != before.digest:
        yield Break("rewritten", seq)
    if known.heads.get(seq, one.digest) != one.digest:
        yield Break("rewritten", seq)
    tells = one.entry.action == ANCHORED and one.entry.subject.isdecimal()
    if tells and int(one.entry.subject) not in known.heads:
        yield Break("anchor-missing", seq)
    if one.entry.action == ROTATED and one.entry.subject not in known.keys:
        yield Break("key-missing", seq)


def verify(connection: Connection, folder: Path, key: Ed25519PublicKey | None) -> Verdict:
    """All of the chain against itself and against the anchors of a folder.

    Without a key no anchor can be believed: each is then told as forged. At most a hundred breaks
    are told.
    """
    files = tuple(read_anchors(folder, key)) if key else ()
    unread = () if key else tuple(Found(path.name, None) for path in sorted(folder.glob("*.json")))
    known = _anchored((*files, *unread))
    breaks = [Break("anchor-forged", 0, file) for file in known.forged]
    before: Stored | None = None
    count = first = 0
    for one in entries(connection):
        if len(breaks) < _MOST_BREAKS:
            breaks += _wrong(one, before, known)
        first, before, count = first or one.entry.seq, one, count + 1
    last = before.entry.seq if before else 0
    anchored = max(known.heads, default=0)
    if anchored > last:
        breaks.append(Break("truncated", last + 1))
    told = tuple(breaks[:_MOST_BREAKS])
    return Verdict(count, first, last, len(known.heads), min(anchored, last), told)
