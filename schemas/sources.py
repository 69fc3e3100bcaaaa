"""What arrives: files, the binders they form, and what is refused."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from schemas.records import Cut, Identity


class FileKind(StrEnum):
    """The kinds of content taken in, told from the first bytes and never from the name."""

    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a binder: where it can be read now, its name as delivered, and its kind."""

    path: Path
    name: str
    kind: FileKind
    bytes: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or folder not taken: `code` is a key of [reason] in the message tables.

    `file` is the name as the person typed or dropped it; `path` where the bytes lie, if anywhere.
    """

    file: str
    code: str
    detail: dict[str, str] = field(default_factory=dict)
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """batch.json: the station's word on what it delivered; None where it said nothing."""

    files: dict[str, tuple[int | None, str | None]] = field(default_factory=dict)
    leaves: int | None = None


@dataclass(frozen=True, slots=True)
class Binder:
    """What becomes one unit: files in page order and what the archivist knows."""

    name: str
    source: str
    files: tuple[SourceFile, ...]
    identity: Identity = Identity()
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What was found under the sources; every file is in a binder or in a refusal."""

    binders: tuple[Binder, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What an isolated look into a file told: its frames, and those to be split into two pages."""

    frames: int
    cuts: tuple[Cut, ...] = ()

    @property
    def pages(self) -> int:
        return self.frames + len(self.cuts)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A separator or cover sheet as read: `payload` of its code, `symbology` and, if any, its keys."""

    payload: str
    symbology: str
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An entry of a quarantine: why a file lies there and how to mend it."""

    id: str
    file: str
    code: str
    reason: str
    remedy: str
    station: str
    received: str
    sha256: str = ""
    stored: str = ""
