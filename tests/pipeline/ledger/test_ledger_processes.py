"""Several processes on one ledger, and processes that are killed."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from pipeline.ledger import open_ledger
from schemas.settings import Settings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
PAGES = 60
CLAIM = """
import json, sys
from pathlib import Path
from schemas.settings import Settings
from pipeline.ledger import open_ledger
settings = Settings(archive=Path(sys.argv[1]), ledger_url=sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
with open_ledger(settings) as ledger:
    claims = [ledger.claim_unit(f"key {n}", "n", "s", "f") for n in range(40)]
print(json.dumps([[unit.id, fresh] for unit, fresh in claims]))
"""
STEPS = """
import sys
from pathlib import Path
from schemas.settings import Settings
from pipeline.ledger import open_ledger
with open_ledger(Settings(archive=Path(sys.argv[1]), ledger_url=sys.argv[2])) as ledger:
    unit, _ = ledger.claim_unit("key", "n", "s", "f")
    with ledger.unit_lock(unit.id):
        for page in range(1, int(sys.argv[3]) + 1):
            if not ledger.is_done(unit.id, page, "page", "in", "par"):
                print("reading", page, flush=True)
                ledger.record_step(unit.id, page, "page", "in", "par", {"state": "recognised"})
                print("done", page, flush=True)
"""


def start(program: str, settings: Settings, *more: str) -> subprocess.Popen[str]:
    arguments = (str(settings.archive), settings.ledger_url, *more)
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_processes_that_claim_the_same_contents_at_once_share_the_units(ledger_settings):
    both = [start(CLAIM, ledger_settings) for _ in range(2)]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    one, two = (json.loads(process.communicate(timeout=60)[0]) for process in both)
    assert [unit for unit, _ in one] == [unit for unit, _ in two]
    assert all(mine != theirs for (_, mine), (_, theirs) in zip(one, two, strict=True))
    with open_ledger(ledger_settings) as ledger:
        assert len(ledger.units()) == 40


@pytest.mark.parametrize("killed_after", [0, 1, 2, 17, 40, 2 * PAGES - 1])
def test_a_process_killed_between_steps_loses_none_and_doubles_none(ledger_settings, killed_after):
    settings = ledger_settings
    process = start(STEPS, settings, str(PAGES))
    said = [process.stdout.readline() for _ in range(killed_after)]
    process.kill()
    said += process.communicate(timeout=60)[0].splitlines()
    promised = {int(line.split()[1]) for line in said if line.startswith("done")}
    with open_ledger(settings) as ledger:
        unit, _ = ledger.claim_unit("key", "n", "s", "f")
        kept = set(ledger.steps(unit.id, "page"))
        with ledger.unit_lock(unit.id):
            pass
    assert promised <= kept
    again = start(STEPS, settings, str(PAGES)).communicate(timeout=60)[0].splitlines()
    read = {int(line.split()[1]) for line in again if line.startswith("reading")}
    assert read == set(range(1, PAGES + 1)) - kept
    with open_ledger(settings) as ledger:
        assert asdict(ledger.unit_counts(unit.id))["recognised"] == PAGES
        assert len(ledger.units()) == 1
