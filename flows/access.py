"""Who may use the application of `opis serve`: accounts, the identity provider, the audit chain."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread

from pipeline.accounts.desk import AccountDesk
from pipeline.audit import keeping
from pipeline.audit.noting import Noting
from pipeline.ledger import Ledger
from schemas.errors import OpisError
from schemas.settings import Settings
from search.access.oidc.provider import Provider

_log = logging.getLogger("opis.audit")
_LOOK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Access:
    """What the application asks about its callers, and where it notes what they did."""

    accounts: AccountDesk
    provider: Provider | None
    audit: Noting


@contextmanager
def access_of(settings: Settings, ledger: Ledger) -> Iterator[Access]:
    """Accounts and audit in the ledger's database; meanwhile the chain is anchored as it grows."""
    with ExitStack() as stack:
        provider = Provider(settings) if settings.oidc_issuer else None
        if provider is not None:
            stack.callback(provider.close)
        audit = Noting(ledger, settings)
        stack.enter_context(_anchoring(settings, ledger))
        yield Access(AccountDesk(ledger, settings, audit), provider, audit)


@contextmanager
def _anchoring(settings: Settings, ledger: Ledger) -> Iterator[None]:
    """Anchors when they are due, and a last one at the end."""
    stop = Event()
    pause = min(_LOOK_SECONDS, settings.audit_minutes * 60)

    def work() -> None:
        while not stop.wait(pause):
            _kept(settings, ledger)

    thread = Thread(target=work, name="audit anchors", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(pause)
        with suppress(OpisError):
            keeping.anchor(ledger, settings)


def _kept(settings: Settings, ledger: Ledger) -> None:
    try:
        keeping.keep(ledger, settings)
    except OpisError as error:
        _log.error("audit chain not anchored: %s", error.code)
