"""An empty archive with one of the two backends, for as long as it is measured."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from schemas.settings import Settings

_HEAP_MB = 2048


@contextmanager
def served(backend: str, folder: Path, *, lasting: bool = False) -> Iterator[Settings]:
    """Settings of an archive below `folder`; Elasticsearch is started where none is given.

    `lasting`: it keeps its data in `folder`.
    """
    settings = Settings(archive=folder / "archive", elasticsearch_prefix="opis-finding")
    if backend == "embedded":
        yield settings
        return
    serving = importlib.import_module("tests.services.elasticsearch").served_elasticsearch
    kept = folder / "elasticsearch" if lasting else None
    with serving(data=kept, heap_mb=_HEAP_MB) as url:
        yield replace(settings, elasticsearch_url=url)
