"""A real Prefect server with a database of its own, on a free port of the loopback address."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.process import answers, free_port, running, service_folder


def _environment(home: Path) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    return inherited | {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        "NO_COLOR": "1",
    }


@pytest.fixture(scope="session")
def prefect_api_url() -> Iterator[str]:
    """The API URL of a real Prefect server, shared by all tests of the run."""
    given = os.environ.get("OPIS_TEST_PREFECT_URL")
    if given:
        yield given.rstrip("/")
        return
    url = f"http://127.0.0.1:{(port := free_port())}/api"
    command = [sys.executable, "-m", "prefect", "server", "start"]
    with (
        service_folder("prefect") as folder,
        running(
            "The Prefect server",
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            lambda: answers(f"{url}/health"),
            folder / "server.log",
            env=_environment(folder),
        ),
    ):
        yield url


@pytest.fixture
def prefect_environment(prefect_api_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of programs that talk to that server and keep their own state in `tmp_path`."""
    return _environment(tmp_path / "prefect") | {"PREFECT_API_URL": prefect_api_url}
