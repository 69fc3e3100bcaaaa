"""The document templates: TOML files of this folder."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from examples.binders.lexicon import WIDER

ANNEXES: Final = "annexes"
HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of document as one office lays it out.

    `years`: its own (first, last), whatever the binder's; `written`: its number with letters and
    other signs; `received`: entered in the registry days after its date.
    """

    id: str
    set: str
    type: str
    faces: tuple[str, ...]
    sizes: tuple[float, ...]
    issuer: str
    department: str
    access: str
    body: tuple[str, ...]
    problems: tuple[str, ...]
    subject: str | None
    numbered: int
    registered: bool
    old: bool
    typewriter: bool
    until: int
    footer: str
    years: tuple[int, ...]
    written: str
    received: bool


def _template(row: dict[str, Any]) -> Template:
    return Template(
        id=row["id"],
        set=row["set"],
        type=row["type"],
        faces=tuple(row["faces"]),
        sizes=tuple(row["sizes"]),
        issuer=row["issuer"],
        department=row["department"],
        access=row["access"],
        body=tuple(row["body"].splitlines()),
        problems=tuple(row.get("problems", ())),
        subject=row.get("subject"),
        numbered=row.get("numbered", 0),
        registered=row.get("registered", False),
        old=row.get("old", False),
        typewriter=row.get("typewriter", False),
        until=row.get("until", 2100),
        footer=row.get("footer", ""),
        years=tuple(row.get("years", ())),
        written=row.get("written", ""),
        received=row.get("received", False),
    )


@cache
def annexes(chosen: str, *, personal: bool) -> tuple[tuple[str, ...], ...]:
    """Bodies of annexes of a set; those with private data only where `personal`."""
    rows = tomllib.loads((HERE / f"{ANNEXES}.toml").read_text(encoding="utf-8"))["annex"]
    return tuple(
        tuple(row["body"].splitlines())
        for row in rows
        if chosen in ("all", row["set"]) and (personal or not row.get("personal"))
    )


@cache
def templates(chosen: str, year: int) -> tuple[Template, ...]:
    """The templates of a set in use in a year; those of WIDER stand in folders of their own."""
    place = HERE / chosen if chosen in WIDER else HERE
    rows = (
        row
        for file in sorted(place.glob("*.toml"))
        if file.stem != ANNEXES
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["template"]
    )
    return tuple(
        one for one in map(_template, rows) if chosen in ("all", one.set) and year <= one.until
    )
