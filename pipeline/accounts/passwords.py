"""Passwords: argon2id hashes, and the least that is asked of a new one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.errors import AccessError, InputError

SHORTEST, LONGEST = 10, 256
_FEWEST_CHARACTERS, _LEAST_BESIDES_NAME = 6, 6
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_AT_ONCE, _OF_KNOWN = BoundedSemaphore(2), BoundedSemaphore(1)
"""Each hash takes 32 MiB and some 60 ms; more at once wait, for a while. One is kept for known devices."""
_WAIT_SECONDS = 5
_NOBODYS = (
    "$argon2id$v=19$m=32768,t=3,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""No password has this hash; asking costs what any other costs."""
_WORDS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Twenty characters that nobody confuses, in groups of five: 98 bits."""
    groups = ("".join(secrets.choice(_WORDS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def need_good(password: str, name: str) -> None:
    """Raise InputError password-weak: too short or long, of few characters, hardly but the name."""
    plain = password.casefold()
    if (
        not SHORTEST <= len(password) <= LONGEST
        or len(set(plain)) < _FEWEST_CHARACTERS
        or (name and len(plain.replace(name.casefold(), "")) < _LEAST_BESIDES_NAME)
    ):
        raise InputError("password-weak", "", least=SHORTEST, most=LONGEST)


@contextmanager
def _turn(places: BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(timeout=_WAIT_SECONDS):
        raise AccessError("too-many-attempts", n=_WAIT_SECONDS)
    try:
        yield
    finally:
        places.release()


def hashed(password: str) -> str:
    """Its argon2id hash, with salt and parameters."""
    with _turn(_OF_KNOWN):
        return _HASHER.hash(password)


def matches(stored: str, password: str, *, known: bool = False) -> bool:
    """Whether a password is the one; without a stored hash it takes as long and is not.

    `known`: asked from a device of the owner's, which waits for no other.
    """
    with _turn(_OF_KNOWN if known else _AT_ONCE):
        try:
            _HASHER.verify(stored or _NOBODYS, password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
