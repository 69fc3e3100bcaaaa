"""Calls a second within the limit, and what a flood from outside costs staff."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from benchmarks.load.calling import Timed, call_for
from benchmarks.load.running import served
from benchmarks.load.served import STAFF

LIMIT_MS = 200.0
_LINES = (1, 2, 4, 8, 16, 32)
_FLOOD = 64
_UNLIMITED = {"anonymous_calls": 1e6, "staff_calls": 1e6, "public_waiting": 100_000}
_WARMING = 3.0


def most(archive: Path, paths: Sequence[str], seconds: float, workers: int) -> dict[str, object]:
    """Calls a second by connections, and the most of them at which p95 keeps to the limit."""
    settings = {**_UNLIMITED, "serve_workers": workers}
    with served((archive,), settings) as (port,):
        asyncio.run(call_for(port, paths, 4, _WARMING, {}))
        steps = {
            lines: asyncio.run(call_for(port, paths, lines, seconds, {})).told() for lines in _LINES
        }
    within = [step for step in steps.values() if step["p95_ms"] <= LIMIT_MS]
    best = max(within, key=lambda step: step["calls_per_second"], default=None)
    return {
        "by_connections": steps,
        "calls_per_second": best["calls_per_second"] if best else 0.0,
        "p95_ms": best["p95_ms"] if best else None,
        "limit_ms": LIMIT_MS,
    }


async def _flooded(port: int, paths: Sequence[str], seconds: float) -> tuple[Timed, Timed]:
    """Staff, one call after the other, and 64 connections that call as fast as they can."""
    return await asyncio.gather(
        call_for(port, paths, 1, seconds, STAFF), call_for(port, paths, _FLOOD, seconds, {})
    )


def harm(
    archive: Path, paths: Sequence[str], seconds: float, workers: int, limited: bool
) -> dict[str, object]:
    """Staff's searches alone and during a flood; `limited`: of one address, else of countless."""
    settings = {"staff_calls": 1e6, "serve_workers": workers}
    settings |= {} if limited else _UNLIMITED
    with served((archive,), settings) as (port,):
        for headers in (STAFF, {}):  # both indexes are opened before anything is measured
            asyncio.run(call_for(port, paths, 1, _WARMING, headers))
        alone = asyncio.run(call_for(port, paths, 1, seconds, STAFF)).told()
        staff, flood = asyncio.run(_flooded(port, paths, seconds))
    told = staff.told()
    return {
        "staff_alone": alone,
        "staff_while_flooded": told,
        "flood": flood.told(),
        "within": told["p95_ms"] <= LIMIT_MS and not staff.refused and not staff.failed,
    }
