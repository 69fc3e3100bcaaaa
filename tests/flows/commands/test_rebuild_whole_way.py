"""The ledger lost after everything that may happen to units comes back as it was."""

import cv2
import pytest
from sqlalchemy import select

from pipeline.ledger import INDEX_STAGE, open_ledger, tables
from schemas.settings import load_settings
from tests.pipeline.drawn import Look, page

pytestmark = pytest.mark.slow


def dump(place):
    """Every row that a rebuild makes, but for the numbers that the database gave it."""
    found = {}
    with open_ledger(load_settings({"archive": place.archive}, {})) as ledger:
        found["order"] = [row.id for row in ledger.units()]
        with ledger.reading() as connection:
            for table in (tables.units, tables.steps, tables.quarantine):
                columns = [column for column in table.c if column.name != "seq"]
                rows = [row._asdict() for row in connection.execute(select(*columns))]
                found[table.name] = sorted(
                    repr(row) for row in rows if row.get("stage") != INDEX_STAGE
                )
    return found


@pytest.fixture
def place(small_place):
    """Two binders, two new scans, and a file that cannot be one."""
    for name, seed in (("nou.png", 1), ("fila.png", 2)):
        cv2.imwrite(str(small_place.root / name), page(Look(seed=seed, lines=8))[:1600])
    (small_place.root / "small" / "stricat.pdf").write_bytes(b"aceasta nu este un PDF" * 9)
    return small_place


def test_a_lost_ledger_comes_back_after_rescans_insertions_and_quarantine(place):
    first = place.run("scan-batch", "small", "--json")
    one, two = first.json["units"]
    assert place.run("review", "replace", one, "2", "nou.png").code == 0
    assert place.run("review", "insert", one, "--after", "1", "fila.png").code == 0
    assert place.run("review", "insert", two, "--after", "0", "nou.png").code == 0
    assert place.run("review", "rescan-mark", two, "1", "--json").code == 0
    before = dump(place)
    assert (len(before["units"]), len(before["quarantine"])) == (2, 1)
    assert place.run("ledger", "rebuild").code == 0
    assert dump(place) == before
    for path in place.archive.glob("ledger.db*"):
        path.unlink()
    assert place.run("status", "--json").json["error"]["code"] == "ledger-lost"
    assert place.run("ledger", "rebuild").code == 0
    assert dump(place) == before
    (place.root / "small" / "stricat.pdf").unlink()
    again = place.run("scan-batch", "small", "--json")
    assert again.code == 0, again.err
    assert again.json["work"]["pages_recognised"] == 0
    assert [source["outcome"] for source in again.json["sources"]] == ["same", "same"]
