import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from scanners.delivery.claims import (
    Told,
    alone_with,
    claim,
    claims,
    leave_only,
    release,
    sweep,
    take_over,
)
from scanners.delivery.drops import Drop
from scanners.delivery.holders import beat, gone, is_dead, new_holder, observe_holders, this_machine
from scanners.delivery.stations import prepare_station
from scanners.quarantine import keep_whole
from schemas.settings import Settings

ME = new_holder()


@pytest.fixture
def station(tmp_path):
    return prepare_station(Settings(archive=tmp_path), "S2")


def ready(station, name):
    return Drop(name, station.inbox / name, "ready")


def test_a_claim_takes_the_drop_and_what_stands_beside_it(station):
    for name in ("a.pdf", "a.binder.json", "a.pdf.ok", "b.pdf", "b.binder.json"):
        (station.inbox / name).write_text("{}")
    taken = claim(ready(station, "a.pdf"), station, ME, Told(True, "2026-11-22T10:00:00+02:00"))
    seen = {p.name for p in taken.folder.iterdir() if not p.name.startswith(".")}
    assert seen == {"a.pdf", "a.binder.json", "a.pdf.ok"}
    assert {p.name for p in station.inbox.iterdir()} == {"b.pdf", "b.binder.json"}
    (found,) = claims(station)
    assert replace(found, resumed=False) == taken
    assert (found.holder, found.told.confirmed) == (ME, True)


def test_a_second_drop_of_a_name_waits_for_the_first(station):
    (station.inbox / "a.pdf").write_text("one")
    first = claim(ready(station, "a.pdf"), station, ME)
    (station.inbox / "a.pdf").write_text("two")
    assert claim(ready(station, "a.pdf"), station, new_holder()) is None
    assert (station.inbox / "a.pdf").read_text() == "two"
    assert first.path.read_text() == "one"
    assert release(first)
    assert claim(ready(station, "a.pdf"), station, ME).path.read_text() == "two"


def test_what_is_gone_is_not_claimed_and_leaves_nothing(station):
    assert claim(ready(station, "a.pdf"), station, ME) is None
    assert list(station.claimed.iterdir()) == []


class _Share(type(Path())):
    """A file on a share that makes a rename, loses its answer, and is asked again."""

    def rename(self, target):
        super().rename(target)
        return super().rename(target)


def test_a_rename_that_was_made_and_is_said_not_to_be_loses_nothing(station):
    (station.inbox / "a.pdf").write_text("x")
    taken = claim(Drop("a.pdf", _Share(station.inbox / "a.pdf"), "ready"), station, ME)
    assert taken.path.read_text() == "x"
    assert [found.name for found in claims(station)] == ["a.pdf"]


def test_while_somebody_writes_its_receipt_nobody_claims_a_drop(station):
    (station.inbox / "a.pdf").write_text("x")
    with alone_with(station, "a.pdf", ME) as alone:
        assert alone
        assert claim(ready(station, "a.pdf"), station, new_holder()) is None
        with alone_with(station, "a.pdf", new_holder()) as other:
            assert not other
    assert claim(ready(station, "a.pdf"), station, ME)


def test_of_many_claimers_one_wins(station):
    for number in range(20):
        name = f"raft-{number}"
        (station.inbox / name).mkdir()
        barrier, won, drop = threading.Barrier(4), [], ready(station, name)

        def run(drop=drop, barrier=barrier, won=won):
            barrier.wait()
            won.append(claim(drop, station, new_holder()))

        threads = [threading.Thread(target=run) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert sum(one is not None for one in won) == 1
    assert len(claims(station)) == 20
    assert list(station.inbox.iterdir()) == []


def test_of_many_who_find_a_holder_dead_one_takes_over(station):
    for number in range(20):
        (station.inbox / f"{number}.pdf").write_text("x")
        held = claim(ready(station, f"{number}.pdf"), station, "dead")
        barrier, won = threading.Barrier(4), []

        def run(held=held, barrier=barrier, won=won):
            barrier.wait()
            won.append(take_over(held, new_holder()))

        threads = [threading.Thread(target=run) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        (ours,) = [one for one in won if one]
        assert ours.resumed
        assert ours.is_held()
        assert not held.is_held()
        assert not release(held)
        assert release(ours)


def test_a_run_killed_between_drop_and_sidecar_is_made_good(station):
    (station.inbox / "a.pdf").write_text("x")
    (station.inbox / "a.binder.json").write_text("{}")
    (station.claimed / "a.pdf").mkdir()
    (station.inbox / "a.pdf").rename(station.claimed / "a.pdf/a.pdf")
    (held,) = claims(station)
    assert held.holder == ""
    ours = take_over(held, ME)
    assert (ours.folder / "a.binder.json").exists()
    assert not (station.inbox / "a.binder.json").exists()


def test_a_claim_with_nothing_in_it_goes(station):
    (station.claimed / "a.pdf").mkdir()
    assert take_over(claims(station)[0], ME) is None
    assert claims(station) == ()


def test_leavings_of_killed_runs_go_those_of_the_living_stay(station):
    of_the_dead, of_the_living = ".new-dead.1", f".new-{ME}.2"
    for name, holder in ((of_the_dead, "dead"), (of_the_living, ME), (".old-3", ME)):
        (station.claimed / name).mkdir()
        (station.claimed / name / f".held-{holder}").touch()
    sweep(station, lambda holder: holder == "dead")
    assert [p.name for p in station.claimed.iterdir()] == [of_the_living]
    assert claims(station) == ()


DYING = """
import os, signal, sys
from pathlib import Path
from scanners.delivery.claims import claim
from scanners.delivery.drops import Drop
from scanners.delivery.holders import new_holder
from schemas.layout import StationLayout
station = StationLayout(Path(sys.argv[1]))

def die(event, told):
    if event == "open" and ".held-" in str(told[0]):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
claim(Drop("a.pdf", station.inbox / "a.pdf", "ready"), station, new_holder())
"""


def test_a_claim_whose_maker_died_before_it_named_itself_goes(station):
    (station.inbox / "a.pdf").write_text("a")
    command = [sys.executable, "-c", DYING, str(station.root)]
    assert subprocess.run(command, check=False).returncode == -9
    (left,) = station.claimed.iterdir()
    assert left.name.startswith(".new-")
    assert list(left.iterdir()) == []
    sweep(station, lambda holder: is_dead(holder, 0, {}, 1e9))
    assert list(station.claimed.iterdir()) == []
    assert claim(ready(station, "a.pdf"), station, ME).path.read_text() == "a"


def _die(pipe):
    pipe.send(new_holder())
    pipe.recv()


def test_on_one_machine_a_holder_is_dead_when_its_process_is():
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_die, args=(theirs,))
    process.start()
    holder = ours.recv()
    assert not is_dead(holder, 1e9, {holder: (b"", 0)}, 1)
    process.kill()
    process.join()
    assert is_dead(holder, 0, {}, 1e9)
    assert not is_dead(ME, 1e9, {ME: (b"", 0)}, 1)


def test_a_holder_that_was_stopped_is_dead_once_its_file_stood_still(tmp_path):
    with subprocess.Popen(["sleep", "60"]) as process:
        machine, _, _, rest = ME.split("-")
        start = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
        holder = f"{machine}-{process.pid}-{start}-{rest}"
        beat(tmp_path, holder)
        seen = observe_holders(tmp_path, [holder], 0, {})
        assert not is_dead(holder, 1e9, seen, 60)
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        assert not is_dead(holder, 59, seen, 60)
        assert is_dead(holder, 60, seen, 60)
        process.send_signal(signal.SIGCONT)
        os.waitid(os.P_PID, process.pid, os.WCONTINUED)
        assert not is_dead(holder, 1e9, seen, 60)
        process.kill()


def test_a_number_of_a_process_used_again_is_another_holder():
    machine, pid, start, rest = ME.split("-")
    assert is_dead(f"{machine}-{pid}-{int(start) + 1}-{rest}", 0, {}, 1e9)


def test_of_another_machine_only_its_file_tells(tmp_path):
    other = f"{'0' * 12}-{os.getpid()}-1-{'a' * 8}"
    assert this_machine() != "0" * 12
    beat(tmp_path, other)
    seen = observe_holders(tmp_path, [other], 100, {})
    assert not is_dead(other, 159, observe_holders(tmp_path, [other], 159, seen), 60)
    assert is_dead(other, 160, observe_holders(tmp_path, [other], 160, seen), 60)
    beat(tmp_path, other)
    seen = observe_holders(tmp_path, [other], 160, seen)
    assert not is_dead(other, 219, seen, 60)
    gone(tmp_path, other)
    seen = observe_holders(tmp_path, [other], 230, seen)
    assert not is_dead(other, 230, seen, 60)
    assert is_dead(other, 290, observe_holders(tmp_path, [other], 290, seen), 60)


def test_a_holder_never_looked_at_is_not_taken_for_dead():
    assert not is_dead(f"{'0' * 12}-1-1-{'a' * 8}", 1e9, {}, 1)
    assert is_dead("no holder of ours", 0, {}, 1)


CLAIMER = """
import json, sys
from pathlib import Path
from scanners.delivery.claims import claim
from scanners.delivery.drops import Drop, drop_names
from scanners.delivery.holders import new_holder
from schemas.layout import StationLayout
station, me, won = StationLayout(Path(sys.argv[1])), new_holder(), []
while names := drop_names(station.inbox):
    for name in names:
        ours = claim(Drop(name, station.inbox / name, "ready"), station, me)
        won += [name] if ours else []
print(json.dumps(won))
"""


@pytest.mark.slow
def test_three_processes_never_take_one_drop_twice(station):
    for number in range(300):
        (station.inbox / f"{number}.pdf").write_text(str(number))
    command = [sys.executable, "-c", CLAIMER, str(station.root)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    won = [json.loads(p.communicate(timeout=60)[0]) for p in running]
    every = [name for names in won for name in names]
    assert sorted(every) == sorted(f"{n}.pdf" for n in range(300))
    assert len(claims(station)) == 300


def arrived(station, name):
    """A drop, newly in the inbox."""
    (station.inbox / name).write_bytes(name.encode())
    return ready(station, name)


def later_claim_of_the_name(station, held):
    """What happens while somebody stands still: his claim is finished, and the name used again."""
    ours = take_over(held, "two")
    assert release(ours)
    return claim(arrived(station, "a.pdf"), station, "three")


def stands_still_at(monkeypatch, module, name, meanwhile):
    """Just before a call of the system others do something."""
    real = getattr(module, name)

    def late(*arguments, **named):
        monkeypatch.undo()
        meanwhile()
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, late)


@pytest.mark.parametrize("call", ["open", "rename"])
def test_who_stood_still_while_letting_go_deletes_no_later_drop(station, monkeypatch, call):
    held = claim(arrived(station, "a.pdf"), station, "one")
    later = []
    stands_still_at(
        monkeypatch, os, call, lambda: later.append(later_claim_of_the_name(station, held))
    )
    assert not release(held)
    assert later[0].path.exists()
    assert later[0].is_held()


def test_who_stood_still_in_a_receipt_deletes_no_drop_that_was_taken_meanwhile(station):
    taken = []
    with alone_with(station, "a.pdf", "one") as alone:
        assert alone
        (empty,) = claims(station)
        assert take_over(empty, "two") is None
        taken.append(claim(arrived(station, "a.pdf"), station, "three"))
    assert taken[0].path.exists()
    assert taken[0].is_held()


def test_what_was_let_go_and_not_yet_deleted_is_nobody_s_claim(station):
    held = claim(arrived(station, "a.pdf"), station, "one")
    (held.folder / ".held-one").rename(held.folder / ".done")
    assert claims(station) == ()
    assert take_over(held, "two") is None
    sweep(station, lambda _: False)
    assert list(station.claimed.iterdir()) == []


def test_files_of_a_later_claim_are_not_deleted_for_those_of_an_earlier(station):
    drop = station.inbox / "b"
    drop.mkdir()
    (drop / "1.tif").write_bytes(b"one")
    held = claim(Drop("b", drop, "ready"), station, "one")
    over = (held.path / "1.tif",)
    assert release(take_over(held, "two"))
    drop.mkdir()
    (drop / "1.tif").write_bytes(b"other")
    later = claim(Drop("b", drop, "ready"), station, "three")
    assert not leave_only(held, over, held.path / ".requeued")
    assert [p.name for p in later.path.iterdir()] == ["1.tif"]
    assert leave_only(later, over, later.path / ".requeued")
    assert [p.name for p in later.path.iterdir()] == [".requeued"]


def test_a_later_claim_is_not_moved_to_quarantine_for_an_earlier(station):
    held = claim(arrived(station, "a.pdf"), station, "one")
    later = later_claim_of_the_name(station, held)
    keep_whole(station, ("0123456789ab",), held.folder, held.holder)
    assert later.is_held()
    assert later.path.exists()
