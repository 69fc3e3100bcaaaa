"""Joins to an application who is asking and what he may do: gate, identification, sign-in."""

from fastapi import FastAPI

from search.access.identifying import Identifier, no_tokens
from search.access.signing.endpoints import SessionEndpoints
from search.access.signing.pages import SignInPages
from search.web.parts import Parts


def join_access(app: FastAPI, parts: Parts) -> None:
    """Endpoints and pages of sessions; callers are found by the accounts, where there are any."""
    settings, accounts, provider = parts.settings, parts.accounts, parts.provider
    app.state.audit = parts.audit
    app.state.identify = parts.identify
    app.state.accounts = accounts
    if accounts is not None:
        read_token = provider.of_bearer if provider is not None else no_tokens
        app.state.identify = Identifier(accounts, read_token, settings.site_url)
    app.include_router(SessionEndpoints(settings, accounts).router())
    app.include_router(SignInPages(settings, accounts, provider).router())
