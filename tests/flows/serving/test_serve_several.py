"""`opis serve` in several processes: one socket, sums of figures, a dead one replaced, one end."""

import os
import re
import signal
from pathlib import Path

import httpx
import pytest

from pipeline.ledger import open_ledger
from schemas.settings import Settings
from tests.flows.opis_command import Place, assert_all_gone, ended, killed_at_last, wait_until
from tests.services.process import answers, free_port

pytestmark = pytest.mark.slow
WORKERS = 2


def children(pid):
    """The processes that answer, by what the system tells of them."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if fields[1] == str(pid) and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def calls_counted(web):
    told = web.get("/metrics").text
    rows = re.findall(r'opis_http_calls_total\{.*route="/api/v1/changes".*\} ([0-9.]+)', told)
    return sum(map(float, rows))


def test_several_processes_answer_as_one(tmp_path):
    settings = {"OPIS_SERVE_WORKERS": str(WORKERS), "OPIS_ACCESS_LOG": "on"}
    place, port = Place(tmp_path, settings), free_port()
    open_ledger(Settings(archive=place.archive)).close()
    address = f"http://127.0.0.1:{port}"
    with killed_at_last(place.start("serve", "--port", port)) as process:
        assert wait_until(lambda: answers(f"{address}/api/v1/health"), process)
        assert wait_until(lambda: len(children(process.pid)) == WORKERS, process)
        for _ in range(20):
            assert httpx.get(f"{address}/api/v1/changes", trust_env=False).status_code == 200
        with httpx.Client(base_url=address, trust_env=False) as web:
            assert wait_until(lambda: calls_counted(web) == 20, process)
            assert web.get("/api/v1/health").headers["x-request-id"]
        first = children(process.pid)
        os.kill(first[0], signal.SIGKILL)
        assert wait_until(
            lambda: len(now := children(process.pid)) == WORKERS and first[0] not in now, process
        )
        assert wait_until(lambda: answers(f"{address}/api/v1/health"), process)
        process.send_signal(signal.SIGTERM)
        done = ended(process)
        assert_all_gone(process.pid)
        assert "Traceback" not in done.err
        assert done.err.count("GET /api/v1/changes 200") == 20
        assert done.code in {0, 130, -signal.SIGTERM}
