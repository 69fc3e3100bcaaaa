"""The command line: names, options and help; what a command does lives in flows/commands/."""

import errno
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Abort, Exit, TyperException

from cli_options import (
    Archive,
    Debug,
    Json,
    Quiet,
    Sources,
    Workers,
    answer,
    load,
    print_json,
    settings,
)
from cli_review import review_app
from schemas.errors import InputError, OpisError, UsageError
from schemas.messages import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=(
        "Opis: din hârtia unei arhive municipale, o arhivă digitală în care se poate căuta.\n\n"
        "Exemple:\n\n"
        "  opis scan-batch raft-07              preia, citește și indexează bibliorafturile\n\n"
        '  opis search "iluminat public"        caută în tot ce s-a citit\n\n'
        "  opis status                          unde se află fiecare unitate\n\n"
        "  opis serve                           pagina de căutare, în navigator\n\n"
        "English: OPIS_INTERFACE_LANGUAGE=en; the commands are the same."
    ),
)
ledger_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Registrul arhivei.")
app.add_typer(ledger_app, name="ledger")
app.add_typer(review_app, name="review")

_EXIT_INTERRUPTED = 130
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@app.command("scan-batch")
def scan_batch(
    sources: Sources,
    archive: Archive = None,
    workers: Workers = None,
    station: Annotated[str | None, typer.Option("--station", help="Stația ca atare.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Preia, citește și indexează tot ce se află în SURSE; sursele rămân neatinse.

    Exemplu: opis scan-batch raft-07 --station S2

    Întrerupt oricum, continuă cu aceeași comandă.
    """
    chosen = settings(archive, workers=workers, station=station)
    module = "flows.scheduled" if os.environ.get("PREFECT_API_URL") else "flows.commands.scan_batch"
    answer(load(module).scan_batch(chosen, sources, quiet=quiet or as_json), as_json, quiet)


@app.command()
def plan(
    sources: Sources,
    archive: Archive = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Câte bibliorafturi și pagini sunt în SURSE, cât ar dura și cât loc ar ocupa.

    Exemplu: opis plan raft-07
    """
    chosen = settings(archive, workers=workers)
    answer(load("flows.commands.scan_batch").plan(chosen, sources), as_json, quiet)


@app.command()
def watch(
    archive: Archive = None,
    once: Annotated[bool, typer.Option("--once", help="O singură trecere prin stații.")] = False,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Urmărește stations/NUME/inbox și preia ce este complet; scrie recipise.

    Exemplu: opis watch --once
    """
    chosen = settings(archive, workers=workers)
    module = "flows.scheduled" if os.environ.get("PREFECT_API_URL") else "flows.watching"
    tell = print_json if as_json else load("flows.watching").plain_teller(chosen, quiet)
    raise Exit(load(module).watch(chosen, once=once, tell=tell))


@app.command()
def status(
    archive: Archive = None,
    unit: Annotated[str | None, typer.Option("--unit", help="O singură unitate.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Unde se află fiecare unitate, ce este în lucru și ce este în carantină.

    Exemplu: opis status --unit ua-k7w2m9qx3d
    """
    answer(load("flows.commands.status").status(settings(archive), unit), as_json, quiet)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Cuvinte, sau „o expresie” între ghilimele.")],
    archive: Archive = None,
    role: Annotated[str, typer.Option("--role", help="Indexul: staff sau public.")] = "staff",
    filters: Annotated[
        list[str] | None, typer.Option("--filter", help="CÂMP=VALOARE, de câte ori e nevoie.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Pagini afișate.")] = 10,
    page: Annotated[int, typer.Option("--page", min=1, help="A câta pagină de rezultate.")] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Caută în tot ce s-a citit, oricum ar fi scris cuvântul.

    Exemplu: opis search "iluminat public" --filter type=hotărâre
    """
    found = load("flows.commands.finding")
    result = found.search(settings(archive), query, role, filters or (), limit, page)
    answer(result, as_json, quiet)


@app.command()
def show(
    ident: Annotated[str, typer.Argument(metavar="UNITATE_SAU_DOCUMENT")],
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Fișa unei unități sau a unui document: fiecare câmp cu valoarea, locul și sursa lui.

    Exemplu: opis show ua-k7w2m9qx3d
    """
    answer(load("flows.commands.finding").show(settings(archive), ident), as_json, quiet)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(metavar="FIȘIER", help="Text simplu, UTF-8.")],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='FIȘIER are un obiect {"text"} pe rând.')
    ] = False,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Ce se înțelege dintr-un text: tip, număr, dată, emitent, entități.

    Exemplu: opis extract hotarare.txt --json
    """
    module = load("flows.commands.extracting")
    if jsonl:
        sys.stdout.writelines(f"{line}\n" for line in module.extract_lines(file))
        raise Exit(0)
    answer(module.extract_file(file), as_json, quiet)


@app.command()
def verify(
    idents: Annotated[list[str] | None, typer.Argument(metavar="[UNITATE]...")] = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Verifică integritatea fișierelor, PDF/A și reconcilierea; fără unități: toate.

    Exemplu: opis verify
    """
    answer(load("flows.commands.keeping").verify(settings(archive), idents or ()), as_json, quiet)


@app.command()
def export(
    form: Annotated[str, typer.Argument(metavar="archive|access", help="Profilul PDF-urilor.")],
    idents: Annotated[list[str] | None, typer.Argument(metavar="[UNITATE]...")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folderul în care se scriu.")] = Path("export"),
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Scrie PDF-urile unităților din nou, din imaginile primite; fără unități: toate.

    Exemplu: opis export archive --out predare
    """
    module = load("flows.commands.exporting")
    answer(module.export(settings(archive), form, idents or (), out), as_json, quiet)


@app.command()
def reindex(
    backend: Annotated[
        str | None, typer.Option("--backend", help="embedded sau elasticsearch.")
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Reface indexul din unități; căutările merg mai departe pe cel vechi până la schimb.

    Exemplu: opis reindex
    """
    answer(load("flows.commands.keeping").reindex(settings(archive), backend), as_json, quiet)


@app.command()
def report(
    archive: Archive = None, as_json: Json = False, quiet: Quiet = False, debug: Debug = False
) -> None:
    """Scrie rapoartele (Parquet) în reports/, din fișele unităților.

    Exemplu: opis report
    """
    answer(load("flows.commands.keeping").report(settings(archive)), as_json, quiet)


@ledger_app.command("rebuild")
def ledger_rebuild(
    archive: Archive = None, as_json: Json = False, quiet: Quiet = False, debug: Debug = False
) -> None:
    """Reface registrul din unitățile de pe disc.

    Exemplu: opis ledger rebuild
    """
    answer(load("flows.commands.keeping").rebuild_ledger(settings(archive)), as_json, quiet)


@app.command()
def serve(
    archive: Archive = None,
    host: Annotated[str | None, typer.Option("--host", help="Adresa.")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Portul.")] = None,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Permite altă adresă decât cea locală.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Pornește pagina de căutare și API-ul, numai pentru personal.

    Exemplu: opis serve --port 8431
    """
    chosen = settings(archive, host=host, port=port)
    module = load("flows.serving")
    plain = module.plain_teller(chosen, quiet)
    tell = (lambda url: print_json({"address": url, "role": "staff"})) if as_json else plain
    module.serve(chosen, allow_network=allow_network, tell=tell)


@app.command()
def doctor(
    archive: Archive = None, as_json: Json = False, quiet: Quiet = False, debug: Debug = False
) -> None:
    """Ce este instalat, ce răspunde, și comanda care îndreaptă fiecare lipsă.

    Exemplu: opis doctor
    """
    answer(
        load("flows.commands.doctor").doctor(
            settings(archive), os.environ.get("PREFECT_API_URL", "")
        ),
        as_json,
        quiet,
    )


def _language() -> str:
    return os.environ.get("OPIS_INTERFACE_LANGUAGE", "ro")


def _tell_error(error: OpisError, as_json: bool) -> int:
    result = load("flows.answers").error_answer(error, _language())
    if as_json:
        print_json(result.payload)
    else:
        sys.stderr.write("".join(f"{line}\n" for line in result.lines))
    return int(result.exit_code)


def _usage(error: TyperException) -> UsageError:
    near = getattr(error, "possibilities", None) or ()
    return UsageError(
        "usage",
        why=getattr(error, "format_message", error.__str__)(),
        near=", ".join(near) or "opis --help",
    )


def _tell_stopped() -> None:
    command = shlex.join(["opis", *sys.argv[1:]])
    sys.stderr.write(say("stopped", _language(), command=command) + "\n")


def _interrupt(*_: object) -> None:
    """First a stop in good order; asked a second time, at once: the processes end with this one."""
    signal.signal(signal.SIGINT, _interrupt_at_once)
    signal.signal(signal.SIGTERM, _interrupt_at_once)
    raise KeyboardInterrupt


def _interrupt_at_once(*_: object) -> None:
    _tell_stopped()
    sys.stderr.flush()
    os._exit(_EXIT_INTERRUPTED)


def _run() -> int:
    try:
        code = int(app(sys.argv[1:] or ["--help"], prog_name="opis", standalone_mode=False) or 0)
    except Exit as leaving:
        code = int(leaving.exit_code)
    if code == _EXIT_INTERRUPTED:  # what Typer makes of a KeyboardInterrupt
        _tell_stopped()
    return code


def main() -> None:
    """Run a command; here, once, an error becomes a message and an exit code."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    as_json, debug = "--json" in sys.argv, "--debug" in sys.argv
    try:
        code = _run()
    except OpisError as error:
        code = _tell_error(error, as_json)
    except TyperException as error:
        code = _tell_error(_usage(error), as_json)
    except (KeyboardInterrupt, Abort):
        _tell_stopped()
        code = _EXIT_INTERRUPTED
    except BrokenPipeError:
        code = 0
    except Exception as error:
        if debug:
            raise
        code = _tell_error(defect(error), as_json)
    sys.exit(code)


def defect(error: Exception) -> OpisError:
    """An error that we did not foresee: of the disk where it is one, of the program otherwise."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return InputError("disk-full")
    if isinstance(error, OSError) and error.errno is not None:
        return InputError("archive-unusable", "", why=os.strerror(error.errno))
    return OpisError("defect", "", why=type(error).__name__)


if __name__ == "__main__":
    main()
