import os
from hashlib import sha256

import pytest

from scanners.intake import content_key, copy_original, hash_file
from schemas.errors import RefusedError
from schemas.sources import FileKind, SourceFile


def source(path, size=None):
    return SourceFile(path, path.name, FileKind.PDF, path.stat().st_size if size is None else size)


def test_a_copy_is_the_same_bytes_and_its_hash_is_told(tmp_path):
    data = os.urandom((1 << 20) * 2 + 17)
    (tmp_path / "a.pdf").write_bytes(data)
    target = tmp_path / "unit" / "originals" / "a.pdf"
    assert copy_original(source(tmp_path / "a.pdf"), target) == sha256(data).hexdigest()
    assert target.read_bytes() == data
    assert hash_file(target) == sha256(data).hexdigest()
    assert [p.name for p in target.parent.iterdir()] == ["a.pdf"]


def test_what_cannot_be_copied_leaves_nothing(tmp_path):
    (tmp_path / "grown").write_bytes(b"123456")
    (tmp_path / "link").symlink_to(tmp_path / "grown")
    os.mkfifo(tmp_path / "fifo")
    cases = {
        source(tmp_path / "gone", 3): "vanished",
        source(tmp_path / "grown", 5): "changed",
        source(tmp_path / "link", 6): "special-file",
        source(tmp_path / "fifo", 6): "special-file",
        source(tmp_path, 6): "special-file",
    }
    for file, code in cases.items():
        with pytest.raises(RefusedError) as caught:
            copy_original(file, tmp_path / "unit" / "x")
        assert caught.value.code == code
        assert list((tmp_path / "unit").iterdir()) == []


def test_the_content_key_knows_order_and_bytes():
    one, two = "a" * 64, "b" * 64
    assert content_key([one, two]) == content_key([one.upper(), two])
    assert len({content_key(k) for k in ([one, two], [two, one], [one], [one, one], [])}) == 5
