"""A page's text as HTML that is read aloud well: headings, paragraphs, marks; and documents' names."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from schemas.messages import label, say
from schemas.text import Block, PageText
from search.guard.languages import spoken
from search.highlight import answering_words
from search.query import parse
from search.web.views.seen import SeenDocument, SeenPage

LANGUAGE = "ro"
_LONGEST_HEADING = 80
_HEADING_LINES = 2
_LEAST_LETTERS = 3
_LANGUAGES = {"ron": "ro", "hun": "hu", "deu": "de", "eng": "en", "fra": "fr", "srp": "sr"}
_DAY = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SIDES = {"r": "recto", "v": "verso"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the page: its words as HTML, marked; whether it is a heading."""

    html: Markup
    heading: bool


def leaf(value: str | None) -> str:
    """„14v” as „14 verso”."""
    text = value or ""
    return f"{text[:-1]} {_SIDES[text[-1]]}" if text[-1:] in _SIDES else text


def day(iso: str) -> str:
    """2016-07-29 as 29.07.2016, on English pages as 29 July 2016; anything else as it is."""
    found = _DAY.fullmatch(iso)
    if not found:
        return iso
    (y, m, d), language = found.groups(), spoken().language
    month = label("month", m, language)
    return say("day_shown", language, y=y, m=month, d=d if month == m else int(d))


def title(kind: str, number: str, date: str) -> str:
    """„Hotărâre nr. 25 din 29.07.2016”, as far as it is known."""
    language = spoken().language
    told = label("type", kind, language)
    name = told[:1].upper() + told[1:] if kind else say("untitled", language)
    numbered = say("title_numbered", language, name=name, number=number) if number else name
    return say("title_dated", language, name=numbered, day=day(date)) if date else numbered


def name_of(document: SeenDocument) -> str:
    """A document's name, as far as it may be known."""
    known = document.known
    return title(known.get("type", ""), known.get("number", ""), known.get("date", ""))


def language_of(text: PageText | None) -> str:
    """The language that the page was read in, as HTML names it."""
    code = (text.reading.language if text else "").split("+")[0]
    return _LANGUAGES.get(code, code[:3] if code.isalpha() else LANGUAGE)


def _is_heading(block: Block) -> bool:
    """One or two short printed lines in capitals."""
    text = " ".join(line.text for line in block.lines)
    letters = sum(letter.isalpha() for letter in text)
    return (
        len(block.lines) <= _HEADING_LINES
        and letters >= _LEAST_LETTERS
        and len(text) <= _LONGEST_HEADING
        and text.isupper()
    )


def passages(text: PageText, query: str, current: int = 0) -> tuple[Passage, ...]:
    """The page's blocks in reading order, the words that answer marked.

    With `current` each mark can be led to (`#h1` …), and that one is told apart.
    """
    order = {place: n for n, place in enumerate(sorted(answering_words(text, parse(query))), 1)}
    found, place = [], 0
    for block in text.blocks:
        words = []
        for word in (word for line in block.lines for word in line.words):
            words.append(_word(word.text, order.get(place, 0), current))
            place += 1
        found.append(Passage(Markup(" ").join(words), _is_heading(block)))
    return tuple(found)


def _word(text: str, number: int, current: int) -> Markup:
    """A word, marked where it is a hit."""
    if not number:
        return escape(text)
    if not current:
        return Markup("<mark>{}</mark>").format(text)
    here = Markup(' aria-current="true"') if number == current else ""
    return Markup('<mark id="h{}" tabindex="-1"{}>{}</mark>').format(number, here, text)


def text_document(document: SeenDocument, page: SeenPage, text: PageText | None, query: str) -> str:
    """The page's text as an HTML document of its own, without style or script."""
    name = f"{name_of(document)}, {say('page_n', LANGUAGE, n=page.document_page)}"
    blocks = passages(text, query) if text else ()
    body = [f"<h2>{one.html}</h2>" if one.heading else f"<p>{one.html}</p>" for one in blocks]
    if not blocks:
        body = [f"<p>{escape(say('no_text', LANGUAGE))}</p>"]
    read = f'<article lang="{language_of(text)}">' + "\n".join(body) + "</article>"
    head = f'<meta charset="utf-8">\n<title>{escape(name)}</title>'
    note = escape(say("text_note", LANGUAGE))
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n<head>\n{head}\n</head>\n<body>\n<main>\n'
        f"<h1>{escape(name)}</h1>\n{read}"
        f"\n</main>\n<footer><p>{note}</p></footer>\n</body>\n</html>\n"
    )
