"""What a command answers: one JSON object, or plain sentences, and an exit code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from schemas.errors import OpisError
from schemas.messages import reason, say


@dataclass(frozen=True, slots=True)
class Answer:
    """`payload` is printed with --json, `lines` without."""

    payload: Mapping[str, object]
    lines: tuple[str, ...] = ()
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as people and programs see it."""

    code: str
    file: str
    cause: str
    remedy: str
    exit_code: int
    values: dict[str, str] = field(default_factory=dict)


def trouble(error: OpisError, language: str) -> Trouble:
    """Cause and remedy of an error, from the message tables."""
    values = {"f": printable(error.file), **error.detail}
    told = reason(error.code, language, **values)
    return Trouble(error.code, printable(error.file), told.cause, told.remedy, error.exit_code)


def error_answer(error: OpisError, language: str) -> Answer:
    """`{"error": …}` and the three lines that people read."""
    told = trouble(error, language)
    payload = {
        "error": {
            "code": told.code,
            "file": told.file,
            "reason": told.cause,
            "remedy": told.remedy,
            "exit": told.exit_code,
        }
    }
    lines = (
        say("error_line", language, cause=told.cause),
        *((say("error_where", language, file=told.file),) if told.file else ()),
        say("error_remedy", language, remedy=told.remedy),
    )
    return Answer(payload, lines, told.exit_code)


def printable(text: str) -> str:
    r"""The text with control characters shown as \x1b."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def as_json(payload: Mapping[str, object]) -> str:
    """One line of JSON for an answer; names that are not UTF-8 come out escaped."""
    return msgspec.json.encode(payload).decode("utf-8", "replace")


def sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """Cause and remedy of a code in one line."""
    told = reason(code, language, **values)
    return f"  {told.cause} {told.remedy}"
