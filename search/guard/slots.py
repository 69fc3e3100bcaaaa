"""How much is worked on at once for the public, so that staff always find a free hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Event
from time import monotonic

from search.guard.limits import Buckets


class FullError(Exception):
    """As many wait as may."""


class Slots:
    """So many calls at once, so many waiting in order; one event loop's."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = waiting
        self._waiting = 0

    async def acquire(self) -> None:
        """Wait for a slot; raises FullError where too many do."""
        if self._free.locked() and self._waiting >= self._most:
            raise FullError
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1

    def release(self) -> None:
        """Give the slot back."""
        self._free.release()

    @asynccontextmanager
    async def held(self) -> AsyncIterator["Held"]:
        """A slot, given back at the latest when the block ends."""
        await self.acquire()
        slot = Held(self)
        try:
            yield slot
        finally:
            slot.give_back()


class Held:
    """A slot in use, given back once."""

    def __init__(self, slots: Slots) -> None:
        self._slots: Slots | None = slots

    def give_back(self) -> None:
        """Let the next one go on."""
        slots, self._slots = self._slots, None
        if slots is not None:
            slots.release()


class Precedence:
    """Staff's calls under way: public ones begin after them, or once they waited long enough.

    Those that began before stop between their steps for as long at most.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._under_way = 0
        self._clear, self._clear_for_threads = asyncio.Event(), Event()
        self._settle()

    @contextmanager
    def first(self) -> Iterator["First"]:
        """A call of staff's, until its answer begins."""
        call = First(self)
        self.began()
        try:
            yield call
        finally:
            call.give_back()

    async def wait(self) -> None:
        """Until no call of staff's is under way, `patience` seconds at most."""
        if not self._clear.is_set():
            try:
                await asyncio.wait_for(self._clear.wait(), self._patience)
            except TimeoutError:
                return

    def stopping(self) -> Callable[[], None]:
        """What a public call's thread does between its steps."""
        left = [self._patience]

        def stop() -> None:
            if left[0] > 0 and not self._clear_for_threads.is_set():
                began = monotonic()
                self._clear_for_threads.wait(left[0])
                left[0] -= monotonic() - began

        return stop

    def began(self) -> None:
        self._under_way += 1
        self._settle()

    def ended(self) -> None:
        self._under_way -= 1
        self._settle()

    def _settle(self) -> None:
        for event in (self._clear, self._clear_for_threads):
            if self._under_way:
                event.clear()
            else:
                event.set()


class First:
    """A call of staff's, which ends once."""

    def __init__(self, precedence: Precedence) -> None:
        self._precedence: Precedence | None = precedence

    def give_back(self) -> None:
        """Let public calls begin."""
        precedence, self._precedence = self._precedence, None
        if precedence is not None:
            precedence.ended()


class Pacing:
    """Refusals: so many a second at once, those beyond late, so that hammering costs no work."""

    def __init__(self, rate: float, seconds: float, most: int) -> None:
        self._freely = Buckets(rate, rate)
        self._seconds = seconds
        self._most = most
        self._waiting = 0

    async def wait(self) -> None:
        """Nothing, or some time; never more than `most` wait."""
        if self._waiting >= self._most or self._freely.take("").allowed:
            return
        self._waiting += 1
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self._waiting -= 1
