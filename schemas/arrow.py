"""The columns of the reports, in Arrow's types. Loaded by what writes or reads reports only."""

import pyarrow as pa

_TEXT = pa.string()
_COUNT = pa.int32()
_SHARE = pa.float64()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


UNITS = _schema(
    unit=_TEXT,
    name=_TEXT,
    station=_TEXT,
    received=_TEXT,
    published=pa.bool_(),
    fond=_TEXT,
    creator=_TEXT,
    compartiment=_TEXT,
    inventar=_TEXT,
    cota=_TEXT,
    an=_TEXT,
    volum=_TEXT,
    termen_pastrare=_TEXT,
    file_certificate=_COUNT,
    originals=_COUNT,
    bytes=pa.int64(),
    documents=_COUNT,
    scanned=_COUNT,
    recognised=_COUNT,
    blank=_COUNT,
    separator=_COUNT,
    failed=_COUNT,
)
"""One row a unit: what the archivist says of it, and the sums of its pages by state."""

DOCUMENTS = _schema(
    unit=_TEXT,
    document=_TEXT,
    position=_COUNT,
    first_page=_COUNT,
    last_page=_COUNT,
    pages=_COUNT,
    type=_TEXT,
    number=_TEXT,
    date=_TEXT,
    issuer=_TEXT,
    subject=_TEXT,
    confidence=pa.float64(),
    checked=pa.bool_(),
    flavour=_TEXT,
)
"""One row a document; `confidence` is the lowest of its fields, `checked` when a person saw all."""

PAGES = _schema(
    unit=_TEXT,
    page=_COUNT,
    document=_TEXT,
    document_page=_COUNT,
    leaf=_TEXT,
    state=_TEXT,
    confidence=pa.float64(),
    source=_TEXT,
    frame=_COUNT,
    replaced=_COUNT,
    sharpness=_SHARE,
    contrast=_SHARE,
    clipping=_SHARE,
    dpi=_COUNT,
    x_height=_SHARE,
    cut=_TEXT,
    show_through=_SHARE,
    skew=_SHARE,
    worst=_SHARE,
    known=_SHARE,
    unread=_COUNT,
    unread_share=_SHARE,
)
"""One row a scanned page: `replaced` counts its earlier scans; from `sharpness` on, the figures of
schemas/quality.py, empty for blank pages, separators and pages read before they were taken."""
