"""An error of the disk names the file that was to be written, never a temporary one."""

import os

import pytest

from schemas.durable import remove_leftovers, write_bytes_durably


def test_a_write_that_fails_names_its_target_and_leaves_nothing(tmp_path, monkeypatch):
    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space") as told:
        write_bytes_durably(tmp_path / "a.xml", b"x")
    assert told.value.filename == str(tmp_path / "a.xml")
    assert list(tmp_path.iterdir()) == []
    assert remove_leftovers(tmp_path) == 0


def test_a_name_that_cannot_be_given_names_the_target(tmp_path):
    (tmp_path / "a.xml").mkdir()
    with pytest.raises(OSError, match="directory") as told:
        write_bytes_durably(tmp_path / "a.xml", b"x")
    assert (told.value.filename, told.value.filename2) == (str(tmp_path / "a.xml"), None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xml"]


def test_what_others_may_be_writing_now_is_left_alone(tmp_path):
    fresh, old = tmp_path / ".a.part", tmp_path / ".b.part"
    for path in (fresh, old, tmp_path / "c.part"):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert remove_leftovers(tmp_path, 3600) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.part", "c.part"]
