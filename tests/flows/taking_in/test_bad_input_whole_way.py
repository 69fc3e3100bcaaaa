"""Every hostile file of the corpus through the whole way: nothing crashes, nothing vanishes."""

import json
import random
import sys
import time
from collections import Counter, defaultdict
from hashlib import sha256
from threading import Thread

import psutil
import pytest

from schemas.records import decode_unit
from tests.flows.opis_command import Place, ended, killed_at_last

pytestmark = [pytest.mark.corpus, pytest.mark.slow]
SEED = 7
ALONE = 8
QUICK = {
    "OPIS_WORKERS": "2",
    "OPIS_PAGE_SECONDS": "5",
    "OPIS_FILE_SECONDS": "10",
    "OPIS_MAX_MEGAPIXELS": "40",
    "OPIS_MAX_PAGES": "60",
    "OPIS_READING_DPI": "100",
}
MOST_BYTES = 2 << 30


def highest_memory(process, most):
    """Keep the peak resident size of any single process of a command while it runs."""
    while process.poll() is None:
        try:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
            most[0] = max(most[0], *(one.memory_info().rss for one in family))
        except (psutil.Error, ValueError):
            pass
        time.sleep(0.05)


def batch(place, *sources):
    """The batch's answer, checked for what holds of every batch."""
    most = [0]
    with killed_at_last(place.start("scan-batch", *sources, "--json")) as process:
        watching = Thread(target=highest_memory, args=(process, most))
        watching.start()
        done = ended(process)
        watching.join()
    assert done.code in {0, 3}, (done.code, done.out[-2000:], done.err[-3000:])
    assert "Traceback" not in done.err
    assert most[0] <= MOST_BYTES, most[0]
    return done, most[0]


def all_files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "README.md")


def assert_nothing_vanished(place, answer, files):
    """Each file has a line, and is in a unit or in quarantine with reason and remedy."""
    lines = {source["file"]: source for source in answer["sources"]}
    asides = {entry["file"]: entry for entry in answer["quarantined"]}
    assert len(lines) == len(answer["sources"]) == len(files)
    assert {n for n, line in lines.items() if line["outcome"] == "quarantined"} == asides.keys()
    pages = answer["pages"]
    assert pages["scanned"] == sum(pages[k] for k in pages if k != "scanned")
    assert answer["indexed"] == pages["recognised"]
    assert not answer["unreconciled"]
    for path in files:
        line = lines[str(path)]
        digest = sha256(path.read_bytes()).hexdigest()
        if line["outcome"] == "quarantined":
            entry = asides[str(path)]
            assert entry["reason"]
            assert entry["remedy"]
            assert entry["code"] not in {"unknown", "defect"}
            folder = place.archive / "stations/local/quarantine" / entry["id"]
            kept = json.loads((folder / "reason.json").read_bytes())
            if kept["stored"]:
                assert sha256((folder / kept["stored"]).read_bytes()).hexdigest() == digest
            else:
                assert entry["code"] in {"too-large", "special-file"}
        else:
            (unit,) = place.archive.glob(f"units/*/{line['unit']}")
            originals = (unit / "representations/rep1/originals").iterdir()
            assert digest in {sha256(one.read_bytes()).hexdigest() for one in originals}


def untrue_flavours(place, verapdf):
    """What veraPDF says of PDFs that are not what their record claims."""
    claimed = defaultdict(list)
    for unit in place.units:
        record = decode_unit((unit / "metadata/record.json").read_bytes())
        for document in record.documents:
            claimed[document.flavour].append(unit / document.pdf)
    verdicts = [verapdf(files, flavour) for flavour, files in claimed.items()]
    return {path.name: v.failed for some in verdicts for path, v in some.items() if not v}


@pytest.mark.services
@pytest.mark.timeout(900)
def test_all_in_one_batch(shared_data, verapdf, tmp_path, capsys):
    place = Place(tmp_path, QUICK)
    files = all_files(shared_data / "bad_inputs")
    assert len(files) > 130
    started = time.monotonic()
    done, peak = batch(place, *files)
    seconds = time.monotonic() - started
    answer = done.json
    assert_nothing_vanished(place, answer, files)
    assert done.code == 3
    outcomes = Counter(source["outcome"] for source in answer["sources"])
    codes = Counter(entry["code"] for entry in answer["quarantined"])
    told = f"{dict(outcomes)} {dict(codes)} {answer['pages']}"
    with capsys.disabled():
        sys.stdout.write(f"\n{told}; at most {peak >> 20} MiB, {seconds:.0f} s\n")
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
    assert untrue_flavours(place, verapdf) == {}


def test_some_one_by_one(shared_data, tmp_path):
    """A seeded sample, each in an archive that has the ones before."""
    place = Place(tmp_path, QUICK)
    files = all_files(shared_data / "bad_inputs")
    for path in random.Random(SEED).sample(files, ALONE):
        done, _ = batch(place, path)
        assert_nothing_vanished(place, done.json, [path])
        aside = bool(done.json["quarantined"] or done.json["pages"]["failed"])
        assert done.code == (3 if aside else 0)
