"""Joins to an application what is around search: endpoints, pages, and what guards all of them."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from schemas.settings import Settings
from search.backend import Backend
from search.guard.guard import Guard
from search.guard.headers import EXPOSED, listed_origins
from search.guard.limits import Budgets
from search.guard.metrics import Metrics
from search.portal.atom import AtomService
from search.portal.changes import ChangesService
from search.portal.form import FormPages
from search.portal.health import HealthService
from search.portal.oai.service import OaiService
from search.portal.requests import RequestsService
from search.portal.saved import SavedService
from search.portal.stores import Stores


def join_portal(app: FastAPI, settings: Settings, backend: Backend, stores: Stores) -> None:
    """Endpoints and pages of the portal, and the guard of every call, outermost."""
    budgets, metrics = Budgets(settings), Metrics(settings)
    parts = (
        ChangesService(stores),
        RequestsService(stores, budgets),
        SavedService(stores),
        AtomService(settings, backend, stores),
        OaiService(settings, stores),
        FormPages(settings, stores, budgets),
        HealthService(stores),
        metrics,
    )
    for part in parts:
        app.include_router(part.router())
    if origins := listed_origins(settings):
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=(
                *("Authorization", "Content-Type", "Request-Secret"),
                *("If-None-Match", "Range", "If-Range"),
            ),
            expose_headers=EXPOSED,
            max_age=3600,
        )
    app.add_middleware(Guard, settings=settings, budgets=budgets, metrics=metrics)
