"""Removed pages out of the statistics of an Elasticsearch index."""

from time import monotonic, sleep
from typing import Any

_SECONDS, _PAUSE_SECONDS = 50.0, 2.0
_MERGE_SECONDS = 600.0


def expunge(client: Any, index: str) -> bool:  # noqa: ANN401 its one module imports the client
    """Merges every part that holds a removed page; whether none is left.

    What was removed is kept for replicas until the next look at them, half a minute later at most.
    """
    until = monotonic() + _SECONDS
    every = {"index.merge.policy.expunge_deletes_allowed": 0}
    client.indices.put_settings(index=index, settings=every)
    while removed(client, index):
        slow = client.options(request_timeout=_MERGE_SECONDS)
        slow.indices.flush(index=index)
        slow.indices.forcemerge(index=index, only_expunge_deletes=True)
        slow.indices.refresh(index=index)
        if monotonic() > until:
            return False
        if removed(client, index):
            sleep(_PAUSE_SECONDS)
    return True


def removed(client: Any, index: str) -> int:  # noqa: ANN401 its one module imports the client
    """How many removed pages are counted still."""
    told = client.indices.stats(index=index, metric="docs")
    return int(told["_all"]["primaries"].get("docs", {}).get("deleted", 0))
