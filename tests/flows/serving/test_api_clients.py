"""The clients of docs/api.md, run against a real server; every endpoint is told of there."""

import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from search.web.application import create_app
from search.web.parts import Parts
from tests.flows.api_server import running
from tests.search.web.web_samples import PUBLIC, REDACTED, archive_in, drawn, fill

ROOT = Path(__file__).parents[3]
NODE = compute_driver_executable()[0]  # the Node.js that the browser's driver brings


def page():
    return (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def client(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", page(), re.DOTALL)
    assert len(found.strip().splitlines()) <= 10
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with archive_in(tmp_path_factory.mktemp("clients")) as archive:
        fill(archive)
        with running(create_app(Parts(archive.settings, drawn, drawn))) as served:
            yield f"{served}/api/v1"


def lines(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_the_python_client_reads_all_result_pages(address, tmp_path):
    program = tmp_path / "client.py"
    use = f'\nfor hit in search("", {address!r}, fond="Primăria", limit=1):\n    print(json.dumps(hit))\n'
    program.write_text(client("python") + use, encoding="utf-8")
    found = lines(sys.executable, program)
    assert sorted(hit["document"] for hit in found) == sorted([PUBLIC, PUBLIC, REDACTED])


@pytest.mark.slow
def test_the_javascript_client_reads_all_result_pages(address, tmp_path):
    program = tmp_path / "client.mjs"
    more = json.dumps({"fond": "Primăria", "limit": 1})
    use = f"\nfor await (const hit of search('', '{address}', {more})) console.log(JSON.stringify(hit));\n"
    program.write_text(client("javascript") + use, encoding="utf-8")
    found = lines(NODE, program)
    assert sorted(hit["document"] for hit in found) == sorted([PUBLIC, PUBLIC, REDACTED])


def test_every_endpoint_is_told_of(tmp_path):
    with archive_in(tmp_path) as archive, closing(archive.open()):
        paths = create_app(Parts(archive.settings)).openapi()["paths"]
    told = page()
    missing = [
        path
        for path in paths
        if not path.startswith("/api/v1/public/")
        and f"`{path.removeprefix('/api/v1')}`" not in told
    ]
    assert missing == []
