"""Elasticsearch's flood-stage watermark makes its indices read-only: named, shown, got over."""

from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest

from flows.commands.status import status
from schemas.settings import load_settings
from tests.flows.watching_samples import page, receipt, station_of, station_place, watch

pytestmark = pytest.mark.services
BLOCK = "index.blocks.read_only_allow_delete"


@pytest.fixture
def place(tmp_path, elasticsearch_url, elasticsearch_prefix):
    return station_place(
        tmp_path,
        OPIS_ELASTICSEARCH_URL=elasticsearch_url,
        OPIS_ELASTICSEARCH_PREFIX=elasticsearch_prefix,
    )


@pytest.fixture
def block(elasticsearch_url, elasticsearch_prefix):
    def set_to(value):
        url = f"{elasticsearch_url}/{elasticsearch_prefix}-*/_settings"
        httpx.put(url, json={BLOCK: value}).raise_for_status()

    return set_to


@pytest.fixture
def low_watermark(elasticsearch_url):
    """The disk is past its low watermark: more bytes have to be free than any disk has."""
    disk = "cluster.routing.allocation.disk"
    low = {f"{disk}.threshold_enabled": True, f"{disk}.watermark.low": "900tb"}
    stages = {f"{disk}.watermark.{stage}": "1mb" for stage in ("high", "flood_stage")}
    every = {**low, **stages}
    url = f"{elasticsearch_url}/_cluster/settings"
    httpx.put(url, json={"transient": every}).raise_for_status()
    yield
    httpx.put(url, json={"transient": dict.fromkeys(every)}).raise_for_status()


def settings(place):
    return load_settings({"archive": place.archive}, place.environment)


@contextmanager
def kept(block):
    """Elasticsearch looks after its blocks every 30 seconds: set again while something runs."""
    end = Event()

    def again():
        while not end.wait(0.5):
            block(True)

    block(True)
    thread = Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def drop(place, name, word):
    page(station_of(place) / f"inbox/{name}.png", word)
    (station_of(place) / f"inbox/{name}.ok").touch()


def test_a_full_disk_of_elasticsearch_is_named_and_shown(place, block):
    drop(place, "a", "unu")
    assert watch(place)[0] == 0
    drop(place, "b", "doi")
    with kept(block):
        code, events, told = watch(place)
    assert (code, events[-1]) == (5, ("waiting", "b.png"))
    assert "discul lui este aproape plin" in told
    assert receipt(place, "b.png")["code"] == "elasticsearch-disk-full"
    with kept(block):
        warned = status(settings(place), None).payload["warnings"]
    assert [(w["station"], w["code"]) for w in warned] == [("", "elasticsearch-disk-full")]
    assert "Elasticsearch a oprit scrierea" in warned[0]["reason"]
    assert place.run("search", "unu", "--json").json["total"] == 1
    block(None)
    code, events, _ = watch(place)
    assert events[-1] == ("done", "b.png")
    assert place.run("search", "doi", "--json").json["total"] == 1
    assert place.run("status", "--json").json["warnings"] == []


def test_a_disk_that_fills_up_is_shown_before_writing_stops(place, low_watermark):
    drop(place, "a", "unu")
    code, events, _ = watch(place)
    assert (code, events[-1]) == (0, ("done", "a.png"))
    warned = status(settings(place), None).payload["warnings"]
    assert [(w["station"], w["code"]) for w in warned] == [("", "elasticsearch-disk-low")]
    assert "la 100 % acesta oprește scrierea" in warned[0]["reason"]


def test_an_elasticsearch_that_is_away_is_shown(place):
    drop(place, "a", "unu")
    away = {"OPIS_ELASTICSEARCH_URL": "http://127.0.0.1:1"}
    assert watch(place)[0] == 0
    told = place.run("status", "--json", **away).json
    assert [w["code"] for w in told["warnings"]] == ["elasticsearch-unreachable"]
