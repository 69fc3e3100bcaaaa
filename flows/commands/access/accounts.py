"""`opis accounts list, add, change, remove`, and the first administrator of `opis serve --init`."""

from collections.abc import Sequence

from flows.answers import Answer
from flows.archive import need_archive
from flows.commands.access.asking import new_secret
from flows.commands.person import person
from pipeline.accounts import people
from pipeline.accounts.people import Account, Bounds
from pipeline.audit.noting import Noting
from pipeline.ledger import open_ledger
from schemas.access import Role
from schemas.errors import InputError, UsageError
from schemas.messages import label, say
from schemas.settings import Settings

FIRST = "admin"
ADDED, CHANGED, REMOVED = "account-add", "account-change", "account-remove"


def role_named(text: str) -> Role:
    """The role of that code; raises UsageError setting-invalid."""
    try:
        return Role(text)
    except ValueError as error:
        raise UsageError("setting-invalid", "--role", value=text) from error


def bounds_given(
    institution: Sequence[str] | None,
    department: Sequence[str] | None,
    station: Sequence[str] | None,
) -> Bounds:
    """Bounds as options give them."""
    return Bounds(tuple(institution or ()), tuple(department or ()), tuple(station or ()))


def row_of(account: Account) -> dict[str, object]:
    """An account as JSON; `audit` is what the audit chain calls it."""
    b = account.bounds
    return {
        "name": account.name,
        "role": account.role.value,
        "institutions": list(b.institutions),
        "departments": list(b.departments),
        "stations": list(b.stations),
        "active": account.active,
        "created": account.created,
        "changed": account.changed,
        "audit": f"account-{account.seq}",
    }


def _line(account: Account, language: str) -> str:
    b = account.bounds
    state = "" if account.active else say("account_closed", language)
    parts = (*b.institutions, *b.departments, *b.stations, state)
    role = label("role", account.role.value, language)
    return f"{account.name:<24} {role:<14} {' · '.join(filter(None, parts))}".rstrip()


def list_accounts(settings: Settings) -> Answer:
    """Everybody who has an account."""
    need_archive(settings)
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        every = people.all_accounts(connection)
    language = settings.interface_language
    lines = tuple(_line(one, language) for one in every) or (say("accounts_none", language),)
    return Answer({"accounts": [row_of(one) for one in every]}, lines)


def _told(account: Account, key: str, password: str, language: str) -> Answer:
    """`password` where one was made: this is the one time that it is shown."""
    payload = row_of(account) | ({"password": password} if password else {})
    shown = (say("password_once", language, password=password),) if password else ()
    return Answer(payload, (say(key, language, name=account.name), *shown))


def add(
    settings: Settings,
    name: str,
    role: str,
    institution: Sequence[str] | None,
    department: Sequence[str] | None,
    station: Sequence[str] | None,
    by: str | None,
) -> Answer:
    """A new account; its password is asked, read from stdin, or made and shown once."""
    need_archive(settings)
    chosen, bounds = role_named(role), bounds_given(institution, department, station)
    people.need_role(chosen, bounds)
    password, made = new_secret(settings.interface_language)
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        account = people.add_account(connection, name, chosen, bounds, password)
        Noting(ledger, settings).note_command_in(
            connection, person(by), ADDED, f"account-{account.seq}"
        )
    return _told(account, "account_added", password if made else "", settings.interface_language)


def change(
    settings: Settings,
    name: str,
    role: str | None,
    institution: Sequence[str] | None,
    department: Sequence[str] | None,
    station: Sequence[str] | None,
    close: bool,
    reopen: bool,
    new_password: bool,
    by: str | None,
) -> Answer:
    """What is given is changed; bounds are given whole. Whoever was signed in signs in again."""
    need_archive(settings)
    language = settings.interface_language
    if close and reopen:
        raise UsageError("setting-invalid", "--reopen", value="--close")
    password, made = new_secret(language) if new_password else ("", False)
    bounds = bounds_given(institution, department, station)
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        account = people.change_account(
            connection,
            name,
            role=role_named(role) if role else None,
            bounds=bounds if bounds != Bounds() else None,
            active=False if close else True if reopen else None,
            password=password,
        )
        Noting(ledger, settings).note_command_in(
            connection, person(by), CHANGED, f"account-{account.seq}"
        )
    return _told(account, "account_changed", password if made else "", language)


def remove(settings: Settings, name: str, by: str | None) -> Answer:
    """The account is gone; what the audit chain tells of it stays."""
    need_archive(settings)
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        account = people.remove_account(connection, name)
        Noting(ledger, settings).note_command_in(
            connection, person(by), REMOVED, f"account-{account.seq}"
        )
    return _told(account, "account_removed", "", settings.interface_language)


def first_admin(settings: Settings) -> tuple[str, str]:
    """The first administrator: name, and the password where one was made, to be shown once.

    Raises InputError admin-exists, password-weak, password-differs.
    """
    with open_ledger(settings) as ledger:
        with ledger.reading() as connection:
            if people.has_admin(connection):
                raise InputError("admin-exists")
        password, made = new_secret(settings.interface_language)
        with ledger.writing() as connection:
            if people.has_admin(connection):
                raise InputError("admin-exists")
            account = people.add_account(connection, FIRST, Role.ADMIN, Bounds(), password)
            Noting(ledger, settings).note_command_in(
                connection, person(None), ADDED, f"account-{account.seq}"
            )
    return account.name, password if made else ""
