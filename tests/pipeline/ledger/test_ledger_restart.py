"""PostgreSQL is started again under the ledger: waited for so long, then named; nothing is lost."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import text

from pipeline.ledger import leases, open_ledger, rebuild
from schemas.errors import InputError, ServiceError
from schemas.settings import Settings

pytestmark = [pytest.mark.services, pytest.mark.slow]


def test_a_server_that_comes_back_is_waited_for(own_postgres, tmp_path):
    settings = Settings(archive=tmp_path, ledger_url=own_postgres.url, lease_seconds=3)
    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        with ledger.unit_lock(unit) as lease, ThreadPoolExecutor(1) as threads:
            for page in range(1, 4):
                ledger.record_step(unit, page, "page", "in", "par", {"state": "blank"})
                own_postgres.stop()
                waiting = threads.submit(
                    ledger.record_step, unit, page + 10, "page", "in", "par", {"state": "blank"}
                )
                own_postgres.start()
                waiting.result(60)
            assert [held.token for held in ledger.leases()] == [lease.token]
        assert sorted(ledger.steps(unit, "page")) == [1, 2, 3, 11, 12, 13]
        assert ledger.leases() == ()


def test_a_restart_in_the_middle_of_a_renewal_ends_no_lease(own_postgres, tmp_path, monkeypatch):
    settings = Settings(
        archive=tmp_path,
        ledger_url=own_postgres.url,
        lease_seconds=60,
        lease_renewal_seconds=0.1,
    )
    transaction, cut, restarted = leases.transaction, Event(), Event()

    @contextmanager
    def cut_once(engine, **how):
        with transaction(engine, **how) as connection:
            if not cut.is_set():
                cut.set()
                assert restarted.wait(60)
            yield connection

    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        with ledger.unit_lock(unit) as lease:
            monkeypatch.setattr(leases, "transaction", cut_once)
            assert cut.wait(60)
            own_postgres.stop()
            own_postgres.start()
            restarted.set()
            (before,) = ledger.leases()
            until = time.monotonic() + 60
            while (now := ledger.leases()[0]).beat < before.beat + 2:
                assert time.monotonic() < until
                time.sleep(0.1)
            assert now.token == lease.token
            ledger.record_step(unit, 1, "page", "in", "par", {})
        assert ledger.leases() == ()


def test_a_server_that_stays_away_is_named_and_its_ledger_comes_back(
    own_postgres, tmp_path, monkeypatch
):
    monkeypatch.setattr("pipeline.ledger.holding.BUSY_SECONDS", 1.0)
    settings = Settings(archive=tmp_path, ledger_url=own_postgres.url, lease_seconds=3)
    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        with ledger.unit_lock(unit):
            own_postgres.stop()
            with pytest.raises(ServiceError) as caught:
                ledger.record_step(unit, 1, "page", "in", "par", {})
            assert caught.value.code == "ledger-unreachable"
            with pytest.raises(ServiceError):
                open_ledger(settings)
        own_postgres.start()
        until = time.monotonic() + 60
        while not ledger.expired():
            assert time.monotonic() < until
            time.sleep(0.2)
        with ledger.unit_lock(unit):
            ledger.record_step(unit, 1, "page", "in", "par", {})
    assert rebuild(settings).kept == (unit,)


def stand_still(ledger):
    with ledger.writing() as connection:
        connection.execute(text("SET idle_in_transaction_session_timeout = 50"))
        time.sleep(0.5)
        connection.execute(text("SELECT 1"))


def test_whoever_stood_still_in_a_transaction_is_told_that_another_took_over(
    own_postgres, tmp_path
):
    settings = Settings(archive=tmp_path, ledger_url=own_postgres.url)
    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "n", "s", "f")[0].id
        with pytest.raises(InputError) as caught:
            stand_still(ledger)
        assert caught.value.code == "lease-lost"
        assert ledger.unit(unit).id == unit
