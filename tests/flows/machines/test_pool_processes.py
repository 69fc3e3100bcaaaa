"""The pool's processes: they outlive who asked first, and one that dies costs its task alone."""

import os
import signal
import subprocess
import sys
import time
from threading import Thread

import psutil
import pytest

from flows.pool import LimitError, Pool
from schemas.errors import RefusedError
from schemas.settings import Settings

pytestmark = pytest.mark.slow

SECONDS = 60.0


@pytest.fixture
def pool():
    with Pool(Settings(workers=1)) as made:
        yield made


def process_of(pool):
    return pool.start("os:getpid", seconds=SECONDS).result()


def test_processes_live_on_when_the_thread_that_asked_first_ends(pool):
    """As with the threads of a batch, or of a web server: the kernel kills by thread, not by program."""
    found = []
    asking = Thread(target=lambda: found.append(process_of(pool)))
    asking.start()
    asking.join()
    time.sleep(0.3)
    assert process_of(pool) == found[0]


def test_an_idle_process_that_dies_is_replaced(pool):
    first = process_of(pool)
    os.kill(first, signal.SIGKILL)
    assert process_of(pool) != first
    assert process_of(pool) != first


def test_a_task_that_kills_its_process_costs_itself_alone(pool):
    dying = pool.start("tests.flows.dying:die", seconds=SECONDS)
    after = pool.start("os:getpid", seconds=SECONDS)
    with pytest.raises(LimitError) as told:
        dying.result()
    assert told.value.limit == "process-died"
    assert after.result() > 0


def test_a_task_that_hangs_is_ended(pool):
    with pytest.raises(LimitError) as told:
        pool.start("time:sleep", 60, seconds=0.5).result()
    assert told.value.limit == "time-limit"


def test_a_task_that_wants_too_much_memory_is_refused():
    with Pool(Settings(workers=1, memory_mb=700)) as pool:
        with pytest.raises(LimitError) as told:
            pool.start("builtins:bytes", 1 << 30, seconds=SECONDS).result()
        assert told.value.limit == "memory-limit"
        assert process_of(pool) > 0


def test_what_nobody_foresaw_counts_as_a_death_and_is_named(pool):
    with pytest.raises(LimitError) as told:
        pool.start("tests.flows.dying:trip", seconds=SECONDS).result()
    assert (told.value.limit, told.value.why) == ("process-died", "ZeroDivisionError")


def test_what_a_task_says_of_a_file_comes_back_whole(pool):
    with pytest.raises(RefusedError) as told:
        pool.start("tests.flows.dying:refuse", seconds=SECONDS).result()
    assert (told.value.code, told.value.file) == ("too-many-pages", "a.pdf")
    assert told.value.detail == {"n": "7"}


def test_trouble_with_the_disk_stays_trouble_with_the_disk(pool):
    with pytest.raises(OSError, match="No space left"):
        pool.start("tests.flows.dying:fill_the_disk", seconds=SECONDS).result()


def test_signals_to_the_whole_group_are_not_the_processes_to_answer(pool):
    first = process_of(pool)
    os.kill(first, signal.SIGINT)
    os.kill(first, signal.SIGTERM)
    assert process_of(pool) == first


def test_no_process_is_left_behind():
    with Pool(Settings(workers=2)) as pool:
        process_of(pool)
        family = psutil.Process().children(recursive=True)
        workers = [one for one in family if "spawn_main" in " ".join(one.cmdline())]
        assert len(workers) == 2
    gone, left = psutil.wait_procs(workers, timeout=10)
    assert len(gone) == 2
    assert not left


ENDING_AT_MANY_MOMENTS = """
import time
from flows.pool import Pool
from schemas.settings import Settings

if __name__ == "__main__":
    for moment in range(0, 24):
        try:
            with Pool(Settings(), 2) as pool:
                pool.start("time:sleep", 0.1, seconds=5)
                time.sleep(moment / 40)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            print(moment)
"""


def test_a_process_that_is_still_being_born_says_nothing_when_the_pool_ends(tmp_path):
    """Its locks are gone by then: that is no news for whoever interrupted a batch."""
    program = tmp_path / "ending.py"
    program.write_text(ENDING_AT_MANY_MOMENTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == [str(moment) for moment in range(24)]
