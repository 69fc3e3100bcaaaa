"""Marks tests by the fixtures they use, so that no marker is forgotten."""

import pytest

MARKERS = {
    "shared_root": "corpus",
    "elasticsearch_url": "services",
    "postgres_url": "services",
    "prefect_api_url": "services",
    "verapdf_home": "services",
    "browser": "services",
    "sample_binders": "slow",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in MARKERS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKERS[fixture])
