"""Tests that read shared/data may be absent, are counted when they are, and may be demanded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
TESTS = """
def test_reads(shared_data):
    assert (shared_data / "page.txt").read_text() == "real"

def test_reads_too(shared_data):
    assert shared_data.is_dir()

def test_needs_nothing():
    pass
"""


def run_pytest(folder: Path, shared: Path, *options: str, **env: str) -> tuple[int, str]:
    (folder / "test_some.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  corpus: x\n")
    plugins = ["-p", "tests.services.corpus", "-p", "tests.services.markers"]
    kept = {key: value for key, value in os.environ.items() if key != "OPIS_REQUIRE_CORPUS"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options, "--strict-markers", str(folder)],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT), "OPIS_SHARED": str(shared), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    (folder / "data").mkdir(parents=True)
    (folder / "data/page.txt").write_text("real")
    return folder


def test_all_run_where_the_folder_is(tmp_path: Path, shared: Path) -> None:
    code, output = run_pytest(tmp_path, shared, OPIS_REQUIRE_CORPUS="1")
    assert code == 0
    assert "3 passed" in output
    assert "did not run" not in output


@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_their_number_is_told_where_the_folder_is_missing(
    tmp_path: Path, processes: tuple[str, ...]
) -> None:
    code, output = run_pytest(tmp_path, tmp_path / "nowhere", *processes)
    assert code == 0
    assert "1 passed" in output
    assert f"2 tests that read {tmp_path}/nowhere/data did not run" in output


def test_a_missing_folder_that_is_demanded_is_an_error(tmp_path: Path) -> None:
    code, output = run_pytest(tmp_path, tmp_path / "nowhere", OPIS_REQUIRE_CORPUS="1")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "nowhere/data is missing" in output


def test_tests_that_were_not_asked_for_are_not_counted(tmp_path: Path) -> None:
    code, output = run_pytest(tmp_path, tmp_path / "nowhere", "-m", "not corpus")
    assert code == 0
    assert "did not run" not in output


def test_the_ci_command_stops_where_the_folder_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", str(ROOT / ".ci/run")],
        env=os.environ | {"OPIS_SHARED": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{tmp_path}/data is missing" in done.stderr
