"""Fixtures of all tests: real services, real files, sample binders."""

import gc
import os
import re
from pathlib import Path

import pytest

from tests.services.process import free_port as find_free_port

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the processes of the product have it
gc.set_threshold(20_000, 20, 20)  # a tenth of the time went into looking for rings of objects

pytest_plugins = [
    "tests.services.browser",
    "tests.services.corpus",
    "tests.services.elasticsearch",
    "tests.services.markers",
    "tests.services.postgres",
    "tests.services.prefect",
    "tests.services.verapdf",
]


ALL_SLOW = re.compile(r"^pytestmark = .*\bslow\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A module of slow tests alone is not even imported where slow tests are left out."""
    chosen = config.option.markexpr
    left_out = "not slow" in chosen and " or " not in chosen
    if left_out and collection_path.suffix == ".py":
        return ALL_SLOW.search(collection_path.read_text(encoding="utf-8")) is not None or None
    return None


# minutes each: begun first, so that no process is left with one of them when all others are done
LONGEST = (
    "test_faults_short",
    "test_damage_is_named",
    "test_scheduled",
    "test_rearranging_whole_way",
    "test_bad_input_whole_way",
    "test_rescan_whole_way",
    "test_rearranging_kills",
    "test_resume_after_kill",
    "test_digital_whole_way",
    "test_commands_whole_way",
    "test_scheduled_machines",
    "test_take_over",
    "test_refusals_whole_way",
    "test_binders",
    "test_watch_hostile",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, then all others that have a long test."""
    long = {
        i.path for i in items if i.get_closest_marker("slow") or i.get_closest_marker("services")
    }
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda i: (i.path not in long, place.get(i.path.stem, len(LONGEST))))


def pytest_collection_finish() -> None:
    """What the imports left is there to stay: the collector need not walk it again and again."""
    gc.freeze()


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback address that nothing listened on a moment ago."""
    return find_free_port()
