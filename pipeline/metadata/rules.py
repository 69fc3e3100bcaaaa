"""The rules in their order, in plain functions: what `describe` needs, without spaCy.

`pipeline.metadata.spacy_pipeline` runs the same rules as components, among which a trained
recogniser can stand; importing spaCy costs a process 0.9 s and 60 MB, and of a document's fields
it would tell nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.metadata.entities.institutions import find_institutions
from pipeline.metadata.entities.names import find_names
from pipeline.metadata.forms.acts import find_acts
from pipeline.metadata.forms.amounts import find_amounts
from pipeline.metadata.forms.dates import find_dates
from pipeline.metadata.forms.identifiers import find_identifiers
from pipeline.metadata.record.fields import find_fields, own_title
from pipeline.metadata.text.spans import Found, resolve
from pipeline.metadata.text.view import View, build_view

LEAST = 0.6
"""How sure a model must be of a person whom no rule sees."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a text, as spans of its view."""

    view: View
    found: tuple[Found, ...]
    fields: dict[str, Found]


def analyse(text: str, head: int | None = None) -> Analysis:
    """Spans and fields of a text, by rules alone; titles stand in its first `head` characters."""
    return analysed(build_view(text), head)


def with_persons(found: Sequence[Found], learnt: Sequence[Found]) -> tuple[Found, ...]:
    """The rules' spans and, of a model's, the persons where no rule sees one: fields may name them."""
    taken = [(one.start, one.end) for one in found if one.label not in {"ORG", "PLACE", "NUM"}]
    unseen = (
        one
        for one in learnt
        if one.label == "PERSON"
        and one.confidence >= LEAST
        and one.value.strip()
        and not any(one.overlaps(*place) for place in taken)
    )
    return (*found, *unseen)


def analysed(view: View, head: int | None = None, learnt: Sequence[Found] = ()) -> Analysis:
    """Spans by rules, and fields by rules that may name persons whom a model has `learnt`."""
    dates = find_dates(view.text)
    found = resolve(
        (
            *find_identifiers(view.text),
            *find_acts(view.lower),
            *dates,
            *find_amounts(view.text),
            *find_institutions(view),
            *find_names(view),
        )
    )
    fields = find_fields(view, dates, with_persons(found, learnt), head)
    told = tuple(span for span in found if not own_title(span, fields["type"]))
    return Analysis(view, told, fields)
