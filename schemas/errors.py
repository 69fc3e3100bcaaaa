"""Errors that people see: each carries its exit code, and by its code a cause and a remedy."""

import errno
import os

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_TOO_MANY = frozenset({errno.EMFILE, errno.ENFILE})


class OpisError(Exception):
    """`code` is a key of [reason] in the message tables; `file` names what it is about."""

    exit_code = 1

    def __init__(self, code: str, file: str = "", **detail: object) -> None:
        super().__init__(f"{code}: {file}" if file else code)
        self.code = code
        self.file = file
        self.detail = {key: str(value) for key, value in detail.items()}

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.code, self.file, self.detail)


def _again(kind: type[OpisError], code: str, file: str, detail: dict[str, str]) -> OpisError:
    """Let an error cross from a process of the pool with all that it says."""
    return kind(code, file, **detail)


class UsageError(OpisError):
    """The command line cannot be understood."""

    exit_code = 2


class InputError(OpisError):
    """An input or the archive cannot be used."""

    exit_code = 4


def of_system(error: OSError) -> InputError | None:
    """What the operating system refused, by its cause; None where it told no number."""
    file = str(error.filename or "")
    if error.errno is None:
        return None
    if error.errno in _FULL:
        return InputError("disk-full", file)
    if error.errno in _TOO_MANY:
        return InputError("too-many-files", file)
    return InputError("archive-unusable", file, why=os.strerror(error.errno))


class ServiceError(OpisError):
    """A service (Elasticsearch, PostgreSQL, Prefect) cannot be reached."""

    exit_code = 5


class AccessError(OpisError):
    """The caller is not known, or may not do this."""

    exit_code = 4


class RefusedError(OpisError):
    """A file that goes to quarantine: never crosses the limits of its file."""

    exit_code = 3


class PageFailedError(OpisError):
    """A page that cannot be opened or read: a finding of its unit, never more."""

    exit_code = 3
