"""Where copies stand: proposed/DOCUMENT until they are published, then public/DOCUMENT.

A copy comes and goes with one rename, so that whatever kills the program leaves a whole copy or none.
"""

import shutil
from pathlib import Path
from uuid import uuid4

from schemas.durable import make_folder, sync_folder
from schemas.layout import UnitLayout

_GONE = ".gone-"


def proposed_copy(layout: UnitLayout, document: str) -> Path:
    """The folder of a copy that is not public."""
    return layout.public.with_name("proposed") / document


def copies_in(folder: Path) -> tuple[str, ...]:
    """The documents that have a folder under public/ or proposed/."""
    return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()


def remove_copy(copy: Path) -> bool:
    """Take a copy away at once, its files after that; whether there was one."""
    if not copy.exists():
        return False
    aside = copy.parent.with_name(f"{_GONE}{uuid4().hex}")
    copy.rename(aside)
    sync_folder(copy.parent)
    shutil.rmtree(aside, ignore_errors=True)
    _remove_empty(copy.parent)
    return True


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def remove_gone(layout: UnitLayout) -> None:
    """Delete what a killed program had taken away."""
    for path in layout.public.parent.glob(f"{_GONE}*"):
        shutil.rmtree(path, ignore_errors=True)


def put_public(layout: UnitLayout, document: str) -> None:
    """The proposed copy of a document becomes its public one."""
    source, target = proposed_copy(layout, document), layout.public_copy(document)
    make_folder(target.parent)
    remove_copy(target)
    make_folder(target.parent)
    source.rename(target)
    sync_folder(target.parent)
    _remove_empty(source.parent)
