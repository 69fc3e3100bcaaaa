"""Verification finds whatever changed in a unit, and nothing where nothing did."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from pipeline.pdf.verapdf import validate
from pipeline.units import append_event, manifest_path, read_record, write_manifest, write_record
from pipeline.verify import Failure, VerifyReport, verify_units
from schemas.errors import OpisError
from schemas.layout import UnitLayout
from schemas.records import PageState
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit, publish, recognised

RUNS = [
    [PageState.RECOGNISED, PageState.BLANK],
    [PageState.FAILED, PageState.RECOGNISED, PageState.RECOGNISED],
]
ONE, TWO = "ua-one2345678", "ua-two2345678"
REP = "representations/rep1"


def valid(paths: Sequence[Path]) -> dict[Path, tuple[str, ...]]:
    return dict.fromkeys(paths, ())


@pytest.fixture
def settings(tmp_path) -> Settings:
    """An archive of two units, whole."""
    settings = Settings(archive=tmp_path / "archive")
    for ident in (ONE, TWO):
        publish(settings, make_unit(RUNS, ident))
        for event in ("claimed", "published"):
            append_event(settings.layout.unit(ident), {"event": event})
    return settings


@pytest.fixture
def layout(settings) -> UnitLayout:
    return settings.layout.unit(ONE)


def verify(settings: Settings, **more: object) -> VerifyReport:
    arguments = {"ids": (), "indexed": None, "validator": valid, **more}
    return verify_units(settings, **arguments)


def told(report: VerifyReport) -> set[tuple[str, str]]:
    assert {failure.unit for failure in report.failed} <= {ONE}
    return {(failure.check, failure.file) for failure in report.failed}


def test_whole_units_pass(settings):
    asked: list[Path] = []

    def validator(paths: Sequence[Path]) -> dict[Path, tuple[str, ...]]:
        asked.extend(paths)
        return valid(paths)

    report = verify(settings, indexed=lambda _: 3, validator=validator)
    assert report == VerifyReport(
        units=2,
        failed=(),
        checks={
            "alto": 10,
            "events": 2,
            "findings": 2,
            "fixity": 20,
            "manifest": 2,
            "pdfa": 4,
            "reconciliation": 2,
            "record": 2,
            "strangers": 2,
        },
    )
    units = [settings.layout.unit(ident) for ident in (ONE, TWO)]
    assert set(asked) == {unit.pdf_document(n) for unit in units for n in (1, 2)}


def test_only_the_units_asked_for(settings, layout):
    layout.alto_page(1).unlink()
    assert verify(settings, ids=(TWO,)).failed == ()
    assert verify(settings, ids=(TWO,)).units == 1
    assert verify(settings, ids=(ONE, TWO)).failed


def every_file(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.layout.unit(ONE).root.rglob("*") if path.is_file())


@limits(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_is_found_in_any_file(settings, data):
    path = data.draw(st.sampled_from(every_file(settings)))
    content = path.read_bytes()
    changed = bytearray(content)
    place = data.draw(st.integers(0, len(content) - 1))
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    try:
        report = verify(settings)
    finally:
        path.write_bytes(content)
    assert {failure.unit for failure in report.failed} == {ONE}
    if path.name not in {"manifest-sha256.txt", "events.jsonl"}:
        file = str(path.relative_to(settings.layout.unit(ONE).root))
        assert ("fixity", file) in told(report)


def test_every_file_lost_is_found(settings):
    for path in every_file(settings):
        if path.name == "events.jsonl":
            continue
        content = path.read_bytes()
        path.unlink()
        report = verify(settings, ids=(ONE,))
        assert any(failure.file.endswith(path.name) for failure in report.failed), path
        path.write_bytes(content)
    assert verify(settings).failed == ()


@pytest.mark.parametrize(
    ("file", "check"),
    [
        (f"{REP}/originals/extra.tif", "unexpected"),
        ("documentation/note.txt", "unexpected"),
        (f"{REP}/alto/.0f.part", "leftovers"),
        ("metadata/.0f.part", "leftovers"),
        (".work/0001.jpg", "leftovers"),
    ],
)
def test_what_does_not_belong_is_found(settings, layout, file, check):
    (layout.root / file).parent.mkdir(exist_ok=True)
    (layout.root / file).write_bytes(b"x")
    assert told(verify(settings)) == {(check, ".work" if ".work" in file else file)}


def test_a_unit_gone_is_found_when_asked_for(settings):
    report = verify(settings, ids=("ua-gone234567",))
    assert {(f.check, f.file) for f in report.failed} == {
        ("record", "metadata/record.json"),
        ("manifest", "metadata/manifest-sha256.txt"),
    }


def test_a_record_that_does_not_add_up_is_found_though_its_hash_is_right(settings, layout):
    unit = read_record(layout)
    write_record(replace(unit, pages=unit.pages[:-1]), layout)
    write_manifest(layout)
    checks = {failure.check for failure in verify(settings).failed}
    assert checks == {"reconciliation"}


def test_a_manifest_made_anew_does_not_hide_a_changed_original(settings, layout):
    (layout.originals / "0001.tif").write_bytes(b"other")
    layout.pdf_document(2).write_bytes(layout.pdf_document(1).read_bytes())
    write_manifest(layout)
    assert told(verify(settings)) >= {
        ("fixity", f"{REP}/originals/0001.tif"),
        ("fixity", f"{REP}/pdf/02.pdf"),
        ("reconciliation", "metadata/record.json"),
    }


def test_alto_that_is_none_is_found_though_its_hash_is_right(settings, layout):
    layout.alto_page(1).write_bytes(b"<alto/>")
    write_manifest(layout)
    assert told(verify(settings)) == {("alto", f"{REP}/alto/0001.xml")}


def test_another_number_in_the_index_is_found(settings):
    report = verify(settings, ids=(ONE,), indexed=lambda _: recognised(make_unit(RUNS)) - 1)
    assert report.failed == (
        Failure(
            ONE,
            "metadata/record.json",
            "reconciliation",
            "În index sunt 2 pagini citite în loc de 3.",
        ),
    )


def test_what_the_validator_says_is_told(settings, layout):
    bad = layout.pdf_document(2)

    def validator(paths: Sequence[Path]) -> dict[Path, tuple[str, ...]]:
        return {path: ("6.1.2-1: header", "6.2") if path == bad else () for path in paths}

    (failure,) = verify(settings, validator=validator).failed
    assert (failure.check, failure.file) == ("pdfa", f"{REP}/pdf/02.pdf")
    assert "6.1.2-1: header; 6.2" in failure.reason


def test_a_validator_that_says_nothing_has_not_passed_a_file(settings):
    assert len(verify(settings, validator=lambda _: {}).failed) == 4


def test_a_pdf_that_is_none_is_found(settings, layout):
    layout.pdf_document(1).write_bytes(b"%PDF-1.7 nothing")
    assert told(verify(settings)) == {
        ("fixity", f"{REP}/pdf/01.pdf"),
        ("pdf", f"{REP}/pdf/01.pdf"),
        ("reconciliation", "metadata/record.json"),
    }


def test_events_changed_are_found(settings, layout):
    layout.events.write_bytes(layout.events.read_bytes().replace(b"claimed", b"clamped"))
    assert told(verify(settings)) == {("events", "metadata/events.jsonl")}


def test_verification_alters_nothing(settings):
    before = {path: path.read_bytes() for path in every_file(settings)}
    manifest_path(settings.layout.unit(ONE)).chmod(0o444)
    verify(settings)
    assert {path: path.read_bytes() for path in every_file(settings)} == before


@pytest.mark.services
def test_verapdf_judges_every_file(settings, verapdf_home, tmp_path):
    names = [settings.layout.unit(unit).pdf_document(n) for unit in (ONE, TWO) for n in (1, 2)]
    none = tmp_path / "fără.pdf"
    none.write_bytes(b"\0" * 100)
    gone = tmp_path / "gone.pdf"
    verdicts = validate((*names, none, gone), verapdf_home)
    assert set(verdicts) == {*names, none, gone}
    assert all(verdicts[name] for name in verdicts)
    assert any(violation.startswith("6.") for violation in verdicts[names[0]])
    assert verdicts[gone] == ("veraPDF: no verdict",)


@pytest.mark.services
def test_verapdf_passes_what_complies(verapdf_home, tmp_path):
    good = tmp_path / "bun.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata() as metadata:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "U"
        pdf.save(good)
    assert validate((good,), verapdf_home) == {good: ()}
    assert validate((), verapdf_home) == {}


def test_verapdf_that_is_not_there_cannot_judge(tmp_path):
    with pytest.raises(OpisError) as caught:
        validate((tmp_path / "a.pdf",), tmp_path)
    assert (caught.value.code, caught.value.exit_code) == ("check-impossible", 1)
