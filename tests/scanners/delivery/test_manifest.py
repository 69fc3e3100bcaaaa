import contextlib
import json
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanners.delivery.manifest import check_manifest, read_identity, read_manifest
from schemas.errors import RefusedError
from schemas.records import Identity, encode
from schemas.sources import FileKind, Manifest, SourceFile


def written(tmp_path, content):
    path = tmp_path / "some.json"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_identity_keeps_what_it_knows(tmp_path):
    told = {"fond": "Primăria ", "an": "1990-1992", "file_certificate": 198.0, "etwas": 1}
    identity = read_identity(written(tmp_path, told))
    assert identity == Identity(fond="Primăria", an="1990-1992", file_certificate=198)
    assert type(identity.file_certificate) is int


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "JSON, 1:2"),
        ("[]", "JSON"),
        ('{"an": "ieri"}', "an"),
        ('{"fond": 3}', "fond"),
        ('{"fond": "\\ud800"}', "JSON"),
        ('{"file_certificate": 99999999999999999999999}', "file_certificate"),
        ('{"file_certificate": 1' + "0" * 5000 + "}", "JSON"),
        ("[" * 100_000, "JSON"),
        ('{"x":' * 900 + "1" + "}" * 900 + " ", None),
        ('{"fond": "' + "a" * (1 << 20) + '"}', "> 1 MiB"),
    ],
)
def test_a_bad_binder_json_says_where(tmp_path, content, why):
    path = written(tmp_path, content)
    if why is None:
        assert read_identity(path) == Identity()
        return
    with pytest.raises(RefusedError) as caught:
        read_identity(path)
    assert (caught.value.code, caught.value.detail["why"]) == ("binder-invalid", why)


def test_a_byte_order_mark_is_no_fault_and_latin_letters_are(tmp_path):
    path = tmp_path / "binder.json"
    path.write_bytes(b'\xef\xbb\xbf{"fond": "x"}')
    assert read_identity(path).fond == "x"
    path.write_bytes(b'{\n"fond": "\xe3"}')
    with pytest.raises(RefusedError) as caught:
        read_identity(path)
    assert caught.value.detail["why"] == "UTF-8, 2"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(list(Identity.__slots__)), inner, max_size=5)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=JSON)
def test_any_json_is_an_identity_that_can_be_stored_or_refused(value, tmp_path):
    path = written(tmp_path, value)
    with contextlib.suppress(RefusedError):
        assert encode(read_identity(path))


def test_manifest(tmp_path):
    digest = "AB" * 32
    files = [{"name": "./1.tif", "bytes": 3.0, "sha256": digest}, {"name": "sub\\2.tif"}]
    manifest = read_manifest(written(tmp_path, {"files": files, "leaves": 12}))
    assert manifest == Manifest({"1.tif": (3, digest.lower()), "sub/2.tif": (None, None)}, 12)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"files": [{"name": "a"},\n{"name": ""}]}', "2"),
        ('{"files": [\n{"name": "a"},\n\n{"bytes": 1}]}', "4"),
        ('{"leaves": 1}', "1"),
        ('{"files":\n[}', "2"),
    ],
)
def test_a_bad_manifest_names_the_line(tmp_path, content, line):
    with pytest.raises(RefusedError) as caught:
        read_manifest(written(tmp_path, content))
    assert (caught.value.code, caught.value.detail["n"]) == ("manifest-invalid", line)


@pytest.fixture
def delivered(tmp_path):
    (tmp_path / "1.tif").write_bytes(b"one")
    return SourceFile(tmp_path / "1.tif", "1.tif", FileKind.TIFF, 3)


ONE = sha256(b"one").hexdigest()


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"1.tif": (3, ONE)}, []),
        ({"1.tif": (None, None)}, []),
        ({}, []),
        ({"1.tif": (4, None)}, ["checksum-mismatch"]),
        ({"1.tif": (3, "0" * 64)}, ["checksum-mismatch"]),
        ({"1.tif": (3, ONE), "2.tif": (1, None), "3.tif": (1, None)}, ["manifest-waiting"]),
        ({"../1.tif": (3, ONE)}, ["manifest-waiting"]),
    ],
)
def test_the_files_against_the_stations_word(delivered, said, codes):
    assert [r.code for r in check_manifest([delivered], Manifest(said))] == codes


def test_hashes_known_already_are_not_read_again(delivered):
    delivered.path.unlink()
    manifest = Manifest({"1.tif": (3, ONE)})
    assert check_manifest([delivered], manifest, {"1.tif": ONE}) == ()


def test_missing_files_are_counted_and_named(delivered):
    said = {f"{n}.tif": (1, None) for n in range(10, 20)}
    (refusal,) = check_manifest([delivered], Manifest(said))
    assert refusal.detail == {"n": "10", "list": "10.tif, 11.tif, 12.tif, 13.tif, 14.tif, …"}
