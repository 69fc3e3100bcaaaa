"""What a Prefect server shows, asked over HTTP as its web pages do, and the fixtures' parts."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import httpx

from tests.services.prefect import _environment
from tests.services.process import ROOT, answers, free_port, running

T = TypeVar("T")
POOL = "opis"
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
PATIENCE = 240
BUSY = 503


def until(ask: Callable[[], T], enough: Callable[[T], object], seconds: float = PATIENCE) -> T:
    """Ask until the answer is enough, at most so long; the last answer in any case."""
    end = time.monotonic() + seconds
    while not enough(answer := ask()) and time.monotonic() < end:
        time.sleep(0.5)
    return answer


@dataclass(frozen=True, slots=True)
class Server:
    """The API of a server."""

    url: str

    def call(self, method: str, path: str, body: dict | None = None) -> list | dict:
        """An answer's JSON; like Prefect's own client it asks again while the database is busy."""

        def ask() -> httpx.Response:
            url = f"{self.url}/{path}"
            return httpx.request(method, url, json=body, timeout=60, trust_env=False)

        answer = until(ask, lambda answer: answer.status_code != BUSY, seconds=60)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    def post(self, path: str, body: dict) -> list | dict:
        return self.call("POST", path, body)

    def deployment(self, name: str) -> dict:
        return self.call("GET", f"deployments/name/{name}")

    def pause(self, name: str) -> None:
        """No scheduled run of a deployment from now on."""
        self.call("PATCH", f"deployments/{self.deployment(name)['id']}", {"paused": True})

    def scheduled(self, name: str) -> list:
        """Runs that the server plans for a deployment."""
        wanted = {
            "deployments": {"id": {"any_": [self.deployment(name)["id"]]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        return self.post("flow_runs/filter", wanted)

    def run(self, name: str, **parameters: object) -> dict:
        """A deployment's flow run, from its beginning to its end."""
        path = f"deployments/{self.deployment(name)['id']}/create_flow_run"
        made = self.post(path, {"parameters": parameters, "idempotency_key": uuid4().hex})
        return self.ended(made["id"])

    def ended(self, ident: str) -> dict:
        """A flow run once it is in a final state."""
        return until(
            lambda: self.call("GET", f"flow_runs/{ident}"), lambda run: run["state_type"] in FINAL
        )

    def flow_runs(self, flow: str) -> list:
        """All runs of a flow, the latest last."""
        wanted = {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_ASC"}
        return self.post("flow_runs/filter", wanted)

    def task_runs(self, flow_run: str, count: int) -> list:
        """The task runs of a flow run; they reach the server by and by."""
        wanted = {
            "flow_runs": {"id": {"any_": [flow_run]}},
            "sort": "EXPECTED_START_TIME_ASC",
        }

        def settled(runs: list) -> bool:
            return len(runs) >= count and all(run["state_type"] in FINAL for run in runs)

        return until(lambda: self.post("task_runs/filter", wanted), settled, seconds=60)

    def log(self, flow_run: str, word: str) -> str:
        """The log of a flow run, once it has that word."""
        wanted = {"logs": {"flow_run_id": {"any_": [flow_run]}}, "sort": "TIMESTAMP_ASC"}

        def lines() -> str:
            return "\n".join(line["message"] for line in self.post("logs/filter", wanted))

        return until(lines, lambda text: word in text, seconds=60)

    def artifact(self, flow_run: str, key: str = "opis-lot") -> str:
        """The text of a flow run's latest artifact of a key."""
        (found, *_) = self.artifacts(flow_run, key)
        return found["data"]

    def artifacts(self, flow_run: str, key: str) -> list:
        """A flow run's artifacts of a key, the latest first."""
        wanted = {"artifacts": {"flow_run_id": {"any_": [flow_run]}, "key": {"any_": [key]}}}
        return self.post("artifacts/filter", wanted | {"sort": "CREATED_DESC"})


class OwnServer:
    """A Prefect server of one test, on a database of its own, stopped and started again."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self._folder = folder
        self._port = free_port()
        self._database = database
        self._running = ExitStack()
        self.server = Server(f"http://127.0.0.1:{self._port}/api")
        self.pid = 0

    def start(self) -> None:
        env = _environment(self._folder / "prefect")
        if self._database:
            env["PREFECT_API_DATABASE_CONNECTION_URL"] = self._database
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
        process = running(
            "The Prefect server",
            [*command, "--port", str(self._port)],
            lambda: answers(f"{self.server.url}/health"),
            self._folder / "server.log",
            env=env,
        )
        self.pid = self._running.enter_context(process).pid

    def stop(self) -> None:
        self._running.close()


def prefect(*arguments: str, env: Mapping[str, str]) -> str:
    """A prefect command from the checkout, as the operator types it; what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def worker(server: Server, folder: Path, env: Mapping[str, str]) -> Iterator[Path]:
    """A process worker of the pool, and its log; it ends with the block."""

    def online() -> bool:
        found = server.post(f"work_pools/{POOL}/workers/filter", {})
        return any(w["name"] == folder.name and w["status"] == "ONLINE" for w in found)

    log = folder / "worker.log"
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL]
    queues = ["--work-queue", "normal", "--work-queue", "urgent", "--limit", "2"]
    named = ["--name", folder.name]
    with running("The Prefect worker", [*command, *queues, *named], online, log, env=env):
        yield log
