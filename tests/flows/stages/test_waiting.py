"""Who waits for the index says for whom, and gives up on one who stands still."""

import time

import pytest

from flows.progress import Silent
from flows.stages.waiting import Standstill, wait_on
from schemas.errors import InputError
from schemas.settings import Settings


def busy(sign="a", since=0.0):
    return InputError("index-busy", "index/staff", who="opis reindex", since=since, sign=sign)


def wait(seen, sign="a", since=0.0, limit=0.2):
    settings = Settings(index_wait_seconds=limit)
    wait_on(busy(sign, since), "ua-1", seen, settings, Silent())


def test_who_works_is_waited_for_however_long(capsys):
    seen = Standstill()
    for number in range(5):
        wait(seen, sign=str(number))
        time.sleep(0.1)
    assert capsys.readouterr().err.count("ua-1: aștept indexul") == 1


def test_who_stands_still_is_not(capsys):
    seen = Standstill()
    wait(seen)
    time.sleep(0.25)
    with pytest.raises(InputError, match="index-held: ua-1") as caught:
        wait(seen)
    assert caught.value.detail["who"] == "opis reindex"


def test_a_second_unit_waits_for_the_same_one_no_more():
    seen = Standstill()
    wait(seen)
    time.sleep(0.25)
    for _ in range(2):
        with pytest.raises(InputError, match="index-held"):
            wait(seen)
    wait(seen, sign="b")


def test_for_how_long_he_has_it_is_told(capsys):
    wait(Standstill(), since=time.time() - 90)
    wait(Standstill(), since=0.0)
    wait(Standstill(), since=time.time() + 10**6)
    first, second, third = capsys.readouterr().err.splitlines()
    assert "opis reindex" in first
    assert "1 min 30 s" in first
    assert "de 0 s" in second
    assert "de 0 s" in third


def test_a_standstill_is_told_with_its_end(capsys, monkeypatch):
    monkeypatch.setattr("flows.stages.waiting._TELL_SECONDS", 0.0)
    seen = Standstill()
    wait(seen, limit=90)
    time.sleep(0.01)
    wait(seen, limit=90)
    assert "după 1 min 30 s unitatea rămâne" in capsys.readouterr().err.splitlines()[-1]
