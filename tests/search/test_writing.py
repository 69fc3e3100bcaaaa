"""Who has an index open: told by its lock, with a sign that changes while he works."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import msgspec
import pytest

from schemas.errors import InputError
from search import generations
from search.writing import UNKNOWN, Writer, sign, signed
from tests.search.index_samples import A, B, sample

ROOT = Path(__file__).parents[2]
HOLD = """
import fcntl, sys, time
from search.writing import sign
file = open(sys.argv[1], "rb+")
fcntl.flock(file, fcntl.LOCK_EX)
sign(file.fileno())
print("held", flush=True)
while sys.argv[2] == "work":
    pass
time.sleep(600)
"""


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "lock"
    path.touch()
    return path


@pytest.fixture
def holder(lock, request):
    command = [sys.executable, "-c", HOLD, str(lock), request.param]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def seen(lock: Path) -> Writer:
    with lock.open("rb") as file:
        return signed(file.fileno())


def signs(lock: Path, seconds: float) -> set[str]:
    """All different signs of so long."""
    until, found = time.monotonic() + seconds, set()
    while time.monotonic() < until:
        found.add(seen(lock).detail["sign"])
        time.sleep(0.02)
    return found


@pytest.mark.parametrize("holder", ["work"], indirect=True)
def test_who_works_shows_it_and_who_was_stopped_does_not(lock, holder):
    writer = seen(lock)
    assert (writer.pid, writer.host) == (holder.pid, socket.gethostname())
    assert 0 <= time.time() - writer.since < 60
    assert len(signs(lock, 3)) > 1

    os.kill(holder.pid, signal.SIGSTOP)
    time.sleep(0.2)
    assert len(signs(lock, 1)) == 1


@pytest.mark.parametrize("holder", ["wait"], indirect=True)
def test_of_another_machine_or_process_no_work_is_seen(lock, holder):
    writer = seen(lock)
    assert str(writer._cpu()) in writer.detail["sign"]
    assert writer._cpu() != ()
    assert replace(writer, room="elsewhere")._cpu() == ()
    assert replace(writer, started="0")._cpu() == ()


@pytest.mark.parametrize("content", [b"", b"{", b'"x"', b'{"pid": "many"}'])
def test_a_lock_that_tells_nothing_is_held_by_somebody_unknown(lock, content):
    lock.write_bytes(content)
    assert seen(lock) == Writer()
    assert seen(lock).detail["who"] == f"{UNKNOWN}, pid {UNKNOWN}, {UNKNOWN}"


def test_a_longer_name_before_leaves_nothing_behind(lock):
    lock.write_bytes(msgspec.json.encode(asdict(Writer("x" * 3000))))
    with lock.open("rb+") as file:
        sign(file.fileno())
    assert seen(lock).pid == os.getpid()


def test_a_busy_index_tells_who_writes_it(embedded, monkeypatch):
    monkeypatch.setattr(generations, "WAIT_SECONDS", 0.1)
    first, second = embedded.open(write=True), embedded.open(write=True)
    first.replace_unit(A, sample()[0])
    with pytest.raises(InputError, match="index-busy") as caught:
        second.replace_unit(B, sample()[1])
    assert f"pid {os.getpid()}, {socket.gethostname()}" in caught.value.detail["who"]
