"""What the ledger answers and what it is told: frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec

from schemas.records import PageCounts

PAGE_STAGE = "page"
"""The stage whose results' `state` is a page's state (recognised, blank, separator, failed)."""
INDEX_STAGE = "index"
"""The stage whose result's `indexed` is None from before the index is written until the unit stands."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the ledger knows it; `seq` is its place in the order of claims."""

    id: str
    content_key: str
    name: str
    station: str
    source: str
    state: str
    scanned: int
    created: str
    updated: str
    seq: int


@dataclass(frozen=True, slots=True)
class Step:
    """A finished step: `page` counts in the unit, 0 for the whole unit; `seq` is given on storing."""

    unit: str
    page: int
    stage: str
    inputs: str
    parameters: str
    result: dict[str, Any] = field(default_factory=dict)
    seq: int = 0

    @property
    def state(self) -> str | None:
        return self.result.get("state")

    def matches(self, inputs: str, parameters: str) -> bool:
        """Whether doing it again with these would give the same."""
        return self.inputs == inputs and self.parameters == parameters


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A run of `scan-batch` or `watch`; `ended` is empty while it works."""

    id: str
    started: str
    ended: str
    state: str


@dataclass(frozen=True, slots=True)
class BatchSource:
    """What became of one source of a batch: taken, same or quarantined."""

    batch: str
    file: str
    outcome: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Units by state, all pages by state, and the files in quarantine."""

    units: dict[str, int]
    pages: PageCounts
    quarantined: int


def fingerprint(value: Mapping[str, object] | tuple[object, ...] | str) -> str:
    """SHA-256 of a value's canonical JSON: the hash of a step's inputs or parameters."""
    return sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
