"""What one run holds open: settings, ledger, processes, index, progress, and the wish to stop."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from flows.archive import prepare_archive
from flows.pool import Pool
from flows.progress import Progress
from flows.stages.waiting import Standstill
from pipeline.ledger import Ledger, open_ledger
from schemas.settings import Settings
from search.backend import Backend, open_backend


class StoppedError(Exception):
    """A person asked to stop; what was begun is on disk."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything a stage needs; shared by the threads that work on binders."""

    settings: Settings
    ledger: Ledger
    pool: Pool
    index: Backend
    progress: Progress
    stop: Event
    index_lock: Lock
    gone: Event = field(default_factory=Event)
    """Something that was public is no more: the public index has words to forget."""
    standstill: Standstill = field(default_factory=Standstill)

    def check(self) -> None:
        """Raise StoppedError once somebody asked to stop."""
        if self.stop.is_set():
            raise StoppedError


@contextmanager
def open_run(settings: Settings, progress: Progress) -> Iterator[Run]:
    """Open all that a run needs, the processes last; closes in the other order."""
    prepare_archive(settings)
    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(settings))
        index = open_backend(settings, write=True)
        stack.callback(index.close)
        pool = stack.enter_context(Pool(settings))
        yield Run(settings, ledger, pool, index, progress, Event(), Lock())
