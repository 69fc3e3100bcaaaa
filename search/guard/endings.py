"""Which addresses of the API end one day, and how their answers say so (RFC 9745, RFC 8594).

Nothing ends now. When `/api/v2` comes, `/api/v1/` gets a line here, and is served until its last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

LEAST = timedelta(days=365)
"""So long is what ends served beside what takes its place."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Addresses that begin so are given up on the day `since` and answer until the day `until`.

    Raises ValueError where that is less than a year.
    """

    beginning: str
    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until - self.since < LEAST:
            raise ValueError(f"{self.beginning} {self.until}")


ENDINGS: tuple[Ending, ...] = ()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def ending_headers(path: str, endings: Sequence[Ending] = ENDINGS) -> dict[str, str]:
    """What an answer under this address says of its end; nothing where none is set."""
    for ending in endings:
        if path.startswith(ending.beginning):
            return {
                "Deprecation": f"@{int(_midnight(ending.since).timestamp())}",
                "Sunset": format_datetime(_midnight(ending.until), usegmt=True),
            }
    return {}
