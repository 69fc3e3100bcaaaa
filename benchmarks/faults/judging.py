"""What is lost, doubled, silent or unnamed in an archive after a fault."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.commands import HUNG, Done, Place
from schemas.hashing import hash_file

SCAN = ("scan-batch", "src", "--json")
_SEARCH = ("search", "de", "--json")
_KINDS = ("lost", "doubled", "silent", "unnamed", "stuck", "damaged", "order", "early", "litter")
_HARMLESS = frozenset({"litter"})
"""What is told and does not cost survival: hidden files that nothing looks at."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind` is one of the report's columns; `what` is for whoever looks into it."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What an undisturbed run leaves; every source's SHA-256 has to be in one unit.

    `found` is how many pages a search finds.
    """

    code: int
    pages: dict[str, int]
    documents: int
    indexed: int
    sources: tuple[str, ...]
    units: int
    found: int


class Tally:
    """The figures of one family, as they come."""

    def __init__(self) -> None:
        self.tried = 0
        self.survived = 0
        self.counts: Counter[str] = Counter()
        self.failures: list[dict[str, object]] = []
        self.more: dict[str, object] = {}

    def add(self, point: str, problems: Sequence[Problem]) -> None:
        """One fault and what it left."""
        self.tried += 1
        self.survived += {problem.kind for problem in problems} <= _HARMLESS
        self.counts.update({problem.kind for problem in problems})
        if problems:
            told = [f"{problem.kind}: {problem.what}" for problem in problems]
            self.failures.append({"point": point, "problems": told})
            sys.stderr.write(f"{point}: {told}\n")

    def figures(self) -> dict[str, object]:
        """For the report."""
        counts = {kind: self.counts[kind] for kind in _KINDS}
        told = {"tried": self.tried, "survived": self.survived, **counts, **self.more}
        return {**told, "failures": self.failures}


def reference_of(place: Place, done: Done) -> Reference:
    """What a run that nobody disturbed left."""
    told = done.json
    sources = tuple(hash_file(p) for p in binders_of(place.root / "src"))
    return Reference(
        code=done.code,
        pages=told["pages"],
        documents=told["documents"],
        indexed=told["indexed"],
        sources=sources,
        units=len(told["units"]),
        found=place.run(*_SEARCH).json["total"],
    )


def binders_of(folder: Path) -> tuple[Path, ...]:
    """The files that must not be lost: all but sidecars."""
    return tuple(p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".json")


def originals(place: Place) -> Counter[str]:
    """How often the archive's units hold each SHA-256."""
    found = place.archive.glob("units/*/*/representations/rep1/originals/[!.]*")
    return Counter(hash_file(path) for path in found)


def _kept(place: Place, reference: Reference) -> list[Problem]:
    held = originals(place)
    lost = [s for s in reference.sources if not held[s]]
    doubled = [s for s, count in held.items() if count > 1]
    return [
        *(Problem("lost", f"no unit holds {digest[:12]}") for digest in lost),
        *(Problem("doubled", f"{digest[:12]} is in several units") for digest in doubled),
    ]


def _sums(told: dict[str, Any], reference: Reference) -> list[Problem]:
    found: list[Problem] = []
    for key, wanted in (
        ("pages", reference.pages),
        ("documents", reference.documents),
        ("indexed", reference.indexed),
    ):
        got = told.get(key)
        if got != wanted:
            less = got is None or (isinstance(wanted, int) and got < wanted)
            found.append(Problem("lost" if less else "doubled", f"{key} {got}, wanted {wanted}"))
    return found


def _leavings(place: Place) -> list[Problem]:
    left = [p for p in place.archive.rglob("*") if p.name.endswith(".part") or p.name == ".work"]
    names = (str(p.relative_to(place.archive)) for p in left)
    return [Problem("damaged" if n.startswith("units") else "litter", f"left {n}") for n in names]


def standing(place: Place, reference: Reference) -> list[Problem]:
    """What is wrong with an archive as it is: verify, status, the index, the originals."""
    verified = place.run("verify", "--json")
    told = place.run("status", "--json")
    found = place.run(*_SEARCH)
    problems = _kept(place, reference)
    if verified.code or verified.json.get("failed") or verified.json.get("units") is None:
        problems.append(Problem("damaged", f"verify: {tail(verified)}"))
    state = (told.json.get("units"), told.json.get("working"), told.json.get("reconciled"))
    if told.code or state != (reference.units, 0, True):
        problems.append(Problem("damaged", f"status: {state} {tail(told)}"))
    total = found.json.get("total")
    if total is None or total != reference.found:
        kind = "doubled" if (total or 0) > reference.found else "lost"
        problems.append(Problem(kind, f"search finds {total} of {reference.found}"))
    return problems


def after(place: Place, reference: Reference, *command: object, settle: int = 1) -> list[Problem]:
    """The same command again, undisturbed, and then what is wrong with the archive."""
    again = place.run(*(command or SCAN))
    for _ in range(settle - 1):
        again = place.run(*(command or SCAN))
    problems: list[Problem] = []
    if again.code == HUNG:
        return [Problem("stuck", "the same command again does not end")]
    if again.crashed or again.code != reference.code:
        problems.append(Problem("stuck", f"the same command again: {tail(again)}"))
    elif not command or command[0] == "scan-batch":
        problems += _sums(again.json, reference)
    return [*problems, *standing(place, reference), *_leavings(place)]


def told_badly(done: Done, *names: str) -> list[Problem]:
    """Whether a command that met a fault said so: a code other than 0, cause, remedy, a name.

    `names` are parts of which one has to stand in the message; with none any file will do.
    """
    if done.code == HUNG:
        return [Problem("stuck", "does not end")]
    if done.code == 0 or done.killed:
        return []
    if done.crashed:
        return [Problem("unnamed", f"told as a defect: {tail(done)}")]
    told = _sentences(done)
    if not told:
        return [Problem("unnamed", f"no cause and remedy: {tail(done)}")]
    if names and not any(name in one for one in told for name in names):
        return [Problem("unnamed", f"none of {names} named: {tail(done)}")]
    return [] if names or done.error.get("file", "?") else [Problem("unnamed", f"no file: {told}")]


def _sentences(done: Done) -> list[str]:
    """All that is said with a cause and a remedy."""
    error, aside = done.error, done.json.get("quarantined") or ()
    both = [one for one in (error, *aside) if one and one.get("reason") and one.get("remedy")]
    told = [f"{one.get('file')} {one['reason']} {one['remedy']}" for one in both]
    more = [*(done.json.get("unreconciled") or ()), *(done.json.get("failed") or ())]
    beside = [] if both or not done.err.strip() else [done.err]  # as `watch` tells of stations
    return [*told, *(str(one) for one in more), *beside]


def tail(done: Done) -> str:
    """The end of what a command said."""
    said = (done.out if done.out.strip() else done.err).strip()
    return f"exit {done.code} {said[-300:]}"
