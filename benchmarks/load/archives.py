"""An archive of generated pages with both indexes, and the words on disk of what is asked for."""

from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.finding.asking import questions
from benchmarks.finding.pages import UNIT_PAGES, Corpus, page_text
from pipeline.ledger import open_ledger
from schemas.alto import write_alto
from schemas.public import copied_alto
from schemas.settings import Settings
from search.backend import Backend, open_backend
from search.query import parse

_KINDS = {"match": 60, "phrase": 20, "word": 20}
_HITS = 10


@cache
def _texts(corpus: Corpus) -> tuple[str, ...]:
    """Two words, phrases and single words, always the same and mixed."""
    texts = (q.text for kind, n in _KINDS.items() for q in questions(corpus, kind, n))
    return tuple(sorted(texts, key=lambda text: text[::-1]))


def asked_paths(corpus: Corpus, address: str = "/api/v1/search") -> list[str]:
    """The searches of the benchmark."""
    return [f"{address}?{urlencode({'q': text})}" for text in _texts(corpus)]


def fill(settings: Settings, corpus: Corpus) -> None:
    """Both indexes, a ledger, and the words of every page that the searches show."""
    open_ledger(settings).close()
    with closing(open_backend(settings, write=True)) as backend:
        for role in ("staff", "public"):
            backend.rebuild((corpus.indexed(n) for n in range(corpus.pages)), role=role)
        for role in ("staff", "public"):
            _write_words(settings, corpus, backend, _texts(corpus), role)


def _write_words(
    settings: Settings, corpus: Corpus, backend: Backend, texts: Sequence[str], role: str
) -> None:
    for text in texts:
        for hit in backend.search(parse(text), {}, role, 0, _HITS).hits:
            unit = settings.layout.unit(hit.unit)
            page = unit.alto_page(hit.page)
            if role == "public":
                page = copied_alto(unit.public_copy(hit.document), hit.document_page)
            if not page.exists():
                page.parent.mkdir(parents=True, exist_ok=True)
                number = int(hit.unit[3:]) * UNIT_PAGES + hit.page - 1
                page.write_bytes(write_alto(page_text(corpus.text(number)), Path("x").name, 1))
