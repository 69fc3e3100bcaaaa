"""Runs `opis` commands as forks of this process, which has loaded all of it once.

A command's start is nine tenths of its time; without it hundreds of faults fit into minutes. The
pool's processes are forks too; the program is otherwise the one that people run.
"""

import gc
import importlib
import json
import multiprocessing
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import resource_tracker
from pathlib import Path
from types import ModuleType
from typing import Any, cast

os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"})

from typer import main as typer_main

from benchmarks.faults.tracer import Decide, Tracer, let_be_traced
from schemas.messages import table

_LOADED = (
    "cli",
    "flows.commands.declared",
    "flows.commands.scan_batch",
    "flows.commands.status",
    "flows.commands.keeping",
    "flows.commands.finding",
    "flows.commands.reviewing.review",
    "flows.commands.reviewing.review_queue",
    "flows.commands.reviewing.correcting",
    "flows.watching.loop",
    "flows.stages.page_worker",
    "flows.stages.document_worker",
    "flows.reindexing",
    "pipeline.ledger.upgrade",
    "pipeline.metadata.record.description",
    "search.elastic",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
    "ocrmypdf",
    "alembic.command",
)
LONGEST = 120.0
HUNG = -99
"""The exit code told of a command that had to be killed because it did not end."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left; `calls` counts its traced calls, `killed` tells that it was killed."""

    code: int
    out: str
    err: str
    seconds: float = 0
    calls: int = 0
    killed: bool = False

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object on stdout; empty where there is none."""
        try:
            return cast("dict[str, Any]", json.loads(self.out.splitlines()[-1]))
        except (ValueError, IndexError):
            return {}

    @property
    def crashed(self) -> bool:
        """Whether a person saw a program's inside instead of a sentence."""
        return "Traceback" in self.err or self.error.get("code") == "defect"

    @property
    def error(self) -> dict[str, Any]:
        """What the command told of an error, as its JSON has it."""
        return cast("dict[str, Any]", self.json.get("error") or {})


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to run commands in; its archive is `archive` in it, its sources are `src`.

    `prepare` is called in each command's process before it begins.
    """

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    def env(self, more: Mapping[str, str]) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPIS_", "PREFECT_"))}
        told = {"OPIS_ARCHIVE": "archive", "OPIS_WORKERS": "1", "OPIS_INTERFACE_LANGUAGE": "en"}
        return {**clean, **told, **self.environment, **more}

    def run(self, *arguments: object, seconds: float = LONGEST, **more: str) -> Done:
        """A command to its end, at most so long."""
        started = self.start(*arguments, **more)
        return started.wait(seconds)

    def start(self, *arguments: object, **more: str) -> "Started":
        """A command under way."""
        return Started(self, [str(a) for a in arguments], self.env(more), traced=False)

    def traced(
        self, decide: Decide, *arguments: object, folder: Path | None = None, **more: str
    ) -> Done:
        """A command of whose every changing call under `folder` (the archive) `decide` decides."""
        started = Started(self, [str(a) for a in arguments], self.env(more), traced=True)
        tracer = Tracer(started.pid, folder or self.archive, decide)
        signal.signal(signal.SIGALRM, lambda *_: started.kill())
        signal.alarm(int(LONGEST))
        try:
            code = tracer.run()
        finally:
            signal.alarm(0)
        return started.done(HUNG if started.hung else code, tracer.calls, tracer.killed)


class Started:
    """A command's process."""

    def __init__(
        self, place: Place, arguments: list[str], environment: Mapping[str, str], *, traced: bool
    ) -> None:
        self._begun = time.monotonic()
        self.hung = False
        self._out, self._err = (place.root / f".std{kind}" for kind in ("out", "err"))
        for path in (self._out, self._err):
            path.write_bytes(b"")
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            self._become(place, arguments, environment, traced=traced)

    def _become(
        self, place: Place, arguments: list[str], environment: Mapping[str, str], *, traced: bool
    ) -> None:
        code = 70
        try:
            os.setsid()
            os.chdir(place.root)
            os.environ.clear()
            os.environ.update(environment)
            for path, descriptor in ((self._out, 1), (self._err, 2)):
                os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), descriptor)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = _command(arguments, place.prepare, traced=traced)
        except BaseException:  # noqa: BLE001 a fork never returns
            traceback.print_exc()
        finally:
            os._exit(code)

    def kill(self) -> None:
        """Kill -9 of the command and all that it started, because it does not end."""
        self.hung = True
        self.end()

    def end(self) -> None:
        """Kill -9 of the whole group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def kill_program(self) -> Done:
        """Kill -9 of the program alone: what it started has to follow by itself."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait(LONGEST)

    def wait(self, seconds: float) -> Done:
        """Its end; killed where it takes longer."""
        descriptor = os.pidfd_open(self.pid)
        try:
            if not select.select([descriptor], [], [], seconds)[0]:
                self.kill()
        finally:
            os.close(descriptor)
        _, status = os.waitpid(self.pid, 0)
        return self.done(HUNG if self.hung else os.waitstatus_to_exitcode(status))

    def done(self, code: int, calls: int = 0, killed: bool = False) -> Done:
        """What it left."""
        out, err = (path.read_text(errors="replace") for path in (self._out, self._err))
        return Done(code, out, err, time.monotonic() - self._begun, calls, killed)


def _command(arguments: list[str], prepare: Callable[[], None] | None, *, traced: bool) -> int:
    """The command in this process; its exit code."""
    sys.argv = ["opis", *arguments]
    forked, pool = multiprocessing.get_context("fork"), importlib.import_module("flows.pool")
    multiprocessing.get_context = lambda _method=None: forked  # type: ignore[assignment]  # forks in the place of new interpreters
    pool._SilentContext = lambda: forked  # type: ignore[attr-defined]  # noqa: SLF001 the same for the pool's own
    resource_tracker.ensure_running = lambda: None  # forks need no tracker
    cli = importlib.import_module("cli")
    cli._LANGUAGE = os.environ["OPIS_INTERFACE_LANGUAGE"]  # type: ignore[attr-defined]  # noqa: SLF001 read at its import
    if prepare:
        prepare()
    if traced:
        let_be_traced()
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def load() -> tuple[ModuleType, ...]:
    """Everything that commands use, once; call it before the first command.

    What is there by then is never collected again: a fork that looked for garbage in it would copy
    all of it, which was two thirds of a short command's time.
    """
    loaded = tuple(importlib.import_module(name) for name in _LOADED)
    typer_main.get_command = cache(typer_main.get_command)  # the same commands, built once
    typer_main.get_command(vars(loaded[0])["app"])
    table("en")
    gc.collect()
    gc.freeze()
    return loaded
