"""What the errors of Elasticsearch mean to us; beside search.elastic the only module with its client."""

from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    NotFoundError,
    TransportError,
)

from schemas.errors import ServiceError

_TOO_MANY, _SERVER_ERROR = 429, 500
BUSY = (_TOO_MANY, 502, 503, 504)
"""Answers that another try after a pause may better: too much to do, or a part not there just now."""
_BLOCKED = "cluster_block_exception"


class PassingError(Exception):
    """The index that a search was asking has been replaced, or cannot answer at this moment."""


@contextmanager
def answering(shown: str) -> Iterator[None]:
    """Errors as ServiceError of the address `shown`; those that the caller has to know as they are."""
    try:
        yield
    except (AuthenticationException, AuthorizationException) as error:
        code = "disk-full" if _is_block(error) else "refuses"
        raise ServiceError(f"elasticsearch-{code}", shown) from error
    except TransportError as error:
        raise ServiceError("elasticsearch-unreachable", shown) from error
    except ApiError as error:
        if _is_block(error):
            raise ServiceError("elasticsearch-disk-full", shown) from error
        if error.status_code == _TOO_MANY:
            raise ServiceError("elasticsearch-busy", shown) from error
        if error.status_code >= _SERVER_ERROR:
            raise ServiceError("elasticsearch-unreachable", shown) from error
        raise


@contextmanager
def looking(shown: str) -> Iterator[None]:
    """The same for one look into an index; raises PassingError where to look again may help.

    An index is deleted as soon as another has taken its place: its parts go one after the other.
    """
    try:
        with answering(shown):
            yield
    except NotFoundError as error:
        raise PassingError from error
    except ServiceError as error:
        cause = error.__cause__
        if isinstance(cause, ApiError) and cause.status_code in BUSY:
            raise PassingError from error
        raise


def _is_block(error: ApiError) -> bool:
    """The flood-stage watermark of the disk makes indices read-only; the words differ by version."""
    return error.error == _BLOCKED
