"""Where an embedded index stands on disk, who may write it, and which generation is in use.

`index/ROLE/` holds one folder a generation, the file `current` that names the one in use, and the
file `lock` that the only writer holds; the operating system lets go of it when a writer dies.
"""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import tantivy

from schemas.durable import make_folder, remove_leftovers, write_bytes_durably
from schemas.errors import InputError
from search.index.fields import INDEX_VERSION
from search.index.version import VERSION, current_generation, need_version
from search.writing import sign, signed

WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.05
_TRIES = 5
_ERRNO = re.compile(r"\bcode: (\d+)")


@contextmanager
def disk_named(root: Path) -> Iterator[None]:
    """What tantivy says of the disk as the OSError that it was, with the index's folder.

    Raises InputError("index-damaged") for what it says of anything else.
    """
    try:
        yield
    except ValueError as error:
        found = _ERRNO.search(str(error))
        if found is None:
            raise InputError("index-damaged", f"index/{root.name}", why=error) from error
        number = int(found[1])
        raise OSError(number, os.strerror(number), str(root)) from error


class Generations:
    """One role's index: generations of tantivy folders under `root`.

    A writer waits `patience` seconds for another, and never longer than WAIT_SECONDS.
    """

    def __init__(self, root: Path, schema: tantivy.Schema, patience: float = WAIT_SECONDS) -> None:
        self.root = root
        self.schema = schema
        self._patience = patience
        self._guard = Lock()
        self._open: tuple[str, tantivy.Index] | None = None
        self._seen = b""

    @property
    def current(self) -> str:
        """The generation in use; empty where there is none yet."""
        return current_generation(self.root)

    def need_version(self) -> None:
        """Raises InputError("index-outdated") where an older version of the program wrote."""
        need_version(self.root, self.current)

    def index(self) -> tantivy.Index | None:
        """The index as last committed by any process; None where there is none yet.

        Raises InputError("index-damaged") for one that cannot be opened, InputError("index-outdated")
        for one that an older version of the program wrote.
        """
        with self._guard:
            for attempt in range(_TRIES):
                name = self.current
                try:
                    return self._refreshed(name) if name else None
                except InputError:
                    if name == self.current:
                        raise
                except (ValueError, OSError) as error:
                    if name == self.current and attempt == _TRIES - 1:
                        raise self._damaged(error) from error
        return None

    def _refreshed(self, name: str) -> tantivy.Index:
        if self._open is None or self._open[0] != name:
            need_version(self.root, name)
            self._open = (name, self.opened(name))
            self._seen = b""
        # Its words, not its time: two commits within one tick of the clock bear the same.
        told = (self.root / name / "meta.json").read_bytes()
        if told != self._seen:
            self._open[1].reload()
            self._seen = told
        return self._open[1]

    def opened(self, name: str) -> tantivy.Index:
        """One generation; raises ValueError for a damaged one."""
        index = tantivy.Index.open(str(self.root / name))
        index.config_reader("manual")
        return index

    def _damaged(self, error: Exception) -> InputError:
        return InputError("index-damaged", f"index/{self.root.name}", why=error)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the writer's lock; raises InputError("index-busy") when another keeps it.

        The error's `detail` tells who: search/writing.py.
        """
        make_folder(self.root)
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(descriptor, f"index/{self.root.name}", min(self._patience, WAIT_SECONDS))
            sign(descriptor)
            remove_leftovers(self.root)
            yield
        finally:
            os.close(descriptor)

    def start(self) -> str:
        """A new, empty generation that is not in use yet; call it with the lock held."""
        known = [int(path.name) for path in self.root.glob("[0-9]*") if path.is_dir()]
        name = f"{max(known, default=0) + 1:06d}"
        make_folder(self.root / name)
        with disk_named(self.root):
            tantivy.Index(self.schema, str(self.root / name))
        write_bytes_durably(self.root / name / VERSION, str(INDEX_VERSION).encode("ascii"))
        return name

    def switch(self, name: str) -> None:
        """Makes a generation the one in use and removes all others."""
        write_bytes_durably(self.root / "current", name.encode("ascii"))
        for path in self.root.glob("[0-9]*"):
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)

    def ensure(self) -> None:
        """Makes an empty index where there is none; call it with the lock held."""
        if not self.current:
            self.switch(self.start())


def _take(descriptor: int, name: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise InputError("index-busy", name, **signed(descriptor).detail) from error
            time.sleep(_PAUSE_SECONDS)
        else:
            return
