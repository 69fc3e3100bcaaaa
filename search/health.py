"""Whether the index can be written to, asked without loading an engine that is not in use."""

import importlib
from typing import cast

from schemas.errors import OpisError
from schemas.settings import Settings
from search.index.version import outdated


def index_trouble(settings: Settings) -> OpisError | None:
    """Why nothing can be written to the index now; None where there is no trouble."""
    if not settings.elasticsearch_url:
        return outdated(settings.layout.index)
    module = importlib.import_module("search.elastic")
    backend = module.ElasticBackend(settings)
    try:
        return cast("OpisError | None", backend.trouble())
    finally:
        backend.close()
