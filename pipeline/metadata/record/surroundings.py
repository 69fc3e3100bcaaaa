"""Words around a number or a day that tell whose it is."""

import re
from collections.abc import Sequence

from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found

FULL = 60  # letters of a line of a sentence
SENTENCE = 250  # letters at most between a request and the number it was registered under
_REQUEST = re.compile(r"\bcerer(?:ea|ii)\b(?:(?!\n\s*\n|\n\W*nr).)*$", re.DOTALL)

OF_ANOTHER = re.compile(
    r"\b(?:cerer(?:e|ea|ii)|adres(?:a|ei)|referat(?:ul|ului)|raport(?:ul|ului)|petiti(?:a|ei)|legi?(?:ea|i|ii)"
    r"|sesiz\w+|dosar(?:ul|ului)?|somati(?:a|ei)|circular(?:a|ei)|telegram(?:a|ei)|repartiti(?:a|ei)|not(?:a|ei)|titlu\w{0,3}"
    r"|raspuns(?:ul|ului)?|proces(?:ul|ului)?[ -]{1,3}verbal(?:ului)?|hotararii|dispozitiei|notificar(?:ea|ii)"
    r"|chitant(?:a|ei)|ofert(?:a|ei)|aviz(?:ul|ului)|scriso(?:area|rii)|incheier(?:ea|ii)|sentint(?:a|ei)|deciz(?:ia|iei)"
    r"|ordin(?:ul|ului)|adeverint(?:a|ei)|autorizatiei|certificatului|contractului)\W{1,3}(?:\w{2,12}\W{1,2})?$"
)
"""Words behind which the number of another paper stands."""
ENTERED = re.compile(
    r"\b(?:intrat[a]?|intrare[a]?|registratur[a-z]{1,2}|registrul? general|primit[a]?)\b[^\n]{0,30}(?:\n[^\n]{0,30}){0,2}$"
)
LETTER_TO = re.compile(r"\W{0,3}(?:catre|stimat[ea]|domnule|doamna)\b")
"""With which the letterhead ends and the letter begins."""
NOT_OWN = re.compile(
    r"\d|\b(?:str|strada|bl|ap|cererea|adresa|cont|tel|conform|anexa|legea|art|cui|cif)\b"
)
CITING = re.compile(r"[a-z]{3,}[^\n]{8,}\bnr\.?\s{0,2}\n\s*$")
"""A line of text that ends with "nr.": the number that begins the next is another paper's."""
BETWEEN_STOPS = re.compile(
    r"\b(?:privind|pentru|conform|baza|legea|legii|art|subsemnat\w*|catre|inreg\w*|str|strada"
    r"|referitor|anexa|bl|ap|in|temeiul|cont|impotriva|contra|fata)\b"
)


def tells_request(lower: str, since: int, place: int) -> bool:
    """Whether the words before a place, from `since` on, speak of a request in the same sentence."""
    return _REQUEST.search(lower[max(since, place - SENTENCE) : place]) is not None


def line_above(lines: Sequence[TextLine], line: TextLine) -> TextLine | None:
    """The line before one."""
    return next((one for one in reversed(lines) if one.end < line.start), None)


def wrapped(lines: Sequence[TextLine], line: TextLine) -> bool:
    """Whether a line only goes on with a sentence: the one above is long and ends in its middle."""
    above = line_above(lines, line)
    if above is None or len(above.text) <= FULL:
        return False
    last = above.text.split()[-1]
    return last.isalpha() and last.islower()


def ends_dated(dates: Sequence[Found], line: TextLine) -> bool:
    """Whether a line ends with a date."""
    return any(line.start <= d.start and 0 <= line.end - d.end < len("..") for d in dates)


def dated_below(lines: Sequence[TextLine], dates: Sequence[Found], line: TextLine) -> bool:
    """Whether the next line ends with a date, as where number and day stand under the signatures."""
    below = next((one for one in lines if one.start > line.end), None)
    return below is not None and ends_dated(dates, below)


def dated_above(lines: Sequence[TextLine], dates: Sequence[Found], line: TextLine) -> bool:
    """Whether the line before ends with a date."""
    above = line_above(lines, line)
    return above is not None and ends_dated(dates, above)
