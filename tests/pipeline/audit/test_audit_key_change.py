"""The key of the audit chain is changed: old heads stay provable, and nobody can pretend a change."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from pipeline.accounts.tables import audit
from pipeline.audit import chain, keeping
from pipeline.audit.anchors import HEAD, write_anchor
from pipeline.audit.noting import Noting
from pipeline.audit.rotating import rotate
from pipeline.audit.signing import private_key, read_private, read_public
from pipeline.audit.successions import Succession, believed, hex_of, reigns, write_succession
from pipeline.audit.verifying import verify
from pipeline.ledger import open_ledger
from schemas.access import Caller, Role
from schemas.settings import Settings

CALLER = Caller(Role.ARCHIVIST, "ioana.popescu")


class Changed:
    """A chain whose key was changed twice, with heads before, between and after."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(archive=folder / "archive")
        self.ledger = open_ledger(self.settings)
        self.noting = Noting(self.ledger, self.settings)
        self.keys, self.private = [], []
        self.note()
        for _ in range(2):
            self.remember()
            rotate(self.ledger, self.settings, "ioana.popescu")
            self.note()
        self.remember()

    def remember(self) -> None:
        self.private.append(private_key(self.settings.audit_key_file))
        self.keys.append(self.private[-1].public_key())

    def note(self) -> None:
        for n in range(3):
            self.noting.note(CALLER, "view", f"doc{n:05d}")
        assert keeping.anchor(self.ledger, self.settings)

    def breaks(self, key=None, folder=None) -> list[tuple[str, str]]:
        with self.ledger.reading() as connection:
            folder = folder or self.settings.anchors_folder
            told = verify(connection, folder, key or self.keys[-1]).breaks
        return [(one.kind, one.file) for one in told]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    made = Changed(tmp_path_factory.mktemp("changed"))
    yield made
    made.ledger.close()


@pytest.fixture
def folder(changed, tmp_path):
    """A copy of the anchors, to be spoilt."""
    return Path(shutil.copytree(changed.settings.anchors_folder, tmp_path / "anchors"))


def successions(folder: Path) -> list[Path]:
    return sorted(folder.glob("key-*.json"))


def test_any_key_of_the_row_proves_all_of_it(changed):
    assert len({hex_of(key) for key in changed.keys}) == 3
    assert [changed.breaks(key) for key in changed.keys] == [[], [], []]
    stranger = Ed25519PrivateKey.generate().public_key()
    assert {kind for kind, _ in changed.breaks(stranger)} == {
        "anchor-forged", "anchor-missing", "key-missing",
    }  # fmt: skip


def test_the_public_keys_lie_beside_the_heads(changed):
    folder = changed.settings.anchors_folder
    shown = [folder / "public.pem", *sorted(folder.glob("public-0*.pem"), reverse=True)]
    assert [hex_of(read_public(one)) for one in shown] == [
        hex_of(key) for key in reversed(changed.keys)
    ]
    keys = changed.settings.audit_key_file.parent
    assert sorted(one.name for one in keys.iterdir()) == ["audit.pem", "audit.pseudonyms"]
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in keys.iterdir())


def test_people_keep_their_pseudonyms(changed):
    with changed.ledger.reading() as connection:
        views = [one.entry for one in chain.entries(connection) if one.entry.action == "view"]
    assert len({one.actor for one in views}) == 1
    again = Noting(changed.ledger, changed.settings).actor("ioana.popescu")
    assert again == views[0].actor


def test_an_old_key_signs_no_later_head(changed, folder):
    with changed.ledger.reading() as connection:
        last = chain.head(connection)
    write_anchor(folder, changed.private[0], HEAD, last.entry.seq, last.digest)
    assert changed.breaks(folder=folder) == [("anchor-forged", f"{last.entry.seq:012d}.json")]


def test_a_removed_proof_is_missed(changed, folder):
    successions(folder)[0].unlink()
    kinds = {kind for kind, _ in changed.breaks(folder=folder)}
    assert kinds == {"anchor-forged", "anchor-missing", "key-missing"}


def test_an_altered_proof_is_found(changed, folder):
    one = successions(folder)[1]
    one.write_bytes(one.read_bytes().replace(b'"digest":"', b'"digest":"f'))
    assert ("anchor-forged", one.name) in changed.breaks(folder=folder)


def test_a_stranger_cannot_follow_a_key(changed, folder):
    """Neither without the old key, nor with a stolen one beside the true successor."""
    stranger = Ed25519PrivateKey.generate()
    for thief in (Ed25519PrivateKey.generate(), changed.private[0]):
        write_succession(folder, thief, stranger, 2, "0" * 64)
        kinds = {kind for kind, _ in changed.breaks(folder=folder)}
        assert "anchor-forged" in kinds


def test_interrupted_it_is_finished_by_doing_it_again(tmp_path, monkeypatch):
    made = Changed(tmp_path)
    monkeypatch.setattr("pipeline.audit.rotating._replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rotate(made.ledger, made.settings, "ioana")
    monkeypatch.undo()
    made.note()
    assert "anchor-forged" in {kind for kind, _ in made.breaks()}
    told = rotate(made.ledger, made.settings, "ioana")
    made.note()
    key = read_private(made.settings.audit_key_file).public_key()
    assert (hex_of(key), made.breaks(key), made.breaks()) == (told, [], [])
    made.ledger.close()


def test_edits_under_an_old_key_are_still_found(changed):
    with changed.ledger.writing() as connection:
        saved = connection.begin_nested()
        connection.execute(update(audit).where(audit.c.seq == 2).values(subject="doc99999"))
        connection.execute(delete(audit).where(audit.c.seq == 7))
        told = verify(connection, changed.settings.anchors_folder, changed.keys[0]).breaks
        saved.rollback()
    assert [(one.kind, one.seq) for one in told] == [("edited", 2), ("deleted", 7)]


letters = st.sampled_from("abcdef")
rows = st.lists(
    st.builds(Succession, st.integers(1, 30), st.just(""), st.just(""), letters, letters),
    max_size=12,
)


@given(rows, letters)
@example([Succession(5, "", "", "a", "b"), Succession(3, "", "", "b", "c")], "b")
def test_whatever_is_told_of_keys_one_key_signs_each_entry(told, trusted):
    row = reigns(tuple(told), trusted)
    assert trusted in {one.key for one in row}
    assert len({one.key for one in row}) == len(row)
    for seq in range(1, 40):
        signing = [
            one for one in row if one.after < seq and (one.until is None or seq <= one.until)
        ]
        assert len(signing) == 1
    pairs = {(one.old, one.new) for one in believed(tuple(told))}
    assert all((a.key, b.key) in pairs for a, b in pairwise(row))


def test_others_note_and_anchor_meanwhile(ledger_settings):
    settings = ledger_settings
    with open_ledger(settings) as ledger:
        noting = Noting(ledger, settings)

        def work(n: int) -> None:
            noting.note(CALLER, "view", f"doc{n:05d}")
            if n == 4:
                rotate(ledger, settings, "ioana.popescu")
            else:
                keeping.anchor(ledger, settings)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(9)))
        with ledger.reading() as connection:
            key = read_public(settings.audit_key_file)
            told = verify(connection, settings.anchors_folder, key)
    assert told.breaks == ()
    assert len(successions(settings.anchors_folder)) == 1
