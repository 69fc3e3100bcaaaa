"""What was read of a page goes with it: to another number, or to another unit.

Before any page changes its place, what was read of all of them is put by in the unit that will hold
them (`.work/read`, by the hash of the scan); from there it is taken up under the new numbers.
Interrupted at any moment, the next run goes on; what was not put by is read again.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePath
from uuid import uuid4

import msgspec

from flows.stages.tasks import PageResult, PageTask, StoredResult, finished_before, is_whole
from pipeline.ledger import PAGE_STAGE, Ledger, Step
from schemas.alto import read_alto, write_alto
from schemas.durable import TEMPORARY, write_bytes_durably, write_durably
from schemas.layout import UnitLayout
from schemas.records import Finding

_STORE = "read"


def _stored(task: PageTask, ending: str) -> Path:
    name = sha256(f"{task.inputs}\n{task.parameters}".encode()).hexdigest()
    return task.unit.work / _STORE / f"{name}.{ending}"


def clear_pictures(unit: UnitLayout) -> None:
    """Delete pictures on their way into PDFs, which are named by page numbers; not what was put by."""
    for path in unit.work.iterdir() if unit.work.is_dir() else ():
        if path.name != _STORE:
            path.unlink(missing_ok=True)


def put_by(tasks: Sequence[PageTask], homes: Sequence[UnitLayout], ledger: Ledger) -> None:
    """What was read of the tasks' pages in any of the units `homes`, whole, beside the tasks' unit."""
    wanted = {(task.inputs, task.parameters): task for task in tasks}
    for home in homes:
        for step in ledger.steps(home.id, PAGE_STAGE).values():
            task = wanted.get((step.inputs, step.parameters))
            if task is not None and not _stored(task, "json").exists():
                _put(task, step, home)


def _put(task: PageTask, step: Step, home: UnitLayout) -> None:
    result = msgspec.convert(step.result, PageResult)
    if not is_whole(replace(task, unit=home, page=step.page), result):
        return
    _stored(task, "json").parent.mkdir(parents=True, exist_ok=True)
    if result.alto_sha256:
        link_or_copy(home.alto_page(step.page), _stored(task, "xml"))
    stored = StoredResult(step.inputs, step.parameters, result)
    write_bytes_durably(_stored(task, "json"), msgspec.json.encode(stored))


def link_or_copy(file: Path, target: Path) -> None:
    """The same bytes under another name, in place of what is there; linked where that is possible."""
    part = target.with_name(f".{uuid4().hex}{TEMPORARY}")
    try:
        os.link(file, part)
    except OSError:
        with file.open("rb") as source:
            write_durably(target, lambda stream: shutil.copyfileobj(source, stream))
    else:
        part.replace(target)
        part.unlink(missing_ok=True)  # it stays where both names were links to one file


def take_up(unit: UnitLayout, tasks: Sequence[PageTask], ledger: Ledger) -> dict[int, Step]:
    """The page steps of a unit, each at its page's present number; there are no others then.

    Likewise ALTO that belongs to no page, or to another one, is removed.
    """
    steps = ledger.steps(unit.id, PAGE_STAGE)
    put = tasks if (unit.work / _STORE).is_dir() else ()
    moved = {step.page: step for step in _moved(put, steps)}
    surplus = {page for page in steps if page > len(tasks)}
    if surplus:
        rest = (step for page, step in steps.items() if page not in surplus | moved.keys())
        kept = tuple(rest)
        ledger.forget_unit_steps(unit.id, (PAGE_STAGE,))
        ledger.record_steps((*kept, *moved.values()))
    elif moved:
        ledger.record_steps(moved.values())
    now = ledger.steps(unit.id, PAGE_STAGE)
    _remove_stale_alto(unit, tasks, now)
    return now


def _moved(tasks: Sequence[PageTask], steps: Mapping[int, Step]) -> Iterator[Step]:
    """The steps of pages that were put by and do not stand at their number yet."""
    for task in tasks:
        if _stands(task, steps.get(task.page)):
            continue
        with suppress(OSError, ValueError):
            yield _taken_up(task)


def _stands(task: PageTask, step: Step | None) -> bool:
    same = step is not None and step.matches(task.inputs, task.parameters)
    return bool(step and same and is_whole(task, msgspec.convert(step.result, PageResult)))


def _taken_up(task: PageTask) -> Step:
    """One page's ALTO and result under its number; OSError, ValueError where they were not put by."""
    stored = msgspec.json.decode(_stored(task, "json").read_bytes(), type=StoredResult)
    before = stored.result
    digest = ""
    if before.alto_sha256:
        data = _stored(task, "xml").read_bytes()
        if sha256(data).hexdigest() != before.alto_sha256:
            raise ValueError(task.page)
        alto = write_alto(read_alto(data), task.original, task.page)
        write_bytes_durably(task.unit.alto_page(task.page), alto)
        digest = sha256(alto).hexdigest()
    else:
        task.unit.alto_page(task.page).unlink(missing_ok=True)
    moved = replace(
        before,
        page=task.page,
        alto_sha256=digest,
        picture=f"{task.page:04d}{PurePath(before.picture).suffix}" if before.picture else "",
        findings=tuple(Finding(f.code, task.page, f.detail) for f in before.findings),
        original=task.original if before.original else "",
    )
    result = msgspec.to_builtins(moved)
    return Step(task.unit.id, task.page, PAGE_STAGE, task.inputs, task.parameters, result)


def _remove_stale_alto(
    unit: UnitLayout, tasks: Sequence[PageTask], steps: Mapping[int, Step]
) -> None:
    for task in tasks:
        there = steps.get(task.page)
        other = there is not None and there.inputs not in {"", task.inputs}
        if other and not finished_before(task):
            unit.alto_page(task.page).unlink(missing_ok=True)
    for path in unit.alto.glob("[0-9]*.xml"):
        if int(path.stem) > len(tasks):
            path.unlink(missing_ok=True)
