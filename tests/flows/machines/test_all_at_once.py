"""Everything at once on one archive: it ends in the right state, or by a refusal with its name."""

import shutil
from contextlib import ExitStack

import pytest

from tests.flows.opis_command import Place, ended, killed_at_last
from tests.flows.watching_samples import QUICK, page

pytestmark = pytest.mark.slow
REFUSED = {"unit-busy", "ledger-busy"}
"""How a rebuild of the ledger may end while others work."""


def test_watch_batch_reindex_and_rebuild_at_once(small_binders, tmp_path):
    inbox = tmp_path / "archive/stations/S2/inbox"
    inbox.mkdir(parents=True)
    for number in range(3):
        page(inbox / f"d{number}.png", ("mere", "pere", "prune")[number])
        (inbox / f"d{number}.ok").touch()
    (tmp_path / "small").mkdir()
    shutil.copy(small_binders / "tiff.tif", tmp_path / "small")
    place = Place(tmp_path, QUICK)
    assert place.run("scan-batch", "small", "--json").code == 0
    shutil.copy(small_binders / "pdf.pdf", tmp_path / "small")
    commands = {
        "watch": ("watch", "--once", "--json"),
        "batch": ("scan-batch", "small", "--json"),
        "reindex": ("reindex", "--json"),
        "rebuild": ("ledger", "rebuild", "--json"),
    }
    with ExitStack() as stack:
        begun = {
            name: stack.enter_context(killed_at_last(place.start(*words)))
            for name, words in commands.items()
        }
        done = {name: ended(process) for name, process in begun.items()}
    for name, one in done.items():
        assert "Traceback" not in one.err, (name, one.err)
        if name == "rebuild" and one.code:
            assert (one.code, one.json["error"]["code"] in REFUSED) == (4, True)
        else:
            assert one.code == 0, (name, one.out, one.err)
    again = place.run("scan-batch", "small", "--json")
    assert (again.code, again.json["work"]["pages_recognised"]) == (0, 0)
    assert place.run("ledger", "rebuild", "--json").code == 0
    assert len(place.units) == 5
    told = place.run("status", "--json").json
    assert (told["published"], told["working"], told["reconciled"]) == (5, 0, True)
    assert place.run("search", "prune", "--json").json["total"] == 1
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
    assert list(inbox.iterdir()) == []
