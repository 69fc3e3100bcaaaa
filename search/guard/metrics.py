"""Figures for Prometheus: calls by route, method, status and kind of caller; never an id or a query.

With several processes each writes to files of a shared folder (PROMETHEUS_MULTIPROC_DIR, set by
whoever starts them) and any of them tells the sums.
"""

import os
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.exceptions import HTTPException

from schemas.access import Caller, Role
from schemas.settings import Settings
from search.access.callers import caller_of
from search.access.rights import METRICS, allowed
from search.guard.clients import is_direct_local

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 10.0)
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"


def route_of(scope: Mapping[str, object]) -> str:
    """The declared address that answered, such as /d/{document}/p/{n}."""
    return str(getattr(scope.get("route"), "path", UNMATCHED))


def kind_of(caller: Caller) -> str:
    """Public, portal or staff."""
    named = {Role.ANONYMOUS: "public", Role.PORTAL: "portal"}
    return named.get(caller.role, "staff")


class Metrics:
    """The figures of one application."""

    def __init__(self, settings: Settings) -> None:
        self._open = settings.metrics == "open"
        self.registry = CollectorRegistry()
        labels = ("route", "method", "status", "caller")
        self._calls = Counter("opis_http_calls", "Calls answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "opis_http_seconds",
            "Time to the first byte of an answer (seconds).",
            ("route", "caller"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._refused = Counter(
            "opis_http_refused", "Calls over a limit.", ("why", "caller"), registry=self.registry
        )
        self._under_way = Gauge(
            "opis_http_under_way",
            "Calls being answered.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def began(self) -> None:
        """A call came in."""
        self._under_way.inc()

    def ended(self, route: str, method: str, status: int, kind: str, seconds: float) -> None:
        """It was answered, or given up on."""
        self._under_way.dec()
        name = method if method in _METHODS else "other"
        self._calls.labels(route, name, str(status), kind).inc()
        self._seconds.labels(route, kind).observe(seconds)

    def refused(self, why: str, kind: str) -> None:
        """A call was over a limit."""
        self._refused.labels(why, kind).inc()

    def show(self, request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
        """All figures in Prometheus' text format, for this machine and administrators."""
        peer = str(request.scope.get("opis.peer", ""))
        local = is_direct_local(peer, request.headers)
        if not (self._open or local or allowed(caller, METRICS)):
            raise HTTPException(404)
        return Response(
            generate_latest(self._told()),
            media_type=CONTENT_TYPE_LATEST,
            headers={"Cache-Control": "no-store"},
        )

    def _told(self) -> CollectorRegistry:
        if _FOLDER not in os.environ:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the package leaves it untyped
        return together

    def router(self) -> APIRouter:
        """/metrics; not part of the API's description."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/metrics", self.show)
        return router
