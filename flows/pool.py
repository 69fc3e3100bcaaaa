"""Isolated processes for everything that opens untrusted bytes or runs a recognition engine.

A task that crashes, hangs or asks for too much memory costs that task only: its process is
replaced and the caller gets a LimitError that says which limit it was.
"""

import ctypes
import importlib
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Self

from pebble import CONSTS, ProcessExpired, ProcessPool

from schemas.errors import OpisError
from schemas.settings import Settings

_ENVIRONMENT = {
    "OMP_THREAD_LIMIT": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # page-sized arrays come and go: memory handed back is memory to be zeroed again
    "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}
"""For the processes: one thread each, and memory that is kept between pages."""
_PR_SET_PDEATHSIG = 1
_MEBIBYTE = 1 << 20
_POLITE_SECONDS = 0.1


class LimitError(Exception):
    """A task met a limit: `limit` is time-limit, memory-limit or process-died.

    An error that nobody foresaw counts as the death of its process; `why` is its type.
    """

    def __init__(self, limit: str, why: str = "") -> None:
        super().__init__(limit)
        self.limit = limit
        self.why = why


def _leave_signals_to_main() -> None:
    """Block them in this thread and in the processes that it starts, from their first moment.

    The standard library's tracker is started first, as its start unblocks them again.
    """
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def _enter_worker(memory_bytes: int) -> None:
    """Bound this process: memory, no core dumps, no life after its parent's.

    Signals that reach the whole group are the parent's to answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None or os.getppid() != parent.pid:
        os._exit(1)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _born_silent() -> "_SilentProcess":
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return object.__new__(_SilentProcess)


class _SilentProcess(SpawnProcess):
    """It loses its voice before it takes up anything of its parent's.

    One that is still being born when its pool ends finds the locks gone: nobody is to read of it.
    """

    def __reduce__(self) -> tuple[Callable[[], "_SilentProcess"], tuple[()], dict[str, Any]]:
        return _born_silent, (), vars(self)


class _SilentContext(SpawnContext):
    Process = _SilentProcess


def _call(function: str, *args: object) -> object:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(*args)


@dataclass(frozen=True, slots=True)
class Task:
    """A task under way; `again` starts it anew where it was never given to a process."""

    future: Future[Any]
    again: Callable[[], Future[Any]]

    @property
    def begun(self) -> bool:
        """Whether a process has it in hand, or had."""
        return self.future.running() or self.future.done()

    def result(self) -> Any:  # noqa: ANN401 a task returns what its function returns
        """What the function returned; raises LimitError, its OpisError, or an OSError of the disk."""
        try:
            return self._outcome()
        except (FutureTimeoutError, TimeoutError) as error:
            raise LimitError("time-limit") from error
        except MemoryError as error:
            raise LimitError("memory-limit") from error
        except ProcessExpired as error:
            raise LimitError("process-died") from error
        except OpisError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise LimitError("process-died", type(error).__name__) from error

    def _outcome(self) -> Any:  # noqa: ANN401 as above
        try:
            return self.future.result()
        except BrokenProcessPool:
            return self.again().result()


class Pool:
    """One process a core; `start` returns at once, tasks run in the order they were started."""

    def __init__(self, settings: Settings, workers: int | None = None) -> None:
        os.environ.update(_ENVIRONMENT)
        CONSTS.term_timeout = _POLITE_SECONDS
        self.workers = workers or settings.processes
        self._memory = settings.memory_mb * _MEBIBYTE
        self._keeper = ThreadPoolExecutor(1, "pool", _leave_signals_to_main)
        self._pool = self._processes()

    def _processes(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.workers,
            context=_SilentContext(),
            initializer=_enter_worker,
            initargs=(self._memory,),
        )

    def start(self, function: str, *args: object, seconds: float) -> Task:
        """Run "module:function" in a process of the pool, for at most `seconds`.

        By name, so that this process never loads what only the pool's processes use.
        """

        def again() -> Future[Any]:
            return self._keeper.submit(self._schedule, function, args, seconds).result()

        return Task(again(), again)

    def _schedule(self, function: str, args: tuple[object, ...], seconds: float) -> Future[Any]:
        """In the keeper's thread, which outlives all processes: they end with who started them."""
        try:
            if not self._pool.active:
                self._pool = self._processes()
            return self._pool.schedule(_call, args=(function, *args), timeout=seconds)
        except BrokenProcessPool as error:
            if isinstance(error.__cause__, OSError):  # no process can be started: too many files
                raise error.__cause__ from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()
        self._keeper.shutdown()
