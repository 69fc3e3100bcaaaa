"""Fixtures of all tests: real services, real files, sample binders."""

import os

import pytest

from tests.services.process import free_port as find_free_port

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the processes of the product have it

pytest_plugins = [
    "tests.services.browser",
    "tests.services.corpus",
    "tests.services.elasticsearch",
    "tests.services.markers",
    "tests.services.postgres",
    "tests.services.prefect",
    "tests.services.verapdf",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that no process is left with one of them at the end."""
    long = {
        i.path for i in items if i.get_closest_marker("slow") or i.get_closest_marker("services")
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback address that nothing listened on a moment ago."""
    return find_free_port()
