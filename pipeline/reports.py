"""Figures of the whole archive: Parquet files made anew from the units' records."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.units import all_units, manifest_path, read_record
from schemas.arrow import DOCUMENTS, PAGES, UNITS
from schemas.durable import write_durably
from schemas.errors import InputError
from schemas.records import Document, FieldValue, Page, Unit, count_pages
from schemas.settings import Settings

_SCHEMAS: dict[str, pa.Schema] = {"units": UNITS, "documents": DOCUMENTS, "pages": PAGES}
_UNITS_AT_ONCE = 100
_FIELDS = ("type", "number", "date", "issuer", "subject")
_MONTH = len("2026-01")
_PAGE_COLUMNS = (
    "page",
    "document",
    "document_page",
    "leaf",
    "confidence",
    "source",
    "frame",
)
_QUALITY_COLUMNS = (
    "sharpness",
    "contrast",
    "clipping",
    "dpi",
    "x_height",
    "show_through",
    "skew",
    "worst",
    "known",
    "unread",
    "unread_share",
)
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Published:
    unit: Unit
    published: bool


@dataclass(frozen=True, slots=True)
class _Tally:
    """What is summed up while the rows go by."""

    rows: Counter[str] = field(default_factory=Counter)
    units_by_station: Counter[str] = field(default_factory=Counter)
    units_by_month: Counter[str] = field(default_factory=Counter)
    documents_by_type: Counter[str] = field(default_factory=Counter)
    pages_by_state: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)

    def add(self, rows: Mapping[str, list[_Row]]) -> None:
        self.rows.update({name: len(some) for name, some in rows.items()})
        self.units_by_station.update(row["station"] for row in rows["units"])
        self.units_by_month.update(row["received"][:_MONTH] for row in rows["units"])
        self.documents_by_type.update(row["type"] for row in rows["documents"])
        self.pages_by_state.update(row["state"] for row in rows["pages"])

    def sums(self) -> dict[str, Any]:
        """What was summed up, the largest first."""
        names = ("documents_by_type", "pages_by_state", "units_by_station", "units_by_month")
        counters = {name: dict(getattr(self, name).most_common()) for name in names}
        return {**counters, "damaged": list(self.damaged)}


def write_reports(settings: Settings) -> dict[str, Any]:
    """Writes reports/units.parquet, documents.parquet and pages.parquet, each complete or not at all.

    Returns their paths and numbers of rows, and sums: documents by type, pages by state, units by
    station and by month of reception, and the units whose record cannot be read (left out).
    """
    paths = {name: settings.layout.reports / f"{name}.parquet" for name in _SCHEMAS}
    tally = _Tally()
    _fill_all(tuple(paths.values()), (), lambda streams: _write(settings, streams, tally))
    files = {name: {"path": str(path), "rows": tally.rows[name]} for name, path in paths.items()}
    return {"files": files, **tally.sums()}


def _fill_all(
    paths: tuple[Path, ...],
    streams: tuple[BinaryIO, ...],
    fill: Callable[[tuple[BinaryIO, ...]], None],
) -> None:
    """`write_durably` of several files at once."""
    if not paths:
        fill(streams)
        return
    write_durably(paths[0], lambda stream: _fill_all(paths[1:], (*streams, stream), fill))


def _write(settings: Settings, streams: tuple[BinaryIO, ...], tally: _Tally) -> None:
    units = _units(settings, tally.damaged)
    with ExitStack() as open_writers:
        writers = {
            name: open_writers.enter_context(pq.ParquetWriter(stream, schema, compression="zstd"))
            for (name, schema), stream in zip(_SCHEMAS.items(), streams, strict=True)
        }
        while some := tuple(islice(units, _UNITS_AT_ONCE)):
            rows = _rows(some)
            tally.add(rows)
            for name, writer in writers.items():
                writer.write_table(pa.Table.from_pylist(rows[name], schema=_SCHEMAS[name]))


def _units(settings: Settings, damaged: list[str]) -> Iterator[_Published]:
    for layout in all_units(settings):
        try:
            yield _Published(read_record(layout), manifest_path(layout).exists())
        except InputError:
            damaged.append(layout.id)


def _rows(some: tuple[_Published, ...]) -> dict[str, list[_Row]]:
    units = [one.unit for one in some]
    return {
        "units": [_unit_row(one) for one in some],
        "documents": [_document_row(unit, doc) for unit in units for doc in unit.documents],
        "pages": [_page_row(unit, page) for unit in units for page in unit.pages],
    }


def _unit_row(one: _Published) -> _Row:
    unit = one.unit
    return {
        "unit": unit.id,
        **{name: getattr(unit, name) for name in ("name", "station", "received")},
        "published": one.published,
        **asdict(unit.identity),
        "originals": len(unit.originals),
        "bytes": sum(original.bytes for original in unit.originals),
        "documents": len(unit.documents),
        **asdict(count_pages(unit.pages, unit.scanned)),
    }


def _document_row(unit: Unit, document: Document) -> _Row:
    fields = document.fields.values()
    places = ("first_page", "last_page", "flavour")
    return {
        "unit": unit.id,
        "document": document.id,
        "position": document.number,
        **{name: getattr(document, name) for name in places},
        "pages": len(unit.pages_of(document.id)),
        **{name: document.fields.get(name, FieldValue("")).value for name in _FIELDS},
        "confidence": min((value.confidence for value in fields), default=None),
        "checked": bool(fields) and all(value.checked for value in fields),
    }


def _page_row(unit: Unit, page: Page) -> _Row:
    """A page with the figures of its quality; those of a page without any are empty."""
    row = {name: getattr(page, name) for name in _PAGE_COLUMNS}
    figures = {name: getattr(page.quality, name, None) for name in _QUALITY_COLUMNS}
    cut = {"cut": " ".join(page.quality.cut) if page.quality else None}
    scans = {"replaced": len(page.replaced)}
    return {"unit": unit.id, "state": str(page.state), **row, **figures, **cut, **scans}
