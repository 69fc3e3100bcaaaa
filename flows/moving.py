"""Pages that moved up because leaves were inserted before them keep what was read of them.

From the last page to the first: what a page's ALTO takes the place of has moved on before, and the
ledger is told page by page. Interrupted, the next run goes on; what cannot be moved is read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePath

import msgspec

from flows.tasks import PageResult, PageTask, finished_before, is_whole
from pipeline.ledger import PAGE_STAGE, Ledger, Step
from schemas.alto import read_alto, write_alto
from schemas.durable import write_bytes_durably
from schemas.records import Finding


def move_up(tasks: Sequence[PageTask], ledger: Ledger) -> dict[int, Step]:
    """The page steps of the tasks' unit, each at its page's present number.

    ALTO that no longer belongs to its page is removed.
    """
    ident = tasks[0].unit.id
    steps = ledger.steps(ident, PAGE_STAGE)
    for task, step in _moves(tasks, steps):
        _move(task, step, ledger)
    now = ledger.steps(ident, PAGE_STAGE)
    for task in tasks:
        there = now.get(task.page)
        other = there is not None and there.inputs not in {"", task.inputs}
        if other and not finished_before(task):
            task.unit.alto_page(task.page).unlink(missing_ok=True)
    return now


def _moves(tasks: Sequence[PageTask], steps: Mapping[int, Step]) -> Iterator[tuple[PageTask, Step]]:
    """Tasks whose page was read under a lower number, the last first."""
    by_inputs = {(step.inputs, step.parameters): step for step in steps.values() if step.inputs}
    for task in sorted(tasks, key=lambda task: task.page, reverse=True):
        done = by_inputs.get((task.inputs, task.parameters))
        there = steps.get(task.page)
        same = there is not None and there.matches(task.inputs, task.parameters)
        if done is not None and not same and done.page < task.page:
            yield task, done


def _move(task: PageTask, step: Step, ledger: Ledger) -> None:
    """One page's ALTO and result under its new number; nothing where they are not whole."""
    before = msgspec.convert(step.result, PageResult)
    if not is_whole(replace(task, page=step.page), before):
        return
    digest = ""
    if before.alto_sha256:
        text = read_alto(task.unit.alto_page(step.page).read_bytes())
        alto = write_alto(text, task.original, task.page)
        write_bytes_durably(task.unit.alto_page(task.page), alto)
        digest = sha256(alto).hexdigest()
    else:
        task.unit.alto_page(task.page).unlink(missing_ok=True)
    picture = f"{task.page:04d}{PurePath(before.picture).suffix}" if before.picture else ""
    findings = tuple(Finding(f.code, task.page, f.detail) for f in before.findings)
    moved = replace(before, page=task.page, alto_sha256=digest, picture=picture, findings=findings)
    result = msgspec.to_builtins(moved)
    ledger.record_step(task.unit.id, task.page, PAGE_STAGE, task.inputs, task.parameters, result)
