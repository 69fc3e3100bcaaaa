"""The stages of a binder as task runs; what may be tried again is."""

from collections.abc import Callable, Sequence
from contextvars import Context
from functools import partial
from typing import Any, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows.answers import printable
from flows.run import Run
from flows.stages.publishing import Published, Span
from flows.stages.reading import ReadPages
from flows.stages.taking_in import LookedInto, TakenIn
from flows.stages.tasks import DocumentResult
from flows.work import Stages
from schemas.errors import ServiceError
from schemas.messages import label
from schemas.records import Unit
from schemas.sources import Binder

T = TypeVar("T")
STAGES = ("take-in", "read", "documents", "publish")
_RETRY_AFTER_SECONDS = [2.0, 8.0]


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Only a service that is away may be back soon; every stage may be repeated."""
    return isinstance(state.data, ServiceError)


def _call(title: str, binder: str, work: Callable[[], T]) -> T:  # noqa: ARG001 the name of the task run is made of the first two
    return work()


TASKS = {
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
    for stage in STAGES
}


class StageTasks:
    """The stages of `flows.work` as tasks of one flow run, from whatever thread they are called."""

    def __init__(self, context: Context, language: str) -> None:
        self._context = context
        self._language = language
        self._names: dict[str, str] = {}
        self._plain = Stages()

    def _run(self, stage: str, binder: str, work: Callable[[], T]) -> T:
        title = label("stage", stage, self._language)
        done: T = self._context.copy().run(TASKS[stage], title, printable(binder), work)
        return done

    def take_in(self, binder: Binder, files: LookedInto, run: Run) -> TakenIn:
        work = partial(self._plain.take_in, binder, files, run)
        taken = self._run("take-in", binder.name, work)
        self._names[taken.unit.id] = binder.name
        return taken

    def read(self, taken: TakenIn, name: str, language: str, run: Run) -> ReadPages:
        self._names.setdefault(taken.unit.id, name)
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
