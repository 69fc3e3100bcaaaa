"""How much is worked on at once for the public, so that staff always find a free hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


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
