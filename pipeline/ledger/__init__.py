"""The ledger: what has been done to which page with which inputs and parameters."""

from pipeline.ledger.expected import Stored, by_reference, expected_units, store_expected
from pipeline.ledger.leases import Lease
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.rebuild import Rebuilt, rebuild
from pipeline.ledger.rows import (
    INDEX_STAGE,
    PAGE_STAGE,
    BatchRow,
    BatchSource,
    Counts,
    Step,
    UnitRow,
    fingerprint,
)
from pipeline.ledger.snapshot import keep_in_unit
from pipeline.ledger.turns import Turn

__all__ = (
    "INDEX_STAGE",
    "PAGE_STAGE",
    "BatchRow",
    "BatchSource",
    "Counts",
    "Lease",
    "Ledger",
    "Rebuilt",
    "Step",
    "Stored",
    "Turn",
    "UnitRow",
    "by_reference",
    "expected_units",
    "fingerprint",
    "keep_in_unit",
    "open_ledger",
    "rebuild",
    "store_expected",
)
