"""An engine that answers from what the real one read before: recognition at no cost."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from pipeline import recognition
from pipeline.imaging.raster import Pixels
from pipeline.recognition.interface import Engine, Recognised
from schemas.durable import write_bytes_durably
from schemas.settings import Settings

NAME = "recorded"


@dataclass(frozen=True, slots=True)
class RecordedEngine:
    """Readings by the picture's SHA-256; a picture never seen is read by `teacher` and kept."""

    folder: Path
    teacher: Engine
    name: str = NAME

    def languages(self) -> tuple[str, ...]:
        return self.teacher.languages()

    def knows(self, _language: str) -> Callable[[str], bool] | None:
        return None

    def read(self, reading: Pixels, dpi: int, language: str) -> Recognised:
        """As the engine interface has it."""
        key = sha256(f"{dpi} {language} {reading.shape}".encode() + reading.tobytes()).hexdigest()
        path = self.folder / f"{key}.json"
        if path.exists():
            return msgspec.json.decode(path.read_bytes(), type=Recognised)
        found = self.teacher.read(reading, dpi, language)
        write_bytes_durably(path, msgspec.json.encode(found))
        return found


def install(folder: Path) -> None:
    """Make `engine = recorded` an engine of this process and of all that are forked from it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = recognition._made  # noqa: SLF001 the one table of engines

    def with_recorded(name: str, told: Settings) -> Engine:
        if name == NAME:
            return RecordedEngine(folder, made("opis", told))
        return made(name, told)

    importlib.import_module("flows.stages.page_worker")
    recognition.ENGINES = (*recognition.ENGINES, NAME)  # type: ignore[assignment]  # one more than it was declared with
    recognition._made = with_recorded  # type: ignore[assignment]  # noqa: SLF001 as above
