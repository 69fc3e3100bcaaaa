"""The audit chain, on each database: concurrent writers keep one chain, and whoever alters it is found."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from pipeline.accounts.tables import audit
from pipeline.audit import chain, keeping
from pipeline.audit.anchors import HEAD, write_anchor
from pipeline.audit.chain import GENESIS, INVALID, Entry
from pipeline.audit.noting import Noting
from pipeline.audit.signing import private_key, read_public
from pipeline.audit.verifying import Verdict, verify
from pipeline.ledger import Ledger, open_ledger
from schemas.access import ANONYMOUS, Caller, Role
from schemas.errors import InputError
from schemas.settings import Settings
from tests.pipeline.database_samples import DATABASES, shared_ledger, undone

ROOT = Path(__file__).resolve().parents[3]
ARCHIVIST = Caller(Role.ARCHIVIST, "ioana.popescu")


def noted(ledger: Ledger, settings: Settings, count: int) -> None:
    noting = Noting(ledger, settings)
    for n in range(count):
        noting.note(ARCHIVIST, "view", f"doc{n:05d}", "court 12/2026")


class Anchored:
    """Fourteen entries, anchored at the sixth and the thirteenth; what a test does does not last."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger = ledger
        self.settings = settings
        for _ in range(2):
            noted(ledger, settings, 6)
            assert keeping.anchor(ledger, settings)

    def verdict(self, *statements, work=None, folder: Path | None = None, key=None) -> Verdict:
        """What verification tells after these statements, or this work on the connection."""
        found = []
        public = read_public(key or self.settings.audit_key_file)
        with undone(self.ledger) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0
            if work:
                work(connection)
            found.append(verify(connection, folder or self.settings.anchors_folder, public))
        return found[0]

    def breaks(self, *statements, **more) -> list[tuple[str, int]]:
        return [(one.kind, one.seq) for one in self.verdict(*statements, **more).breaks]


@pytest.fixture(scope="module", params=DATABASES)
def anchored(request, tmp_path_factory):
    with shared_ledger(request, tmp_path_factory.mktemp("audit")) as (ledger, settings):
        yield Anchored(ledger, settings)


@pytest.fixture
def folder(anchored, tmp_path):
    """A copy of the anchors, to be spoilt."""
    return Path(shutil.copytree(anchored.settings.anchors_folder, tmp_path / "anchors"))


def rewritten(connection, since: int = 1, **values: str) -> None:
    """A whole new chain from an entry on, every digest right."""
    stored = tuple(chain.entries(connection))
    before = stored[since - 2].digest if since > 1 else GENESIS
    for one in stored[since - 1 :]:
        forged = replace(one.entry, previous=before, **values)
        before = forged.digest
        mine = update(audit).where(audit.c.seq == forged.seq)
        connection.execute(mine.values(previous=forged.previous, digest=before, **values))


def test_each_entry_holds_the_digest_of_the_one_before(anchored):
    told = anchored.verdict()
    assert (told.whole, told.entries, told.first, told.anchors) == (True, 14, 1, 2)
    with anchored.ledger.reading() as connection:
        stored = tuple(chain.entries(connection))
    assert [one.entry.seq for one in stored] == list(range(1, 15))
    assert stored[0].entry.previous == GENESIS
    for before, after in pairwise(stored):
        assert after.entry.previous == before.digest == before.entry.digest


def test_an_edit_is_found(anchored):
    edit = update(audit).where(audit.c.seq == 3).values(subject="doc99999")
    assert anchored.breaks(edit) == [("edited", 3)]


def test_an_edit_with_a_new_digest_is_found(anchored):
    with anchored.ledger.reading() as connection:
        third = next(chain.entries(connection, 2)).entry
    forged = replace(third, actor="account-9")
    values = {"actor": forged.actor, "digest": forged.digest}
    edit = update(audit).where(audit.c.seq == 3).values(values)
    assert anchored.breaks(edit) == [("rewritten", 4)]


@pytest.mark.parametrize(("gone", "first"), [((3,), 3), ((1, 2), 2), ((5, 6, 7), 5)])
def test_a_deletion_is_found(anchored, gone, first):
    assert anchored.breaks(delete(audit).where(audit.c.seq.in_(gone))) == [("deleted", first)]


@pytest.mark.parametrize("left", [0, 3, 12])
def test_a_truncation_is_found(anchored, left):
    assert anchored.breaks(delete(audit).where(audit.c.seq > left)) == [("truncated", left + 1)]


def test_rewriting_with_right_digests_is_found_by_the_anchors(anchored):
    told = anchored.breaks(work=lambda c: rewritten(c, actor="account-9"))
    assert told == [("rewritten", 6), ("rewritten", 13)]
    assert anchored.breaks(work=lambda c: rewritten(c, 14, actor="account-9")) == []


def test_an_anchor_by_another_key_is_found(anchored, folder):
    write_anchor(folder, Ed25519PrivateKey.generate(), HEAD, 6, "0" * 64)
    told = anchored.verdict(folder=folder).breaks
    assert [(one.kind, one.file) for one in told] == [
        ("anchor-forged", "000000000006.json"),
        ("anchor-missing", ""),
    ]


def test_anchors_that_the_chain_tells_of_are_missed(anchored, folder):
    (folder / "000000000013.json").unlink()
    assert anchored.breaks(folder=folder) == [("anchor-missing", 14)]


def test_a_renamed_or_damaged_anchor_is_found(anchored, folder):
    (folder / "000000000006.json").rename(folder / "000000000009.json")
    (folder / "000000000013.json").write_bytes(b"{}")
    told = anchored.verdict(folder=folder).breaks
    forged = {one.file for one in told if one.kind == "anchor-forged"}
    assert forged == {"000000000009.json", "000000000013.json"}


def test_the_public_key_outside_tells_of_a_replaced_key(anchored, folder, tmp_path):
    kept = anchored.settings.anchors_folder / "public.pem"
    assert anchored.verdict(key=kept).whole
    forging = private_key(tmp_path / "new.pem")

    def work(connection) -> None:
        rewritten(connection, actor="account-9")
        for seq in (6, 13):
            write_anchor(
                folder, forging, HEAD, seq, next(chain.entries(connection, seq - 1)).digest
            )

    assert anchored.verdict(work=work, folder=folder, key=tmp_path / "new.pem").whole
    told = {kind for kind, _ in anchored.breaks(work=work, folder=folder, key=kept)}
    assert told == {"anchor-forged", "anchor-missing"}


def test_nothing_new_is_not_anchored_again(anchored):
    assert keeping.anchor(anchored.ledger, anchored.settings) is None
    assert not keeping.is_due(anchored.settings)
    assert keeping.is_due(replace(anchored.settings, audit_minutes=0))


@pytest.fixture
def old(tmp_path):
    """A chain of its own whose first eight entries are of 2001, anchored at the ninth."""
    settings = Settings(archive=tmp_path / "archive")
    with open_ledger(settings) as ledger:
        noted(ledger, settings, 10)
        with ledger.writing() as connection:
            early = update(audit).where(audit.c.seq <= 8)
            connection.execute(early.values(time="2001-01-01T00:00:00+00:00"))
            rewritten(connection)
        assert keeping.anchor(ledger, settings)
        yield ledger, settings


def test_retention_removes_the_oldest_and_the_rest_proves_itself(old):
    ledger, settings = old
    assert keeping.prune(ledger, replace(settings, audit_days=0)) == 0
    assert keeping.prune(ledger, settings) == 8
    key = read_public(settings.audit_key_file)
    with ledger.reading() as connection:
        told = verify(connection, settings.anchors_folder, key)
        assert (told.whole, told.first, told.entries) == (True, 9, 4)
        for file in settings.anchors_folder.glob("pruned-*"):
            file.unlink()
        told = verify(connection, settings.anchors_folder, key)
    assert [(one.kind, one.seq) for one in told.breaks] == [("deleted", 8)]


def test_threads_keep_one_chain(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: noted(ledger, ledger_settings, 5), range(4)))
        keeping.anchor(ledger, ledger_settings)
        with ledger.reading() as connection:
            key = read_public(ledger_settings.audit_key_file)
            told = verify(connection, ledger_settings.anchors_folder, key)
    assert (told.whole, told.entries) == (True, 21)


@pytest.mark.slow
def test_processes_keep_one_chain(ledger_settings):
    program = (
        "import sys; from pathlib import Path; from schemas.settings import Settings;"
        "from pipeline.ledger import open_ledger; from flows.auditing import noted;"
        "s = Settings(archive=Path(sys.argv[1]), ledger_url=sys.argv[2]);"
        "l = open_ledger(s); [noted(l, s, 'ioana', 'view', f'd{n}') for n in range(20)]"
    )
    place = (ledger_settings.archive, ledger_settings.ledger_url)
    command = [str(part) for part in (sys.executable, "-c", program, *place)]
    started = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [one.wait(120) for one in started] == [0, 0, 0]
    key = read_public(ledger_settings.audit_key_file)
    with open_ledger(ledger_settings) as ledger, ledger.reading() as connection:
        assert verify(connection, ledger_settings.anchors_folder, key).whole
        views = [one.entry for one in chain.entries(connection) if one.entry.action == "view"]
    assert len(views) == 60
    assert len({one.actor for one in views}) == 1


def test_no_personal_datum_gets_in(tmp_path):
    settings = Settings(archive=tmp_path / "archive")
    with open_ledger(settings) as ledger:
        noting = Noting(ledger, settings)
        noting.note(ARCHIVIST, "view", "Popescu Ioana, CNP 2800101410011", "fiindcă vreau")
        noting.note(ANONYMOUS, "Vizualizare!", "iluminat public")
        with ledger.reading() as connection:
            one, two = (stored.entry for stored in chain.entries(connection))
        again = noting.actor(" Ioana.Popescu ")
    assert one.actor.startswith("person-")
    assert (one.subject, one.purpose) == (INVALID, INVALID)
    assert (two.actor, two.action, two.subject) == ("-", INVALID, INVALID)
    assert again == one.actor
    assert "popescu" not in f"{one} {two}".casefold()


texts = st.text(max_size=80)


@given(texts, texts, texts)
def test_what_is_stored_of_any_text_has_the_shape_of_an_id(action, subject, purpose):
    for pattern, given_text in (
        (chain._ACTION, action),
        (chain._SUBJECT, subject),
        (chain._PURPOSE, purpose),
    ):
        kept = chain._clean(pattern, given_text)
        assert kept in {"", INVALID} or pattern.fullmatch(kept)
        assert kept == "" or " " not in kept or pattern is chain._PURPOSE


@given(st.lists(texts, min_size=8, max_size=8), st.integers(0, 7), texts)
def test_no_other_entry_has_the_same_digest(fields, place, other):
    seq = len(fields[0])
    entry = Entry(seq, *fields[1:])
    changed = list(fields[1:])
    if place < len(changed):
        changed[place] = other
    again = Entry(seq + (place == len(changed)), *changed)
    assert (again == entry) == (again.digest == entry.digest)


def test_the_key_is_its_owners_alone_and_made_once(tmp_path):
    file = tmp_path / "keys" / "audit.pem"
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: private_key(file).private_bytes_raw(), range(8)))
    assert len(set(made)) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["audit.pem"]
    file.write_bytes(b"-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n")
    with pytest.raises(InputError) as caught:
        private_key(file)
    assert caught.value.code == "audit-key"
