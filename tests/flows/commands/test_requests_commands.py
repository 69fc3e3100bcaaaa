"""`opis requests …`: what waits, by term; who asks by `show` alone; answers that the asker reads."""

import pytest

from flows.commands import requests as commands
from pipeline.ledger import open_ledger
from pipeline.portal.requests import RequestBook
from schemas.errors import InputError
from schemas.portal import Question
from schemas.settings import Settings

ASKED = Question("Hotărârea despre strada mea", "Ana Pop", "ana@exemplu.ro")


@pytest.fixture
def settings(tmp_path):
    return Settings(archive=tmp_path)


@pytest.fixture
def receipt(settings):
    with open_ledger(settings) as ledger:
        return RequestBook(ledger).file(ASKED)


def test_a_request_is_listed_shown_and_answered(settings, receipt, tmp_path):
    listed = commands.list_requests(settings, every=False)
    assert [row["number"] for row in listed.payload["requests"]] == [receipt.number]
    for words in (str(listed.payload), *listed.lines):
        assert "Ana Pop" not in words
        assert ASKED.text not in words
    assert any("Ana Pop" in line for line in commands.show(settings, receipt.number).lines)
    assert commands.assign(settings, receipt.number, "ion").payload["assigned"] == "ion"
    assert commands.extend(settings, receipt.number).payload["extended"] is True
    (tmp_path / "raspuns.txt").write_text("Copia este atașată.", encoding="utf-8")
    file = tmp_path / "raspuns.txt"
    done = commands.answer(settings, receipt.number, "", file, "given", "ion")
    assert (done.payload["state"], done.payload["outcome"]) == ("answered", "given")
    assert commands.list_requests(settings, every=False).payload == {"requests": []}
    assert len(commands.list_requests(settings, every=True).payload["requests"]) == 1
    with open_ledger(settings) as ledger:
        own = RequestBook(ledger).of_asker(receipt.number, receipt.secret)
        assert own.answer == "Copia este atașată."


def test_an_answer_without_words_or_that_cannot_be_read_is_none(settings, receipt, tmp_path):
    damaged = tmp_path / "damaged.txt"
    damaged.write_bytes(b"\xff\xfe\xff")
    for text, file, code in (("  ", None, "request-empty"), ("", damaged, "answer-unreadable")):
        with pytest.raises(InputError) as caught:
            commands.answer(settings, receipt.number, text, file, "given", "ion")
        assert caught.value.code == code
