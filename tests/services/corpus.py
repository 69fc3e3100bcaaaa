"""The real files in ../shared/data, and the sample binders that the generator makes."""

import os
from importlib import import_module
from pathlib import Path

import pytest

from tests.services.once import made_once
from tests.services.process import ROOT

LEFT_OUT = pytest.StashKey[int]()
FROM_WORKER = "opis_corpus_tests_left_out"


def shared_folder() -> Path:
    """Where shared/ is: OPIS_SHARED, by default beside the repository."""
    return Path(os.environ.get("OPIS_SHARED") or ROOT.parent / "shared").resolve()


def pytest_configure() -> None:
    """Refuse to begin where shared/data is missing and the environment asks for it."""
    data = shared_folder() / "data"
    if os.environ.get("OPIS_REQUIRE_CORPUS") and not data.is_dir():
        raise pytest.UsageError(f"{data} is missing, and OPIS_REQUIRE_CORPUS asks for it")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked `corpus` where shared/data is missing."""
    data = shared_folder() / "data"
    left_out = [item for item in items if item.get_closest_marker("corpus")]
    if data.is_dir() or not left_out:
        return
    config.stash[LEFT_OUT] = len(left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput[FROM_WORKER] = len(left_out)
    items[:] = [item for item in items if not item.get_closest_marker("corpus")]
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Take over the number that a process of pytest-xdist left out."""
    count = getattr(node, "workeroutput", {}).get(FROM_WORKER, 0)
    node.config.stash[LEFT_OUT] = max(count, node.config.stash.get(LEFT_OUT, 0))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        data = shared_folder() / "data"
        terminalreporter.write_line(
            f"{count} tests that read {data} did not run: the folder is missing", yellow=True
        )


@pytest.fixture(scope="session")
def shared_root() -> Path:
    """The folder shared/: data, validators, models."""
    return shared_folder()


@pytest.fixture(scope="session")
def shared_data(shared_root: Path) -> Path:
    """The folder shared/data: real files; never written to."""
    return shared_root / "data"


@pytest.fixture(scope="session")
def sample_binders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sample binders of twelve pages, seed 7: `binders/` and `truth/`; to be left as they are."""
    generate = import_module("examples.binders").generate
    return made_once(
        tmp_path_factory, "samples", lambda out: generate(out, binders=3, pages=12, seed=7)
    )
