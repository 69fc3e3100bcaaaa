"""An archive of two small binders, made once; a copy of it for each test."""

import pytest

from tests.flows.opis_command import Place, copied
from tests.services.once import made_once


@pytest.fixture(scope="session")
def first(small_binders, tmp_path_factory):
    """An archive of two small binders, to be left as it is."""

    def make(root):
        (root / "small").symlink_to(small_binders)
        assert Place(root).run("scan-batch", "small", "--json").code == 0

    return Place(made_once(tmp_path_factory, "rearranging", make))


@pytest.fixture
def place(first, tmp_path):
    """A copy to be changed, beside the same files."""
    (tmp_path / "small").symlink_to((first.root / "small").resolve())
    return copied(first, tmp_path)
