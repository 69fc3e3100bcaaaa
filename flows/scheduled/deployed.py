"""What workers run for the server: the flows that prefect.yaml deploys.

No run waits for another by Prefect's limits, which a killed run would hold for minutes: claims,
leases and the ledger say who works on what, and a run that finds nothing to do ends.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed, Failed

from flows.answers import error_answer, printable
from flows.commands import keeping
from flows.commands import scan_batch as command
from flows.machines.dispatching import ready_drops_seen
from flows.machines.reaping import finish_claims, finish_units
from flows.progress import Reporter
from flows.scheduled.commands import BATCH, by_tasks
from flows.scheduled.stages import StageTasks
from flows.scheduled.telling import CHECK, RunLog, keep_report
from flows.watching.loop import watch
from flows.watching.telling import Teller
from schemas.errors import OpisError, UsageError
from schemas.messages import say
from schemas.settings import Settings, load_settings

WATCH, TAKE, REAPER, VERIFY = "opis-watch", "opis-take", "opis-reaper", "opis-verify"
_OF_URGENCY = {True: f"{TAKE}/take-urgent", False: f"{TAKE}/take"}
_LOOKING_SECONDS = 50.0


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


def _teller(settings: Settings) -> Teller:
    """Events as lines of the run's log, from whatever thread they come."""
    log = get_run_logger()

    def tell(event: Mapping[str, object]) -> None:
        log.info(say(f"watch_{event['event']}", settings.interface_language, **event))

    return tell


@flow(name=BATCH, persist_result=False)
def scan_batch_flow(
    sources: list[str], archive: str | None = None, station: str | None = None
) -> dict[str, Any]:
    """Preia, citește și indexează tot ce se află în surse (căi absolute, văzute de worker)."""
    with _told_errors():
        settings = _settings(archive, station)
        paths = tuple(Path(source) for source in sources)
        return dict(command.scan_batch(settings, paths, quiet=True, work=by_tasks).payload)


def _start(deployment: str, archive: str | None) -> bool:
    """One more run of a deployment, unless one waits for a worker already; whether it was started.

    Runs under way are not counted: one that was killed is under way for ever.
    """
    waits = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    with get_client(sync_client=True) as client:
        ident = client.read_deployment_by_name(deployment).id
        waiting = client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[ident])),
            flow_run_filter=FlowRunFilter(state=waits),
            limit=1,
        )
        if not waiting:
            client.create_flow_run_from_deployment(ident, parameters={"archive": archive})
    return not waiting


@flow(name=WATCH, persist_result=False)
def watch_flow(archive: str | None = None, seconds: float = _LOOKING_SECONDS) -> int:
    """Privește stațiile și pornește câte un run pentru ce este complet; nu preia nimic el însuși."""
    with _told_errors():
        settings, started = _settings(archive), 0
        for ready in ready_drops_seen(settings, _teller(settings), seconds):
            started += sum(_start(_OF_URGENCY[urgent], archive) for urgent in ready)
        return started


@flow(name=TAKE, persist_result=False)
def take_flow(archive: str | None = None) -> int:
    """Preia tot ce este complet la stații, cele urgente întâi; se oprește când nu mai este nimic."""
    with _told_errors():
        settings = _settings(archive)
        return watch(settings, once=True, tell=_teller(settings), work=by_tasks)


@flow(name=REAPER, persist_result=False)
def reaper_flow(archive: str | None = None) -> int:
    """Duce la capăt ce a rămas de la o mașină căzută: unități începute și depuneri preluate."""
    with _told_errors():
        settings = _settings(archive)
        stages = StageTasks(copy_context(), settings.interface_language).stages()
        progress = Reporter(RunLog(), settings.interface_language)
        finished = finish_units(settings, progress, stages)
        for outcome in finished:
            unit = outcome.unit.id if outcome.unit else outcome.trouble and outcome.trouble.file
            get_run_logger().info("%s %s", unit, printable(outcome.name))
        return len(finished) + finish_claims(settings, _teller(settings), by_tasks)


@flow(name=VERIFY, persist_result=False)
def verify_flow(archive: str | None = None) -> State[Any]:
    """Verifică integritatea tuturor unităților; o abatere înseamnă un run eșuat."""
    with _told_errors():
        answer = keeping.verify(_settings(archive), ())
    keep_report(CHECK, answer.lines)
    return (Failed if answer.exit_code else Completed)(message=answer.lines[0])
