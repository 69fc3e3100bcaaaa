"""What findings say: every code with whatever details it has."""

from string import Formatter

import pytest

from schemas.messages import LANGUAGES, reason_of, table
from schemas.records import Finding


def test_a_findings_own_number_is_not_its_page() -> None:
    finding = Finding("pdf-unlike", 33, {"d": "10", "n": "2"})
    assert reason_of(finding).cause.startswith("Pagina 2 a documentului 10 ")


def test_without_a_number_of_its_own_the_page_is_told() -> None:
    assert "33" in reason_of(Finding("pdf-text-unreadable", 33)).cause
    assert "–" in reason_of(Finding("pdf-text-unreadable")).cause


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_bears_every_name_as_a_detail(language: str) -> None:
    entries = table(language)["reason"]
    told = [text for entry in entries.values() for text in (entry["cause"], entry["remedy"])]
    names = {name for text in told for _, name, _, _ in Formatter().parse(text) if name}
    assert {"n", "f"} <= names
    for code in entries:
        said = reason_of(Finding(code, 3, dict.fromkeys(names, "x")), language)
        assert said.cause
        assert said.remedy
