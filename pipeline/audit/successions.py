"""Which key signed when: each change of the key is a file that the old and the new key both signed.

`key-NNNNNNNNNNNN.json` says that heads after entry N are the new key's. Whoever trusts one key of
the row, an old or the newest, can check all of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pipeline.audit.signing import is_signed
from pipeline.units import now
from schemas.durable import write_bytes_durably

FILES = "key-*.json"


@dataclass(frozen=True, slots=True)
class Succession:
    """Heads after entry `seq`, which had this digest, are signed by `new` in place of `old`."""

    seq: int
    digest: str
    time: str
    old: str
    new: str

    def signed_bytes(self) -> bytes:
        told = [self.seq, self.digest, self.time, self.old, self.new]
        return msgspec.json.encode(["opis-audit-1", "key", *told])


@dataclass(frozen=True, slots=True)
class _File:
    succession: Succession
    by_old: str
    by_new: str


@dataclass(frozen=True, slots=True)
class Reign:
    """A key and the entries whose heads it signs: after `after`, up to `until` (None: still)."""

    key: str
    after: int = 0
    until: int | None = None


def hex_of(key: Ed25519PublicKey) -> str:
    """A public key as 64 hexadecimal digits."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def key_of(digits: str) -> Ed25519PublicKey:
    """The public key of its digits; raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(digits))


def write_succession(
    folder: Path, old: Ed25519PrivateKey, new: Ed25519PrivateKey, seq: int, digest: str
) -> Path:
    """The file that both keys sign; raises OSError."""
    names = hex_of(old.public_key()), hex_of(new.public_key())
    told = Succession(seq, digest, now(), *names)
    data = told.signed_bytes()
    path = _path(folder, seq)
    file = _File(told, old.sign(data).hex(), new.sign(data).hex())
    write_bytes_durably(path, msgspec.json.encode(file) + b"\n")
    return path


def _path(folder: Path, seq: int) -> Path:
    return folder / f"key-{seq:012d}.json"


def read_successions(folder: Path) -> Iterator[tuple[str, Succession | None]]:
    """Every such file by name; None for one that is not signed by both of its keys."""
    for path in sorted(folder.glob(FILES)):
        yield path.name, _genuine(path)


def _genuine(path: Path) -> Succession | None:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
        told = file.succession
        keys = key_of(told.old), key_of(told.new)
    except (OSError, ValueError):
        return None
    data = told.signed_bytes()
    signed = is_signed(keys[0], data, file.by_old) and is_signed(keys[1], data, file.by_new)
    return told if signed and path.name == _path(path.parent, told.seq).name else None


def believed(every: tuple[Succession, ...]) -> tuple[Succession, ...]:
    """Of each pair of keys the last; none of a key that two followed, or that followed two."""
    pairs = {(one.old, one.new): one for one in sorted(every, key=lambda one: one.seq)}
    old, new = (Counter(side) for side in zip(*pairs, strict=True)) if pairs else ({}, {})
    return tuple(
        one for one in pairs.values() if old[one.old] == new[one.new] == 1 and one.old != one.new
    )


def reigns(every: tuple[Succession, ...], trusted: str) -> tuple[Reign, ...]:
    """The row of keys that the trusted one stands in, the first key first."""
    changes = believed(every)
    back = tuple(_walked({one.new: one for one in changes}, trusted, back=True))[::-1]
    seen = frozenset(one.old for one in back)
    since = back[-1].seq if back else 0
    on = tuple(_walked({one.old: one for one in changes}, trusted, since, seen))
    row = (*back, *on)
    keys = (*(one.old for one in back), trusted, *(one.new for one in on))
    starts, ends = (0, *(one.seq for one in row)), (*(one.seq for one in row), None)
    return tuple(map(Reign, keys, starts, ends))


def _walked(
    steps: Mapping[str, Succession],
    key: str,
    since: int = 0,
    seen: frozenset[str] = frozenset(),
    *,
    back: bool = False,
) -> Iterator[Succession]:
    """Changes from key to key, ever later or ever earlier; no key twice."""
    known, place = {key, *seen}, since
    while (step := steps.get(key)) is not None:
        key = step.old if back else step.new
        wrong = place and (step.seq > place if back else step.seq < place)
        if key in known or wrong:
            return
        known.add(key)
        place = step.seq
        yield step
