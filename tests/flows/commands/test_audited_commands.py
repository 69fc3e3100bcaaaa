"""What commands that show or change records leave in the audit chain; a new key by `opis audit rotate`."""

import pytest

from flows.commands.access.auditing import anchor, list_entries, rotate_key, verify_chain
from flows.commands.finding import search
from pipeline.audit import chain
from pipeline.ledger import open_ledger
from schemas.errors import InputError
from tests.search.web.web_samples import ELSEWHERE, PUBLIC, REDACTED, SECRET, archive_in, fill


@pytest.fixture
def settings(tmp_path):
    with archive_in(tmp_path) as archive:
        open_ledger(archive.settings).close()
        fill(archive)
        yield archive.settings


def entries(settings, action):
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        every = [one.entry for one in chain.entries(connection)]
    return [one for one in every if one.action == action]


def test_a_search_that_shows_words_of_what_is_not_public_is_noted_once(settings):
    search(settings, "crinului iluminat", "staff", (), 10, 1)
    search(settings, "art", "staff", (), 10, 1)
    search(settings, "parcare", "public", (), 10, 1)
    assert entries(settings, "search") == []
    answer = search(settings, "", "staff", ("fond=Primăria",), 10, 1)
    (entry,) = entries(settings, "search")
    assert entry.role == "command"
    shown = {f"{SECRET}.1", f"{REDACTED}.1", f"{ELSEWHERE}.1"}
    assert set(entry.subject.split(",")) == shown
    hits = {f"{hit['document']}.{hit['document_page']}" for hit in answer.payload["hits"]}
    assert hits == shown | {f"{PUBLIC}.1", f"{PUBLIC}.2"}
    for ident in (SECRET, REDACTED, ELSEWHERE):
        found = list_entries(settings, None, None, ident, 10).payload["entries"]
        assert [row["seq"] for row in found] == [entry.seq]
    assert list_entries(settings, None, None, PUBLIC, 10).payload["entries"] == []


def test_a_search_that_cannot_be_noted_is_not_answered(settings):
    settings.audit_key_file.parent.mkdir(parents=True, exist_ok=True)
    settings.audit_key_file.write_bytes(b"no key")
    with pytest.raises(InputError):
        search(settings, "Popescu", "staff", (), 10, 1)


def test_a_new_key_is_told_in_the_chain_and_everything_stays_provable(settings):
    search(settings, "Popescu", "staff", (), 10, 1)
    anchor(settings)
    public = settings.anchors_folder / "public.pem"
    before = settings.archive / "before.pem"
    before.write_bytes(public.read_bytes())
    told = rotate_key(settings, "ioana").payload
    assert public.read_bytes() != before.read_bytes()
    assert [one.subject for one in entries(settings, "audit-key")] == [told["public_key"]]
    search(settings, "Popescu", "staff", (), 10, 1)
    anchor(settings)
    for key in (None, before, public):
        verdict = verify_chain(settings, key)
        assert (verdict.exit_code, verdict.payload["breaks"]) == (0, [])
