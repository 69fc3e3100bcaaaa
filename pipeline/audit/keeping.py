"""What happens to the chain by itself: anchors while it grows, removal of what is too old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

from pipeline.audit.anchors import HEAD, PRUNED, newest_anchor, write_anchor
from pipeline.audit.chain import append, drop_until, head, last_before
from pipeline.audit.signing import private_key
from pipeline.audit.verifying import ANCHORED
from pipeline.ledger import Ledger
from pipeline.ledger.engine import one_writer
from schemas.settings import Settings

PROGRAM = "opis"
_PRUNED = "pruned"


def is_due(settings: Settings) -> bool:
    """Whether the newest anchor is older than the pause that is set."""
    _, when = newest_anchor(settings.anchors_folder)
    return time() - when >= settings.audit_minutes * 60


def anchor(ledger: Ledger, settings: Settings) -> Path | None:
    """Sign the chain's head into a file; None where nothing happened since the last time.

    Raises InputError audit-key, anchors-unusable.
    """
    with ledger.writing() as connection:
        one_writer(connection, "audit")
        newest = head(connection)
        if newest is None:
            return None
        signed, _ = newest_anchor(settings.anchors_folder)
        seq = newest.entry.seq
        own = newest.entry.action == ANCHORED and newest.entry.subject == str(signed)
        if seq == signed or own:
            return None
        key = private_key(settings.audit_key_file)
        path = write_anchor(settings.anchors_folder, key, HEAD, seq, newest.digest)
        append(connection, PROGRAM, PROGRAM, ANCHORED, str(seq))
        return path


def prune(ledger: Ledger, settings: Settings) -> int:
    """Remove entries older than is set, as far as they are anchored; returns how many.

    What was removed is signed for, so that the rest still proves itself.
    """
    if not settings.audit_days:
        return 0
    oldest = datetime.now(UTC) - timedelta(days=settings.audit_days)
    signed, _ = newest_anchor(settings.anchors_folder)
    with ledger.reading() as connection:
        last = last_before(connection, oldest.isoformat(timespec="seconds"), signed)
    if last is None:
        return 0
    key = private_key(settings.audit_key_file)
    write_anchor(settings.anchors_folder, key, PRUNED, last.entry.seq, last.digest)
    with ledger.writing() as connection:
        append(connection, PROGRAM, PROGRAM, _PRUNED, str(last.entry.seq))
        return drop_until(connection, last.entry.seq)


def keep(ledger: Ledger, settings: Settings) -> None:
    """An anchor when it is due, then removal of what is too old."""
    if is_due(settings):
        anchor(ledger, settings)
        prune(ledger, settings)
