"""Every sentence that people read, once, by key: ro.toml first, en.toml second."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from schemas.records import Finding

LANGUAGES = ("ro", "en")
_LAST_TEEN = 19


@cache
def table(language: str) -> Mapping[str, Any]:
    """The message table of a language; English for any but Romanian."""
    name = "ro.toml" if language == "ro" else "en.toml"
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


class _Forgiving(Formatter):
    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401, ARG002 the signature is string.Formatter's
        return kwargs.get(str(key), "?")


def _fill(text: str, values: Mapping[str, object]) -> str:
    return _Forgiving().vformat(text, (), dict(values))


def say(key: str, language: str = "ro", **values: object) -> str:
    """The sentence with that key of [say], filled in; raises KeyError for an unknown key."""
    return _fill(table(language)["say"][key], values)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was not taken and how to mend it."""

    code: str
    cause: str
    remedy: str


def reason(code: str, language: str = "ro", /, **values: object) -> Reason:
    """The cause and the remedy of a code of [reason]; an unknown code is named as such."""
    entry = table(language)["reason"].get(code) or table(language)["reason"]["unknown"]
    filled = {**values, "code": code}
    return Reason(code, _fill(entry["cause"], filled), _fill(entry["remedy"], filled))


def reason_of(finding: Finding, language: str = "ro") -> Reason:
    """What a finding says: its own details go before its page, which stands for {n} and {f}."""
    page = finding.page or "–"
    return reason(finding.code, language, **{"n": page, "f": page, **finding.detail})


def number(value: int, language: str = "ro") -> str:
    """1290 as „1.290”, in English as "1,290"."""
    return f"{value:,}".replace(",", say("thousands", language))


def plural(key: str, count: int, language: str = "ro") -> str:
    """„o pagină”, „2 pagini”, „20 de pagini”: the CLDR form of [plural] KEY for a count."""
    forms = table(language)["plural"][key]
    if count == 1:
        return str(forms["one"])
    few = count == 0 or 1 <= count % 100 <= _LAST_TEEN
    form = forms["few"] if few or language != "ro" else forms["other"]
    return _fill(form, {"n": number(count, language)})


def label(group: str, code: str, language: str = "ro") -> str:
    """The word people read for a stored code; the code itself where there is none."""
    return str(table(language)["label"].get(group, {}).get(code, code))
