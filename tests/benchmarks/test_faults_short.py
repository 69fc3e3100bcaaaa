"""The fault campaign in its short form: a few seeded points of every family, done for real."""

import json
import os
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow
SEED = 5
LOSSES = ("lost", "doubled", "stuck", "damaged", "order")


def campaign(tmp_path, *families, most=1, **environment):
    """The figures of some families, each with at most so many points a scenario."""
    command = [sys.executable, "-m", "benchmarks.faults", "--json", "--only", ",".join(families)]
    done = subprocess.run(
        [*command, "--most", str(most), "--seed", str(SEED), "--folder", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**os.environ, **environment},
    )
    assert done.stdout, done.stderr[-3000:]
    told = json.loads(done.stdout)
    return {family: told[family] for family in families}


def assert_survived(told, least):
    for family, figures in told.items():
        assert figures["survived"] == figures["tried"] >= least, (family, figures["failures"])


def test_killed_at_system_calls(tmp_path):
    assert_survived(campaign(tmp_path, "kill9_syscalls"), 4)


def test_an_engine_that_crashes_and_bits_that_fall_over(tmp_path):
    told = campaign(tmp_path, "engine", "bit_flips", "read_only", "descriptors")
    assert_survived(told, 1)
    assert told["bit_flips"]["false alarms"] == 0


def test_a_disk_that_fails_loses_nothing(tmp_path):
    figures = campaign(tmp_path, "disk_errors")["disk_errors"]
    assert figures["tried"] >= 8
    assert {kind: figures[kind] for kind in LOSSES} == dict.fromkeys(LOSSES, 0), figures


def test_the_ledger_cut_and_the_clock_set(tmp_path):
    assert_survived(campaign(tmp_path, "ledger", "clock"), 3)


def test_a_power_cut(tmp_path):
    figures = campaign(tmp_path, "power_cut", most=2)["power_cut"]
    if "skipped" in figures:
        pytest.skip(figures["skipped"])
    assert_survived({"power_cut": figures}, 2)


def test_what_stations_do_to_their_inbox(tmp_path):
    assert_survived(campaign(tmp_path, "stations"), 8)


def test_elasticsearch_down_late_and_emptied(tmp_path, elasticsearch_url):
    told = campaign(tmp_path, "elasticsearch", OPIS_TEST_ELASTICSEARCH_URL=elasticsearch_url)
    assert_survived(told, 10)


@pytest.mark.services
def test_postgresql_restarted(tmp_path):
    assert_survived(campaign(tmp_path, "postgres"), 1)


def test_stopped_it_tells_what_it_found_until_there(tmp_path):
    command = [sys.executable, "-m", "benchmarks.faults", "--json", "--folder", str(tmp_path)]
    wanted = ["--only", "kill9_syscalls", "--scenarios", "reindex"]
    process = subprocess.Popen([*command, *wanted], stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not any(int(p.name[6:]) > 7 for p in tmp_path.glob("*/place-*")):  # some points on
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    told = json.loads(process.communicate(timeout=120)[0])
    figures = told["kill9_syscalls"]
    tried, every = figures["reindex (points tried, of)"]
    assert told["stopped"]
    assert 1 <= figures["tried"] == tried < every
