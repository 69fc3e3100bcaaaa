"""Liveness and readiness, for whoever watches over the service."""

from collections.abc import Mapping

from fastapi import APIRouter

from schemas.errors import InputError, OpisError
from search.portal.models import Alive, Ready
from search.portal.problem_docs import problems
from search.portal.stores import Probe, Stores


class HealthService:
    """/api/v1/health and /api/v1/ready."""

    def __init__(self, stores: Stores) -> None:
        self._probes: Mapping[str, Probe] = stores.probes

    async def health(self) -> Alive:
        """The process answers; nothing else is asked of it."""
        return Alive()

    def ready(self) -> Ready:
        """Index, ledger and disk can be used; 503 names the parts that can not."""
        parts = {name: _holds(probe) for name, probe in self._probes.items()}
        wrong = sorted(name for name, holds in parts.items() if not holds)
        if wrong:
            raise InputError("not-ready", parts=", ".join(wrong))
        return Ready(parts=parts)

    def router(self) -> APIRouter:
        """The two addresses."""
        router = APIRouter(tags=["service"])
        router.add_api_route("/api/v1/health", self.health, summary="The process answers")
        router.add_api_route(
            "/api/v1/ready",
            self.ready,
            summary="Index, ledger and disk are ready",
            responses=problems(429, 503),
        )
        return router


def _holds(probe: Probe) -> bool:
    try:
        return probe()
    except (OpisError, OSError):
        return False
