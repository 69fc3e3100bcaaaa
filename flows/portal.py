"""What the application of `opis serve` keeps in the ledger's database, and whether its parts are ready."""

import logging
import shutil
from functools import partial

from pipeline.ledger import Ledger
from pipeline.portal.changes import Feed
from pipeline.portal.requests import RequestBook
from pipeline.portal.saved import SavedSearches
from schemas.settings import Settings
from search.backend import Backend
from search.portal.stores import Stores

_MB = 1 << 20


def stores_of(settings: Settings, ledger: Ledger, backend: Backend) -> Stores:
    """The feed, the requests and the searches of an archive; readiness of index, ledger and disk."""
    return Stores(
        Feed(ledger),
        RequestBook(ledger, settings.request_days),
        SavedSearches(ledger),
        {
            "index": partial(_index_answers, backend),
            "ledger": partial(_ledger_answers, ledger),
            "disk": partial(_has_room, settings),
        },
    )


def log_calls(settings: Settings) -> None:
    """Calls on stderr, where the setting asks for them."""
    if settings.access_log == "on":
        handler, log = logging.StreamHandler(), logging.getLogger("opis.access")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False


def _index_answers(backend: Backend) -> bool:
    return backend.count("public") >= 0


def _ledger_answers(ledger: Ledger) -> bool:
    Feed(ledger).page(limit=1)
    return True


def _has_room(settings: Settings) -> bool:
    usage = shutil.disk_usage(settings.archive)
    least = max(settings.free_mb * _MB, settings.free_share * usage.total)
    return usage.free >= least
