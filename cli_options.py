"""What the commands share: the common options, settings, printing, and loading on demand."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Exit

from schemas.settings import Settings, load_settings

Archive = Annotated[
    Path | None,
    typer.Option("--archive", help="Folderul arhivei.", show_default="OPIS_ARCHIVE sau ./archive"),
]
Json = Annotated[bool, typer.Option("--json", help="Un singur obiect JSON pe stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Numai erorile.")]
Debug = Annotated[
    bool, typer.Option("--debug", help="Urmele erorilor (pot conține date personale).")
]
Sources = Annotated[
    list[Path],
    typer.Argument(help="PDF, TIFF, imagine, folder de pagini sau folder de bibliorafturi."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Câte procese lucrează deodată.")
]
_EXIT_INPUT = 4


def load(module: str) -> Any:  # noqa: ANN401 a module's functions are checked where they are defined
    """The one place where a command's modules are imported, only when it runs."""
    return importlib.import_module(module)


def settings(archive: Path | None, **given: object) -> Settings:
    """Settings of this run, the command line's first."""
    return load_settings({"archive": archive, **given})


def answer(result: Any, as_json: bool, quiet: bool) -> None:  # noqa: ANN401 an Answer; its module is loaded on demand
    """Print an answer and leave with its exit code."""
    if as_json:
        print_json(result.payload)
    elif not quiet:
        stream = sys.stderr if result.exit_code == _EXIT_INPUT else sys.stdout
        stream.write("".join(f"{line}\n" for line in result.lines))
    raise Exit(result.exit_code)


def print_json(payload: object) -> None:
    """One JSON object, alone on its line."""
    sys.stdout.write(load("flows.answers").as_json(payload) + "\n")
    sys.stdout.flush()
