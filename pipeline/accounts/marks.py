"""What tells without any database that a token is one of ours, and from which devices somebody signed in.

A device's mark is bound to an account and to its password: made when somebody signed in there, worth
nothing for anybody else, nor once the password is another.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256

from pipeline.audit.signing import pseudonym_secret
from schemas.settings import Settings

DEVICE_SECONDS = 90 * 86_400
_TAG = 22
"""Letters of a proof: 132 bits."""
_MOST = 5
"""People who sign in at one device, the latest of them."""
_LONGEST = 1000
_TOGETHER = "~"
_PARTS = 4


class Marks:
    """Proofs by a secret that all processes of an archive share; it stays when the audit key changes."""

    def __init__(self, settings: Settings) -> None:
        secret = pseudonym_secret(settings.audit_key_file)
        self._secret = hmac.digest(secret, b"opis marks", sha256)

    def token(self) -> str:
        """A new token: 256 random bits and the proof that we made it."""
        told = secrets.token_urlsafe(32)
        return told + self._tag("token", told)

    def is_token(self, token: str) -> bool:
        """Whether we made this token; it may be over long since."""
        told, tag = token[:-_TAG], token[-_TAG:]
        return bool(told) and _same(tag, self._tag("token", told))

    def device(self, told: str, name: str, stored: str, now: int) -> str:
        """What a device tells from now on where somebody with this password's hash signed in."""
        at, random = f"{now:x}", secrets.token_urlsafe(12)
        core = f"{at}.{random}.{self._tag('owner', at, random, name, stored)}"
        mine = f"{core}.{self._tag('device', core)}"
        others = (o for o in self._marks(told, now) if not self._is_owner(o, name, stored))
        return _TOGETHER.join((mine, *others)[:_MOST])

    def device_of(self, told: str, name: str, stored: str, now: int) -> str:
        """A short name of the device from which this person signed in before; empty: from none."""
        owned = (o for o in self._marks(told, now) if self._is_owner(o, name, stored))
        return next((one.split(".")[1] for one in owned), "")

    def device_seen(self, told: str, now: int) -> str:
        """A short name of a device from which anybody signed in before; empty: from none."""
        return next((one.split(".")[1] for one in self._marks(told, now)), "")

    def _marks(self, told: str, now: int) -> Iterator[str]:
        """The marks that we made and that are not too old."""
        if len(told) > _LONGEST:
            return
        for one in told.split(_TOGETHER)[:_MOST]:
            core, _, tag = one.rpartition(".")
            ours = one.count(".") == _PARTS - 1 and _same(tag, self._tag("device", core))
            if ours and now - int(core.partition(".")[0], 16) < DEVICE_SECONDS:
                yield one

    def _is_owner(self, mark: str, name: str, stored: str) -> bool:
        at, random, owner, _ = mark.split(".")
        return bool(stored) and _same(owner, self._tag("owner", at, random, name, stored))

    def _tag(self, *told: str) -> str:
        data = "\n".join(told).encode("utf-8", "surrogatepass")
        return urlsafe_b64encode(hmac.digest(self._secret, data, sha256)).decode()[:_TAG]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
