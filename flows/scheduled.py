"""The same work as Prefect runs: a flow run is a batch, a task run is a stage of a binder.

Only this module knows of Prefect, and nothing here decides about binders. Pages never become
tasks: Prefect loses some of its history under load, so what is done stands in the ledger alone.
"""

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

# Prefect reads these while it is imported: no usage data to its makers, and no log lines between
# those of `opis` (a worker has imported Prefect before this module, so its log stays as it is).
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")

from prefect import Task, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, TaskRun
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.states import Completed, Failed

from flows import watching
from flows.answers import Answer, error_answer, printable
from flows.commands import keeping
from flows.commands import scan_batch as command
from flows.progress import Progress, Reporter
from flows.publishing import Published, Span
from flows.reading import ReadPages
from flows.run import Run
from flows.taking_in import LookedInto, TakenIn
from flows.tasks import DocumentResult
from flows.work import BatchOutcome, Stages, work_batch
from schemas.errors import OpisError, ServiceError, UsageError
from schemas.messages import label, plural, say
from schemas.records import Unit
from schemas.settings import Settings, load_settings
from schemas.sources import Binder, SourcePlan

T = TypeVar("T")
BATCH = "opis-scan-batch"
WATCH = "opis-watch"
VERIFY = "opis-verify"
_PATIENCE_SECONDS = 5.0
_RETRY_AFTER_SECONDS = [2.0, 8.0]


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Only a service that is away may be back soon; every stage may be repeated."""
    return isinstance(state.data, ServiceError)


def _call(title: str, binder: str, work: Callable[[], T]) -> T:  # noqa: ARG001 the name of the task run is made of the first two
    return work()


_TASKS = {
    stage: Task(
        _call,
        name=stage,
        task_run_name="{title} {binder}",
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(_RETRY_AFTER_SECONDS),
        retry_delay_seconds=_RETRY_AFTER_SECONDS,
        retry_jitter_factor=0.5,
        retry_condition_fn=_may_pass,
    )
    for stage in ("take-in", "read", "documents", "publish")
}


class _StageTasks:
    """The stages of `flows.work` as tasks of one flow run, from whatever thread they are called."""

    def __init__(self, context: Context, language: str) -> None:
        self._context = context
        self._language = language
        self._names: dict[str, str] = {}
        self._plain = Stages()

    def _run(self, stage: str, binder: str, work: Callable[[], T]) -> T:
        title = label("stage", stage, self._language)
        done: T = self._context.copy().run(_TASKS[stage], title, printable(binder), work)
        return done

    def take_in(self, binder: Binder, files: LookedInto, run: Run) -> TakenIn:
        work = partial(self._plain.take_in, binder, files, run)
        taken = self._run("take-in", binder.name, work)
        self._names[taken.unit.id] = binder.name
        return taken

    def read(self, taken: TakenIn, name: str, language: str, run: Run) -> ReadPages:
        return self._run("read", name, partial(self._plain.read, taken, name, language, run))

    def documents(
        self, taken: TakenIn, spans: Sequence[Span], pages: ReadPages, language: str, run: Run
    ) -> tuple[DocumentResult, ...]:
        work = partial(self._plain.documents, taken, spans, pages, language, run)
        return self._run("documents", self._names[taken.unit.id], work)

    def publish(
        self,
        unit: Unit,
        taken: TakenIn,
        pages: ReadPages,
        documents: Sequence[DocumentResult],
        run: Run,
    ) -> Published:
        work = partial(self._plain.publish, unit, taken, pages, documents, run)
        return self._run("publish", self._names[unit.id], work)

    def stages(self) -> Stages:
        return Stages(self.take_in, self.read, self.documents, self.publish)


class _RunLog(io.StringIO):
    """A stream whose lines go to the log of the flow run."""

    def __init__(self) -> None:
        super().__init__()
        self._log = get_run_logger()

    def write(self, text: str) -> int:
        self._log.info(text.rstrip())
        return len(text)


class _Both:
    """Progress told twice: to who waits for the command, and to the log of the flow run."""

    def __init__(self, *told: Progress) -> None:
        self._told = told

    def begin(self, batch: str, binders: int, workers: int) -> None:
        for progress in self._told:
            progress.begin(batch, binders, workers)

    def expect(self, pages: int) -> None:
        for progress in self._told:
            progress.expect(pages)

    def page_done(self, binder: str, page: int, of: int, *, read: bool) -> None:
        for progress in self._told:
            progress.page_done(binder, page, of, read=read)

    def binder_done(self, binder: str, line: str) -> None:
        for progress in self._told:
            progress.binder_done(binder, line)

    def end(self) -> None:
        for progress in self._told:
            progress.end()


def _keep_report(key: str, lines: Sequence[str]) -> None:
    """Lines as an artifact of the run; indented, so that file names never become markup."""
    create_markdown_artifact("\n".join(f"    {line}" for line in lines), key=key)


def _by_tasks(plan: SourcePlan, run: Run) -> BatchOutcome:
    """Work on a batch inside a flow run: its stages as tasks, its sums as an artifact."""
    language = run.settings.interface_language
    told = replace(run, progress=_Both(run.progress, Reporter(_RunLog(), language)))
    outcome = work_batch(plan, told, _StageTasks(copy_context(), language).stages())
    _times, *sums, _next_command = command.batch_answer(outcome, 0.0, 0.0, language).lines
    _keep_report("opis-lot", (outcome.batch, *sums))
    return outcome


def scheduled_batch(plan: SourcePlan, run: Run) -> BatchOutcome:
    """Work on a batch as a flow run of its own; the BatchWorker of the commands."""
    settings = run.settings
    binders = plural("binder", len(plan.binders), settings.interface_language)

    @flow(name=BATCH, flow_run_name=f"{settings.station}: {binders}", persist_result=False)
    def batch(archive: str, station: str, binders: list[str]) -> BatchOutcome:  # noqa: ARG001 to be seen in the server
        return _by_tasks(plan, run)

    names = [printable(binder.name) for binder in plan.binders]
    return batch(str(settings.archive), settings.station, names)


def _shown(url: str) -> str:
    """The address without user name and password."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def need_server() -> None:
    """Raise ServiceError prefect-unreachable where the server does not answer within seconds."""
    with (
        temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}),
        get_client(httpx_settings={"timeout": _PATIENCE_SECONDS}, sync_client=True) as client,
    ):
        trouble = client.api_healthcheck()
    if trouble is not None:
        raise ServiceError("prefect-unreachable", _shown(PREFECT_API_URL.value() or ""))


@contextmanager
def _with_server() -> Iterator[None]:
    """Whatever fails because the server is away, before or meanwhile, fails by that name."""
    need_server()
    try:
        yield
    except OpisError:
        raise
    except Exception:
        need_server()
        raise


def scan_batch(settings: Settings, sources: Sequence[Path], *, quiet: bool) -> Answer:
    """`opis scan-batch` as a Prefect run; raises ServiceError before anything is taken in."""
    with _with_server():
        return command.scan_batch(settings, sources, quiet=quiet, work=scheduled_batch)


def watch(settings: Settings, *, once: bool, tell: watching.Teller) -> int:
    """`opis watch` with a Prefect run for every drop; returns the exit code."""
    with _with_server():
        return watching.watch(settings, once=once, tell=tell, work=scheduled_batch)


def _settings(archive: str | None, station: str | None = None) -> Settings:
    """Settings of a deployed run, from the worker's environment and the archive's opis.toml.

    A relative archive would lie in the worker's temporary folder and be lost: UsageError.
    """
    settings = load_settings({"archive": archive or None, "station": station or None})
    if not settings.archive.is_absolute():
        raise UsageError("setting-invalid", "OPIS_ARCHIVE", value=settings.archive)
    return settings


@contextmanager
def _told_errors() -> Iterator[None]:
    """An error's cause and remedy in the log of the run, which then fails by it."""
    try:
        yield
    except OpisError as error:
        language = os.environ.get("OPIS_INTERFACE_LANGUAGE", "ro")
        get_run_logger().error("\n".join(error_answer(error, language).lines))
        raise


@flow(name=BATCH, persist_result=False)
def scan_batch_flow(
    sources: list[str], archive: str | None = None, station: str | None = None
) -> dict[str, Any]:
    """Preia, citește și indexează tot ce se află în surse (căi absolute, văzute de worker)."""
    with _told_errors():
        settings = _settings(archive, station)
        paths = tuple(Path(source) for source in sources)
        return dict(command.scan_batch(settings, paths, quiet=True, work=_by_tasks).payload)


@flow(name=WATCH, persist_result=False)
def watch_once_flow(archive: str | None = None) -> int:
    """O singură trecere prin stații: ce este complet se preia; fiecare depunere este un lot."""
    with _told_errors():
        settings, log = _settings(archive), get_run_logger()

        def tell(event: Mapping[str, object]) -> None:
            log.info(say(f"watch_{event['event']}", settings.interface_language, **event))

        return watching.watch(settings, once=True, tell=tell, work=scheduled_batch)


@flow(name=VERIFY, persist_result=False)
def verify_flow(archive: str | None = None) -> State[Any]:
    """Verifică integritatea tuturor unităților; o abatere înseamnă un run eșuat."""
    with _told_errors():
        answer = keeping.verify(_settings(archive), ())
    _keep_report("opis-verificare", answer.lines)
    return (Failed if answer.exit_code else Completed)(message=answer.lines[0])
