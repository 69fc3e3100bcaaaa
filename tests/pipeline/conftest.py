"""The ledger on each of its databases: a test that takes `ledger_settings` runs on both."""

from pathlib import Path

import pytest

from schemas.settings import Settings

POSTGRES = pytest.param("postgresql", marks=pytest.mark.services)


@pytest.fixture(params=["sqlite", POSTGRES])
def ledger_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an archive that has no ledger yet, its database empty."""
    on_sqlite = request.param == "sqlite"
    url = "" if on_sqlite else request.getfixturevalue("postgres_database")
    return Settings(archive=tmp_path / "archive", ledger_url=url)
