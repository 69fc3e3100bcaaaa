"""The tracer stops where it says: one count over processes and threads, only under its folder."""

import json
import subprocess
import sys

PROGRAM = """
import errno, json, os, sys
from pathlib import Path
from threading import Thread
from benchmarks.faults.tracer import Tracer, let_be_traced

folder, mode = Path(sys.argv[1]), sys.argv[2]
inside, outside = folder / "in", folder / "out"
inside.mkdir(); outside.mkdir()

def write(path):
    with path.open("wb", buffering=0) as stream:
        stream.write(b"x")
        os.fsync(stream.fileno())

def work():
    write(outside / "a")
    write(inside / "a")
    thread = Thread(target=write, args=(inside / "b",)); thread.start(); thread.join()
    pid = os.fork()
    if not pid:
        write(inside / "c"); os._exit(0)
    os.waitpid(pid, 0)
    (inside / "a").rename(inside / "d")

pid = os.fork()
if not pid:
    os.setsid()
    let_be_traced()
    code = 0
    try:
        work()
    except OSError as error:
        code = error.errno
    os._exit(code)

calls = []
def decide(call):
    calls.append([call.number, call.name, call.path])
    if mode == "kill" and call.path == "c" and call.name == "write":
        return 0
    if mode == "full" and call.name == "write" and call.path == "a":
        return errno.ENOSPC
    return None

code = Tracer(pid, inside, decide).run()
print(json.dumps({"code": code, "calls": calls, "left": sorted(p.name for p in inside.iterdir())}))
"""


def traced(tmp_path, mode):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), mode],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def test_every_change_is_counted_once_whoever_makes_it(tmp_path):
    told = traced(tmp_path, "count")
    assert told["code"] == 0
    names = [(name, path) for _, name, path in told["calls"]]
    each = [(f, n) for f in "abc" for n in ("openat", "write", "fsync")]
    assert names == [*((n, f) for f, n in each), ("rename", "a")]
    assert [number for number, *_ in told["calls"]] == list(range(1, 11))
    assert told["left"] == ["b", "c", "d"]


def test_a_kill_comes_before_the_call(tmp_path):
    told = traced(tmp_path, "kill")
    assert told["code"] == -9
    assert told["calls"][-1][1:] == ["write", "c"]
    assert told["left"] == ["a", "b", "c"]
    assert (tmp_path / "in" / "c").read_bytes() == b""


def test_a_call_fails_as_told(tmp_path):
    told = traced(tmp_path, "full")
    assert told["code"] == 28
    assert told["left"] == ["a"]
