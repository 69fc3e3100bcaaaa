"""How many calls a caller may make: token buckets, one budget each for the public, keys and staff."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic

from schemas.access import Caller, Role
from schemas.settings import Settings

_MOST_CALLERS = 50_000
_BURST = 4
_HOUR = 3600
PUBLIC_ROLES = frozenset({Role.ANONYMOUS, Role.PORTAL})


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a call may go on; `limit`, `remaining` in calls, `reset`, `retry` in seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset: int
    retry: int

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit-*: what is left, and when all of it will be there again."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told if self.allowed else {**told, "Retry-After": str(self.retry)}


class Buckets:
    """A bucket a caller, filled with `rate` tokens a second up to `burst`.

    The callers not heard of for the longest time are forgotten first: they find a full bucket.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = max(burst, 1.0)
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = Lock()

    def is_spent(self, caller: str) -> bool:
        """Whether `take` would be refused now."""
        with self._guard:
            return self._level(caller, self._clock()) < 1

    def _level(self, caller: str, now: float) -> float:
        level, then = self._levels.get(caller, (self._burst, now))
        return min(self._burst, level + max(0.0, now - then) * self._rate)

    def take(self, caller: str) -> Taken:
        """Take a token of the caller's, if there is a whole one."""
        with self._guard:
            now = self._clock()
            level = self._level(caller, now)
            self._levels.pop(caller, None)
            allowed = level >= 1
            left = level - 1 if allowed else level
            self._levels[caller] = (left, now)
            if len(self._levels) > _MOST_CALLERS:
                self._levels.popitem(last=False)
        reset = ceil((self._burst - left) / self._rate)
        retry = max(1, ceil((1 - left) / self._rate))
        return Taken(allowed, int(self._burst), int(left), reset, retry)


class Budgets:
    """The budgets of an application; with several processes each has its part."""

    def __init__(self, settings: Settings) -> None:
        share = 1 / settings.serve_workers
        self._anonymous = _calls(settings.anonymous_calls * share)
        self._portal = _calls(settings.portal_calls * share)
        self._staff = _calls(settings.staff_calls * share)
        hourly = settings.requests_per_hour * share
        self._requests = Buckets(hourly / _HOUR, hourly)

    def take(self, caller: Caller, address: str) -> Taken:
        """A call of a caller: by name where he has one, else by address."""
        buckets, name = self._of(caller, address)
        return buckets.take(name)

    def is_spent(self, caller: Caller, address: str) -> bool:
        """Whether `take` would be refused now."""
        buckets, name = self._of(caller, address)
        return buckets.is_spent(name)

    def _of(self, caller: Caller, address: str) -> tuple[Buckets, str]:
        if caller.role is Role.ANONYMOUS:
            return self._anonymous, address
        if caller.role is Role.PORTAL:
            return self._portal, caller.name
        return self._staff, caller.name or address

    def take_request(self, address: str) -> Taken:
        """A request for information from an address."""
        return self._requests.take(address)


def _calls(rate: float) -> Buckets:
    return Buckets(rate, rate * _BURST)
