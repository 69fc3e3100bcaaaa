"""What Prefect costs: its tasks and artifacts for a binder, and the start of a run."""

import importlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.scale.hosts import cpu_of

_ROOT = Path(__file__).resolve().parents[2]
_BINDERS = 25
READING = """
import json, resource, sys, time
from contextvars import copy_context
before = resource.getrusage(resource.RUSAGE_SELF)
from prefect import flow
from flows.scheduled.stages import STAGES, TASKS
from flows.scheduled.telling import keep_report, shown_progress
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
loaded = cpu()
@flow(persist_result=False)
def batch(binders):
    begun = cpu()
    for number in range(binders):
        with shown_progress("ro").showing():
            for stage in STAGES:
                TASKS[stage](stage, str(number), lambda: None)
        keep_report("opis-lot", ("a", "b"))
    return begun, cpu()
begun, ended = batch(int(sys.argv[1]))
print(json.dumps({"loading": loaded, "beginning": begun - loaded, "binders": ended - begun,
                  "ending": cpu() - ended}))
"""


def _run(binders: int, env: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", READING, str(binders)],
        cwd=_ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def overhead(binder_cpu: float) -> dict[str, object]:
    """CPU seconds of Prefect for a binder, in the worker and in the server, and its share.

    The stages run as the very tasks of a binder, with its sums as an artifact, and do nothing.
    `binder_cpu` is what a binder of 200 pages costs without Prefect (seconds).
    """
    flows = importlib.import_module("tests.flows.prefect_server")
    environment = importlib.import_module("tests.services.prefect")
    with tempfile.TemporaryDirectory() as folder:
        server = flows.OwnServer(Path(folder))
        server.start()
        try:
            env = environment._environment(Path(folder) / "own")  # noqa: SLF001 the tests' own way
            env |= {"PREFECT_API_URL": server.server.url}
            _run(1, env)
            before = cpu_of(server.pid)
            told = _run(_BINDERS, env)
            spent = cpu_of(server.pid) - before
        finally:
            server.stop()
    worker = (told["binders"] + told["ending"]) / _BINDERS
    both = worker + spent / _BINDERS
    start = told["loading"] + told["beginning"]
    return {
        "binders": _BINDERS,
        "worker_cpu_seconds_a_binder": round(worker, 3),
        "server_cpu_seconds_a_binder": round(spent / _BINDERS, 3),
        "cpu_seconds_a_run_started": round(start, 2),
        "binder_of_200_pages_cpu_seconds": binder_cpu,
        "share_of_a_binder": round(both / binder_cpu, 4),
        "share_where_a_run_takes_one_binder": round((both + start) / binder_cpu, 4),
        "limit": 0.01,
        "within": both / binder_cpu <= 0.01,
    }
