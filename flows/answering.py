"""Several processes that answer on one socket; one that dies is replaced, all end together."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from socket import socket
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic

from prometheus_client.multiprocess import mark_process_dead

from schemas.settings import Settings

Answering = Callable[[Settings, socket], None]
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_PATIENCE = 10.0
_TURN = 0.001
"""Seconds; Python's own five add up, since a search gives its turn away at each file it reads."""
_SHORT = 5.0
_MOST_SHORT = 5
"""So many processes in a row that lived shorter than that: something is wrong with all of them."""


def take_turns() -> None:
    """Calls that are worked on at once change often: a short one waits for no long one's end."""
    sys.setswitchinterval(_TURN)


def answer_together(settings: Settings, listening: socket, answering: Answering) -> None:
    """Run `answering(settings, listening)` in as many processes as the setting says.

    It returns after SIGTERM or SIGINT, or when none of them lives long.
    """
    context = multiprocessing.get_context("spawn")
    arguments = (settings, listening, answering)
    with _figures_folder(), _asked_to_stop() as stop:

        def started() -> BaseProcess:
            process = context.Process(target=_worker, args=arguments, daemon=False)
            process.start()
            return process

        processes = [started() for _ in range(settings.serve_workers)]
        try:
            _keep(processes, started, stop)
        finally:
            _end(processes)


def _keep(processes: list[BaseProcess], started: Callable[[], BaseProcess], stop: Event) -> None:
    """Replace processes that end until somebody asks to stop, or none lives long."""
    short, since = 0, monotonic()
    while not stop.is_set() and short < _MOST_SHORT:
        if not wait([process.sentinel for process in processes], timeout=0.5):
            continue
        for place, process in enumerate(processes):
            if not process.is_alive() and not stop.is_set():
                if process.pid is not None:
                    mark_process_dead(process.pid)  # type: ignore[no-untyped-call]  # the package leaves it untyped
                short = short + 1 if monotonic() - since < _SHORT else 0
                since, processes[place] = monotonic(), started()


def _end(processes: list[BaseProcess]) -> None:
    for process in processes:
        if process.is_alive():
            process.terminate()
    end = monotonic() + _PATIENCE
    for process in processes:
        process.join(max(0.1, end - monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


@contextmanager
def _figures_folder() -> Iterator[None]:
    """A folder in which the processes add up their figures."""
    with TemporaryDirectory(prefix="opis-metrics-") as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]


@contextmanager
def _asked_to_stop() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set meanwhile."""
    stop = Event()
    names = (signal.SIGTERM, signal.SIGINT)
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in names}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _worker(settings: Settings, listening: socket, answering: Answering) -> None:
    """One process: it ends with the one that started it, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    answering(settings, listening)


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
