"""`opis review accept|correct|undo|remove|add`: what people decide of fields, boundaries, data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from flows.answers import Answer, printable
from flows.archive import need_archive
from flows.changes.correcting import (
    Corrected,
    Held,
    Value,
    accepted_field,
    correct_field,
    document_named,
    held_unit,
    look_into,
    tell_all,
    value_of,
)
from flows.changes.deciding import (
    add_personal,
    settle_boundary,
    settled_personal,
    undo_boundary,
    undo_last,
)
from flows.changes.undoing import is_change
from flows.commands.person import person
from flows.commands.reviewing import rearranging
from flows.commands.reviewing.review import decided
from flows.progress import Silent
from flows.publication.forgetting import forgetting_run
from flows.run import Run
from pipeline.reviewing.corrections import MENTIONS
from pipeline.reviewing.pointing import boxes_of_text, parse_box
from pipeline.reviewing.review import ACCEPTED, UNDONE, page_numbered
from pipeline.reviewing.targets import MADE, Target, find_target
from pipeline.reviewing.waiting import BOUNDARY, FIELD, PERSONAL, RELEASE, RESCAN, unit_of
from schemas.alto import read_alto
from schemas.errors import InputError, UsageError
from schemas.geometry import Box
from schemas.messages import label, say
from schemas.privacy import PersonalKind, Sensitive
from schemas.settings import Settings

_REST = 3


def _target(settings: Settings, ident: str) -> Target:
    layout = settings.layout.unit(unit_of(ident))
    return find_target(look_into(layout, settings.review_confidence), ident)


def _answer(done: Corrected, ident: str, decision: str, by: str, settings: Settings) -> Answer:
    """Exit code 3 where the unit does not add up afterwards."""
    language = settings.interface_language
    ids = [str(e["correction"]) for e in done.events if e.get("correction")]
    unit = ident.partition("/")[0].partition(".")[0]
    problems = [problem.code for problem in done.result.problems] if done.result else []
    line = say(
        f"review_{decision}" if done.outcome != "same" else "review_same", language, id=ident
    )
    payload = {
        "id": ident,
        "decision": decision,
        "by": by,
        "outcome": done.outcome,
        "corrections": [f"{unit}.{one}" for one in ids],
        "problems": problems,
    }
    return Answer(payload, (line,), _REST if problems else 0)


def _held(
    settings: Settings, unit: str, work: Callable[[Held], Corrected], *items: str
) -> Corrected:
    """Work on a unit that is held, in which these items are decided."""
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run, held_unit(unit, run, items) as held_:
        return work(held_)


def _run(settings: Settings, work: Callable[[Run], Corrected]) -> Corrected:
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run:
        return work(run)


def _accepted(held_: Held, idents: Sequence[str], by: str, note: str) -> Corrected:
    """Fields and personal data of one unit, all at once."""
    events: list[Mapping[str, Any]] = []
    for ident in idents:
        target = again(held_, ident)
        if target.kind == FIELD:
            events += accepted_field(held_, target, by, note)
        elif target.kind == PERSONAL:
            events += settled_personal(held_, target, True, by, note)
        else:
            raise InputError("review-not-here", ident)
    return tell_all(held_, events)


def _accept_one(settings: Settings, ident: str, by: str, note: str) -> Answer:
    kind = _target(settings, ident).kind
    if kind == RESCAN:
        return decided(settings, unit_of(ident), ident, ACCEPTED, by, note)
    if kind == BOUNDARY:
        done = _run(settings, lambda run: settle_boundary(ident, True, by, note, run))
    else:
        done = _held(settings, unit_of(ident), lambda h: _accepted(h, (ident,), by, note), ident)
    return _answer(done, ident, ACCEPTED, by, settings)


def accept(settings: Settings, idents: Sequence[str], by: str | None, note: str) -> Answer:
    """What waits is right as it is; it no longer waits. Each decision is an event of its own.

    Fields and personal data of one unit are told together, so that the unit is made anew once.
    """
    who = person(by)
    if len(idents) == 1:
        return _accept_one(settings, idents[0], who, note)
    alone = [i for i in idents if _target(settings, i).kind in {RESCAN, BOUNDARY}]
    together: dict[str, list[str]] = {}
    for ident in (i for i in idents if i not in alone):
        together.setdefault(unit_of(ident), []).append(ident)
    answers = [_accept_one(settings, ident, who, note) for ident in alone]
    for unit, some in together.items():
        done = _held(settings, unit, partial(_accepted, idents=some, by=who, note=note), *some)
        answers += [_answer(done, ident, ACCEPTED, who, settings) for ident in some]
    lines = tuple(line for answer in answers for line in answer.lines)
    payload = {"decided": [answer.payload for answer in answers], "by": who}
    return Answer(payload, lines, max((answer.exit_code for answer in answers), default=0))


def again(held_: Held, ident: str) -> Target:
    """What an id names, now that the unit is ours."""
    return find_target(held_.looked, ident)


def _right(field: str, value: str | None, of: str, absent: bool) -> Value:
    if absent == bool(value):
        raise UsageError("correction-value", field)
    return value_of(field, value or "", of)


def correct(
    settings: Settings,
    ident: str,
    value: str | None,
    field: str | None,
    of: str,
    absent: bool,
    by: str | None,
    note: str,
) -> Answer:
    """A field has another value; a boundary is none. `ident` is an item's, or UNIT/DOCUMENT."""
    who = person(by)
    if field is not None:
        unit, _, name = ident.partition("/")
        wanted = _right(field, value, of if field in MENTIONS else "", absent)
        work = _of_document(name, wanted, who, note)
        return _answer(_held(settings, unit, work, ident), ident, "corrected", who, settings)
    target = _target(settings, ident)
    if target.kind == BOUNDARY:
        done = _run(settings, lambda run: settle_boundary(ident, False, who, note, run))
        return _answer(done, ident, "denied", who, settings)
    if target.kind != FIELD or target.document is None:
        raise InputError("review-not-a-field", ident)
    wanted = _right(target.field, value, "", absent)
    work = _of_document(target.document.id, wanted, who, note)
    done = _held(settings, unit_of(ident), work, ident)
    return _answer(done, ident, "corrected", who, settings)


def _of_document(name: str, wanted: Value, by: str, note: str) -> Callable[[Held], Corrected]:
    return lambda held_: correct_field(held_, document_named(held_.unit, name), wanted, by, note)


def undo(settings: Settings, ident: str, by: str | None) -> Answer:
    """The last decision on an item, or a change of units, is taken back; that is an event too."""
    unit, who = unit_of(ident), person(by)
    if is_change(ident, settings.layout):
        return rearranging.undo(settings, ident, by)
    target = _target(settings, ident)
    if target.kind == RESCAN:
        return decided(settings, unit, ident, UNDONE, who, "")
    if target.kind == BOUNDARY:
        done = _run(settings, lambda run: undo_boundary(ident, who, run))
    elif target.kind == RELEASE:
        raise InputError("review-not-here", ident)
    else:
        done = _held(settings, unit, lambda h: undo_last(h, again(h, ident), who), ident)
    return _answer(done, ident, UNDONE, who, settings)


def remove(settings: Settings, ident: str, by: str | None, note: str) -> Answer:
    """What was taken for a personal datum is none; what a person added is taken back."""
    unit, who = unit_of(ident), person(by)
    target = _target(settings, ident)
    if target.kind == MADE:
        return undo(settings, ident, by)
    done = _held(
        settings,
        unit,
        lambda h: tell_all(h, settled_personal(h, again(h, ident), False, who, note)),
        ident,
    )
    return _answer(done, ident, "removed", who, settings)


def _pages(held_: Held, page: int, everywhere: bool) -> tuple[int, ...]:
    one = page_numbered(held_.unit, page)
    if not everywhere or one.document is None:
        return (page,)
    return tuple(other.page for other in held_.unit.pages_of(one.document))


def _placed(
    held_: Held, pages: Sequence[int], text: str, box: Box | None
) -> Iterator[tuple[int, tuple[Box, ...]]]:
    if box is not None:
        yield pages[0], (box,)
        return
    for page in pages:
        path = held_.layout.alto_page(page)
        if path.exists():
            for boxes in boxes_of_text(read_alto(path.read_bytes()), text):
                yield page, boxes


def add(
    settings: Settings,
    unit: str,
    page: int,
    kind: str,
    text: str,
    box: str,
    everywhere: bool,
    by: str | None,
    note: str,
) -> Answer:
    """A personal datum that nothing found: its words on the page, or a box on its image."""
    who = person(by)
    if kind.upper() not in PersonalKind.__members__:
        raise UsageError("personal-kind", kind, known=", ".join(PersonalKind))
    if bool(text) == bool(box):
        raise UsageError("personal-place", f"{unit}, {page}")
    place = parse_box(box) if box else None

    def work(held_: Held) -> Corrected:
        found = tuple(_placed(held_, _pages(held_, page, everywhere), text, place))
        if not found:
            raise InputError("personal-not-found", f"{unit}, {page}")
        what = PersonalKind(kind.upper())
        items = [Sensitive(what, at, (), boxes, "", 1.0, ()) for at, boxes in found]
        return add_personal(held_, items, who, note)

    done = _held(settings, unit, work)
    answer = _answer(done, unit, "added", who, settings)
    shown = label("personal", kind.upper(), settings.interface_language)
    line = say(
        "review_added", settings.interface_language, what=shown, n=len(done.events), id=_ids(answer)
    )
    return Answer({**answer.payload, "added": len(done.events)}, (line,), answer.exit_code)


def _ids(answer: Answer) -> str:
    ids = answer.payload["corrections"]
    return ", ".join(printable(one) for one in ids) if isinstance(ids, list) and ids else "–"
