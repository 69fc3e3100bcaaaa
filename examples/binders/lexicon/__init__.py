"""Word lists of the samples: names, subjects, sentences and the laws in force."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
SETS: Final = ("dev", "heldout")
WIDER: Final = (
    "wide", "check", "unseen", "varied", "fresh", "sealed", "decades", "attic",
    "county", "district", "canton", "canton_test", "borough", "borough_test",
)  # fmt: skip
"""Papers of many more kinds: for development, for checking it, of these unseen, fresh, sealed, attic, district, canton_test and borough_test held out; not in "all"."""
CHOICES: Final = (*SETS, "all", *WIDER)


@dataclass(frozen=True, slots=True)
class Names:
    """Names to draw from; the lists of the sets share nothing. No `officials`: any surname."""

    surnames: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    firms: tuple[str, ...]
    counties: tuple[tuple[int, str, str, str], ...]
    domains: tuple[str, ...]
    banks: tuple[str, ...]
    officials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """A reference in force from one year to another, both included, for a slot."""

    slot: str
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem category: what citizens bring, with its sentences by kind."""

    code: str
    label: str
    department: str
    sentences: dict[str, tuple[str, ...]]


def table(name: str) -> dict[str, Any]:
    """A TOML file of this folder."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def names(chosen: str) -> Names:
    """The lists of a set, or of those of SETS for "all"."""
    source = table("names")
    wider = table(chosen) if chosen in WIDER else None
    sets = [wider] if wider else [source[key] for key in (SETS if chosen == "all" else (chosen,))]
    own = {"officials": wider["officials"]} if wider else {}
    keys = ("surnames", "women", "men", "streets", "towns", "firms")
    lists = {key: tuple(item for one in sets for item in one[key]) for key in keys}
    return Names(
        **{key: _frozen(value) for key, value in {**lists, **own, **source["shared"]}.items()}
    )


def _frozen(values: Iterable[object]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


@cache
def laws() -> tuple[Law, ...]:
    """All references, by slot and years."""
    return tuple(
        Law(row["slot"], row["from"], row["to"], row["text"]) for row in table("laws")["law"]
    )


@cache
def problems() -> tuple[Problem, ...]:
    """The problem categories with their sentences."""
    kinds = ("titluri", "obiecte", "fapte", "cereri", "constatari", "articole")
    return tuple(
        Problem(
            code,
            row["label"],
            row["compartiment"],
            {kind: tuple(row[kind]) for kind in kinds},
        )
        for code, row in table("problems").items()
    )


@cache
def pools() -> dict[str, tuple[str, ...]]:
    """Sentences any subject can use, by pool."""
    return {key: tuple(value) for key, value in table("pools").items()}
