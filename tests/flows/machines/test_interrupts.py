"""Ctrl-C and SIGTERM: an end in good order with a sentence on how to go on; twice: at once."""

import os
import signal
import time

import pytest

from tests.flows.opis_command import (
    Place,
    alto_files,
    assert_all_gone,
    ended,
    killed_at_last,
    wait_until,
)

pytestmark = pytest.mark.slow
FIRST = "Opresc după paginile începute…"
GO_ON = "Continuați cu aceeași comandă: opis scan-batch small"


@pytest.fixture
def slow_place(small_place):
    """Pages are read one after the other, so that an interrupt comes while some are left."""
    return Place(small_place.root, {"OPIS_WORKERS": "1"})


def reading(place, process, pages=1):
    assert wait_until(lambda: len(alto_files(place)) >= pages, process)


def to_group(process):
    os.killpg(process.pid, signal.SIGINT)


def to_program(process):
    process.send_signal(signal.SIGTERM)


def to_whole_service(process):
    """As systemd stops a service: every process of it at once."""
    os.killpg(process.pid, signal.SIGTERM)


@pytest.mark.parametrize("interrupt", [to_group, to_program, to_whole_service])
def test_interrupted_it_ends_well_and_goes_on(slow_place, interrupt):
    with killed_at_last(slow_place.start("scan-batch", "small")) as process:
        reading(slow_place, process)
        interrupt(process)
        done = ended(process)
        assert_all_gone(process.pid)
    assert done.code == 130
    assert FIRST in done.err
    assert GO_ON in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    kept = len(alto_files(slow_place))
    assert 1 <= kept < 10
    assert not list(slow_place.archive.rglob("*.part"))
    again = slow_place.run("scan-batch", "small", "--json")
    assert again.code == 0
    assert again.json["pages"]["scanned"] == 10
    assert again.json["pages"]["failed"] == 0
    assert again.json["work"]["pages_recognised"] < again.json["pages"]["recognised"]


def test_a_second_interrupt_stops_at_once(small_place):
    with killed_at_last(small_place.start("scan-batch", "small", "--json")) as process:
        reading(small_place, process)
        to_group(process)
        time.sleep(0.1)
        to_group(process)
        done = ended(process)
        assert_all_gone(process.pid)
    assert done.code == 130
    assert GO_ON in done.err
    again = small_place.run("scan-batch", "small", "--json")
    assert (again.code, again.json["pages"]["scanned"]) == (0, 10)


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.1, 1.5])
def test_interrupted_before_anything_is_read(small_place, seconds):
    with killed_at_last(small_place.start("scan-batch", "small")) as process:
        time.sleep(seconds)
        to_group(process)
        done = ended(process)
        assert_all_gone(process.pid)
    assert done.code in {130, -signal.SIGINT}
    assert "Traceback" not in done.err
    again = small_place.run("scan-batch", "small", "--json")
    assert (again.code, again.json["pages"]["scanned"]) == (0, 10)
