"""What a process tree costs is seen whole."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.reading.processes import measure

pytestmark = pytest.mark.slow

BURN = "import time\nwhile time.process_time() < {seconds}: pass\n"
START = "import subprocess, sys\n"


def _python(code, tmp_path, limit=60.0, **options):
    return measure((sys.executable, "-c", code), tmp_path / "log", limit=limit, **options)


def test_cpu_of_a_child_of_the_child_counts(tmp_path):
    burn = BURN.format(seconds=0.5)
    usage = _python(f"{START}subprocess.run([sys.executable, '-c', {burn!r}])", tmp_path)
    assert usage.code == 0
    assert 0.5 <= usage.cpu < 5
    assert usage.wall >= usage.cpu / (os.cpu_count() or 1) / 2


def test_cpu_of_a_process_that_outlives_its_parent_counts(tmp_path):
    burn = BURN.format(seconds=0.5)
    usage = _python(f"{START}subprocess.Popen([sys.executable, '-c', {burn!r}])", tmp_path)
    assert usage.cpu >= 0.5


def test_memory_of_the_tree_is_summed(tmp_path):
    hold = "b = bytearray(b'x') * (60 << 20); import time; time.sleep(1)"
    two = f"{START}c = [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in (1, 2)]\n[one.wait() for one in c]"
    usage = _python(two, tmp_path)
    assert 120 < usage.peak_mb < 400


def test_a_command_that_hangs_is_ended_with_all_it_started(tmp_path):
    told = tmp_path / "pid"
    hang = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    usage = _python(f"{START}subprocess.run([sys.executable, '-c', {hang!r}])", tmp_path, limit=2.0)
    assert usage.code != 0
    assert usage.wall < 60
    until = time.monotonic() + 10
    left = Path("/proc", told.read_text())
    while left.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not left.exists()


def test_the_exit_code_and_the_last_words_are_kept(tmp_path):
    usage = _python("import sys; sys.exit('no such language')", tmp_path)
    assert usage.code == 1
    assert usage.why == "no such language"


def test_a_command_is_given_its_input_and_environment(tmp_path):
    given = tmp_path / "given"
    given.write_text("words")
    code = "import os, sys; print(sys.stdin.read(), os.environ['OMP_THREAD_LIMIT'])"
    _python(code, tmp_path, stdin=given, environment={"OMP_THREAD_LIMIT": "1"})
    assert (tmp_path / "log.out").read_text() == "words 1\n"


def test_a_missing_program_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        measure((str(tmp_path / "none"),), tmp_path / "log", limit=5)


def test_orphans_of_others_are_not_kept(tmp_path):
    _python("pass", tmp_path)
    told = tmp_path / "pid"
    orphan = f"import os; open({str(told)!r}, 'w').write(str(os.getpid()))"
    start = f"{START}subprocess.Popen([sys.executable, '-c', {orphan!r}])"
    subprocess.run((sys.executable, "-c", start), check=True)
    until = time.monotonic() + 10
    while not (told.exists() and told.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    with pytest.raises(ChildProcessError):
        os.waitpid(int(told.read_text()), 0)
