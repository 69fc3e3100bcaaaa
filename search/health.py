"""Whether the index can be written to, asked without loading an engine that is not in use."""

import importlib
from typing import cast

from schemas.errors import ServiceError
from schemas.settings import Settings


def index_trouble(settings: Settings) -> ServiceError | None:
    """Why nothing can be written to the index now; None where there is no trouble, or embedded."""
    if not settings.elasticsearch_url:
        return None
    module = importlib.import_module("search.elastic")
    backend = module.ElasticBackend(settings)
    try:
        return cast("ServiceError | None", backend.trouble())
    finally:
        backend.close()
