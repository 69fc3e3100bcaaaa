"""A unit's own files, hostile bytes and power cuts included."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import units
from pipeline.units import (
    append_event,
    new_document_id,
    read_events,
    read_findings,
    read_manifest,
    read_record,
    write_findings,
    write_manifest,
    write_record,
)
from schemas.errors import InputError
from schemas.hashing import hash_file
from schemas.layout import UnitLayout
from schemas.records import Finding
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit, publish, states

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def layout(tmp_path) -> UnitLayout:
    return Settings(archive=tmp_path).layout.unit("ua-test234567")


def refused(call) -> InputError:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value


@settings(deadline=None)
@given(states())
def test_a_record_comes_back_as_written(tmp_path_factory, runs):
    layout = UnitLayout(tmp_path_factory.mktemp("u") / "ua-test234567")
    unit = make_unit(runs)
    write_record(unit, layout)
    assert read_record(layout) == unit


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": 3}', b"\xff\xfe", b"{}"])
def test_a_damaged_record_is_named(layout, content):
    write_record(make_unit([]), layout)
    layout.record.write_bytes(content)
    error = refused(lambda: read_record(layout))
    assert (error.code, error.file) == ("unit-damaged", "ua-test234567")


def test_a_record_of_another_unit_is_damage(layout):
    write_record(make_unit([], "ua-other23456"), layout)
    assert refused(lambda: read_record(layout)).code == "unit-damaged"


def test_a_unit_without_a_record_is_missing(layout):
    assert refused(lambda: read_record(layout)).code == "unit-missing"


def test_findings_come_back_as_written(layout):
    assert read_findings(layout) == ()
    findings = (Finding("blurred", 3, {"n": "3", "f": "2v"}), Finding("duplicate"))
    write_findings(findings, layout)
    assert read_findings(layout) == findings
    layout.findings.write_bytes(b"[{]")
    assert refused(lambda: read_findings(layout)).code == "unit-damaged"


def test_events_are_numbered_and_kept_in_order(layout):
    assert read_events(layout) == ()
    numbers = [append_event(layout, {"event": "claimed", "detail": {"n": n}}) for n in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    events = read_events(layout)
    assert [(e["seq"], e["event"], e["detail"]["n"]) for e in events] == [
        (n + 1, "claimed", n) for n in range(5)
    ]
    assert all(event["time"].endswith("+00:00") for event in events)


@settings(deadline=None)
@given(st.integers(min_value=1), st.booleans())
def test_a_torn_last_event_is_mended_by_the_next(tmp_path_factory, cut, zeros):
    layout = UnitLayout(tmp_path_factory.mktemp("u") / "ua-x")
    for name in ("one", "two", "torn"):
        append_event(layout, {"event": name})
    lines = layout.events.read_bytes().splitlines(keepends=True)
    length = cut % len(lines[2])
    rest = b"\0" * (len(lines[2]) - length) if zeros else b""
    layout.events.write_bytes(lines[0] + lines[1] + lines[2][:length] + rest)
    whole = length == len(lines[2]) - 1 and not zeros
    assert len(read_events(layout)) == (3 if whole else 2) or zeros
    append_event(layout, {"event": "three"})
    names = [event["event"] for event in read_events(layout, strict=True)]
    assert names in (["one", "two", "three"], ["one", "two", "torn", "three"])
    assert [event["seq"] for event in read_events(layout)] == list(range(1, len(names) + 1))


@settings(deadline=None)
@given(st.data())
def test_no_changed_bit_of_the_events_stays_unseen(tmp_path_factory, data):
    layout = UnitLayout(tmp_path_factory.mktemp("u") / "ua-x")
    for number in range(3):
        append_event(layout, {"event": "e", "n": number})
    content = bytearray(layout.events.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    layout.events.write_bytes(content)
    assert refused(lambda: read_events(layout, strict=True)).code == "unit-damaged"


@pytest.mark.parametrize("line", [0, 1, 2])
def test_events_that_were_acknowledged_are_never_cut_off(layout, line):
    for number in range(3):
        append_event(layout, {"n": number})
    lines = layout.events.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b'"n":', b'"m":')
    layout.events.write_bytes(b"".join(lines))
    assert refused(lambda: append_event(layout, {"n": 9})).code == "unit-damaged"
    assert layout.events.read_bytes() == b"".join(lines)


def test_events_out_of_order_or_left_out_are_damage(layout):
    for number in range(4):
        append_event(layout, {"n": number})
    lines = layout.events.read_bytes().splitlines(keepends=True)
    for order in ((0, 2, 1, 3), (0, 2, 3), (1, 2, 3), (0, 1, 1, 2, 3)):
        layout.events.write_bytes(b"".join(lines[place] for place in order))
        assert refused(lambda: read_events(layout)).code == "unit-damaged"


def test_two_processes_add_events_one_after_the_other(tmp_path):
    layout = UnitLayout(tmp_path / "ua-x")
    program = (
        "import sys; from pathlib import Path; from pipeline.units import append_event;"
        "from schemas.layout import UnitLayout\n"
        "for n in range(50): append_event(UnitLayout(Path(sys.argv[1])), {'n': n})"
    )
    command = [sys.executable, "-c", program, str(layout.root)]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert len(read_events(layout, strict=True)) == 100


class FenceError(Exception):
    pass


def test_nothing_of_a_unit_is_written_where_its_fence_refuses(layout, tmp_path):
    other = UnitLayout(tmp_path / "ua-other")
    inside = []

    @contextmanager
    def fence():
        if inside:
            raise FenceError
        inside.append(sorted(path.name for path in layout.metadata.iterdir()))
        yield

    with units.fenced_by(layout, fence):
        write_record(make_unit([]), layout)
        (names,) = inside
        assert [name[-5:] for name in names] == [".part"]
        before = layout.record.read_bytes()
        for write in (
            lambda: write_record(make_unit([[]]), layout),
            lambda: write_findings((), layout),
            lambda: append_event(layout, {"event": "x"}),
            lambda: write_manifest(layout),
            lambda: units.remove_manifest(layout),
        ):
            with pytest.raises(FenceError):
                write()
        append_event(other, {"event": "x"})
    assert layout.record.read_bytes() == before
    assert {path.name for path in layout.metadata.iterdir()} <= {"record.json", "events.jsonl"}
    assert read_events(layout) == ()
    write_findings((), layout)
    assert read_findings(layout) == ()


def test_an_event_of_which_a_full_disk_took_half_is_refused_and_cut_off_later(layout):
    append_event(layout, {"event": "one"})
    limit = layout.events.stat().st_size + 20
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from pipeline.units import append_event; from schemas.layout import UnitLayout\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "try: append_event(UnitLayout(Path(sys.argv[1])), {'event': 'two'})\n"
        "except OSError as error: print(error.filename)\n"
    )
    command = (sys.executable, "-B", "-c", code, str(layout.root), str(limit))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(layout.events)
    assert [event["event"] for event in read_events(layout)] == ["one"]
    assert append_event(layout, {"event": "three"}) == 2
    assert [event["event"] for event in read_events(layout, strict=True)] == ["one", "three"]


def test_one_who_stands_still_with_the_events_is_not_waited_for_without_end(layout, monkeypatch):
    append_event(layout, {"event": "one"})
    code = (
        "import fcntl, os, signal, sys\n"
        "with open(sys.argv[1], 'ab') as stream:\n"
        "    fcntl.flock(stream, fcntl.LOCK_EX)\n"
        "    print('held', flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGSTOP)\n"
    )
    monkeypatch.setattr(units, "_LOCK_SECONDS", 0.1)
    command = (sys.executable, "-c", code, str(layout.events))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as frozen:
        assert frozen.stdout.readline() == "held\n"
        assert refused(lambda: append_event(layout, {"event": "two"})).code == "unit-busy"
        frozen.kill()
    assert append_event(layout, {"event": "two"}) == 2


def test_ids_are_unambiguous_and_differ():
    ids = {new_document_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(len(ident) == 8 and set(ident) <= set(units.ALPHABET) for ident in ids)
    assert not set("il1o0.") & set(units.ALPHABET)


def test_all_units_are_those_with_a_record(tmp_path):
    settings = Settings(archive=tmp_path)
    assert list(units.all_units(settings)) == []
    for ident in ("ua-aaaaaaaaaa", "ua-bbbbbbbbbb"):
        publish(settings, make_unit([], ident))
    settings.layout.unit("ua-cccccccccc").originals.mkdir(parents=True)
    found = {layout.id: layout for layout in units.all_units(settings)}
    assert set(found) == {"ua-aaaaaaaaaa", "ua-bbbbbbbbbb"}
    assert found["ua-aaaaaaaaaa"] == settings.layout.unit("ua-aaaaaaaaaa")


def test_work_is_removed(layout):
    units.remove_work(layout)
    (layout.work / "deep").mkdir(parents=True)
    (layout.work / "deep" / "0001.jpg").write_bytes(b"x")
    units.remove_work(layout)
    assert not layout.work.exists()
    assert layout.root.exists()


def test_a_manifest_speaks_for_every_file(layout):
    write_record(make_unit([]), layout)
    name = "rău %0A\nnume  dublu.pdf"
    for path in (layout.originals / name, layout.alto_page(1), layout.work / "p.jpg"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    append_event(layout, {"event": "x"})
    (layout.root / units.LOCK).touch()
    write_manifest(layout)
    folder = "representations/rep1"
    assert read_manifest(layout) == {
        path: hash_file(layout.root / path)
        for path in (
            "metadata/record.json",
            f"{folder}/originals/{name}",
            f"{folder}/alto/0001.xml",
        )
    }
    lines = units.manifest_path(layout).read_text().splitlines()
    assert lines == sorted(lines, key=lambda line: line.split("  ", 1)[1])


def test_known_hashes_are_not_read_again(layout):
    layout.alto.mkdir(parents=True)
    for page in (1, 2):
        layout.alto_page(page).write_bytes(b"x")
    layout.alto_page(1).chmod(0)
    known = {"representations/rep1/alto/0001.xml": "00" * 32, "not/there": "11" * 32}
    write_manifest(layout, known)
    manifest = read_manifest(layout)
    assert manifest["representations/rep1/alto/0001.xml"] == "00" * 32
    assert len(manifest) == 2


def test_no_manifest_is_damage(layout):
    assert refused(lambda: read_manifest(layout)).code == "unit-damaged"
    write_manifest(layout)
    units.manifest_path(layout).write_bytes(b"one\n")
    assert refused(lambda: read_manifest(layout)).code == "unit-damaged"


def test_events_are_one_json_object_a_line(layout):
    append_event(layout, {"event": "ș\n", "agent": "opis"})
    (line,) = layout.events.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["event"] == "ș\n"
