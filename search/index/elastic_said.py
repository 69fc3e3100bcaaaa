"""What Elasticsearch says of itself, put into our words: refusals, and how full its disks are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_NAMED = 10
_DISK = "cluster.routing.allocation.disk."
_LOW, _FLOOD = (f"{_DISK}watermark.{stage}" for stage in ("low", "flood_stage"))
_LAYERS = ("defaults", "persistent", "transient")
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgtp]?)b?", re.IGNORECASE)
_POWERS = {unit: 1024**power for power, unit in enumerate(("", "k", "m", "g", "t", "p"))}


@dataclass(frozen=True, slots=True)
class Fullness:
    """Per cent used of a disk, and at how many it becomes read-only."""

    used: int
    stops: int


def refusal(item: Mapping[str, Any]) -> str:
    """Which page and what kind of error; never the sentence, which may cite the page's text."""
    result = next(iter(item.values()))
    error = result.get("error", {})
    kind = error.get("type", "unknown") if isinstance(error, Mapping) else "unknown"
    return f"{result.get('_id', '?')} ({kind})"


def listed(refused: Sequence[str]) -> str:
    """The first refusals, as one line."""
    return ", ".join(refused[:_NAMED]) + (" …" if len(refused) > _NAMED else "")


def disk_low(client: Any) -> Fullness | None:  # noqa: ANN401 its one module imports the client
    """What `nearly_full` says of the cluster that this client asks."""
    told = client.cluster.get_settings(include_defaults=True, flat_settings=True)
    return nearly_full(told.body, client.nodes.stats(node_id="data:true", metric="fs").body)


def nearly_full(told: Mapping[str, Any], stats: Mapping[str, Any]) -> Fullness | None:
    """The fullest disk past its low watermark; None where there is none, or it looks at none.

    `told` are the cluster's settings, flat and with defaults; `stats` are the nodes' `fs`.
    """
    settings = {key: value for layer in _LAYERS for key, value in told.get(layer, {}).items()}
    if settings.get(f"{_DISK}threshold_enabled") == "false":
        return None
    found = (_of_disk(settings, total, free) for total, free in _disks(stats))
    return max((one for one in found if one), key=lambda one: one.used, default=None)


def _disks(stats: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Bytes of each node's disk, all and free for Elasticsearch."""
    for node in stats.get("nodes", {}).values():
        total = node.get("fs", {}).get("total", {})
        if total.get("total_in_bytes"):
            yield total["total_in_bytes"], total.get("available_in_bytes", 0)


def _of_disk(settings: Mapping[str, str], total: int, free: int) -> Fullness | None:
    low, flood = (_kept_free(settings, stage, total) for stage in (_LOW, _FLOOD))
    if free >= low:
        return None
    return Fullness(round(100 * (1 - free / total)), round(100 * (1 - flood / total)))


def _kept_free(settings: Mapping[str, str], stage: str, total: int) -> float:
    """Bytes that have to be free: a watermark is a share used, a ratio of it, or bytes free."""
    mark = settings.get(stage, "")
    percent = mark.endswith("%")
    try:
        used = float(mark.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        return _bytes(mark)
    most = _bytes(settings.get(f"{stage}.max_headroom", ""))
    kept = max(0.0, 1 - used) * total
    return min(kept, most) if most else kept


def _bytes(size: str) -> float:
    """1.5gb as bytes; 0 for what is none, such as -1."""
    found = _SIZE.fullmatch(size.strip())
    return float(found[1]) * _POWERS[found[2].lower()] if found else 0.0


def without_credentials(url: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
