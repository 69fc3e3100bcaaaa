"""The archive's folder: there already, or made."""

from schemas.durable import make_folder
from schemas.errors import InputError
from schemas.settings import Settings


def need_archive(settings: Settings) -> None:
    """Raise InputError archive-missing where there is no archive yet."""
    if not settings.archive.is_dir():
        raise InputError("archive-missing", str(settings.archive))


def prepare_archive(settings: Settings) -> None:
    """Make the archive's folder; raises InputError where it cannot be used."""
    try:
        make_folder(settings.archive)
    except OSError as error:
        raise InputError("archive-unusable", str(settings.archive), why=error.strerror) from error
