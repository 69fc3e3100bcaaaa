"""What the audit chain cannot note is not done: people's acts by commands while the chain's key is unreadable."""

import io
import json
from contextlib import closing, redirect_stdout
from sqlite3 import connect

import cv2
import pytest

import cli
from schemas.errors import OpisError
from tests.flows.opis_command import tree
from tests.pipeline.drawn import Look, page

pytestmark = pytest.mark.slow


def call(place, words):
    """A command in this process; the code of its error."""
    given = [*map(str, words), "--json", "--quiet", "--archive", str(place.archive)]
    try:
        with redirect_stdout(io.StringIO()):
            cli.app(given, prog_name="opis", standalone_mode=False)
    except OpisError as error:
        return error.code
    return ""


def kept(place):
    """All that is on disk but the index and the database, and what the database tells of acts."""
    with closing(connect(place.archive / "ledger.db")) as ledger:
        tables = ("accounts", "api_keys", "requests", "audit", "units")
        rows = [ledger.execute(f"SELECT * FROM {name}").fetchall() for name in tables]
    return {str(unit): tree(unit) for unit in place.units}, rows


def acts(place):
    """Words of a command for each act that has to be in the chain."""
    first, second = (unit.name for unit in place.units[:2])
    record = json.loads((place.units[0] / "metadata/record.json").read_bytes())
    document, by = record["documents"][0]["id"], ("--by", "ana")
    new = place.root / "nou.png"
    cv2.imwrite(str(new), page(Look(seed=1, lines=3))[:900])
    field = ("--field", "subject", "Altul")
    return {
        "correct": ("review", "correct", f"{first}/{document}", *field, *by),
        "mark": ("review", "rescan-mark", first, 1, *by),
        "replace": ("review", "replace", first, 1, new, *by),
        "insert": ("review", "insert", first, new, "--after", 1, *by),
        "move": ("review", "move", first, "1", second, *by),
        "assign": ("review", "assign", first, "--cota", "9/2020", *by),
        "withdraw": ("withdraw", document, "--reason", "greșit", *by),
        "rules": ("review", "regime"),
        "export": ("export", "access", first, "--out", place.root / "out"),
        "corrections": ("review", "export", place.root / "out.jsonl"),
        "key": ("keys", "add", "svu", "--role", "portal", *by),
    }


def test_nothing_is_done_that_cannot_be_noted(place):
    given = acts(place)
    key = place.archive / "keys" / "audit.pem"
    key.parent.mkdir(exist_ok=True)
    key.write_bytes(b"no key")
    before = kept(place)
    for name, words in given.items():
        assert (name, call(place, words)) == (name, "audit-key")
        assert kept(place) == before, name
    assert not list(place.root.glob("out*/**/*.pdf"))
    assert not (place.root / "out.jsonl").exists()


def test_what_can_be_noted_is_and_done(place):
    given = acts(place)
    for name in ("correct", "mark", "assign"):
        assert (name, call(place, given[name])) == (name, "")
    *_, chain, _ = kept(place)[1]
    done = [row[4] for row in chain if row[4] != "anchor"]
    assert done == ["correct", "correct", "rearrange"]
