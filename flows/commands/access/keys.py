"""`opis keys list, add, rotate, revoke`: keys of the portal and of stations."""

from collections.abc import Sequence
from datetime import UTC, datetime
from time import time

from flows.answers import Answer
from flows.archive import need_archive
from flows.commands.access.accounts import bounds_given, role_named
from flows.commands.person import person
from pipeline.accounts import keys
from pipeline.accounts.keys import Key
from pipeline.audit.noting import Noting
from pipeline.ledger import open_ledger
from schemas.errors import UsageError
from schemas.messages import label, say
from schemas.settings import Settings
from search.access.rights import SCOPES

ADDED, ROTATED, REVOKED = "key-add", "key-rotate", "key-revoke"
_DAY = 86_400


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""


def _state(key: Key) -> str:
    if key.revoked:
        return "revoked"
    return "expired" if 0 < key.ends <= time() else "valid"


def row_of(key: Key) -> dict[str, object]:
    """A key as JSON, without its secret."""
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role.value,
        "scopes": list(key.scopes),
        "stations": list(key.bounds.stations),
        "created": key.created,
        "expires": _day(key.ends),
        "revoked": key.revoked,
        "last_used": key.used,
        "state": _state(key),
    }


def _line(key: Key, language: str) -> str:
    ends = _day(key.ends)
    told = (
        label("role", key.role.value, language),
        label("key_state", _state(key), language),
        say("key_ends", language, day=ends) if ends else "",
        say("key_used", language, day=key.used) if key.used else "",
        ", ".join(key.scopes),
    )
    return f"{key.id}  {key.name:<20} {' · '.join(filter(None, told))}"


def list_keys(settings: Settings) -> Answer:
    """Every key, without its secret."""
    need_archive(settings)
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        every = keys.all_keys(connection)
    language = settings.interface_language
    lines = tuple(_line(one, language) for one in every) or (say("keys_none", language),)
    return Answer({"keys": [row_of(one) for one in every]}, lines)


def _scopes(given: Sequence[str] | None) -> tuple[str, ...]:
    for scope in given or ():
        if scope not in SCOPES:
            raise UsageError("setting-invalid", "--scope", value=scope)
    return tuple(given or ())


def add(
    settings: Settings,
    name: str,
    role: str,
    scope: Sequence[str] | None,
    station: Sequence[str] | None,
    days: int,
    by: str | None,
) -> Answer:
    """A new key, shown once; `days` until it ends, 0 for never."""
    need_archive(settings)
    scopes, bounds = _scopes(scope), bounds_given(None, None, station)
    ends = int(time()) + days * _DAY if days else 0
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        key, whole = keys.add_key(connection, name, role_named(role), bounds, scopes, ends)
        Noting(ledger, settings).note_command_in(connection, person(by), ADDED, f"key-{key.id}")
    return _shown(key, whole, settings.interface_language)


def _shown(key: Key, whole: str, language: str, **more: object) -> Answer:
    lines = (say("key_once", language), whole)
    return Answer({**row_of(key), "key": whole, **more}, lines)


def rotate(settings: Settings, ident: str, overlap: int, by: str | None) -> Answer:
    """A new key in the place of one, which holds for so many days more."""
    need_archive(settings)
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        old, new, whole = keys.rotate_key(connection, ident, overlap, int(time()))
        Noting(ledger, settings).note_command_in(connection, person(by), ROTATED, f"key-{old.id}")
    return _shown(new, whole, settings.interface_language, replaces=row_of(old))


def revoke(settings: Settings, ident: str, by: str | None) -> Answer:
    """The key is worth nothing from now on."""
    need_archive(settings)
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        key = keys.revoke_key(connection, ident)
        Noting(ledger, settings).note_command_in(connection, person(by), REVOKED, f"key-{key.id}")
    return Answer(row_of(key), (say("key_revoked", settings.interface_language, id=key.id),))
