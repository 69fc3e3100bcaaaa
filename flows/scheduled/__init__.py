"""The same work as Prefect runs it: a flow run is a batch, a task run is a stage of a binder.

Only this package knows of Prefect, and nothing here decides about binders. Pages never become
tasks: Prefect loses some of its history under load, so what is done stands in the ledger alone.
"""

import os

# Prefect reads these while it is imported: no usage data to its makers, and no log lines between
# those of `opis` (a worker has imported Prefect before this module, so its log stays as it is).
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")

from flows.scheduled.commands import need_server, scan_batch, scheduled_batch, watch
from flows.scheduled.deployed import (
    reaper_flow,
    scan_batch_flow,
    take_flow,
    verify_flow,
    watch_flow,
)

__all__ = [
    "need_server",
    "reaper_flow",
    "scan_batch",
    "scan_batch_flow",
    "scheduled_batch",
    "take_flow",
    "verify_flow",
    "watch",
    "watch_flow",
]
