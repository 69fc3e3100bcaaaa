"""What the ledger keeps, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipeline.ledger import Ledger, Step, fingerprint, open_ledger
from schemas.errors import InputError
from schemas.records import PageCounts
from schemas.settings import Settings
from schemas.sources import Quarantined


@pytest.fixture
def ledger(ledger_settings: Settings) -> Iterator[Ledger]:
    with open_ledger(ledger_settings) as opened:
        yield opened


def claim(ledger: Ledger, key: str = "k") -> str:
    return ledger.claim_unit(key, f"name of {key}", "local", "/in/x.pdf")[0].id


def test_the_same_content_is_one_unit(ledger):
    first, fresh = ledger.claim_unit("k1", "Dosar ș", "local", "a.pdf")
    again, anew = ledger.claim_unit("k1", "other name", "s2", "b.pdf")
    other, new = ledger.claim_unit("k2", "Dosar 2", "local", "c.pdf")
    assert (fresh, anew, new) == (True, False, True)
    assert again == first
    assert other.id != first.id
    assert other.seq > first.seq
    assert first.state == "working"
    assert first.name == "Dosar ș"
    assert ledger.units() == (first, other)
    assert ledger.find_unit("k2") == other
    assert ledger.find_unit("k3") is None


def test_threads_that_claim_one_content_get_one_unit(ledger):
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: ledger.claim_unit("k", "n", "s", "f"), range(24)))
    assert len({unit.id for unit, _ in claims}) == 1
    assert sum(fresh for _, fresh in claims) == 1


def test_unit_ids_can_be_read_aloud(ledger):
    unit = claim(ledger)
    assert unit.startswith("ua-")
    assert len(unit) == 13
    assert set(unit[3:]) <= set("abcdefghjkmnpqrstuvwxyz23456789")


def test_a_step_is_done_with_its_inputs_and_parameters_only(ledger):
    unit = claim(ledger)
    result = {"state": "recognised", "words": 3, "text": "Ștefan"}
    ledger.record_step(unit, 1, "page", "in", "par", result)
    assert ledger.is_done(unit, 1, "page", "in", "par")
    for other in (
        (unit, 1, "page", "in", "other"),
        (unit, 1, "page", "other", "par"),
        (unit, 2, "page", "in", "par"),
        (unit, 1, "pdf", "in", "par"),
        ("ua-other", 1, "page", "in", "par"),
    ):
        assert not ledger.is_done(*other)
    step = ledger.steps(unit, "page")[1]
    assert step.result == result
    assert step.state == "recognised"
    assert step.matches("in", "par")
    assert not step.matches("in", "x")


def test_a_step_done_again_takes_the_place_of_the_first(ledger):
    unit = claim(ledger)
    ledger.record_step(unit, 1, "page", "in", "par", {"state": "failed"})
    ledger.record_step(unit, 2, "page", "in", "par", {"state": "blank"})
    ledger.record_step(unit, 1, "page", "in", "par2", {"state": "recognised"})
    steps = ledger.steps(unit, "page")
    assert list(steps) == [1, 2]
    assert steps[1].seq > steps[2].seq
    assert ledger.unit_counts(unit) == PageCounts(0, 1, 1, 0, 0)


def test_steps_together_are_stored_together_or_not_at_all(ledger):
    unit = claim(ledger)
    good = Step(unit, 1, "page", "in", "par", {"state": "blank"})
    bad = Step("ua-nowhere", 2, "page", "in", "par")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        ledger.record_steps((good, bad))
    assert ledger.steps(unit, "page") == {}
    ledger.record_steps(())
    ledger.record_steps(Step(unit, page, "page", "in", "par") for page in range(1, 301))
    assert len(ledger.steps(unit, "page")) == 300


def test_stages_forgotten_are_done_again(ledger):
    unit, other = claim(ledger), claim(ledger, "k2")
    for ident in (unit, other):
        for stage in ("page", "pdf", "record"):
            ledger.record_step(ident, 0, stage, "in", "par", {})
    ledger.forget_unit_steps(unit, ("page", "pdf"))
    done = [stage for stage in ("page", "pdf", "record") if ledger.steps(unit, stage)]
    assert done == ["record"]
    assert ledger.steps(other, "page")


def test_sums_by_state(ledger):
    assert ledger.counts().pages == PageCounts()
    one, two = claim(ledger), claim(ledger, "k2")
    for page, state in enumerate(("recognised", "recognised", "blank", "separator", "failed"), 1):
        ledger.record_step(one, page, "page", "in", "par", {"state": state})
    ledger.record_step(two, 1, "page", "in", "par", {"state": "recognised"})
    ledger.record_step(two, 0, "record", "in", "par", {"state": "recognised"})
    ledger.set_unit_state(one, "published", scanned=5)
    ledger.set_unit_state(two, "unreconciled", scanned=2)
    ledger.set_unit_state(one, "published")
    counts = ledger.counts()
    assert counts.units == {"published": 1, "unreconciled": 1}
    assert counts.pages == PageCounts(7, 3, 1, 1, 1)
    assert ledger.unit_counts(one) == PageCounts(5, 2, 1, 1, 1)
    assert [unit.id for unit in ledger.units("unreconciled")] == [two]


def test_a_unit_that_is_not_there_is_named(ledger):
    for call in (ledger.unit, ledger.unit_counts, lambda u: ledger.set_unit_state(u, "published")):
        with pytest.raises(InputError) as caught:
            call("ua-nowhere")
        assert (caught.value.code, caught.value.file) == ("unit-missing", "ua-nowhere")


def test_a_unit_forgotten_takes_its_steps_along(ledger):
    unit = claim(ledger)
    ledger.record_step(unit, 1, "page", "in", "par", {"state": "blank"})
    ledger.forget_unit(unit)
    assert ledger.units() == ()
    assert ledger.counts().pages == PageCounts()


def test_one_writer_a_unit(ledger):
    unit, other = claim(ledger), claim(ledger, "k2")
    with ledger.unit_lock(unit):
        with pytest.raises(InputError) as caught, ledger.unit_lock(unit):
            pass
        assert caught.value.code == "unit-busy"
        with ledger.unit_lock(other):
            pass
    with ledger.unit_lock(unit):
        pass


def test_the_quarantine_s_mirror(ledger):
    entries = tuple(
        Quarantined(f"q{n}", f"fișier {n}.pdf", "pdf-damaged", "r", "m", "s1", "2026", "ab", "x")
        for n in range(3)
    )
    for entry in (*entries, entries[2]):
        ledger.add_quarantined(entry)
    assert ledger.quarantined() == entries
    assert ledger.quarantined("s2") == ()
    assert ledger.counts().quarantined == 3
    elsewhere = replace(entries[1], station="s2")
    ledger.add_quarantined(elsewhere)
    ledger.remove_quarantined("s1", "q1")
    assert ledger.quarantined() == (entries[0], entries[2], elsewhere)
    assert ledger.quarantined("s1") == (entries[0], entries[2])


def test_batches_are_numbered_in_their_year(ledger):
    with ThreadPoolExecutor(4) as pool:
        ids = sorted(pool.map(lambda _: ledger.start_batch(), range(8)))
    years = {ident.split("-")[1] for ident in ids}
    assert [ident[-5:] for ident in ids] == [f"-{n:04d}" for n in range(1, 9)]
    assert len(years) == 1
    ledger.add_batch_source(ids[0], "a.pdf", "taken", "ua-1")
    ledger.add_batch_source(ids[0], "b.pdf", "quarantined")
    ledger.end_batch(ids[0])
    sources = [(s.file, s.outcome, s.unit) for s in ledger.batch_sources(ids[0])]
    assert sources == [("a.pdf", "taken", "ua-1"), ("b.pdf", "quarantined", None)]
    states = {batch.id: (batch.state, bool(batch.ended)) for batch in ledger.batches()}
    assert states[ids[0]] == ("done", True)
    assert states[ids[1]] == ("working", False)


TIMES = ("2031-11-22", "2026-11-20", "2026-11-22", "2026-10-25", "2021-11-22")


def test_order_is_the_ledger_s_whatever_the_clock_says(ledger, monkeypatch):
    """The clock goes forward five years, back two days, and through the end of summer time."""
    idents, batches, entries = [], [], []
    for number, day in enumerate(TIMES):
        time = f"{day}T03:30:00+00:00"
        monkeypatch.setattr("pipeline.ledger.ledger.now", lambda time=time: time)
        idents.append(claim(ledger, f"k{number}"))
        batches.append(ledger.start_batch())
        entry = Quarantined(
            f"{9 - number}", "f.pdf", "pdf-damaged", "r", "m", "s1", time, "ab", "x"
        )
        ledger.add_quarantined(entry)
        entries.append(entry)
        ledger.add_batch_source(batches[0], f"{9 - number}.pdf", "taken")
        ledger.record_step(idents[0], 0, f"{9 - number}", "in", "par", {})
    assert [unit.id for unit in ledger.units()] == idents
    assert [batch.id for batch in ledger.batches()] == batches
    assert len(set(batches)) == len(batches)
    assert list(ledger.quarantined()) == entries
    files = [source.file for source in ledger.batch_sources(batches[0])]
    assert files == ["9.pdf", "8.pdf", "7.pdf", "6.pdf", "5.pdf"]
    seqs = [step.seq for step in reversed(ledger.unit_steps(idents[0]))]
    assert seqs == sorted(seqs)
    assert [row.id for row in ledger.unfinished()] == idents


def test_what_is_stored_outlasts_the_ledger_in_use(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        unit = claim(ledger)
        ledger.record_step(unit, 7, "page", "in", "par", {"state": "blank"})
    with open_ledger(ledger_settings, create=False) as ledger:
        assert ledger.is_done(unit, 7, "page", "in", "par")


def test_a_fingerprint_does_not_hang_on_the_order_of_keys():
    assert fingerprint({"a": 1, "b": (2, "ș")}) == fingerprint({"b": (2, "ș"), "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert len(fingerprint("x")) == 64
