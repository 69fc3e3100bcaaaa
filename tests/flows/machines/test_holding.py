"""Several units held at once, in one order, whoever wants them in whichever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from flows.machines.holding import hold_units
from flows.progress import Silent
from flows.run import Run, StoppedError
from pipeline.ledger import Ledger, open_ledger
from schemas.errors import InputError
from schemas.settings import Settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(archive=tmp_path / "archive")


def run_of(settings: Settings, ledger: Ledger) -> Run:
    """A run as far as holding units needs one."""
    return Run(settings, ledger, None, None, Silent(), Event(), Lock())


def test_who_wants_two_units_in_opposite_orders_gets_them_in_turn(settings):
    inside, guard = [], Lock()
    with open_ledger(settings) as ledger:
        one, two = (ledger.claim_unit(key, "n", "s", "f")[0].id for key in "ab")

    def work(pair: tuple[str, str]) -> int:
        with open_ledger(settings) as ledger:
            for _ in range(3):
                with hold_units(pair, run_of(settings, ledger)):
                    with guard:
                        inside.append(pair)
                        assert len(inside) == 1
                    for unit in pair:
                        ledger.set_unit_state(unit, "working")
                    with guard:
                        inside.remove(pair)
        return 3

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(work, [(one, two), (two, one)], timeout=60)) == [3, 3]


def test_a_unit_named_twice_is_held_once(settings):
    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        with hold_units((unit, unit), run_of(settings, ledger)):
            assert [lease.unit for lease in ledger.leases()] == [unit]
        assert ledger.leases() == ()


def test_what_is_held_already_is_given_back_where_another_cannot_be_had(settings):
    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        with (
            pytest.raises(InputError) as caught,
            hold_units((unit, "ua-zzz"), run_of(settings, ledger)),
        ):
            pass
        assert caught.value.code == "unit-missing"
        assert ledger.leases() == ()


def test_waiting_for_a_unit_ends_when_somebody_asks_to_stop(settings):
    with open_ledger(settings) as ledger, open_ledger(settings) as other:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        run = run_of(settings, ledger)
        with other.unit_lock(unit), ThreadPoolExecutor(1) as threads:

            def wait() -> None:
                with hold_units((unit,), run):
                    pass

            going = threads.submit(wait)
            run.stop.set()
            with pytest.raises(StoppedError):
                going.result(60)
