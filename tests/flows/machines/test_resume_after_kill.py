"""kill -9 at any moment, the same command again: finished, nothing read twice, one of everything."""

import random
import time

import pytest

from flows.commands.keeping import verify
from flows.commands.status import status
from schemas.records import decode_unit
from schemas.settings import load_settings
from search.backend import open_backend
from tests.flows.opis_command import Place, alto_files, kill, killed_at_last, wait_until

pytestmark = pytest.mark.slow
RANDOM_MOMENTS = 4
SEED = 20261122
REP = "units/*/*/representations/rep1"


@pytest.fixture
def place(small_place):
    """Two small binders and a file that cannot be one."""
    (small_place.root / "small" / "stricat.pdf").write_bytes(b"aceasta nu este un PDF" * 9)
    return small_place


@pytest.fixture(scope="module")
def undisturbed(small_binders, tmp_path_factory):
    """What the same batch leaves when nobody disturbs it."""
    root = tmp_path_factory.mktemp("undisturbed")
    (root / "small").mkdir()
    for path in small_binders.iterdir():
        (root / "small" / path.name).write_bytes(path.read_bytes())
    (root / "small" / "stricat.pdf").write_bytes(b"aceasta nu este un PDF" * 9)
    place = Place(root, {"OPIS_WORKERS": "2"})
    started = time.monotonic()
    done = place.run("scan-batch", "small", "--json")
    return place, done, time.monotonic() - started


def finished_pages(place):
    """Pages whose ALTO is complete: unit folder's name and page number."""
    return {(path.parents[3].name, int(path.stem)) for path in alto_files(place)}


def facts(place):
    """What must be there once, by the binder's name, however the way went."""
    found = {}
    for unit in place.units:
        record = decode_unit((unit / "metadata/record.json").read_bytes())
        rep = unit / "representations/rep1"
        found[record.name] = {
            "states": [str(page.state) for page in record.pages],
            "documents": [(d.first_page, d.last_page) for d in record.documents],
            "fields": [{k: v.value for k, v in d.fields.items()} for d in record.documents],
            "originals": sorted(path.name for path in (rep / "originals").iterdir()),
            "alto": sorted(path.name for path in (rep / "alto").iterdir()),
            "pdf": sorted(path.name for path in (rep / "pdf").iterdir()),
            "texts": [path.read_bytes() for path in sorted((rep / "alto").iterdir())],
            "events": (unit / "metadata/events.jsonl").read_text().count("\n"),
            "findings": (unit / "metadata/findings.json").read_bytes(),
        }
        assert len({d.id for d in record.documents}) == len(record.documents)
        assert all(len(d.id) == 8 for d in record.documents)
    return found


def assert_no_leavings(place):
    left = [
        str(path.relative_to(place.archive))
        for path in place.archive.rglob("*")
        if path.name.endswith(".part") or path.name == ".work"
    ]
    assert not left
    quarantine = place.archive / "stations/local/quarantine"
    entries = list(quarantine.iterdir())
    assert len(entries) == 1
    assert {path.name for path in entries[0].iterdir()} == {
        "reason.json",
        "motiv.txt",
        "stricat.pdf",
    }


def assert_resumed(place, undisturbed, before):
    """The same command again finishes the work; `before` are the pages finished at the kill."""
    reference, first, _ = undisturbed
    done = place.run("scan-batch", "small", "--json")
    again = done.json
    assert done.code == first.code == 3
    assert "Traceback" not in done.err
    for key in ("binders", "documents", "pages", "indexed", "unreconciled"):
        assert again[key] == first.json[key], key
    assert len(place.units) == 2
    states = {
        (unit.name, page.page): str(page.state)
        for unit in place.units
        for page in decode_unit((unit / "metadata/record.json").read_bytes()).pages
    }
    spared = sum(states[page] == "recognised" for page in before)
    read = again["work"]["pages_recognised"]
    assert read <= first.json["pages"]["recognised"] - spared, (read, before)
    assert facts(place) == facts(reference)
    assert_no_leavings(place)
    settings = load_settings({"archive": place.archive}, {})
    verified = verify(settings, ())
    assert (verified.exit_code, verified.payload["failed"], verified.payload["units"]) == (0, [], 2)
    told = status(settings, None).payload
    assert (told["units"], told["working"], told["reconciled"]) == (2, 0, True)
    assert told["pages"] == first.json["pages"]
    assert len(told["quarantined"]) == 1
    assert open_backend(settings).count() == first.json["indexed"]
    return again


MOMENTS = {
    "taking-in-first-bytes": f"{REP}/originals/*",
    "taking-in-first-byte-part": f"{REP}/originals/.*.part",
    "taken-in": "units/*/*/metadata/record.json",
    "reading-first-picture": "units/*/*/.work/*",
    "reading-1": f"{REP}/alto/0001.xml",
    "reading-4": f"{REP}/alto/0004.xml",
    "documents-begun": f"{REP}/pdf/*",
    "documents-one-made": f"{REP}/pdf/01.pdf",
    "publishing-findings": "units/*/*/metadata/findings.json",
    "publishing-events": "units/*/*/metadata/events.jsonl",
    "publishing-manifest": "units/*/*/metadata/manifest-sha256.txt",
    "quarantine": "stations/local/quarantine/*/*",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment_it_goes_on(place, undisturbed, moment):
    pattern = MOMENTS[moment]
    with killed_at_last(place.start("scan-batch", "small", "--json")) as process:
        came = wait_until(lambda: any(place.archive.glob(pattern)), process)
        kill(process)
    assert came or moment == "taking-in-first-byte-part"
    assert_resumed(place, undisturbed, finished_pages(place))


@pytest.mark.parametrize("number", range(RANDOM_MOMENTS))
def test_killed_at_any_time_it_goes_on(place, undisturbed, number):
    """Killed twice, at times drawn over the length of an undisturbed run."""
    draw = random.Random(f"{SEED}:{number}")
    length = undisturbed[2]
    for _ in range(2):
        with killed_at_last(place.start("scan-batch", "small", "--json")) as process:
            time.sleep(draw.uniform(0.05, 1.0) * length)
            kill(process)
    again = assert_resumed(place, undisturbed, finished_pages(place))
    assert len(again["units"]) == 2


def test_after_the_index_alone_was_not_told_nothing_is_read_again(place, undisturbed):
    """Everything is on disk and only the last step is missing: no page is opened again."""
    place.run("scan-batch", "small", "--json")
    with killed_at_last(place.start("scan-batch", "small", "--json")) as process:
        time.sleep(0.5 * undisturbed[2] / 3)
        kill(process)
    again = assert_resumed(place, undisturbed, finished_pages(place))
    assert again["work"]["pages_recognised"] == 0
