"""The public index counts no word of what is public no more, so that no score tells of it.

Elasticsearch merges what holds removed pages. The embedded index is written anew where it does: the units that
stand in one part with removed pages, one after the other from their public copies, while others search and
publish; parts that were merged meanwhile have forgotten by themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flows.progress import Progress
from flows.run import Run, open_run
from flows.stages.indexing import PUBLIC, index_public
from schemas.settings import Settings

_MOST_PAGES = 20_000
"""What is written anew in less than a minute; more is left to `opis reindex`."""
_TIMES = 2


def forget(run: Run) -> bool:
    """Nothing that is public no more counts in a score; whether that is so now."""
    home = run.settings.layout
    units = tuple(row.id for row in run.ledger.units() if home.unit(row.id).public.is_dir())
    left = run.index.forget(units, PUBLIC)
    if sum(run.index.count(PUBLIC, unit=one) for one in left) > _MOST_PAGES:
        return False
    for _ in range(_TIMES * len(left)):
        if left:
            index_public(home.unit(left[0]), run)
            left = run.index.forget(units, PUBLIC)
    return not left


@contextmanager
def forgetting_run(settings: Settings, progress: Progress) -> Iterator[Run]:
    """A run after which the public index forgets what the run took back."""
    with open_run(settings, progress) as run:
        yield run
        if run.gone.is_set():
            forget(run)
