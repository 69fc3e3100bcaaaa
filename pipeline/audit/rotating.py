"""A new key for the chain's heads: told in the chain, signed by the old key and by the new one."""

import os
from pathlib import Path

from pipeline.audit.anchors import HEAD, PUBLIC_KEY, write_anchor
from pipeline.audit.chain import append, head
from pipeline.audit.keeping import PROGRAM
from pipeline.audit.noting import Noting
from pipeline.audit.signing import keep_pseudonym_secret, private_key, public_pem
from pipeline.audit.successions import hex_of, write_succession
from pipeline.audit.verifying import ANCHORED, ROTATED
from pipeline.ledger import Ledger
from pipeline.ledger.engine import one_writer
from schemas.durable import sync_folder, write_bytes_durably
from schemas.errors import InputError
from schemas.settings import Settings

_NEXT = ".next"


def rotate(ledger: Ledger, settings: Settings, by: str) -> str:
    """The key's file holds a new key from now on; returns its public key's digits.

    What the old key signed stays provable by either key; the old private key is gone. Interrupted,
    it is finished by doing it again. Raises InputError audit-key, anchors-unusable.
    """
    file = settings.audit_key_file
    keep_pseudonym_secret(file)
    beside = file.with_name(file.name + _NEXT)
    new = private_key(beside)
    told = hex_of(new.public_key())
    Noting(ledger, settings).note_command(by, ROTATED, told)
    folder = settings.anchors_folder
    with ledger.writing() as connection:
        one_writer(connection, "audit")
        last, old = head(connection), private_key(file)
        if last is not None and hex_of(old.public_key()) != told:
            write_anchor(folder, old, HEAD, last.entry.seq, last.digest)
            try:
                write_succession(folder, old, new, last.entry.seq, last.digest)
                _show(folder, public_pem(new), last.entry.seq)
            except OSError as error:
                why = os.strerror(error.errno or 0)
                raise InputError("anchors-unusable", why=why) from error
            _replace(beside, file)
            append(connection, PROGRAM, PROGRAM, ANCHORED, str(last.entry.seq))
    return told


def _show(folder: Path, pem: bytes, seq: int) -> None:
    """The new public key under the usual name; the old one under that of its last entry."""
    shown = folder / PUBLIC_KEY
    if shown.exists():
        write_bytes_durably(folder / f"public-{seq:012d}.pem", shown.read_bytes())
    write_bytes_durably(shown, pem)


def _replace(beside: Path, file: Path) -> None:
    try:
        beside.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        raise InputError("audit-key", file.name, why=os.strerror(error.errno or 0)) from error
