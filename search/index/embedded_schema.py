"""The embedded index's schema, and a page as its document."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

import msgspec
import tantivy
from tantivy import Document, PreTokenizedString, Token

from search.asking.marks import odd
from search.index.fields import FACETS, FILTERS, GROUPS
from search.index.pages import PRINTED, StoredPage, group_number
from search.plan import SETS
from search.romanian import keys

_NUMBERS = ("shelf", "day_up", "day_down")
NUMBERED = {group: f"{group}_number" for group in GROUPS if group}
"""Fields of numbers that stand for a page's document and its unit."""
BEGINNINGS = (3, 5)
"""The letters of the beginnings that are kept of a word."""


def schema() -> tantivy.Schema:
    """Fields: `given` is stored, `is_` compared, `by_` counted, numbers sorted by, texts sought.

    `has` holds every key of a page's text and title once: what a word finds is one list of pages.
    `begin` holds how its words begin, so that few terms answer for all words that begin alike.
    Of the words to suggest, `word` holds the Romanian ones, `name` the others: names, and what is misread,
    of which there is no end.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("given", stored=True)
    for name in (f"is_{name}" for name in FILTERS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*SETS, "word", "name", "has", "begin"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"by_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        builder.add_unsigned_field(name, fast=True, indexed=True)
    for name in NUMBERED.values():
        builder.add_unsigned_field(name, fast=True, indexed=True)
    for name in ("fold", "key"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _terms(page: StoredPage) -> Iterator[tuple[str, str]]:
    named = (
        *((f"is_{name}", values) for name, values in page.filters.items()),
        *((f"by_{name}", values) for name, values in page.facets.items()),
    )
    return ((name, value) for name, values in named for value in values)


@lru_cache(maxsize=200_000)
def _is_name(word: str) -> bool:
    fold = word.partition(PRINTED)[0]
    return odd(fold, keys(fold))


def _sets(page: StoredPage) -> Iterator[tuple[str, Iterable[str]]]:
    """Terms without a place, of none of which a space is a part."""
    yield from page.sets.items()
    yield "word", (word for word in page.words if not _is_name(word))
    yield "name", filter(_is_name, page.words)
    yield "has", {*chain.from_iterable(page.keys), *page.sets.get("title", ())}
    yield "begin", {fold[:length] for fold in page.folds for length in BEGINNINGS}


def document_of(page: StoredPage) -> Document:
    """A page as the index takes it."""
    document = Document()
    numbers = {"page": page.page, "document_page": page.document_page}
    given = {"unit": page.unit, **numbers, **page.values}
    document.add_bytes("given", msgspec.json.encode(given))
    for name, value in _terms(page):
        document.add_text(name, value)
    for name, terms in _sets(page):
        document.add_text(name, " ".join(terms))
    document.add_unsigned("shelf", page.shelf)
    document.add_unsigned("day_up", page.day_up)
    document.add_unsigned("day_down", page.day_down)
    document.add_unsigned(NUMBERED["document"], group_number(page.values.get("document", "")))
    document.add_unsigned(NUMBERED["unit"], group_number(page.unit))
    keys = [Token(key, n, 0, 0) for n, every in enumerate(page.keys) for key in every]
    document.add_text("fold", " ".join(page.folds))
    document.add_pre_tokenized_text("key", PreTokenizedString("", keys))
    return document
