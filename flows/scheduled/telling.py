"""What a flow run tells the people who look at Prefect's page: log lines and artifacts.

A server that is away for a while costs what was to be shown, and never the work.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from threading import Event, Lock, Thread
from typing import cast
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows.answers import printable
from flows.progress import Progress
from flows.watching.answering import rescans
from flows.work import BatchOutcome
from schemas.errors import InputError
from schemas.messages import number, plural, say
from schemas.settings import Settings

SUMS, PROGRESS, RESCAN_LIST, CHECK = "opis-lot", "opis-progres", "opis-rescanare", "opis-verificare"
_SHOWN_EVERY_SECONDS = 5.0
_LONGEST_LIST = 500


@contextmanager
def _never_waited_for(key: str) -> Iterator[None]:
    """What is shown never stops what is done: tried once, and where it fails the log says so."""
    try:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
            yield
    except Exception as error:  # noqa: BLE001 a server may be away in many ways
        get_run_logger().warning("%s: %s", key, type(error).__name__)


class RunLog(io.StringIO):
    """A stream whose lines go to the log of the flow run."""

    def __init__(self) -> None:
        super().__init__()
        self._log = get_run_logger()

    def write(self, text: str) -> int:
        self._log.info(text.rstrip())
        return len(text)


class Several:
    """Progress told more than once: to who waits for the command, to the log, as an artifact."""

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


class Shown:
    """Progress as an artifact of the flow run, from batches that take longer than seconds."""

    def __init__(self, context: Context, language: str) -> None:
        self._context = context
        self._language = language
        self._guard = Lock()
        self._batch, self._expected, self._done = "", 0, 0
        self._artifact: UUID | None = None

    def begin(self, batch: str, binders: int, workers: int) -> None:  # noqa: ARG002 as Progress has it
        self._batch = batch

    def expect(self, pages: int) -> None:
        with self._guard:
            self._expected += pages

    def page_done(self, binder: str, page: int, of: int, *, read: bool) -> None:  # noqa: ARG002 as Progress has it
        with self._guard:
            self._done += 1

    def binder_done(self, binder: str, line: str) -> None:
        """The log has it."""

    def end(self) -> None:
        """`showing` shows the last state."""

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Keep the artifact up to date as long as the block lasts."""
        end = Event()

        def show() -> None:
            while not end.wait(_SHOWN_EVERY_SECONDS):
                self._show()

        thread = Thread(target=self._context.copy().run, args=(show,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()
            if self._artifact is not None:
                self._context.copy().run(self._show)

    def _show(self) -> None:
        with self._guard:
            done, expected = self._done, self._expected
        share = 100.0 * min(1.0, done / expected) if expected else 0.0
        pages = plural("page", expected, self._language)
        text = f"{self._batch}: {number(done)} / {pages}"
        with _never_waited_for(PROGRESS):
            if self._artifact is None:
                made = create_progress_artifact(share, PROGRESS, text)
                self._artifact = cast("UUID", made)
            else:
                update_progress_artifact(self._artifact, share, text)


def shown_progress(language: str) -> Shown:
    """Progress of the flow run that is under way."""
    return Shown(copy_context(), language)


def keep_report(key: str, lines: Sequence[str]) -> None:
    """Lines as an artifact of the run; indented, so that file names never become markup."""
    with _never_waited_for(key):
        create_markdown_artifact("\n".join(f"    {line}" for line in lines), key=key)


def keep_rescan_list(outcome: BatchOutcome, settings: Settings) -> None:
    """The leaves to scan again, a line each, where there are any."""
    lines = tuple(_rescan_lines(outcome, settings))
    if lines:
        counted = plural("page", len(lines), settings.interface_language)
        head = say("review_sum", settings.interface_language, pages=counted)
        keep_report(RESCAN_LIST, (head, "", *lines[:_LONGEST_LIST]))


def _rescan_lines(outcome: BatchOutcome, settings: Settings) -> Iterator[str]:
    for binder in outcome.binders:
        if binder.unit is None:
            continue
        try:
            for again in rescans(binder.unit, settings.layout, settings.interface_language):
                leaf = f"{again.leaf}{again.side}"
                yield f"{binder.unit.id}  {printable(binder.name)}  f. {leaf}  {again.reason}"
        except InputError:
            yield f"{binder.unit.id}  {printable(binder.name)}"
