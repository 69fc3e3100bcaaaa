"""Every way of taking in and keeping that fails: JSON with the error, its exit code, cause and remedy."""

import json
import shutil

import pytest

from tests.flows.opis_command import _ERROR, Place, copied
from tests.flows.watching_samples import QUICK, page, station_place

pytestmark = pytest.mark.slow
COMMANDS = {
    "scan-batch": ("scan-batch", "small"),
    "watch": ("watch", "--once"),
    "verify": ("verify",),
    "ledger rebuild": ("ledger", "rebuild"),
    "reindex": ("reindex",),
}
ALL = frozenset(COMMANDS)
POSTGRES = {"OPIS_LEDGER_URL": "postgresql://om:secret@127.0.0.1:9/opis"}
ELASTIC = {"OPIS_ELASTICSEARCH_URL": "http://om:secret@127.0.0.1:9"}
FAULTS = {
    "the ledger is no ledger": ("ledger-damaged", 4, ALL - {"ledger rebuild"}),
    "the ledger is gone": ("ledger-lost", 4, ALL - {"ledger rebuild"}),
    "no ledger's address": ("setting-invalid", 2, {"scan-batch", "watch"}),
    "no database server": ("ledger-unreachable", 5, ALL - {"scan-batch", "reindex"}),
    "no index server": ("elasticsearch-unreachable", 5, {"scan-batch", "watch", "reindex"}),
    "a unit that is not there": ("", 3, {"verify"}),
    "no source": ("source-missing", 4, {"scan-batch"}),
    "a damaged page": ("", 3, {"verify"}),
}
MORE = {
    "no ledger's address": {"OPIS_LEDGER_URL": "mysql://om:secret@127.0.0.1/opis"},
    "no database server": POSTGRES,
    "no index server": ELASTIC,
}


@pytest.fixture(scope="module")
def first(small_binders, tmp_path_factory):
    place = station_place(tmp_path_factory.mktemp("failing"))
    (place.root / "small").mkdir()
    shutil.copy(small_binders / "tiff.tif", place.root / "small")
    assert place.run("scan-batch", "small", "--json").code == 0
    return place


def harm(place: Place, fault: str) -> tuple[str, ...]:
    """Does the harm; words that the command gets besides."""
    if fault == "the ledger is no ledger":
        (place.archive / "ledger.db").write_bytes(b"no ledger " * 1000)
    if fault in {"the ledger is gone", "the ledger is no ledger"}:
        for path in place.archive.glob("ledger.db-*"):
            path.unlink()
    if fault == "the ledger is gone":
        (place.archive / "ledger.db").unlink()
    if fault == "a damaged page":
        (alto, *_) = sorted(place.archive.glob("units/*/*/representations/rep1/alto/*.xml"))
        alto.write_bytes(alto.read_bytes() + b" ")
    if fault == "no index server":
        page(place.archive / "stations/S2/inbox/a.png", "mere")
        (place.archive / "stations/S2/inbox/a.ok").touch()
    return {"a unit that is not there": ("ua-nimic",), "no source": ("nimic",)}.get(fault, ())


@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_says_so(first, tmp_path, fault):
    code, exit_code, commands = FAULTS[fault]
    for name in sorted(commands):
        root = tmp_path / name.replace(" ", "-")
        shutil.copytree(first.root / "small", root / "small")
        place = copied(Place(first.root, QUICK), root)
        done = place.run(*COMMANDS[name], *harm(place, fault), "--json", **MORE.get(fault, {}))
        assert done.code == exit_code, (name, done.out, done.err)
        assert "Traceback" not in done.err
        assert "secret" not in done.out + done.err
        told = json.loads(done.out.splitlines()[-1])
        if not code:
            assert all(one["unit"] and one["file"] and one["reason"] for one in told["failed"])
            assert told["failed"]
            continue
        error = told["error"]
        assert error.keys() == _ERROR
        assert (error["code"], error["exit"]) == (code, exit_code), name
        assert error["reason"], name
        assert error["remedy"], name
        assert error["file"], name
