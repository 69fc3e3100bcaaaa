"""Which version of the program wrote an embedded index, told without opening it."""

from pathlib import Path

from schemas.errors import InputError
from search.index.fields import INDEX_VERSION, ROLES

VERSION = "opis-version"
"""The file of a generation's folder that tells; indices of before it was written have none."""


def current_generation(root: Path) -> str:
    """The generation in use of one role's index; empty where there is none yet."""
    try:
        return (root / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def need_version(root: Path, name: str) -> None:
    """Raises InputError("index-outdated") for a generation that another version wrote.

    A generation that is gone is no matter of its version.
    """
    try:
        told = (root / name / VERSION).read_text(encoding="ascii")
    except FileNotFoundError:
        told = "" if (root / name).is_dir() else str(INDEX_VERSION)
    if told != str(INDEX_VERSION):
        raise InputError("index-outdated", f"index/{root.name}")


def outdated(folder: Path) -> InputError | None:
    """What is to be said of an archive's embedded index of another version; None of a good one."""
    for role in ROLES:
        root = folder / role
        try:
            if name := current_generation(root):
                need_version(root, name)
        except InputError as error:
            return error
    return None
