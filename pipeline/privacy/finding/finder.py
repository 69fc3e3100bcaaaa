"""All finders together, over one document."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pipeline.metadata.documenttext import DocumentText
from pipeline.privacy.finding.addresses import Place, key, places, street_ends
from pipeline.privacy.finding.categories import categories
from pipeline.privacy.finding.columns import street_columns
from pipeline.privacy.finding.hints import portraits, signatures
from pipeline.privacy.finding.identifiers import (
    accounts,
    contacts,
    loose,
    papers,
    personal_number,
    plates,
    series,
    villages,
)
from pipeline.privacy.finding.identifiers.houses import houses
from pipeline.privacy.finding.letterhead import head_lines, is_of_office, letterhead
from pipeline.privacy.finding.lists import list_rows
from pipeline.privacy.finding.names.known import is_given
from pipeline.privacy.finding.names.mentions import Mention, Model, mentions
from pipeline.privacy.finding.names.offices import OWN_ACTS
from pipeline.privacy.finding.names.persons import Persons, decide, elsewhere
from pipeline.privacy.finding.names.weak import Setting, excused_names, weak_names
from pipeline.privacy.finding.placing import placed
from pipeline.privacy.finding.repeated import homes, mails, numbers
from pipeline.privacy.finding.script import Script, script_of
from pipeline.privacy.finding.second import Reread, doubts, read_again
from pipeline.privacy.finding.spans import GAZETTEER, RULE, Span, merged
from pipeline.privacy.finding.words import PRIVATE
from schemas.privacy import PersonalData, PersonalKind
from schemas.text import PageText

IDENTIFIERS = (personal_number, accounts, papers, contacts, plates, loose)
IN_PRIVATE_PAPERS = (series, villages)
"""Forms that mean something else in papers that name nobody."""
HOME, STREET, PART, ROW, WEAK = 0.9, 0.7, 0.7, 0.6, 0.4
BESIDE, LODGING = 14, 7  # words: a person's about a building, "imobil" before a street
TRADERS = frozenset(("individuala", "familiala", "pfa"))
PERMITS = frozenset(("autorizație de construire", "certificat de urbanism"))
"""Kinds of documents that are about a building whoever owns it."""
OFFICIAL = (
    OWN_ACTS | PERMITS | frozenset(("adeverință", "contract", "proces-verbal", "adresă", "anunț"))
)
"""Kinds of documents that bear an institution's letterhead."""
SENTENCE = 3  # letters: what is longer and has a stop ends a sentence
LETTERS = frozenset(("cerere", "petiție", "declarație fiscală", "anchetă socială"))
"""Kinds of documents that somebody private wrote or that are about one."""


def _identifiers(text: str) -> Iterator[Span]:
    for family in IDENTIFIERS:
        yield from family.find(text)


def _address(script: Script, place: Place) -> Span:
    start, end = script.start(place.first), script.end(place.last)
    sure = HOME if place.home else STREET
    value = " ".join(key(script, place))
    return Span(PersonalKind.ADDRESS, start, end, value, sure)


def _homes(
    script: Script, found: Sequence[Place], persons: Persons, kind: str, *, named: bool
) -> Iterator[Place]:
    """Homes, addresses that are a home's elsewhere, and, where persons are, all but sites."""
    known = homes(script, found)
    for place in found:
        home = place.home or place in known or (named and not place.site)
        if home or (kind not in PERMITS and _is_lodging(script, place, persons)):
            yield place


def _is_lodging(script: Script, place: Place, persons: Persons) -> bool:
    """Whether a building or a trader's seat is somebody's, who is named beside it."""
    before = script.cores[max(0, place.first - BESIDE) : place.first]
    if any(core.startswith("sedi") for core in before) and TRADERS.intersection(before):
        return True
    if not any(_dwelling(before[at:]) for at in range(-min(LODGING, len(before)), 0)):
        return False
    return any(_one_sentence(script, place, m) for m in persons.private)


def _dwelling(cores: Sequence[str]) -> bool:
    """Whether the first of some words is a building that somebody may live in."""
    if cores[0] in {"casa", "casei"}:
        return cores[1:2] != ("de",)
    return cores[0].startswith("imobil")


def _one_sentence(script: Script, place: Place, mention: Mention) -> bool:
    """Whether somebody is named near a place, and no sentence ends between them."""
    first, last = sorted(((place.first, place.last), (mention.first, mention.last)))
    if last[0] - first[1] > BESIDE:
        return False
    between = range(first[1], last[0])
    return not any(
        script.forms[at][-1] in ".;" and len(script.cores[at]) > SENTENCE for at in between
    )


def _named(script: Script, mention: Mention) -> Span:
    start, end = script.start(mention.first), script.end(mention.last)
    value = " ".join(mention.names)
    return Span(PersonalKind.PERSON, start, end, value, mention.confidence, mention.methods)


def _elsewhere(script: Script, persons: Persons, sites: Sequence[Place]) -> Iterator[Span]:
    taken = [range(place.first, place.last + 1) for place in sites]
    for first, last in elsewhere(script, persons, taken):
        start, end = script.start(first), script.end(last)
        value = " ".join(script.cores[first : last + 1])
        yield Span(PersonalKind.PERSON, start, end, value, PART, (RULE,))


def _rows(script: Script, persons: Persons, found: Sequence[Span]) -> Iterator[Span]:
    """What is not yet hidden of the rows of lists of people."""
    gone = {at for span in found for at in script.touched(span.start, span.end)}
    for row in list_rows(script, persons.private):
        for at in row:
            if at not in gone and script.cores[at] and script.cues[at] not in PRIVATE:
                start, end = script.start(at), script.end(at)
                yield Span(PersonalKind.ADDRESS, start, end, script.cores[at], ROW)


def _weak(
    script: Script,
    persons: Persons,
    found: Sequence[Span],
    sites: Sequence[Place],
    exposed: bool,
    streets: AbstractSet[int],
) -> Iterator[Span]:
    """What may be a name and is not yet hidden."""
    gone = {at for span in found for at in script.touched(span.start, span.end)}
    away = [range(m.first, m.last + 1) for m in persons.official]
    named = [range(place.first, street_ends(script, place) + 1) for place in sites]
    settled = gone | streets | {at for span in (*away, *named) for at in span}
    setting = Setting(
        frozenset(gone),
        frozenset(settled),
        excused_names(script, away, named),
        exposed,
        frozenset(at for span in away for at in span),
    )
    for first, last in weak_names(script, setting):
        start, end = script.start(first), script.end(last)
        value = " ".join(script.cores[first : last + 1])
        yield Span(PersonalKind.PERSON, start, end, value, WEAK, (GAZETTEER,))


def _houses(script: Script, found: Sequence[Span], sites: Sequence[Place]) -> Iterator[Span]:
    """Homes without the word for a street, where persons are hidden."""
    gone = {at for span in found for at in script.touched(span.start, span.end)}
    away = {at for place in sites for at in range(place.first, place.last + 1)}
    for first, last in houses(script, gone, away):
        start, end = script.start(first), script.end(last)
        value = " ".join(script.cores[first : last + 1])
        yield Span(PersonalKind.ADDRESS, start, end, value, WEAK, (GAZETTEER,))


def _outside(
    script: Script, found: Iterable[Mention], away: Sequence[Place], streets: AbstractSet[int]
) -> tuple[Mention, ...]:
    """Mentions that are no part of a home, of a street's name or, but for given names, of an institution's."""
    heads = {at for line in head_lines(script) for at in line}
    inside = streets | {
        at
        for place in away
        for at in range(place.first, (place.last if place.home else street_ends(script, place)) + 1)
    }
    return tuple(m for m in found if m.first not in inside and not _of_head(script, m, heads))


def _of_head(script: Script, mention: Mention, heads: AbstractSet[int]) -> bool:
    """Whether a mention is a part of the name of the institution that writes: "OCOLUL SILVIC"."""
    own = range(mention.first, mention.last + 1)
    return set(own) <= heads and not any(is_given(script.cores[at]) for at in own)


def _title(read: DocumentText) -> int:
    """Where the document's title begins; behind the text where it has none."""
    kind = read.first.fields.get("type")
    if kind is None or kind.start >= kind.end:
        return len(read.text)
    return read.first.view.span(kind.start, kind.end)[0]


def find_personal(
    read: DocumentText,
    pages: Sequence[PageText],
    first_page: int,
    reread: Reread | None,
    kind: str,
) -> PersonalData:
    """Everything on a document's pages that identifies a private person, with its place.

    `pages` are those of `read`, `first_page` the number in the unit of the first; `reread` reads a
    region of a page of the unit again; `kind` is the document's type. Recall comes before
    precision; officials acting in office, institutions and the Treasury's accounts stay visible.
    """
    script = script_of(read)
    again = None if reread is None else lambda page, box: reread(first_page + page, box)
    identifiers, doubtful = read_again(read, merged(_identifiers(script.text)), again)
    streets = street_columns(script)
    found = [place for place in places(script) if place.first not in streets]
    told = _outside(script, mentions(script, Model(read.entities)), found, streets)
    persons = decide(script, told, kind)
    head = letterhead(script, told, _title(read)) if kind in OFFICIAL else range(0)
    identifiers = tuple(one for one in identifiers if not is_of_office(script, one, head))
    found = [replace(p, home=False, site=True) if p.last in head else p for p in found]
    named = bool(persons.private or identifiers)
    hidden = list(_homes(script, found, persons, kind, named=named or kind not in OWN_ACTS))
    spans = [
        *mails(identifiers, {name for one in persons.private for name in one.names}),
        *numbers(script, identifiers),
        *(_address(script, place) for place in hidden),
        *(_named(script, mention) for mention in persons.private),
        *_elsewhere(script, persons, [place for place in found if place not in hidden]),
    ]
    spans += _rows(script, persons, spans)
    exposed = bool(spans) or kind in LETTERS
    sites = [place for place in found if place not in hidden]
    spans += _weak(script, persons, spans, sites, exposed, streets)
    spans += _houses(script, spans, sites) if exposed else ()
    spans += (
        [one for family in IN_PRIVATE_PAPERS for one in family.find(script.text)] if exposed else ()
    )
    items = (
        *placed(read, merged(spans), first_page),
        *signatures(script, pages, persons, kind, first_page),
        *portraits(pages, first_page),
    )
    named = named or bool(hidden)
    return PersonalData(
        items,
        categories(script.cores, kind, persons=named),
        tuple(doubts(read, doubtful, first_page)),
    )
