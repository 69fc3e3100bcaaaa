"""Archives to search: with each backend, or with the embedded one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.settings import Settings
from search.backend import Backend, open_backend
from tests.search.index_samples import Archive, sample

ELASTICSEARCH = pytest.param("elasticsearch", marks=pytest.mark.services)


def _opener(settings: Settings, opened: list[Backend]) -> Archive:
    def opening(*, write: bool = False, renew: bool = False) -> Backend:
        opened.append(open_backend(settings, write=write, renew=renew))
        return opened[-1]

    return Archive(settings, opening)


@pytest.fixture(params=["embedded", ELASTICSEARCH])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An empty archive, once with each backend."""
    settings = Settings(archive=tmp_path / "archive")
    if request.param == "elasticsearch":
        settings = Settings(
            archive=tmp_path / "archive",
            elasticsearch_url=request.getfixturevalue("elasticsearch_url"),
            elasticsearch_prefix=request.getfixturevalue("elasticsearch_prefix"),
        )
    opened: list[Backend] = []
    yield _opener(settings, opened)
    for backend in opened:
        backend.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive with the embedded index."""
    opened: list[Backend] = []
    yield _opener(Settings(archive=tmp_path / "archive"), opened)
    for backend in opened:
        backend.close()


@pytest.fixture
def filled(archive: Archive) -> Backend:
    """The sample pages in each backend."""
    return archive.fill(*sample())
