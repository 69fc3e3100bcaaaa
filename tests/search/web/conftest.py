"""The sample archive with public copies, served; the archive is the module's, the caller the test's."""

from collections.abc import Iterator

import pytest

from schemas.access import ANONYMOUS
from tests.search.index_samples import Archive, sample, unit_on_disk
from tests.search.web.web_samples import Served, archive_in, served


@pytest.fixture(scope="session")
def kept_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The sample units, which no test changes."""
    with archive_in(tmp_path_factory.mktemp("kept")) as archive:
        archive.fill(*sample())
        for pages in sample():
            unit_on_disk(archive.settings.layout, pages)
        yield archive


@pytest.fixture(scope="session")
def served_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application over the sample archive with public copies; nobody changes the archive."""
    with archive_in(tmp_path_factory.mktemp("served")) as archive:
        yield served(archive)


@pytest.fixture
def site(served_archive: Served) -> Served:
    """The application as everybody meets it, until the test says who asks."""
    served_archive.noted(ANONYMOUS)
    served_archive.looks_forgotten()
    return served_archive
