"""Units are held while they are worked on; whoever needs several takes them in one order."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from flows.run import Run
from schemas.errors import InputError

_PAUSE_SECONDS = 0.4


@contextmanager
def hold_units(idents: Iterable[str], run: Run) -> Iterator[None]:
    """The leases of several units, each once, always taken in the order of their ids.

    While another works on one of them it is waited for, until that one ends or its lease expires.
    Writes raise InputError lease-lost where another took a unit over. Raises unit-missing;
    StoppedError once stopped.
    """
    with ExitStack() as stack:
        for ident in sorted(set(idents)):
            _hold(ident, run, stack)
        yield


def _hold(ident: str, run: Run, stack: ExitStack) -> None:
    while True:
        run.check()
        try:
            stack.enter_context(run.ledger.unit_lock(ident))
        except InputError as error:
            if error.code != "unit-busy":
                raise
            run.stop.wait(_PAUSE_SECONDS)
        else:
            return
