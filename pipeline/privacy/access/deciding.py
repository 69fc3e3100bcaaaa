"""A document's access regime: the first rule of the table that holds, and what speaks for it.

Whatever the table says, nothing in which something was found goes out as it is, and whatever is
doubtful waits for a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.privacy.access.table import Rule, Rules
from pipeline.privacy.access.words import Sign
from pipeline.reviewing.fieldrules import UNKNOWN
from schemas.errors import InputError
from schemas.privacy import Category, PersonalData, PersonalKind
from schemas.records import Access, FieldValue, Finding, PageState, Regime

_HANDWRITTEN = "handwriting"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page's reading; `codes` are of its findings."""

    page: int
    state: PageState
    confidence: float | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """A document as the rules look at it."""

    kind: str
    sure: float
    personal: PersonalData
    categories: frozenset[Category]
    kinds: frozenset[PersonalKind]
    signs: Mapping[int, Sign]
    every: frozenset[Sign]


def signs_of(pages: Sequence[PageFacts], rules: Rules) -> dict[int, Sign]:
    """The pages that cannot be relied on, with the reason; a copy shows none of them."""
    return {page.page: sign for page in pages if (sign := _sign(page, rules)) is not None}


def _sign(page: PageFacts, rules: Rules) -> Sign | None:
    if page.state is PageState.FAILED:
        return Sign.FAILED
    if _HANDWRITTEN in page.codes:
        return Sign.HANDWRITTEN
    read = page.state is PageState.RECOGNISED and page.confidence is not None
    return Sign.LOW if read and (page.confidence or 0.0) < rules.page else None


def _case(
    fields: Mapping[str, FieldValue],
    kind: str,
    personal: PersonalData,
    pages: Sequence[PageFacts],
    rules: Rules,
) -> _Case:
    signs = signs_of(pages, rules)
    shown = [page for page in pages if page.state is not PageState.BLANK]
    none_good = {Sign.NONE_GOOD} if all(page.page in signs for page in shown) else set[Sign]()
    told = fields.get("type")
    return _Case(
        kind=kind or UNKNOWN,
        sure=1.0 if told and told.checked else told.confidence if told else 0.0,
        personal=personal,
        categories=frozenset(
            one.category for one in personal.categories if one.confidence >= rules.category
        ),
        kinds=frozenset(item.kind for item in personal.items),
        signs=signs,
        every=frozenset(signs.values()) | none_good,
    )


def _holds(rule: Rule, case: _Case) -> bool:
    return (
        (not rule.types or case.kind in rule.types)
        and case.sure >= rule.sure
        and (not rule.categories or bool(rule.categories & case.categories))
        and (not rule.kinds or bool(rule.kinds & case.kinds))
        and not (rule.nothing_found and case.kinds)
        and (not rule.signs or bool(rule.signs & case.every))
        and not (rule.no_signs and case.every)
    )


def _reasons(case: _Case, rule: Rule | None) -> Iterator[Finding]:
    """The rule with its legal ground, then all that was looked at and could speak for it."""
    if rule is not None:
        yield Finding("access-rule", detail={"r": rule.name, "why": rule.why})
    yield Finding("access-type", detail={"t": case.kind, "p": f"{case.sure:.0%}"})
    for category in sorted(case.categories):
        yield Finding("access-category", detail={"c": category.value})
    for kind, count in sorted(Counter(item.kind for item in case.personal.items).items()):
        yield Finding("access-found", detail={"k": kind.value, "n": str(count)})
    for page, sign in sorted(case.signs.items()):
        yield Finding(f"access-page-{sign.value}", page)
    if case.personal.doubts:
        yield Finding("access-doubts", detail={"n": str(len(case.personal.doubts))})


def decide(
    fields: Mapping[str, FieldValue],
    kind: str,
    personal: PersonalData,
    pages: Sequence[PageFacts],
    rules: Rules,
) -> Access:
    """Who may see a document of type `kind`, by which rule, for which reasons."""
    case = _case(fields, kind, personal, pages, rules)
    rule = next((rule for rule in rules.rules if _holds(rule, case)), None)
    reasons = tuple(_reasons(case, rule))
    if rule is None:
        return Access(Regime.RESTRICTED, "", reasons, waits=True)
    regime, waits = rule.regime, rule.person or bool(personal.doubts)
    if regime is Regime.PUBLIC and (case.kinds or case.signs):
        return Access(Regime.ANONYMISED, rule.name, reasons, waits=True)
    return Access(regime, rule.name, reasons, waits)


def undecided(error: InputError) -> Access:
    """Where the table cannot be used: nothing goes out."""
    finding = Finding(error.code, detail={"f": error.file, **error.detail})
    return Access(Regime.RESTRICTED, "", (finding,), waits=True)
