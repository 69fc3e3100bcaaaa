"""`opis audit verify, list, export, anchor`: the chain of who looked at what and did what."""

from dataclasses import asdict
from pathlib import Path

from flows.answers import Answer, as_json
from flows.archive import need_archive
from flows.commands.person import person
from pipeline.audit import chain, keeping
from pipeline.audit.anchors import PUBLIC_KEY
from pipeline.audit.chain import Stored
from pipeline.audit.noting import Noting
from pipeline.audit.rotating import rotate
from pipeline.audit.signing import read_public
from pipeline.audit.verifying import Break, verify
from pipeline.ledger import Ledger, open_ledger
from schemas.durable import write_durably
from schemas.errors import InputError
from schemas.messages import label, say
from schemas.settings import Settings

_BROKEN = 3
EXPORTED = "audit-export"


def _break_line(one: Break, language: str) -> str:
    told = label("audit_break", one.kind, language)
    where = one.file or say("audit_entry", language, n=one.seq)
    return f"✗ {where}: {told}"


def verify_chain(settings: Settings, public_key: Path | None) -> Answer:
    """Whether nobody altered the chain; exit code 3 where somebody did.

    Signatures are checked by the key given, else by the archive's own.
    """
    need_archive(settings)
    file = public_key or settings.audit_key_file
    key = read_public(file) if public_key or file.exists() else None
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        verdict = verify(connection, settings.anchors_folder, key)
    language = settings.interface_language
    unanchored = verdict.last - verdict.anchored
    told = {"entries": verdict.entries, "last": verdict.last, "anchored": verdict.anchored}
    head = "audit_whole" if verdict.whole else "audit_broken"
    first = verdict.breaks[0] if verdict.breaks else Break("", 0)
    lines = (
        say(head, language, n=first.seq, **told),
        *(_break_line(one, language) for one in verdict.breaks),
    )
    payload = {
        "whole": verdict.whole,
        **told,
        "first": verdict.first,
        "anchors": verdict.anchors,
        "unanchored": unanchored,
        "breaks": [asdict(one) for one in verdict.breaks],
    }
    return Answer(payload, lines, 0 if verdict.whole else _BROKEN)


def row_of(one: Stored) -> dict[str, object]:
    """An entry as JSON."""
    return {**asdict(one.entry), "digest": one.digest}


def _line(one: Stored, language: str) -> str:
    e = one.entry
    did = label("audit_action", e.action, language)
    purpose = f" ({e.purpose})" if e.purpose else ""
    return f"{e.seq:>8}  {e.time[:19]}  {e.actor:<22} {did}  {e.subject}{purpose}".rstrip()


def list_entries(
    settings: Settings, who: str | None, action: str | None, subject: str | None, limit: int
) -> Answer:
    """The newest entries; a person's are found by his name, which the chain does not hold."""
    need_archive(settings)
    with open_ledger(settings) as ledger:
        actor = _actor(who, ledger, settings)
        with ledger.reading() as connection:
            found = chain.newest(
                connection, limit, actor=actor, action=action or "", subject=subject or ""
            )
    language = settings.interface_language
    lines = tuple(_line(one, language) for one in found) or (say("audit_none", language),)
    return Answer({"entries": [row_of(one) for one in found]}, lines)


def _actor(who: str | None, ledger: Ledger, settings: Settings) -> str:
    if not who or who.startswith(("account-", "key-", "person-")):
        return who or ""
    return Noting(ledger, settings).actor(who)


def export(settings: Settings, out: Path, by: str | None) -> Answer:
    """All entries as JSON Lines in a new file; that it was made is an entry, too."""
    need_archive(settings)
    if out.exists():
        raise InputError("file-exists", out.name)
    with open_ledger(settings) as ledger:
        Noting(ledger, settings).note_command(person(by), EXPORTED, "chain")
        with ledger.reading() as connection:
            count = chain.length(connection)
            rows = (f"{as_json(row_of(one))}\n".encode() for one in chain.entries(connection))
            write_durably(out, lambda stream: stream.writelines(rows))
    line = say("audit_exported", settings.interface_language, n=count, file=out)
    return Answer({"file": str(out), "entries": count}, (line,))


def anchor(settings: Settings) -> Answer:
    """Sign the chain's head now, for schedules without a server, and remove what is too old."""
    need_archive(settings)
    with open_ledger(settings) as ledger:
        path = keeping.anchor(ledger, settings)
        removed = keeping.prune(ledger, settings)
    language = settings.interface_language
    name = path.name if path else ""
    line = say("audit_anchored", language, file=name) if path else say("audit_same", language)
    return Answer({"anchor": name, "removed": removed}, (line,))


def rotate_key(settings: Settings, by: str | None) -> Answer:
    """A new key signs from now on; what the old one signed stays provable by either."""
    need_archive(settings)
    with open_ledger(settings) as ledger:
        key = rotate(ledger, settings, person(by))
    shown = settings.anchors_folder / PUBLIC_KEY
    line = say("audit_key_changed", settings.interface_language, file=shown)
    return Answer({"public_key": key, "file": str(shown)}, (line,))
