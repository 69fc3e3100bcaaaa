"""What watching needs all along, and how it tells of what happens."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows.answers import printable, sentence
from flows.work import BatchWorker
from schemas.errors import InputError, OpisError, of_system
from schemas.layout import StationLayout
from schemas.messages import say
from schemas.settings import Settings

_OF_THE_MACHINE = frozenset({"disk-full", "too-many-files"})
Teller = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Settings, where to tell, how a batch is worked on, and who holds what we claim."""

    settings: Settings
    tell: Teller
    work: BatchWorker
    holder: str

    @property
    def language(self) -> str:
        return self.settings.interface_language

    def event(self, event: str, station: StationLayout, file: str, unit: str | None = None) -> None:
        """Tell of something that happened to a file of a station."""
        told = {"event": event, "station": station.name, "file": printable(file), "unit": unit}
        self.tell(told)


def plain_teller(settings: Settings, quiet: bool) -> Teller:
    """Events as sentences on stdout, or silence."""

    def tell(event: Mapping[str, object]) -> None:
        if not quiet:
            print_line(say(f"watch_{event['event']}", settings.interface_language, **event))

    return tell


def print_line(line: str) -> None:
    """One line on stdout, at once."""
    print(line, flush=True)  # noqa: T201 watching tells as it goes, not at its end


def complain(line: str) -> None:
    """One line on stderr: trouble that does not stop the watch."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def told_of(error: Exception, watching: Watch) -> str:
    """An error in one line: its sentence, or only its kind, which gives nothing of a page away.

    What the system refused of an open file has no name of its own: it is the archive's.
    """
    known = named(error)
    place = known.file or (str(watching.settings.archive) if known.code in _OF_THE_MACHINE else "")
    told = {"f": printable(place), **known.detail}
    return sentence(known.code, told, watching.language)


def named(error: Exception) -> OpisError:
    """An error as people are told of it: what the system refused, or only its kind."""
    if isinstance(error, OpisError):
        return error
    known = of_system(error) if isinstance(error, OSError) else None
    if known is None:
        return InputError("work-interrupted", "", why=type(error).__name__)
    if known.code in _OF_THE_MACHINE:
        return known
    return InputError("work-interrupted", known.file, **known.detail)
