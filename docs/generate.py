"""Writes docs/settings.md and docs/errors.md from the tables that the program itself uses."""

from pathlib import Path

from schemas.messages import table
from schemas.settings import options

_CLASSES = {
    "W": "waits",
    "Q": "quarantine",
    "R": "re-scan list",
    "A": "already known",
    "N": "note for the archivist",
    "-": "error message",
}
_EXITS = (
    ("0", "done; what waits for review is a count, not an error"),
    ("1", "a defect of the program, or a check that could not run"),
    ("2", "the command line cannot be understood"),
    ("3", "done, but something was quarantined, failed, is damaged or does not reconcile"),
    ("4", "an input or the archive cannot be used"),
    ("5", "a service cannot be reached"),
    ("130", "interrupted; the same command goes on"),
)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def settings_page() -> str:
    """Every option of schemas/settings.py with its environment variable and default."""
    rows = (
        f"| `{o.name}` | `{o.environment}` | `{o.default or '–'}` | {_cell(o.meaning)} |"
        for o in options()
    )
    head = (
        "# Settings\n\n"
        "A value comes from the command line, then from the environment, then from"
        " `ARCHIVE/opis.toml`, then from the default. Made by `make docs` from"
        " `schemas/settings.py`.\n\n"
        "Besides these: `PREFECT_API_URL`, when set, makes `scan-batch` and `watch` runs of that"
        " Prefect server.\n\n"
        "| in opis.toml | in the environment | default | meaning |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def errors_page() -> str:
    """Exit codes and every reason with its cause and remedy, in both languages."""
    romanian, english = table("ro")["reason"], table("en")["reason"]
    exits = "\n".join(f"| {code} | {meaning} |" for code, meaning in _EXITS)
    rows = (
        f"| `{code}` | {_CLASSES[entry['class']]} | {_cell(entry['cause'])} {_cell(entry['remedy'])}"
        f" | {_cell(english[code]['cause'])} {_cell(english[code]['remedy'])} |"
        for code, entry in sorted(romanian.items())
    )
    return (
        "# Exit codes and reasons\n\nMade by `make docs` from `schemas/messages/`.\n\n"
        f"| exit code | meaning |\n|---|---|\n{exits}\n\n"
        "| code | what happens | în română | in English |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def main() -> None:
    """Write both pages beside this file."""
    here = Path(__file__).parent
    (here / "settings.md").write_text(settings_page(), encoding="utf-8")
    (here / "errors.md").write_text(errors_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
