"""What a caller from outside is told: the API's answers, the public index, its files."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from benchmarks.leaks.looking import Leak
from benchmarks.leaks.needles import Needle, folded, haystack, says
from benchmarks.leaks.papers import Paper
from schemas.errors import InputError
from schemas.settings import Settings
from search.backend import open_backend
from search.finding import find
from search.web.application import create_app
from search.web.parts import PagePicture, Parts

_API = "/api/v1/public"


def _no_picture(page: str, _: str) -> PagePicture:
    raise InputError("page-missing", page)


def _client(settings: Settings) -> TestClient:
    unbounded = replace(settings, anonymous_calls=1e9)
    return TestClient(create_app(Parts(unbounded, _no_picture, _no_picture)))


def _answer_of(client: TestClient, query: dict[str, str]) -> str:
    """What a search tells, but for what it says of the query itself."""
    answer = client.get(f"{_API}/search", params=query).raise_for_status().json()
    return json.dumps(
        {name: value for name, value in answer.items() if name not in {"suggestion", "notices"}},
        ensure_ascii=False,
    )


def _each(papers: Iterable[Paper]) -> Iterator[tuple[Paper, int, Needle]]:
    """Every planted value once a document."""
    for paper in papers:
        known: set[tuple[str, ...]] = set()
        for page in paper.pages:
            for needle in page.needles:
                if needle.variants not in known and needle.value not in paper.officials:
                    known.add(needle.variants)
                    yield paper, page.page, needle


def in_answers(settings: Settings, papers: Sequence[Paper]) -> Iterator[Leak]:
    """Values that the API tells: of hidden documents anything at all, of public ones the value."""
    client = _client(settings)
    for paper in papers:
        path = f"{_API}/documents/{paper.document.id}"
        answer = client.get(path)
        if (answer.status_code == 200) != paper.out:
            yield Leak("DOCUMENT", paper.unit.id, 0, path, "API", str(answer.status_code))
    for paper, page, needle in _each(papers):
        if not paper.out:
            continue
        path = f"{_API}/search"
        query = {"q": f'"{needle.value}"', "document": paper.document.id}
        if says(needle, haystack(_answer_of(client, query))):
            yield Leak(needle.label, paper.unit.id, page, path, "API", needle.value)


def in_index(settings: Settings, papers: Sequence[Paper]) -> Iterator[Leak]:
    """Values that the public index answers to, of whatever document they are."""
    with closing(open_backend(settings)) as backend:
        for paper, page, needle in _each(papers):
            asked = f'"{needle.value}"'
            filters = {} if needle.everywhere else {"document": paper.document.id}
            answer = find(settings, backend, asked, role="public", filters=filters)
            if answer.total and _told(needle, [hit.snippet for hit in answer.hits]):
                where = f"index/public {asked}"
                yield Leak(needle.label, paper.unit.id, page, where, "index", needle.value)


def _told(needle: Needle, snippets: Sequence[str]) -> bool:
    """Whether it answered to the value itself, and not to one that is a letter away."""
    return any(
        says(needle, haystack(snippet.replace("«", "").replace("»", ""))) for snippet in snippets
    )


def in_index_files(settings: Settings, papers: Sequence[Paper]) -> Iterator[Leak]:
    """Values in the bytes of the public index's files, of all documents."""
    files = [path for path in (settings.layout.index / "public").rglob("*") if path.is_file()]
    every = [(path, _bytes(path)) for path in files]
    for paper, page, needle in _each(papers):
        if not needle.everywhere:
            continue
        wanted = folded(needle.value).encode()
        for path, data in every:
            if wanted in data:
                yield Leak(
                    needle.label, paper.unit.id, page, path.name, "index files", needle.value
                )


def _bytes(path: Path) -> bytes:
    return folded(path.read_bytes().decode("latin-1")).encode()
