"""What commands and the program itself note into the audit chain."""

from pipeline.audit import keeping
from pipeline.audit.noting import Noting
from pipeline.ledger import Ledger, open_ledger
from schemas.settings import Settings


def noted(ledger: Ledger, settings: Settings, by: str, action: str, *subjects: str) -> None:
    """Who did what to each of these; the chain is anchored when it is due.

    Actions are labelled in the messages under `audit_action`; subjects are ids.
    """
    noting = Noting(ledger, settings)
    for subject in subjects:
        noting.note_command(by, action, subject)
    keeping.keep(ledger, settings)


def noted_alone(settings: Settings, by: str, action: str, *subjects: str) -> None:
    """The same where no ledger is open."""
    with open_ledger(settings, create=False) as ledger:
        noted(ledger, settings, by, action, *subjects)
