# ruff: noqa: SIM905 - word lists are read and edited as text
"""An institution's letterhead: its own telephones and addresses are nobody's."""

import re
from collections.abc import Iterator, Sequence

from pipeline.metadata.record.issuing.naming import HEADS, NOUNS
from pipeline.privacy.finding.identifiers.contacts import MOBILE
from pipeline.privacy.finding.names.known import is_given
from pipeline.privacy.finding.names.mentions import Mention
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.spans import Span
from pipeline.privacy.finding.words import HOME, INSTITUTIONS, PRIVATE
from schemas.privacy import PersonalKind

LINES = 6
_PERSONS = re.compile(
    r"cabinet|birou|notar|executor|intreprindere[a]? (?:individual|familial)|i\. ?[if]\b"
)
"""How what bears its holder's name is called."""
_HEADS = INSTITUTIONS | frozenset(
    """
    romania republica judetul judetului municipiul municipiului orasul orasului comuna comunei
    sectorul sfatul comitetul directia intreprinderea administratia politia oficiul casa
    """.split()
)
_ENDS = frozenset(
    "intrare iesire inregistrare inregistrat inregistrata catre domnule doamna".split()
)
"""Words of a stamp or of an address: what stands below is somebody else's."""


def letterhead(script: Script, named: Sequence[Mention], title: int) -> range:
    """The words of the lines at the top of a document in which an institution names itself.

    It ends above the first line that names a person, calls one, or bears a stamp, and at the line
    of the title, which begins at a place of the text; none where the first line is no institution's.
    """
    first = script.row(0)
    if not first or not _HEADS.intersection(script.cores[at] for at in first[:2]):
        return range(0)
    persons = {at for mention in named for at in range(mention.first, mention.last + 1)}
    for number in range(LINES):
        line = script.row(number)
        private = any(script.cues[at] in PRIVATE | HOME for at in line)
        stamp = any(script.cores[at] in _ENDS for at in line)
        if private or stamp or not persons.isdisjoint(line) or _is_past(script, line, title):
            return range(line.start)
    return range(script.row(LINES).start)


def head_lines(script: Script) -> Iterator[range]:
    """The lines at the top that are an institution's name: "OCOLUL SILVIC VALEA SEACĂ"."""
    for number in range(min(LINES, len(script.rows) - 1)):
        line = script.row(number)
        words = script.text[script.placed[line[0]].start : script.end(line[-1])].lower()
        named = HEADS.match(words) or NOUNS.match(words)
        somebody = _PERSONS.match(words) or any(
            is_given(script.cores[at]) or script.cues[at] in PRIVATE for at in line
        )
        if named and not somebody:
            yield line


def _is_past(script: Script, line: range, title: int) -> bool:
    """Whether a line stands below that of the title, which a head in columns may share."""
    return len(line) > 0 and script.start(line.start) > title


def is_of_office(script: Script, span: Span, head: range) -> bool:
    """Whether a telephone or an electronic address stands in a letterhead, and is no mobile one."""
    if span.kind not in {PersonalKind.PHONE, PersonalKind.EMAIL}:
        return False
    words = script.touched(span.start, span.end)
    inside = len(words) > 0 and words[-1] in head
    return inside and not span.value.startswith(MOBILE)
