"""An index that an older version of the program wrote is noticed, named, and made anew by reindex."""

import httpx
import pytest

from schemas.errors import InputError
from search.health import index_trouble
from search.index.elastic_bodies import MAPPINGS
from search.index.version import VERSION
from search.query import parse
from tests.search.index_samples import A, Archive, pages_found, sample


def make_old(archive: Archive) -> None:
    """Has the archive's staff index look as the version before left it."""
    settings = archive.settings
    if not settings.elasticsearch_url:
        staff = settings.layout.index / "staff"
        (staff / (staff / "current").read_text() / VERSION).unlink()
        return
    name = f"{settings.elasticsearch_prefix}-staff"
    old = {**MAPPINGS, "_meta": {"opis_version": 1}}
    with httpx.Client(base_url=settings.elasticsearch_url, trust_env=False) as client:
        client.put(f"/{name}/_mapping", json={"_meta": old["_meta"]}).raise_for_status()


def test_an_older_index_is_named_and_a_rebuild_makes_it_anew(archive):
    archive.fill(*sample())
    make_old(archive)
    reader = archive.open()

    for act in (
        lambda: reader.search(parse("strada"), {}),
        reader.count,
        lambda: reader.terms("str"),
        lambda: archive.open(write=True),
        lambda: reader.replace_unit(A, sample()[0]),
    ):
        with pytest.raises(InputError, match="index-outdated"):
            act()
    renewing = archive.open(write=True, renew=True)
    assert renewing.rebuild(sample()[0]) == 3
    assert pages_found(reader, "crinului") == [(A, 2)]
    assert archive.open(write=True).count() == 3


def test_an_older_index_is_told_of_before_anything_is_asked(embedded):
    assert index_trouble(embedded.settings) is None
    embedded.fill(*sample())
    assert index_trouble(embedded.settings) is None
    make_old(embedded)

    assert index_trouble(embedded.settings).code == "index-outdated"
