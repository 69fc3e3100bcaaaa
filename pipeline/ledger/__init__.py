"""The ledger: what has been done to which page with which inputs and parameters."""

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.rebuild import Rebuilt, rebuild
from pipeline.ledger.rows import (
    PAGE_STAGE,
    BatchRow,
    BatchSource,
    Counts,
    Step,
    UnitRow,
    fingerprint,
)

__all__ = (
    "PAGE_STAGE",
    "BatchRow",
    "BatchSource",
    "Counts",
    "Ledger",
    "Rebuilt",
    "Step",
    "UnitRow",
    "fingerprint",
    "open_ledger",
    "rebuild",
)
