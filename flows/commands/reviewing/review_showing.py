"""`opis review show`: one item, what was decided of it, and its picture."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.answers import Answer, printable
from flows.archive import need_archive
from flows.changes.correcting import look_into
from flows.commands.reviewing.review_rows import row
from flows.pool import LimitError, Pool
from flows.stages.tasks import Drawing
from pipeline import units
from pipeline.reviewing.corrections import as_read
from pipeline.reviewing.doubts import Looked
from pipeline.reviewing.review import decisions, waiting_in
from pipeline.reviewing.targets import Target, decisions_on, find_target
from pipeline.reviewing.waiting import BOUNDARY, PERSONAL, Waiting, around, unit_of
from schemas.durable import write_bytes_durably
from schemas.errors import InputError, PageFailedError
from schemas.geometry import Box, union
from schemas.messages import label, say
from schemas.records import FieldValue, Page, Unit
from schemas.settings import Settings
from schemas.sources import FileKind

_CROP = "flows.stages.cropping:picture_of"


def _drawing(unit: Unit, page: Page, settings: Settings) -> Drawing:
    original = next(one for one in unit.originals if one.name == page.source)
    return Drawing(
        unit=settings.layout.unit(unit.id),
        page=page.page,
        original=page.source,
        kind=FileKind(original.kind),
        frame=page.frame,
        boxes=(),
        settings=settings,
        half=page.half,
        cut=original.cut_at(page.frame),
    )


def _picture(unit: Unit, pages: Sequence[Page], box: Box | None, settings: Settings) -> bytes:
    """PNG of the place, or of the pages; raises InputError page-missing where none can be drawn."""
    tasks = tuple(_drawing(unit, page, settings) for page in pages)
    seconds = settings.page_seconds * len(tasks)
    with Pool(settings, workers=1) as pool:
        try:
            data: bytes = pool.start(_CROP, tasks, box, seconds=seconds).result()
        except (LimitError, PageFailedError) as error:
            raise InputError("page-missing", f"{unit.id}, {pages[0].page}") from error
    return data


def _field(target: Target) -> FieldValue | None:
    return target.document.fields.get(target.field) if target.document else None


def _box(target: Target) -> Box | None:
    if target.datum is not None:
        return union(target.datum.boxes) if target.datum.boxes else None
    value = _field(target)
    return value.box if value else None


def _page(target: Target, unit: Unit) -> Page:
    value = _field(target)
    there = value is not None and value.page is not None and 0 < value.page <= len(unit.pages)
    return unit.pages[(value.page or 1) - 1] if value and there else target.page


def _shown_pages(target: Target, unit: Unit) -> tuple[Page, ...]:
    """The page in question; of a boundary the page before it, too."""
    page = _page(target, unit)
    if target.kind == BOUNDARY and page.page > 1:
        return unit.pages[page.page - 2], page
    return (page,)


def _decisions(
    target: Target, looked: Looked, events: Sequence[Mapping[str, Any]]
) -> list[dict[str, object]]:
    """What people decided of it and stands, oldest first."""
    made = [
        {
            "decision": str(
                e.get("decision") or ("corrected" if e["value"] != e["read"] else "accepted")
            ),
            "value": str(e.get("value", "")),
            "source": str(e.get("source", "archivist")),
            "by": str(e.get("by", "")),
            "when": str(e.get("when") or e.get("time", "")),
            "note": str(e.get("note", "")),
        }
        for e in decisions_on(looked, target)
    ]
    own = decisions(events).get(target.id, ())
    return made + [
        {"decision": e["decision"], "value": "", "source": "archivist"}
        | {name: str(e.get(key, "")) for name, key in (("by", "by"), ("when", "time"))}
        | {"note": str(e.get("note", ""))}
        for e in own
    ]


def _payload(
    target: Target, waiting: Waiting | None, looked: Looked, language: str
) -> dict[str, object]:
    value, page, box = _field(target), _page(target, looked.unit), _box(target)
    datum = target.datum
    told = row(waiting, language) if waiting else {}
    return {
        "id": target.id,
        "kind": target.kind,
        "unit": looked.unit.id,
        "document": target.document.id if target.document else None,
        "page": page.page,
        "leaf": page.leaf or "",
        "field": target.field,
        "confidence": value.confidence if value else datum.confidence if datum else None,
        "reason": "",
        "box": box.as_list() if box else None,
        "crop": around(box).as_list() if box else None,
        **told,
        "waits": waiting is not None,
        "value": value.value if value else datum.value if datum else told.get("value", ""),
        "raw": value.raw if value else "",
        "read": as_read(value),
        "source": value.source if value else "+".join(datum.methods) if datum else "",
        "checked": value.checked if value else False,
    }


def _lines(payload: Mapping[str, Any], target: Target, language: str) -> Iterator[str]:
    group = "personal" if target.kind in {PERSONAL, BOUNDARY} else "field"
    number = target.document.number if target.document else "–"
    leaf = payload["leaf"] or "–"
    kind = label(group, target.field, language)
    yield say("review_shown", language, kind=kind, number=number, page=payload["page"], leaf=leaf)
    if payload["reason"]:
        why, what = payload["reason"], payload["remedy"]
        yield say("review_why", language, cause=why, remedy=what)
    if payload["value"]:
        confidence = round(100 * (payload["confidence"] or 0))
        value = label("review_value", printable(str(payload["value"])), language)
        source = "+".join(label("source", s, language) for s in payload["source"].split("+")) or "–"
        yield say("review_shown_value", language, value=value, source=source, confidence=confidence)
    if payload["read"] and payload["read"] != payload["value"]:
        yield say("review_shown_read", language, value=printable(payload["read"]))
    for one in payload["decisions"]:
        what = label("decision", one["decision"], language)
        shown = f"{what}: {printable(one['value'])}" if one["value"] else what
        yield say("review_shown_decision", language, what=shown, by=one["by"], when=one["when"])


def show(settings: Settings, ident: str, out: Path | None) -> Answer:
    """An item with its place, what was decided, and its picture in a PNG file where `out` names one.

    Raises InputError review-missing, output-exists, page-missing.
    """
    need_archive(settings)
    layout, language = settings.layout.unit(unit_of(ident)), settings.interface_language
    looked = look_into(layout, settings.review_confidence)
    target = find_target(looked, ident)
    waiting = {one.id: one for one in waiting_in(layout, settings.review_confidence)}
    payload = _payload(target, waiting.get(ident), looked, language)
    payload["decisions"] = _decisions(target, looked, units.read_events(layout))
    lines = tuple(_lines(payload, target, language))
    if out is None:
        return Answer(payload, lines)
    if out.exists():
        raise InputError("output-exists", str(out))
    pages = _shown_pages(target, looked.unit)
    write_bytes_durably(out, _picture(looked.unit, pages, _box(target), settings))
    told = say("review_shown_picture", language, file=out)
    return Answer({**payload, "file": str(out)}, (*lines, told))
