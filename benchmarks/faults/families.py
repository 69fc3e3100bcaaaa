"""The families of faults by name."""

from collections.abc import Callable, Mapping

from benchmarks.faults import (
    clocks,
    elastic,
    engines,
    errors,
    flips,
    kills,
    ledgers,
    powercut,
    stations,
)
from benchmarks.faults.bench import Bench

Family = Callable[[Bench], dict[str, object]]
FAMILIES: Mapping[str, Family] = {
    "kill9_syscalls": kills.at_syscalls,
    "kill9_stages": kills.at_random,
    "power_cut": powercut.of_images,
    "disk_errors": errors.on_disk,
    "descriptors": errors.descriptors,
    "read_only": errors.read_only,
    "elasticsearch": elastic.failing,
    "ledger": ledgers.files,
    "postgres": ledgers.restarted,
    "clock": clocks.wrong,
    "stations": stations.inboxes,
    "engine": engines.batches,
    "bit_flips": flips.in_units,
}
