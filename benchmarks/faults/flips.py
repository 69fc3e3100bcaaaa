"""A bit that fell over in any file of a unit: `opis verify` finds it, and names the file."""

from pathlib import Path
from random import Random

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import Problem, Tally, tail

KINDS = {
    "original": "representations/rep1/originals/*",
    "alto": "representations/rep1/alto/*",
    "pdf": "representations/rep1/pdf/*",
    "record": "metadata/record.json",
    "events": "metadata/events.jsonl",
    "findings": "metadata/findings.json",
    "kept by the ledger": "metadata/ledger.json",
    "manifest": "metadata/manifest-sha256.txt",
}
IN_EACH = 20


def _flip(path: Path, chances: Random) -> int:
    data = bytearray(path.read_bytes())
    place = chances.randrange(8 * len(data))
    data[place // 8] ^= 1 << (place % 8)
    path.write_bytes(data)
    return place


def _found(place: Place, unit: Path, path: Path) -> list[Problem]:
    done = place.run("verify", "--json")
    failed = done.json.get("failed") or []
    if done.code == 0 or not failed:
        return [Problem("silent", f"not found: {tail(done)}")]
    if done.code != 3 or any(one["unit"] != unit.name for one in failed):
        return [Problem("unnamed", tail(done))]
    # a manifest's own damage shows as that of the file whose line it is in
    names = ("",) if path.name.startswith("manifest") else (path.name,)
    named = any(names[0] in one["file"] and one["reason"] for one in failed)
    return [] if named else [Problem("unnamed", f"{path.name} is not named: {tail(done)}")]


def in_units(bench: Bench) -> dict[str, object]:
    """One bit in a file of each kind, then as it was; between them nothing may be found."""
    tally, false = Tally(), 0
    with bench.place("done") as place:
        (unit,) = place.archive.glob("units/*/*")
        for kind, pattern in KINDS.items():
            chances = bench.draw("flips", kind)
            for number in range(min(IN_EACH, bench.most)):
                if bench.over:
                    break
                path = chances.choice(sorted(unit.glob(pattern)))
                sound = path.read_bytes()
                bit = _flip(path, chances)
                tally.add(f"{kind} {number}: bit {bit} of {path.name}", _found(place, unit, path))
                path.write_bytes(sound)
            false += bool(place.run("verify", "--json").code)
    tally.more["false alarms"] = false
    return tally.figures()
