"""Several `opis watch` on the same stations: each drop once, also where one of them is killed."""

import json
from contextlib import ExitStack

import pytest

from scanners.delivery.holders import new_holder
from tests.flows.opis_command import kill, killed_at_last, wait_until
from tests.flows.watching_samples import page, receipt, station_of, station_place, watch

pytestmark = pytest.mark.slow
WORDS = (
    "unu",
    "doi",
    "trei",
    "patru",
    "cinci",
    "sase",
    "sapte",
    "opt",
    "noua",
    "zece",
    "mere",
    "pere",
    "prune",
    "nuci",
)
DROPS = len(WORDS)


def done(place):
    folder = station_of(place) / "receipts"
    told = [json.loads(path.read_bytes()) for path in folder.glob("*.json")]
    return [one for one in told if one["state"] == "done"]


def test_two_watchers_take_every_drop_once_and_one_goes_on_for_the_other(tmp_path):
    place = station_place(tmp_path)
    inbox = station_of(place) / "inbox"
    for number, word in enumerate(WORDS):
        page(inbox / f"d{number}.png", word)
        (inbox / f"d{number}.ok").touch()
    with ExitStack() as stack:
        two = [stack.enter_context(killed_at_last(place.start("watch"))) for _ in range(2)]
        assert wait_until(lambda: len(done(place)) >= DROPS // 3, two[0])
        kill(two[0])
        assert wait_until(lambda: len(done(place)) == DROPS, two[1])
        claimed = station_of(place) / "claimed"
        assert wait_until(lambda: not any(claimed.iterdir()), two[1])
    told = done(place)
    assert len({one["unit"] for one in told}) == len(place.units) == DROPS
    assert {one["confirmed"] for one in told} == {True}
    assert list(inbox.iterdir()) == []
    status = place.run("status", "--json").json
    assert (status["units"], status["published"]) == (DROPS, DROPS)
    for word in (WORDS[0], WORDS[-1]):
        assert place.run("search", word, "--json").json["total"] == 1
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])


def test_a_claim_of_another_machine_is_left_until_its_holder_shows_no_life(tmp_path):
    place = station_place(tmp_path, OPIS_HOLDER_SECONDS="2")
    elsewhere = "0" * 12 + new_holder()[12:]
    folder = station_of(place) / "claimed/a.png"
    folder.mkdir(parents=True)
    page(folder / "a.png", "departe")
    (folder / f".held-{elsewhere}").touch()
    watch(place)
    assert (folder / "a.png").exists()
    with killed_at_last(place.start("watch")) as process:
        assert wait_until(lambda: bool(done(place)), process)
    assert receipt(place, "a.png")["state"] == "done"
    assert len(place.units) == 1
