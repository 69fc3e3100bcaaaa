"""Commands as Prefect runs of their own, started where the person is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows.answers import Answer, printable
from flows.commands import scan_batch as command
from flows.progress import Reporter
from flows.run import Run
from flows.scheduled.stages import StageTasks
from flows.scheduled.telling import (
    SUMS,
    RunLog,
    Several,
    keep_report,
    keep_rescan_list,
    shown_progress,
)
from flows.watching import loop as watching_loop
from flows.watching.telling import Teller
from flows.work import BatchOutcome, work_batch
from schemas.errors import OpisError, ServiceError
from schemas.messages import plural
from schemas.settings import Settings
from schemas.sources import SourcePlan

BATCH = "opis-scan-batch"
_PATIENCE_SECONDS = 5.0


def by_tasks(plan: SourcePlan, run: Run) -> BatchOutcome:
    """Work on a batch inside a flow run: its stages as tasks; sums, progress, re-scans to be read."""
    language = run.settings.interface_language
    shown = shown_progress(language)
    told = replace(run, progress=Several(run.progress, Reporter(RunLog(), language), shown))
    with shown.showing():
        outcome = work_batch(plan, told, StageTasks(copy_context(), language).stages())
    _times, *sums, _next_command = command.batch_answer(outcome, 0.0, 0.0, language).lines
    keep_report(SUMS, (outcome.batch, *sums))
    keep_rescan_list(outcome, run.settings)
    return outcome


def scheduled_batch(plan: SourcePlan, run: Run) -> BatchOutcome:
    """Work on a batch as a flow run of its own; the BatchWorker of the commands."""
    settings = run.settings
    binders = plural("binder", len(plan.binders), settings.interface_language)

    @flow(name=BATCH, flow_run_name=f"{settings.station}: {binders}", persist_result=False)
    def batch(archive: str, station: str, binders: list[str]) -> BatchOutcome:  # noqa: ARG001 to be seen in the server
        return by_tasks(plan, run)

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


def watch(settings: Settings, *, once: bool, tell: Teller) -> int:
    """`opis watch` with a Prefect run for every drop; returns the exit code."""
    with _with_server():
        return watching_loop.watch(settings, once=once, tell=tell, work=scheduled_batch)
