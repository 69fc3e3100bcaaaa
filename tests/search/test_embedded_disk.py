"""What the disk does to the embedded index is told as the disk's, with its place."""

import errno

import pytest

from schemas.errors import InputError
from search.generations import disk_named

FULL = (
    "Failed to open file for write: 'IoError { io_error: Custom { kind: StorageFull, error: "
    'PathError { path: "a", err: Os { code: 28, kind: StorageFull, message: "No space left on '
    "device\" } } } }'"
)


def test_an_error_of_the_disk_stays_one(tmp_path):
    with pytest.raises(OSError, match="No space") as told, disk_named(tmp_path / "staff"):
        raise ValueError(FULL)
    assert told.value.errno == errno.ENOSPC
    assert told.value.filename == str(tmp_path / "staff")


def test_anything_else_is_damage(tmp_path):
    with pytest.raises(InputError) as told, disk_named(tmp_path / "staff"):
        raise ValueError("Data corrupted")
    assert (told.value.code, told.value.file) == ("index-damaged", "index/staff")
