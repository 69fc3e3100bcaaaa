"""The language of sentences in answers: the caller's first that there is, by Accept-Language."""

from starlette.requests import Request

from schemas.messages import LANGUAGES

_MOST = 20


def language_of(request: Request) -> str:
    """Romanian or English; where neither is asked for, the setting."""
    asked = request.headers.get("accept-language", "")
    return best_language(asked, request.app.state.settings.interface_language)


def best_language(asked: str, otherwise: str) -> str:
    """The language of LANGUAGES that a header Accept-Language ranks highest."""
    ranked = [_ranked(part) for part in asked.split(",")[:_MOST]]
    known = [(weight, name) for weight, name in ranked if name in LANGUAGES and weight > 0]
    if not known:
        return otherwise
    return max(known, key=lambda pair: pair[0])[1]


def _ranked(part: str) -> tuple[float, str]:
    name, _, weight = part.strip().partition(";")
    short = name.strip().split("-")[0].lower()
    return _weight(weight), short


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
