"""The fields of a document's record, from a view and the spans found in it."""

from pipeline.metadata.issuers import find_department, find_issuer
from pipeline.metadata.lines import text_lines
from pipeline.metadata.numbers import (
    CITIZENS,
    Context,
    cited_places,
    date_after,
    find_date,
    find_letterhead,
    find_number,
    find_registry,
)
from pipeline.metadata.spans import Found
from pipeline.metadata.subjects import find_subject
from pipeline.metadata.types import find_type
from pipeline.metadata.view import View

FIELDS = ("type", "number", "date", "issuer", "subject")


def find_fields(view: View, dates: tuple[Found, ...], spans: tuple[Found, ...]) -> dict[str, Found]:
    """Fields by name, each a span of the view; those not found are left out.

    `type` is always there; its span is empty (0, 0) where no title says it.
    """
    lines = text_lines(view)
    kind = find_type(lines, view.lower)
    cited = cited_places(len(view.text), kind, spans)
    context = Context(view, lines, kind, dates, spans, cited)
    number = find_number(context)
    found = {
        "type": Found("type", kind.start, kind.end, kind.kind, kind.confidence),
        "number": number,
        "date": find_date(context, number),
        "issuer": find_issuer(context),
        "subject": find_subject(context),
        "compartiment": find_department(context),
        **_registry(context, number),
    }
    return {name: value for name, value in found.items() if value is not None}


def own_title(span: Found, kind: Found) -> bool:
    """Whether a cited act is only the document's own title: "HOTĂRÂREA nr. 25 din …"."""
    return span.label == "ACT_REF" and kind.overlaps(span.start, span.end)


def _registry(context: Context, number: Found | None) -> dict[str, Found | None]:
    """The registry number that the paper names so, or that its letterhead bears."""
    registered, day = find_registry(context)
    if registered is None:
        registered = find_letterhead(context)
        own = number is not None and registered is not None and number.start != registered.start
        if registered is None or not (own or context.kind.kind not in CITIZENS):
            return {}
        day = date_after(context, registered.end)
    return {"nr_inreg": registered, "data_inreg": day}
