"""One worker a unit: leases, what a stale worker may still do (nothing), and who is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete

from pipeline import units
from pipeline.ledger import Ledger, open_ledger
from pipeline.ledger.leases import Lease, Observer, Terms, take
from pipeline.ledger.tables import leases
from pipeline.ledger.workers import has_ended, machine_id, process_id
from schemas.errors import InputError
from schemas.records import Finding
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys
from pathlib import Path
from schemas.settings import Settings
from pipeline.ledger import open_ledger
with open_ledger(Settings(archive=Path(sys.argv[1]), ledger_url=sys.argv[2])) as ledger:
    with ledger.unit_lock(sys.argv[3]):
        print("held", flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def ledger(ledger_settings: Settings) -> Iterator[Ledger]:
    with open_ledger(ledger_settings) as opened:
        yield opened


def claim(ledger: Ledger, key: str = "k") -> str:
    return ledger.claim_unit(key, f"name of {key}", "local", "/in/x.pdf")[0].id


def refused(call) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.code, caught.value.file


def elsewhere(settings: Settings) -> Ledger:
    """A ledger as another machine opens it."""
    return open_ledger(replace(settings, machine="another"))


def take_over(settings: Settings, unit: str) -> Lease:
    """What another machine does that judged the worker to be gone."""
    with elsewhere(settings) as other, other.writing() as connection:
        connection.execute(delete(leases).where(leases.c.unit == unit))
        return take(connection, unit, other._terms, other._observer)


def test_a_later_lease_has_a_higher_number(ledger):
    one, two = claim(ledger), claim(ledger, "k2")
    tokens = []
    for unit in (one, two, one, one):
        with ledger.unit_lock(unit) as lease:
            tokens.append(lease.token)
            assert [held.unit for held in ledger.leases()] == [unit]
    assert tokens == sorted(set(tokens))
    assert ledger.leases() == ()


def test_who_holds_a_unit_may_write_it_and_others_may_not(ledger, ledger_settings):
    unit = claim(ledger)
    with ledger.unit_lock(unit), elsewhere(ledger_settings) as other:
        ledger.record_step(unit, 1, "page", "in", "par", {"state": "blank"})
        ledger.set_unit_state(unit, "unreconciled")
        for call in (
            lambda: other.record_step(unit, 2, "page", "in", "par", {}),
            lambda: other.set_unit_state(unit, "published"),
            lambda: other.forget_unit(unit),
            lambda: other.forget_unit_steps(unit, ("page",)),
            lambda: other.unit_lock(unit).__enter__(),
        ):
            assert refused(call) == ("unit-busy", unit)
        other.record_step(claim(other, "k2"), 1, "page", "in", "par", {})
    assert list(ledger.steps(unit, "page")) == [1]
    with elsewhere(ledger_settings) as other:
        other.record_step(unit, 2, "page", "in", "par", {})
    assert list(ledger.steps(unit, "page")) == [1, 2]


def test_a_stale_worker_changes_nothing_more(ledger, ledger_settings):
    unit, other_unit = claim(ledger), claim(ledger, "k2")
    layout = ledger_settings.layout.unit(unit)
    record = make_unit([], unit)
    with ledger.unit_lock(unit):
        units.write_record(record, layout)
        units.append_event(layout, {"event": "one"})
        units.write_manifest(layout)
        ledger.record_step(unit, 1, "page", "in", "par", {"state": "blank"})
        before = {path: path.read_bytes() for path in layout.root.rglob("*") if path.is_file()}
        new = take_over(ledger_settings, unit)
        assert ledger.has_lost(unit)
        for call in (
            lambda: ledger.record_step(unit, 1, "page", "in", "other", {"state": "failed"}),
            lambda: ledger.set_unit_state(unit, "published"),
            lambda: ledger.forget_unit(unit),
            lambda: ledger.forget_unit_steps(unit, ("page",)),
            lambda: units.write_record(replace(record, name="stale"), layout),
            lambda: units.write_findings((Finding("blurred"),), layout),
            lambda: units.append_event(layout, {"event": "two"}),
            lambda: units.write_manifest(layout),
            lambda: units.remove_manifest(layout),
        ):
            assert refused(call) == ("lease-lost", unit)
        ledger.record_step(other_unit, 1, "page", "in", "par", {})
    after = {path: path.read_bytes() for path in layout.root.rglob("*") if path.is_file()}
    assert after == before
    assert ledger.is_done(unit, 1, "page", "in", "par")
    assert [(lease.unit, lease.token) for lease in ledger.leases()] == [(unit, new.token)]


def test_a_lease_is_renewed_as_long_as_it_is_held(ledger_settings):
    quick = replace(ledger_settings, lease_seconds=0.3)
    with open_ledger(quick) as ledger:
        unit = claim(ledger)
        with ledger.unit_lock(unit), elsewhere(quick) as other:
            until = time.monotonic() + 60
            while other.leases()[0].beat < 3:
                assert time.monotonic() < until
                assert other.expired() == ()
                time.sleep(0.02)
            assert not ledger.has_lost(unit)


def test_a_worker_that_gives_no_sign_is_taken_over_from_another_machine(ledger_settings):
    quick = replace(ledger_settings, lease_seconds=0.3)
    with open_ledger(quick) as ledger, elsewhere(quick) as other:
        unit, done = claim(ledger), claim(ledger, "k2")
        for ident in (unit, done):
            with ledger.writing() as connection:
                silent = take(connection, ident, ledger._terms, ledger._observer)
        ledger.forget_unit_steps("ua-none", ())
        assert refused(lambda: other.unit_lock(unit).__enter__()) == ("unit-busy", unit)
        with other.writing() as connection:
            connection.exec_driver_sql(f"UPDATE units SET state = 'published' WHERE id = '{done}'")
        assert [row.id for row in other.expired(patience=60)] == [unit]
        assert [row.id for row in other.unfinished(patience=60)] == [unit]
        with other.unit_lock(unit) as lease:
            assert lease.token > silent.token
            assert other.expired() == ()


def started(settings: Settings, unit: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, settings.archive, settings.ledger_url, unit],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_a_killed_worker_of_this_machine_is_taken_over_at_once(ledger, ledger_settings):
    unit = claim(ledger)
    with started(ledger_settings, unit) as process:
        assert refused(lambda: ledger.unit_lock(unit).__enter__()) == ("unit-busy", unit)
        assert ledger.expired() == ledger.unfinished() == ()
        (first,) = ledger.leases()
        os.kill(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert [row.id for row in ledger.expired()] == [unit]
        ledger.record_step(unit, 1, "page", "in", "par", {})
        with ledger.unit_lock(unit) as lease:
            assert lease.token > first.token
            assert ledger.expired() == ()


def test_a_unit_given_back_undone_is_unfinished_and_not_expired(ledger):
    unit, done = claim(ledger), claim(ledger, "k2")
    ledger.set_unit_state(done, "published")
    with ledger.unit_lock(unit):
        assert ledger.unfinished() == ()
    assert ledger.expired() == ()
    assert [row.id for row in ledger.unfinished()] == [unit]


def test_no_two_hold_a_unit_at_once(ledger_settings):
    inside, most, busy, guard = [], [], [], Lock()
    with open_ledger(ledger_settings) as ledger:
        unit = claim(ledger)

    def work(name: str) -> int:
        done = 0
        with open_ledger(replace(ledger_settings, machine=name)) as mine:
            while done < 5:
                try:
                    with mine.unit_lock(unit):
                        with guard:
                            inside.append(name)
                            most.append(len(inside))
                        mine.set_unit_state(unit, "working")
                        with guard:
                            inside.remove(name)
                    done += 1
                except InputError as error:
                    busy.append(error.code)
        return done

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(work, "abc")) == [5, 5, 5]
    assert most == [1] * 15
    assert set(busy) <= {"unit-busy"}


def test_a_unit_that_was_forgotten_cannot_be_held(ledger):
    unit = claim(ledger)
    with ledger.unit_lock(unit):
        ledger.forget_unit(unit)
    assert refused(lambda: ledger.unit_lock(unit).__enter__()) == ("unit-missing", unit)


def test_an_error_in_the_work_gives_the_unit_back(ledger):
    unit = claim(ledger)
    with pytest.raises(ZeroDivisionError), ledger.unit_lock(unit):
        raise ZeroDivisionError
    assert ledger.leases() == ()


def terms(machine: str = "a boot room", *, one_machine: bool = False) -> Terms:
    return Terms("holder", machine, process_id(), 9.0, 1.0, one_machine)


LOOKS = st.lists(st.tuples(st.floats(0.01, 12.0), st.booleans()), min_size=1, max_size=30)


@hypothesis_settings(deadline=None)
@given(LOOKS)
def test_only_a_beat_that_stood_still_under_our_eyes_is_over(looks):
    """Whatever the pauses between looks: gone is who did not move in 9 s without a gap over 3 s."""
    clock = [1000.0]
    observer = Observer(terms(), lambda: clock[0])
    lease = Lease("ua-x", 7, "other", "b boot room", "1 1", 0, 9.0)
    since = None
    for pause, moves in looks:
        clock[0] += pause
        if moves:
            lease = replace(lease, beat=lease.beat + 1)
        if since is None or moves or pause > 3.0:
            since = clock[0]
        assert observer.is_gone(lease) == (clock[0] - since >= 9.0)


def test_a_new_lease_of_the_unit_is_looked_at_anew():
    clock = [0.0]
    observer = Observer(terms(), lambda: clock[0])
    old = Lease("ua-x", 7, "other", "b boot room", "1 1", 3, 6.0)
    for _ in range(4):
        clock[0] += 2.0
        gone = observer.is_gone(old)
    assert gone
    assert not observer.is_gone(replace(old, token=8))


def test_processes_before_the_machine_was_started_are_dead_where_only_it_can_be_meant():
    lease = Lease("ua-x", 7, "other", "a earlier room", "1 1", 0, 9.0)
    assert Observer(terms(one_machine=True)).is_gone(lease)
    assert not Observer(terms()).is_gone(lease)
    assert not Observer(terms(one_machine=True)).is_gone(replace(lease, machine="a boot other"))


def test_another_process_with_the_number_of_a_dead_one_is_not_that_one():
    mine = process_id()
    assert not has_ended(mine)
    number, start = mine.split()
    assert has_ended(f"{number} {int(start) + 1}")
    assert machine_id("one") != machine_id("two")
    assert machine_id() == machine_id()
