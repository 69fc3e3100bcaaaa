"""The fields of a document's record, from a view and the spans found in it."""

import re
from bisect import bisect_left
from dataclasses import replace

from pipeline.metadata.record.answers import find_answered
from pipeline.metadata.record.context import Context, cited_places
from pipeline.metadata.record.dating import find_date
from pipeline.metadata.record.issuing.authorities import other_authority
from pipeline.metadata.record.issuing.departments import find_department, header
from pipeline.metadata.record.issuing.elsewhere import salutes_mayor
from pipeline.metadata.record.issuing.issuers import find_issuer
from pipeline.metadata.record.legible import is_legible
from pipeline.metadata.record.numbers import (
    ACTS,
    CITIZENS,
    CIVIL,
    OWN_NUMBER,
    find_letterhead,
    find_number,
    find_registry,
    registered_on,
)
from pipeline.metadata.record.problems import find_problem
from pipeline.metadata.record.signatures import find_official, find_signatures
from pipeline.metadata.record.stamps import against_slips, find_registered, find_stamped
from pipeline.metadata.record.subjects import find_subject
from pipeline.metadata.record.types import find_type
from pipeline.metadata.text.lines import text_lines
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.titles import OTHER
from pipeline.metadata.text.view import View

_REGISTRY = re.compile(r"\b(?:registr(?:ul|atura)|intrare|inregistr|primari[ae] )")
_OUTGOING = re.compile(r"\bies\w*")
DAY = 0.7
"""How sure the day of a doubtful registry number is."""
WORDED, DOUBT = ("issuer", "compartiment", "subject"), 0.78
BY_REGISTRY = frozenset({"adeverință", "referat", "anchetă socială"})
"""Papers that tell under which number what they answer was registered."""
NUMBERED = {"number", "nr_inreg"}
FIELDS = ("type", "number", "date", "issuer", "subject")


def find_fields(
    view: View, dates: tuple[Found, ...], spans: tuple[Found, ...], head: int | None = None
) -> dict[str, Found]:
    """Fields by name, each a span of the view; those not found are left out.

    `type` is always there; its span is empty (0, 0) where no title says it. `head` is where the
    first page ends in the given text: no title stands behind it.
    """
    lines = text_lines(view)
    last = len(view.text) if head is None else bisect_left(view.offsets, head)
    first = tuple(line for line in lines if line.start < last)
    kind = find_type(first, view.lower[:last])
    cited = cited_places(len(view.text), kind, spans)
    context = Context(view, lines, kind, dates, spans, cited)
    number = find_number(context)
    department = find_department(context)
    found = {
        "type": Found("type", kind.start, kind.end, kind.kind, kind.confidence, kind.source),
        "number": number,
        "date": find_date(context, number),
        "issuer": find_issuer(context, department),
        "subject": find_subject(context),
        "compartiment": department,
        **_registry(context, number),
        **find_signatures(context),
        "problem": find_problem(context),
        "official": find_official(context),
        "answers": find_answered(context),
    }
    told = {name: value for name, value in found.items() if value is not None}
    for name in NUMBERED & told.keys():
        told[name] = against_slips(context, told[name])
    return {name: _doubted(name, value, kind.kind) for name, value in told.items()}


def _doubted(name: str, value: Found, kind: str) -> Found:
    """A value of words in which one is strange is not sure; a private person's name may be."""
    person = name == "issuer" and kind in CITIZENS
    if name not in WORDED or person or value.confidence <= DOUBT or is_legible(value.value):
        return value
    return replace(value, confidence=DOUBT)


def own_title(span: Found, kind: Found) -> bool:
    """Whether a cited act is only the document's own title: "HOTĂRÂREA nr. 25 din …"."""
    return span.label == "ACT_REF" and kind.overlaps(span.start, span.end)


def _registry(context: Context, number: Found | None) -> dict[str, Found | None]:
    """The registry number that the paper names so, or that its letterhead bears."""
    registered, day = find_registry(context)
    sent = _is_sent(context)
    if registered and sent and find_stamped(context) and _goes_out(context, registered):
        registered = None
    if registered is None:
        answered = find_registered(context) if context.kind.kind not in ACTS else None
        titled = _below_title(context, number)
        answered = None if titled else answered
        stamped, own = find_stamped(context), _in_head(context, number)
        if stamped is not None and own is not None:
            own = _beside_stamp(own, stamped, sent=sent)
        registered = own or stamped or answered
        day = registered_on(context, registered.end) if registered else None
    if registered and day:
        day = replace(day, confidence=min(day.confidence, max(registered.confidence, DAY)))
    return {"nr_inreg": registered, "data_inreg": day} if registered else {}


def _beside_stamp(own: Found, stamped: Found, *, sent: bool) -> Found | None:
    """The letterhead's number where a stamp has one too: two that differ leave it doubtful."""
    if sent and own.start < stamped.start:
        return None
    same = own.value == stamped.value
    return own if same else replace(own, confidence=min(own.confidence, DOUBT))


def _goes_out(context: Context, number: Found) -> bool:
    """Whether a number is called that under which the paper was sent."""
    lower = context.view.lower
    return (
        _OUTGOING.search(lower[lower.rfind("\n", 0, number.start) + 1 : number.start]) is not None
    )


def _below_title(context: Context, number: Found | None) -> bool:
    """Whether such a paper's own number stands under its title: what it answers has another."""
    kind = context.kind
    return number is not None and kind.kind in BY_REGISTRY and 0 < kind.end <= number.start


def _registry_at(context: Context, number: Found) -> bool:
    """Whether a number stands where a city hall's registry writes it on what citizens bring."""
    above = context.view.lower[max(0, number.start - 80) : number.end + 60]
    return _REGISTRY.search(above) is not None and registered_on(context, number.end) is not None


def _in_head(context: Context, number: Found | None) -> Found | None:
    """The letterhead's number; on a citizen's paper only where it is not the paper's own."""
    found, kind = find_letterhead(context), context.kind.kind
    if found is not None and kind in CITIZENS and _registry_at(context, found):
        return found
    own = found is not None and number is not None and number.start == found.start
    if (
        found is None
        or (own and kind in OWN_NUMBER)
        or kind == CIVIL
        or (kind in CITIZENS and (own or number is None))
    ):
        return None
    if own and kind == OTHER:
        return replace(found, confidence=min(found.confidence, 0.7))
    return replace(found, confidence=min(found.confidence, DOUBT)) if _is_sent(context) else found


def _is_sent(context: Context) -> bool:
    """Whether the letterhead is another institution's, whose number is not our registry's."""
    if other_authority(context, header(context)) is not None:
        return True
    return context.kind.kind not in CITIZENS and salutes_mayor(context)
