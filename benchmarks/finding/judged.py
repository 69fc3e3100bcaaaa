"""Queries with graded pages, made of the truth of generated binders and of nothing that search uses.

A page's grade is how well it answers: 3, the paper that was sought; 2, a paper that names it; 1, a page
that has all words in some form; pages without a grade do not answer. A word is on a page when a word of
its text as it was printed begins with the same letters, whatever their marks.
"""

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.finding.misreading import misread
from examples.binders import binder_names, load_truth, truth_pages
from examples.binders.truth import DocumentTruth, PageTruth
from schemas.hits import IndexedPage

MONTHS = (
    "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie",
    "octombrie", "noiembrie", "decembrie",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_EMPTY = frozenset(
    (
        "pentru",
        "privind",
        "din",
        "prin",
        "unor",
        "unei",
        "asupra",
        "către",
        "dintre",
        "raza",
        "zona",
    )
)
_LEAST_STEM, _LONG_WORD = 4, 4
_ENDINGS = frozenset(
    (
        *(
            "",
            "a",
            "e",
            "i",
            "u",
            "o",
            "ul",
            "ului",
            "ea",
            "ei",
            "ele",
            "elor",
            "ii",
            "ilor",
            "ile",
        ),
        *("iei", "iile", "iilor", "ie", "ia", "iu", "iul", "iului", "lui", "le", "lor", "uri"),
        *("urile", "urilor"),
    )
)
_TYPED = str.maketrans("ăâîșțĂÂÎȘȚ", "aaistAAIST")

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query of a kind, and the grades of the pages that answer it, by unit and page."""

    kind: str
    query: str
    grades: Mapping[Place, int]


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A page with text: what was printed, what was read of it, and its document."""

    place: Place
    truth: PageTruth
    document: DocumentTruth
    folded: str
    words: frozenset[str]
    page: IndexedPage


def folded(text: str) -> str:
    """Lower case without marks."""
    marks = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in marks if not unicodedata.combining(sign))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", folded(text)))


def _paper(unit: str, page: PageTruth, document: DocumentTruth, read: str) -> Paper:
    text = " ".join(folded(page.text).split())
    record = IndexedPage(
        unit=unit,
        document=f"{unit}-d{document.document}",
        page=page.page,
        document_page=page.document_page or 0,
        leaf=f"{page.leaf}{page.side[:1]}",
        text=read,
        type=document.type,
        number=document.number,
        date=document.date,
        issuer=document.issuer,
        year=document.date[:4],
    )
    return Paper((unit, page.page), page, document, text, _words(text), record)


def papers(out: Path, noise: float, seed: int) -> tuple[Paper, ...]:
    """Every page with text of generated binders, its letters misread at a rate."""
    found: list[Paper] = []
    for number, name in enumerate(binder_names(out), 1):
        documents = {one.document: one for one in load_truth(out, name).documents}
        chance = random.Random(f"{seed}:{name}")  # noqa: S311 misreadings, no secrets
        for page in truth_pages(out, name):
            if page.kind == "text" and page.document:
                read = misread(page.text, noise, chance)
                unit = f"ua-{number:08d}"
                found.append(_paper(unit, page, documents[page.document], read))
    return tuple(found)


def _same_word(word: str, other: str) -> bool:
    """Whether two words are forms of one: the same but for the endings of nouns and adjectives."""
    if word == other or not word.isalpha() or len(word) < _LONG_WORD:
        return word == other
    ends = [len(word) - len(end) for end in _ENDINGS if word.endswith(end)]
    return any(
        length >= _LEAST_STEM and other.startswith(word[:length]) and other[length:] in _ENDINGS
        for length in ends
    )


def written_dates(date: str) -> tuple[str, ...]:
    """A day as it is written: 29.07.2016, 29 iulie 2016, 29 VII 2016, 29/07/2016."""
    year, month, day = date.split("-")
    n = int(month) - 1
    return (
        f"{day}.{month}.{year}", f"{int(day)} {MONTHS[n]} {year}", f"{int(day)} {_ROMAN[n]} {year}",
        f"{day}/{month}/{year}", f"{day} {MONTHS[n]} {year}", f"{int(day)}.{month}.{year}",
    )  # fmt: skip


def _as_typed(text: str, chance: random.Random) -> str:
    """As people type: often without marks, sometimes with the old î, in capitals."""
    kind = chance.random()
    if kind < 0.5:
        return text.translate(_TYPED)
    if kind < 0.6:
        return re.sub(r"(?<=\w)â(?=\w)", "î", text)
    return text.upper() if kind > 0.9 else text


class Judge:
    """Makes queries of papers, and grades them."""

    def __init__(self, found: tuple[Paper, ...], seed: int) -> None:
        self._papers = found
        self._chance = random.Random(seed)  # noqa: S311 a sample, no secrets
        self._vocabulary = frozenset().union(*(paper.words for paper in found))
        subjects = {paper.document.subject for paper in found}
        self._subject_words = {subject: _words(subject) for subject in subjects}

    def queries(self, each: int) -> tuple[Judged, ...]:
        """`each` queries of every kind, those that no page answers left out."""
        kinds = (
            self._acts, self._subjects, self._wrong_letters, self._people, self._streets, self._days,
            self._parcels, self._amounts,
        )  # fmt: skip
        return tuple(one for kind in kinds for one in self._some(kind(), each))

    def _some(self, made: Iterator[Judged], most: int) -> Iterator[Judged]:
        known: set[str] = set()
        for one in made:
            if one.grades and one.query not in known:
                known.add(one.query)
                yield one
            if len(known) == most:
                return

    def _shuffled(self) -> list[Paper]:
        return self._chance.sample(self._papers, len(self._papers))

    def _graded(self, kind: str, query: str, grade: "dict[Place, int]") -> Judged:
        return Judged(kind, query, {place: n for place, n in grade.items() if n})

    def _acts(self) -> Iterator[Judged]:
        for paper in self._shuffled():
            one = paper.document
            if paper.truth.document_page != 1 or one.type != "hotărâre" or not one.number:
                continue
            year = one.date[:4]
            day = self._chance.choice(written_dates(one.date))
            forms = (f"HCL {one.number}/{year}", f"HCL nr. {one.number} din {day}")
            cited = re.compile(rf"\b0*{one.number}\s?/\s?{year}\b")
            dated = [f"{one.number} din {folded(text)}" for text in written_dates(one.date)]
            dated += [f"{one.number}/{folded(text)}" for text in written_dates(one.date)]
            grades = {}
            for other in self._papers:
                named = cited.search(other.folded) or any(text in other.folded for text in dated)
                itself = (other.place[0], other.document) == (paper.place[0], one)
                own = itself and other.truth.document_page == 1
                act = re.search(r"\bhcl\b|h\.\s?c\.\s?l|hotarar", other.folded)
                grades[other.place] = 3 if own else 2 if named and act else 0
            yield self._graded("act", self._chance.choice(forms), grades)

    def _subject(self, paper: Paper) -> list[str]:
        words = re.findall(r"\w+", paper.document.subject.lower())
        large = [w for w in words if len(w) >= _LONG_WORD and w not in _EMPTY]
        return large[: self._chance.choice((2, 3, 3, 4))]

    def _by_words(self, kind: str, query: str, words: list[str]) -> Judged:
        forms = [self._forms(folded(word)) for word in words]
        grades = {}
        for other in self._papers:
            if not any(form.isdisjoint(other.words) for form in forms):
                told = self._subject_words[other.document.subject]
                about = not any(form.isdisjoint(told) for form in forms)
                grades[other.place] = (3 if other.truth.document_page == 1 else 2) if about else 1
        return self._graded(kind, query, grades)

    def _forms(self, word: str) -> frozenset[str]:
        return frozenset(other for other in self._vocabulary if _same_word(word, other))

    def _subjects(self) -> Iterator[Judged]:
        for paper in self._shuffled():
            words = self._subject(paper)
            if paper.truth.document_page == 1 and len(words) > 1:
                query = _as_typed(" ".join(words), self._chance)
                yield self._by_words("subject", query, words)

    def _wrong_letters(self) -> Iterator[Judged]:
        """One letter typed wrongly in one of the words."""
        for paper in self._shuffled():
            words = self._subject(paper)
            long = [n for n, word in enumerate(words) if len(word) > 2 * _LEAST_STEM]
            if paper.truth.document_page != 1 or len(words) < 2 or not long:
                continue
            typed = list(words)
            n = self._chance.choice(long)
            typed[n] = _wrong(words[n], self._chance)
            yield self._by_words("typed wrongly", " ".join(typed), words)

    def _people(self) -> Iterator[Judged]:
        yield from self._named("person", "PERSON")

    def _named(self, kind: str, label: str) -> Iterator[Judged]:
        for paper in self._shuffled():
            values = sorted({e.value for e in paper.truth.entities if e.label == label})
            if not values:
                continue
            value = self._chance.choice(values)
            parts = re.findall(r"\w+", folded(value))
            grades = {}
            for other in self._papers:
                told = any(e.label == label and e.value == value for e in other.truth.entities)
                grades[other.place] = 3 if told else 1 if _whole(other, parts) else 0
            yield self._graded(kind, _as_typed(value, self._chance), grades)

    def _streets(self) -> Iterator[Judged]:
        for paper in self._shuffled():
            found = re.search(r"\bstrada ([A-ZȘȚÎĂ]\w{3,})\b(?! [A-Z])", paper.truth.text)
            if not found:
                continue
            name = folded(found[1])
            street = re.compile(rf"\b(?:str\.?|strad\w+)\s*{name}\b")
            grades = {p.place: 3 if street.search(p.folded) else 0 for p in self._papers}
            query = self._chance.choice(
                (f"strada {found[1]}", f"str. {found[1]}", f"strada {name}")
            )
            yield self._graded("street", query, grades)

    def _days(self) -> Iterator[Judged]:
        for paper in self._shuffled():
            date = paper.document.date
            forms = written_dates(date)
            spelled = [re.compile(rf"(?<!\d){re.escape(folded(f))}(?!\d)") for f in forms]
            grades = {p.place: 2 if _any(spelled, p) else 0 for p in self._papers}
            for place in [p.place for p in self._papers if p.document.date == date]:
                if grades[place] and place[1]:
                    first = next(p for p in self._papers if p.place == place)
                    grades[place] = 3 if first.truth.document_page == 1 else 2
            yield self._graded("day", self._chance.choice(forms), grades)

    def _parcels(self) -> Iterator[Judged]:
        for paper in self._shuffled():
            if not paper.document.parcels:
                continue
            parcel = self._chance.choice(paper.document.parcels)
            bare = re.compile(rf"(?<!\d){'[. ]?'.join(parcel)}(?!\d)")
            grades = {p.place: 3 if bare.search(p.folded) else 0 for p in self._papers}
            grouped = f"{int(parcel):,}".replace(",", self._chance.choice((".", " ")))
            forms = (parcel, f"nr. cad. {parcel}", grouped)
            yield self._graded("parcel", self._chance.choice(forms), grades)

    def _amounts(self) -> Iterator[Judged]:
        for paper in self._shuffled():
            long = [text for text, _ in paper.document.amounts if len(text) > _LEAST_STEM]
            if not long:
                continue
            amount = self._chance.choice(long)
            printed = re.compile(rf"(?<![\d.]){re.escape(amount)}(?!\d)")
            grades = {p.place: 3 if printed.search(p.folded) else 0 for p in self._papers}
            yield self._graded("amount", amount, grades)


def _any(patterns: list[re.Pattern[str]], paper: Paper) -> bool:
    return any(pattern.search(paper.folded) for pattern in patterns)


def _whole(paper: Paper, words: list[str]) -> bool:
    return all(word in paper.words for word in words)


def _wrong(word: str, chance: random.Random) -> str:
    """The word with one letter changed, lost, doubled or moved."""
    n = chance.randrange(1, len(word) - 1)
    kinds = (
        word[:n] + chance.choice("aeirtnsc") + word[n + 1 :],
        word[:n] + word[n + 1 :],
        word[:n] + word[n] + word[n:],
        word[: n - 1] + word[n] + word[n - 1] + word[n + 1 :],
    )
    made = chance.choice(kinds)
    return made if made != word else word[:n] + word[n + 1 :]
