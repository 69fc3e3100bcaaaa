"""Sheets printed from a list, scanned back: they name units, part binders, and the list is checked."""

import json

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from pipeline.ledger import expected_units, open_ledger, rebuild
from schemas.records import decode_unit
from schemas.settings import Settings
from tests.flows.opis_command import Place, copied
from tests.pipeline.drawn import Look, page

pytestmark = pytest.mark.slow
DPI = 150
SHAPE = (1754, 1240)
FOND = "Primăria Sectorului 6"
LIST = (
    "Cotă;An;Fond;Inventar;File;Titlu\n"
    f"12/1990;1990;{FOND};3/1998;2;Ședințe\n"
    f"13/1990;1990;{FOND};3/1998;2;Autorizații\n"
    f"14/1990;1990;{FOND};3/1998;7;Cereri\n"
    f"15/1990;1990;{FOND};3/1998;multe;Altele\n"
)


def text(seed: int) -> np.ndarray:
    return page(Look(seed=seed, letters=22, lines=8), SHAPE)


def printed(place: Place) -> dict[str, np.ndarray]:
    """The pages of the printed sheets, at scanning resolution."""
    names = ("12", "-", "13", "-", "14", "-")
    with pdfium.PdfDocument(place.root / "fișe.pdf") as document:
        pages = [p.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze() for p in document]
    return {name: np.ascontiguousarray(p[:, :]) for name, p in zip(names, pages, strict=True)}


def binder(place: Place, name: str, pages: list[np.ndarray], **identity: object) -> None:
    folder = place.root / "raft"
    folder.mkdir(exist_ok=True)
    images = [Image.fromarray(p if p.ndim == 2 else p[:, :, ::-1]).convert("L") for p in pages]
    images[0].save(
        folder / f"{name}.tif",
        save_all=True,
        append_images=images[1:],
        dpi=(DPI, DPI),
        compression="tiff_lzw",
    )
    if identity:
        (folder / f"{name}.binder.json").write_text(json.dumps(identity))


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """Three binders: one holds two units, the next goes on with the second, one says otherwise."""
    place = Place(tmp_path_factory.mktemp("fișe"))
    (place.root / "lista.csv").write_text(LIST, encoding="cp1250", errors="replace")
    made = place.run("sheets", "lista.csv", "--out", "fișe.pdf", "--separators", "1", "--json")
    sheets = printed(place)
    both = [sheets["12"], text(1), sheets["-"], text(2), np.rot90(sheets["13"], 2), text(3)]
    binder(place, "raft-1", both)
    binder(place, "raft-2", [sheets["13"], text(4)])
    binder(place, "raft-3", [sheets["12"], text(5)], cota="77/1990", an="1990", fond=FOND)
    first = place.run("scan-batch", "raft/raft-1.tif", "--json")
    rest = place.run("scan-batch", "raft/raft-2.tif", "raft/raft-3.tif", "--json")
    return place, made, first, rest


def by_cota(place):
    found = {}
    for path in place.units:
        unit = decode_unit((path / "metadata/record.json").read_bytes())
        if unit.pages:
            found[unit.identity.cota] = (path, unit)
    return found


def test_rows_that_cannot_be_used_are_named_and_the_others_printed(scanned):
    _, made, _, _ = scanned
    assert made.code == 3, made.err
    told = made.json
    assert (told["units"], told["separators"], told["pages"], told["rows"]) == (3, 3, 6, 4)
    (row,) = told["rejected"]
    assert (row["row"], row["column"], row["code"]) == (5, "File", "row-leaves")
    assert told["inventory"] == {"added": 3, "replaced": 0, "dropped": 0, "listed": 3}


def test_a_binder_of_two_units_becomes_two(scanned):
    _, _, first, _ = scanned
    assert first.code == 0, first.err
    told = first.json
    assert told["binders"] == 1
    assert len(told["units"]) == 2
    assert told["pages"]["scanned"] == 6
    assert told["pages"]["separator"] == 3
    assert told["indexed"] == 3


def test_the_cover_names_the_unit(scanned):
    place, _, _, _ = scanned
    identity = by_cota(place)["12/1990"][1].identity
    assert (identity.fond, identity.inventar, identity.an) == (FOND, "3/1998", "1990")
    assert identity.file_certificate == 2


def test_the_same_cover_in_another_binder_goes_on_with_the_unit(scanned):
    place, _, _, rest = scanned
    _, unit = by_cota(place)["13/1990"]
    assert [str(p.state) for p in unit.pages] == ["separator", "recognised"] * 2
    assert unit.id in rest.json["units"]
    assert {s["unit"] for s in rest.json["sources"] if "raft-2" in s["file"]} == {unit.id}


def test_what_binder_json_says_stands_and_the_contradiction_is_told(scanned):
    place, _, _, _ = scanned
    path, unit = by_cota(place)["77/1990"]
    findings = json.loads((path / "metadata/findings.json").read_bytes())
    (told,) = [f for f in findings if f["code"] == "cover-sheet"]
    assert told["detail"] == {"field": "cota", "a": "12/1990", "b": "77/1990"}
    assert unit.identity.cota == "77/1990"


def test_status_says_what_was_expected_and_what_was_seen(scanned):
    place, _, _, _ = scanned
    told = place.run("status", "--json").json["inventory"]
    assert (told["listed"], told["seen"]) == (3, 2)
    assert [unit["cota"] for unit in told["missing"]] == ["14/1990"]
    assert [unit["cota"] for unit in told["unexpected"]] == ["77/1990"]
    assert told["leaf_counts"] == []
    lines = place.run("status").out
    assert "14/1990" in lines
    assert "77/1990" in lines


def test_the_same_again_changes_nothing(scanned):
    place, _, _, _ = scanned
    before = {cota: unit for cota, (_, unit) in by_cota(place).items()}
    again = place.run("scan-batch", "raft", "--json").json
    assert again["work"]["pages_recognised"] == 0
    assert {cota: unit for cota, (_, unit) in by_cota(place).items()} == before
    told = place.run("sheets", "lista.csv", "--out", "fișe.pdf", "--json")
    assert told.code == 4
    assert told.json["error"]["code"] == "output-exists"


def test_a_rebuilt_ledger_keeps_the_list(scanned):
    place, _, _, _ = scanned
    before = place.run("status", "--json").json["inventory"]
    settings = Settings(archive=place.archive)
    rebuild(settings)
    with open_ledger(settings) as ledger:
        assert len(expected_units(ledger)) == 3
    assert place.run("status", "--json").json["inventory"] == before


def test_a_person_may_undo_it_and_it_is_not_done_again(scanned, tmp_path):
    place = copied(scanned[0], tmp_path)
    (tmp_path / "raft").symlink_to(scanned[0].root / "raft")
    path, unit = by_cota(place)["13/1990"]
    events = [
        json.loads(line) for line in (path / "metadata/events.jsonl").read_text().splitlines()
    ]
    (merged,) = [e for e in events if e["event"] == "rearranged" and e["kind"] == "merge"]
    assert merged["by"] == "opis"
    undone = place.run("review", "undo", merged["change"], "--json")
    assert undone.code == 0, undone.out + undone.err
    assert [
        len(decode_unit(p.joinpath("metadata/record.json").read_bytes()).pages)
        for p in place.units
        if p.name == unit.id
    ] == [2]
    again = place.run("scan-batch", "raft/raft-2.tif", "--json")
    assert again.json["pages"]["scanned"] == 2
    assert place.run("status", "--json").json["inventory"]["leaf_counts"] == []
