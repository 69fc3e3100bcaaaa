"""While the ledger is rebuilt nobody works, whoever began in the last moment before it."""

import sys
from contextlib import ExitStack
from dataclasses import replace
from threading import Event, Thread

import pytest

from pipeline.ledger import Ledger, open_ledger, rebuild
from schemas.errors import InputError
from schemas.records import PageState
from tests.pipeline.unit_samples import make_unit, publish

pytestmark = pytest.mark.slow
MODULE = sys.modules["pipeline.ledger.rebuild"]
"""Its function has its name."""
WAITED = 1.0


@pytest.fixture
def unit(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        row, _ = ledger.claim_unit("key", "Dosar", "s1", "1.pdf")
        made = make_unit([[PageState.RECOGNISED]], row.id)
        publish(ledger_settings, replace(made, content_key="key"))
    return row.id


@pytest.fixture
def other(ledger_settings):
    """The ledger as another machine uses it."""
    with open_ledger(replace(ledger_settings, machine="another")) as ledger:
        yield ledger


def test_who_begins_after_the_look_is_seen_in_the_rebuild(
    ledger_settings, unit, other, monkeypatch
):
    look = Ledger.need_idle
    with ExitStack() as stack:

        def look_and_be_overtaken(self):
            look(self)
            stack.enter_context(other.unit_lock(unit))

        monkeypatch.setattr(Ledger, "need_idle", look_and_be_overtaken)
        with pytest.raises(InputError) as caught:
            rebuild(ledger_settings)
    assert (caught.value.code, caught.value.file) == ("unit-busy", unit)
    monkeypatch.undo()
    assert rebuild(ledger_settings).units == (unit,)


def test_nobody_begins_before_the_rebuild_has_ended(ledger_settings, unit, other, monkeypatch):
    begun = Event()

    def begin():
        with other.unit_lock(unit):
            begun.set()

    thread = Thread(target=begin)
    survey, early = MODULE._survey, []

    def surveyed(*arguments):
        thread.start()
        early.append(begun.wait(WAITED))
        return survey(*arguments)

    monkeypatch.setattr(MODULE, "_survey", surveyed)
    assert rebuild(ledger_settings).units == (unit,)
    thread.join()
    assert (early, begun.is_set()) == ([False], True)
