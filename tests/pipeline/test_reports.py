"""The figures of an archive are those of its records."""

from dataclasses import replace

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.reports import write_reports
from pipeline.units import MANIFEST
from schemas.arrow import DOCUMENTS, PAGES, UNITS
from schemas.records import FieldValue, PageState
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit, publish

R, B, F = PageState.RECOGNISED, PageState.BLANK, PageState.FAILED


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = Settings(archive=tmp_path / "archive")
    publish(settings, make_unit([[R, B], [R, F, R]], "ua-one2345678"))
    second = make_unit([[R]], "ua-two2345678")
    publish(settings, replace(second, station="s2", received="2026-12-01T00:00:00+00:00"))
    return settings


def rows(settings: Settings, name: str) -> list[dict]:
    return pq.read_table(settings.layout.reports / f"{name}.parquet").to_pylist()


def test_the_sums_are_those_of_the_records(settings):
    report = write_reports(settings)
    folder = settings.layout.reports
    assert report == {
        "files": {
            "units": {"path": str(folder / "units.parquet"), "rows": 2},
            "documents": {"path": str(folder / "documents.parquet"), "rows": 3},
            "pages": {"path": str(folder / "pages.parquet"), "rows": 7},
        },
        "units_by_station": {"local": 1, "s2": 1},
        "units_by_month": {"2026-11": 1, "2026-12": 1},
        "documents_by_type": {"hotărâre": 2, "cerere": 1},
        "pages_by_state": {"recognised": 4, "blank": 1, "separator": 1, "failed": 1},
        "damaged": [],
    }
    assert sorted(path.name for path in folder.iterdir()) == [
        "documents.parquet",
        "pages.parquet",
        "units.parquet",
    ]


def test_the_columns_are_those_declared(settings):
    write_reports(settings)
    for name, schema in (("units", UNITS), ("documents", DOCUMENTS), ("pages", PAGES)):
        table = pq.read_table(settings.layout.reports / f"{name}.parquet")
        assert table.schema.equals(schema)


def test_a_row_says_what_the_record_says(settings):
    (settings.layout.unit("ua-two2345678").metadata / MANIFEST).unlink()
    write_reports(settings)
    unit = {row["unit"]: row for row in rows(settings, "units")}
    one, two = unit["ua-one2345678"], unit["ua-two2345678"]
    wanted = ("scanned", "recognised", "blank", "separator", "failed", "documents", "cota", "bytes")
    assert [one[name] for name in wanted] == [6, 3, 1, 1, 1, 2, "12/1998", 2000]
    assert (one["published"], two["published"]) == (True, False)
    assert one["file_certificate"] is None
    documents = [row for row in rows(settings, "documents") if row["unit"] == "ua-one2345678"]
    assert [(d["position"], d["pages"], d["type"], d["first_page"]) for d in documents] == [
        (1, 2, "hotărâre", 1),
        (2, 3, "cerere", 4),
    ]
    assert [(d["number"], d["confidence"], d["checked"]) for d in documents] == [
        ("", 0.9, False)
    ] * 2
    pages = pq.read_table(settings.layout.reports / "pages.parquet")
    mine = pages.filter(pc.equal(pages["unit"], "ua-one2345678"))
    assert mine["page"].to_pylist() == [1, 2, 3, 4, 5, 6]
    assert mine["document_page"].to_pylist() == [1, 2, None, 1, 2, 3]
    assert mine["state"].to_pylist()[2] == "separator"


def test_a_document_seen_whole_by_a_person_is_checked(settings):
    unit = make_unit([[R]], "ua-three23456")
    fields = {"number": FieldValue("12", checked=True, confidence=1.0)}
    publish(settings, replace(unit, documents=(replace(unit.documents[0], fields=fields),)))
    write_reports(settings)
    (row,) = (row for row in rows(settings, "documents") if row["unit"] == unit.id)
    assert (row["number"], row["type"], row["checked"]) == ("12", "", True)


def test_a_unit_that_cannot_be_read_is_named_and_left_out(settings):
    settings.layout.unit("ua-two2345678").record.write_bytes(b"{")
    report = write_reports(settings)
    assert report["damaged"] == ["ua-two2345678"]
    assert report["files"]["units"]["rows"] == 1


def test_an_empty_archive_has_empty_reports(tmp_path):
    settings = Settings(archive=tmp_path)
    assert write_reports(settings)["files"]["pages"]["rows"] == 0
    assert rows(settings, "pages") == []


def test_reports_that_cannot_be_finished_leave_the_last_ones(settings):
    write_reports(settings)
    before = {path: path.read_bytes() for path in settings.layout.reports.iterdir()}
    unit = make_unit([[R]], "ua-three23456")
    publish(settings, replace(unit, pages=(replace(unit.pages[0], frame=2**40),)))
    with pytest.raises(Exception, match=r"int32|out of bounds|not in range|too large"):
        write_reports(settings)
    assert {path: path.read_bytes() for path in settings.layout.reports.iterdir()} == before
