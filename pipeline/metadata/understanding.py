"""What rules and the trained model find together, without spaCy.

Rules own what has a form: identifiers, cited acts, and the value of a date or an amount. The model
owns what is a name and where it ends, as the annotated sentences have it ("perioada 20-24
decembrie" is one date, "530 mp" one number); a rule's span stands where the model saw nothing and
the rule is sure, and gives its label where both see the same words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pipeline.metadata import rules
from pipeline.metadata.entities.entity_model import entity_model
from pipeline.metadata.entities.institutions import full_name, titled
from pipeline.metadata.entities.segments import segments
from pipeline.metadata.rules import Analysis
from pipeline.metadata.text.spans import NAMED, Found
from pipeline.metadata.text.view import View, build_view

ROLE, ROLE_CONFIDENCE = "ROLE", 0.3
"""A person who is called by a word, not by a name ("Președintele"), at the most so sure."""
ADDED = {"PERSON": 0.7, "ORG": 0.9, "PLACE": 0.6, "DATE": 0.6, "MONEY": 0.9}
"""How sure a rule must be where the model found nothing; its numbers alone are not told."""
ADDED_CAPITALS = {"PERSON": 0.85, "PLACE": 0.9, "DATE": 0.6, "MONEY": 0.9}
"""The same for words in capitals, of which the rules of firms and first names take too many."""
_NAME = re.compile(r"\w+(?:[.'-]\w+)*\.?")
VALUED = frozenset(("DATE", "NUM", "MONEY"))
NAMING = 0.9
"""How sure a rule must be to give its label to words that the model labels otherwise."""
CALLED = 0.85
"""How sure a rule of persons is that goes by the words around: what it sees is a person, whole."""


def learnt(view: View) -> tuple[Found, ...]:
    """What the model finds in a view, in reading order, no two overlapping."""
    pieces = list(segments(view.text))
    found = entity_model().spans([text for _, text in pieces])
    return tuple(
        _found(view, offset + start, offset + end, label, sure)
        for (offset, _), spans in zip(pieces, found, strict=True)
        for start, end, label, sure in spans
    )


def _found(view: View, start: int, end: int, label: str, sure: float) -> Found:
    if label in {"PERSON", ROLE}:
        start, end = _capitalised(view.text, start, end)
    words = view.words(start, end)
    if label == ROLE:
        return Found("PERSON", start, end, words, min(sure, ROLE_CONFIDENCE))
    named = {"ORG": full_name, "PERSON": titled, "PLACE": titled}.get(label)
    return Found(label, start, end, named(words) if named else "", sure, "model")


def _capitalised(text: str, start: int, end: int) -> tuple[int, int]:
    """From the first to the last word with a capital; all of it where there is none."""
    words = [match for match in _NAME.finditer(text, start, end) if match[0][0].isupper()]
    return (words[0].start(), words[-1].end()) if words else (start, end)


def united(text: str, by_rule: Sequence[Found], by_model: Sequence[Found]) -> tuple[Found, ...]:
    """Of both, what stands in a view's text: identifiers and acts, the model's, the rules' rest.

    In reading order; only what stands inside a cited act overlaps anything.
    """
    length = max((span.end for span in (*by_rule, *by_model)), default=0)
    firm = [span for span in by_rule if span.label not in NAMED]
    names = [span for span in by_rule if span.label in NAMED]
    taken = _marked([span for span in firm if span.label != "ACT_REF"], length)
    called = [span for span in names if span.label == "PERSON" and span.confidence >= CALLED]
    persons = _marked(called, length)
    free = (
        span
        for span in by_model
        if not any(taken[span.start : span.end]) and not all(persons[span.start : span.end])
    )
    stand = [
        part
        for span, seen in _pairs(free, names)
        for part in (seen if _signed(text, span, seen) else [_agreed(text, span, seen)])
    ]
    taken = _marked((*firm, *stand), length)
    rest = (
        span
        for span in names
        if span.confidence >= _enough(text, span) and not any(taken[span.start : span.end])
    )
    return tuple(sorted((*firm, *stand, *rest), key=lambda s: (s.start, s.end, s.label)))


def _enough(text: str, span: Found) -> float:
    capitals = text[span.start : span.end].isupper()
    return (ADDED_CAPITALS if capitals else ADDED).get(span.label, 2)


def _marked(spans: Iterable[Found], length: int) -> bytearray:
    taken = bytearray(length)
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return taken


def _pairs(
    by_model: Iterable[Found], by_rule: Iterable[Found]
) -> Iterator[tuple[Found, list[Found]]]:
    """The model's spans, each with those of the rules' that it overlaps, in reading order."""
    ordered = sorted(by_rule, key=lambda span: span.end)
    ends = [span.end for span in ordered]
    for span in by_model:
        seen = []
        for rule in islice(ordered, bisect_right(ends, span.start), None):
            if rule.start >= span.end:
                break
            seen.append(rule)
        yield span, seen


def _signed(text: str, span: Found, seen: Sequence[Found]) -> bool:
    """Whether a line holds nothing but names that rules tell apart: signatures side by side."""
    line = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    around = text[line[0] : span.start] + text[span.end : line[1] if line[1] >= 0 else None]
    inside = all(r.label == "PERSON" and span.start <= r.start and r.end <= span.end for r in seen)
    return span.label == "PERSON" and len(seen) > 1 and inside and not around.strip()


def _agreed(text: str, span: Found, seen: Sequence[Found]) -> Found:
    """The model's span, with a rule's label or value where it sees the same."""
    if not seen:
        return span
    rule = seen[0]
    same = (rule.start, rule.end) == (span.start, span.end)
    if rule.label != span.label:
        named = same and rule.label != "NUM" and rule.confidence >= NAMING
        return rule if named else span
    around = text[span.start : rule.start] + text[rule.end : span.end]
    if same or (span.label in VALUED and not any(sign.isdigit() for sign in around)):
        sure = max(span.confidence, rule.confidence)
        return Found(span.label, span.start, span.end, rule.value, sure)
    return span


def understand(text: str, head: int | None = None) -> Analysis:
    """Fields by rules, and spans by rules and the model: what `opis extract` tells of a text.

    `head`: where the first page ends, beyond which no title is looked for.
    """
    view = build_view(text)
    by_model = learnt(view)
    read = rules.analysed(view, head, by_model)
    return Analysis(view, united(view.text, read.found, by_model), read.fields)
