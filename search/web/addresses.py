"""Under which addresses the application answers, and as what it names itself."""

from fastapi import Request

from schemas.settings import Settings

API = "/api/v1"
PUBLIC_API = "/api/v1/public"


def origin(request: Request) -> str:
    """Scheme and host of absolute addresses, without a slash: the setting, else as it was asked."""
    settings: Settings = request.app.state.settings
    return (settings.site_url or str(request.base_url)).rstrip("/")
