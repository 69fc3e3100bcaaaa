"""The same application over Elasticsearch: everybody and staff see what they see over the other."""

import pytest

from schemas.settings import Settings
from search.backend import open_backend
from tests.search.caller_samples import WITH_PURPOSE
from tests.search.index_samples import Archive
from tests.search.web.web_samples import PUBLIC, SECRET, UNBOUNDED, UNIT, served

PATHS = (
    "/search?q=iluminat&group=document",
    "/search?fond=Primăria&sort=place&limit=2",
    "/suggest?q=ilum",
    f"/documents/{PUBLIC}",
    f"/documents/{PUBLIC}/similar",
    f"/documents/{SECRET}",
    f"/units/{UNIT}",
    f"/pages/{PUBLIC}.1/text",
)


def told(site):
    """Status and body of each answer, scores left out: the two engines count them differently."""
    answers = [site.client.get(f"/api/v1{path}") for path in PATHS]
    bodies = [a.json() if "json" in a.headers["content-type"] else a.text for a in answers]
    for hit in (hit for body in bodies if isinstance(body, dict) for hit in body.get("hits", ())):
        del hit["score"]
    return [(a.status_code, body) for a, body in zip(answers, bodies, strict=True)]


@pytest.mark.services
def test_both_backends_tell_the_same(site, tmp_path, elasticsearch_url, elasticsearch_prefix):
    settings = Settings(
        archive=tmp_path / "archive",
        elasticsearch_url=elasticsearch_url,
        elasticsearch_prefix=elasticsearch_prefix,
        **UNBOUNDED,
    )
    other = served(Archive(settings, lambda *, write=False: open_backend(settings, write=write)))
    assert told(other) == told(site)
    for one in (site, other):
        one.noted(WITH_PURPOSE)
    assert told(other) == told(site)
