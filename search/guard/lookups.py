"""Finding out whose credentials a call shows, so that bogus ones keep nobody waiting who is known.

Each lookup takes a thread and the ledger's database. Credentials that were good the last time are looked
up at once, for staff, or among few places of the portals' keys; sessions' tokens that bear our proof and are
not known to be over among few places of theirs, so that the first call of a new session waits for no bogus
ones; all others among few places of their own, and none for an address that has spent its calls.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from schemas.access import ANONYMOUS, Caller
from search.guard.limits import PUBLIC_ROLES
from search.guard.slots import Slots

_AT_ONCE, _WAITING = 2, 200
_MOST_KNOWN = 10_000


class Lookups:
    """Who showed which credentials, by their digests; the latest ones, of one event loop."""

    def __init__(self, at_once: int = _AT_ONCE, waiting: int = _WAITING) -> None:
        self._known: OrderedDict[bytes, Caller] = OrderedDict()
        self._over: OrderedDict[bytes, None] = OrderedDict()
        self._unknown = Slots(at_once, waiting)
        self._portals = Slots(at_once, waiting)
        self._ours = Slots(at_once, waiting)

    def expected(self, credential: str) -> Caller:
        """Who showed these the last time; anonymous where nobody did."""
        return self._known.get(_digest(credential), ANONYMOUS)

    def is_over(self, credential: str) -> bool:
        """Whether these were looked up of late and nobody's."""
        return _digest(credential) in self._over

    @asynccontextmanager
    async def turn(self, expected: Caller, *, ours: bool = False) -> AsyncIterator[None]:
        """While somebody's credentials are looked up; raises FullError where too many wait.

        `ours`: nobody showed them yet, but they were given out here.
        """
        if expected.role not in PUBLIC_ROLES:
            yield
            return
        unknown = self._ours if ours else self._unknown
        async with (self._portals if expected.name else unknown).held():
            yield

    def remember(self, credential: str, caller: Caller) -> None:
        """Whose they are; those that turned out to be nobody's are forgotten."""
        digest = _digest(credential)
        self._known.pop(digest, None)
        self._over.pop(digest, None)
        if caller.name:
            self._known[digest] = caller
        else:
            self._over[digest] = None
        for kept in (self._known, self._over):
            if len(kept) > _MOST_KNOWN:
                kept.popitem(last=False)


def _digest(credential: str) -> bytes:
    return sha256(credential.encode("utf-8", "surrogatepass")).digest()
