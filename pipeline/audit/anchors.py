"""Signed heads of the chain, as files outside the database: what was so far cannot be rewritten.

`NNNNNNNNNNNN.json` says that entry N had this digest; `pruned-NNNNNNNNNNNN.json` that retention
removed the entries up to N, the last of which had this digest.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipeline.audit.signing import is_signed, public_pem
from pipeline.audit.successions import FILES, Reign, hex_of, key_of, read_successions, reigns
from pipeline.units import now
from schemas.durable import make_folder, write_bytes_durably
from schemas.errors import InputError

HEAD, PRUNED, KEY = "head", "pruned", "key"
PUBLIC_KEY = "public.pem"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was signed: that entry `seq` had this digest at that time.

    Of a change of the key (KEY) `time` stands for the new key's digits.
    """

    kind: str
    seq: int
    digest: str
    time: str

    def signed_bytes(self) -> bytes:
        return msgspec.json.encode(["opis-audit-1", self.kind, self.seq, self.digest, self.time])


@dataclass(frozen=True, slots=True)
class _File:
    anchor: Anchor
    signature: str


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the anchors' folder; `anchor` is None where its signature is not the key's."""

    file: str
    anchor: Anchor | None


def _path(folder: Path, kind: str, seq: int) -> Path:
    return folder / f"{'' if kind == HEAD else 'pruned-'}{seq:012d}.json"


def write_anchor(folder: Path, key: Ed25519PrivateKey, kind: str, seq: int, digest: str) -> Path:
    """One more signed file; raises InputError anchors-unusable."""
    anchor = Anchor(kind, seq, digest, now())
    signed = _File(anchor, key.sign(anchor.signed_bytes()).hex())
    path = _path(folder, kind, seq)
    try:
        make_folder(folder)
        if not (folder / PUBLIC_KEY).exists():
            write_bytes_durably(folder / PUBLIC_KEY, public_pem(key))
        write_bytes_durably(path, msgspec.json.encode(signed) + b"\n")
    except OSError as error:
        raise InputError("anchors-unusable", why=os.strerror(error.errno or 0)) from error
    return path


def newest_anchor(folder: Path) -> tuple[int, float]:
    """The highest number that a head was signed for and when (seconds since 1970); (0, 0): none."""
    last = max(folder.glob("[0-9]*.json"), default=None)
    if last is None or not last.stem.isdecimal():
        return 0, 0.0
    try:
        return int(last.stem), last.stat().st_mtime
    except OSError:
        return 0, 0.0


def read_anchors(folder: Path, key: Ed25519PublicKey) -> Iterator[Found]:
    """Every signed file, by name; without anchor those that no key of the row of `key` may sign."""
    told = tuple(read_successions(folder))
    row = reigns(tuple(one for _, one in told if one is not None), hex_of(key))
    keys = tuple(key_of(reign.key) for reign in row)
    known = {reign.key for reign in row}
    for name, one in told:
        ours = one is not None and {one.old, one.new} <= known
        yield Found(name, Anchor(KEY, one.seq, one.digest, one.new) if one and ours else None)
    for path in sorted(set(folder.glob("*.json")) - set(folder.glob(FILES))):
        try:
            file = msgspec.json.decode(path.read_bytes(), type=_File)
        except (OSError, ValueError):
            yield Found(path.name, None)
            continue
        anchor = file.anchor
        data = anchor.signed_bytes()
        genuine = any(
            _may(reign, anchor) and is_signed(one, data, file.signature)
            for reign, one in zip(row, keys, strict=True)
        )
        named = path == _path(folder, anchor.kind, anchor.seq)
        yield Found(path.name, anchor if genuine and named else None)


def _may(reign: Reign, anchor: Anchor) -> bool:
    """Heads are signed by the key of their time; what retention removed by any later one, too."""
    in_time = reign.until is None or anchor.seq <= reign.until
    return in_time and (anchor.kind == PRUNED or anchor.seq > reign.after)
