"""The command line: names, options and help; what a command does lives in flows/commands/."""

import importlib
import inspect
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Annotated, Any

from typer import Abort, Argument, Exit, Option, Typer, TyperException

from flows.commands.declared import COMMANDS, Command, Given
from schemas.errors import OpisError, UsageError, of_system
from schemas.messages import say
from schemas.settings import Settings, load_settings

_group = partial(Typer, no_args_is_help=True, rich_markup_mode=None)
app = _group(
    add_completion=False,
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
ledger_app = _group(help="Registrul arhivei.")
review_app = _group(help="Ce așteaptă un om: verificare, rescanare, îndreptarea greșelilor.")
app.add_typer(ledger_app, name="ledger")
app.add_typer(review_app, name="review")
requests_app = _group(help="Cererile de informații publice (Legea 544/2001).")
app.add_typer(requests_app, name="requests")
accounts_app = _group(help="Utilizatorii: cine intră și ce poate face.")
keys_app = _group(help="Cheile portalului și ale stațiilor.")
audit_app = _group(help="Jurnalul de audit: cine ce a consultat și ce a făcut.")

_EXIT_INPUT = 4
_EXIT_INTERRUPTED = 130
_LANGUAGE = os.environ.get("OPIS_INTERFACE_LANGUAGE", "ro")
_PREFECT = os.environ.get("PREFECT_API_URL", "")
_GROUPS = {"": app, "ledger": ledger_app, "review": review_app, "requests": requests_app}
for _name, _added in (("accounts", accounts_app), ("keys", keys_app), ("audit", audit_app)):
    _GROUPS[_name] = _added
    app.add_typer(_added, name=_name)

Answer = Any  # flows.answers.Answer, which is loaded on demand
Sources = Annotated[
    list[Path], Argument(help="PDF, TIFF, imagine, folder de pagini sau folder de bibliorafturi.")
]
Units = Annotated[list[str] | None, Argument(metavar="[UNITATE]...")]
Workers = Annotated[int | None, Option("--workers", min=1, help="Câte procese lucrează deodată.")]


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command takes after its name; main() acts on --debug."""

    archive: Annotated[
        Path | None,
        Option("--archive", help="Folderul arhivei.", show_default="OPIS_ARCHIVE sau ./archive"),
    ] = None
    as_json: Annotated[bool, Option("--json", help="Un singur obiect JSON pe stdout.")] = False
    quiet: Annotated[bool, Option("--quiet", help="Numai erorile.")] = False
    debug: Annotated[
        bool, Option("--debug", help="Urmele erorilor (pot conține date personale).")
    ] = False

    def settings(self, **given: object) -> Settings:
        """Settings of this run, the command line's first."""
        return load_settings({"archive": self.archive, **given})


_COMMON = inspect.signature(Common).parameters


def _command(group: Typer, name: str, example: str) -> Callable[[Callable[..., Answer]], None]:
    """Register a command: it gets the common options first; its answer, if any, is printed."""

    def register(function: Callable[..., Answer]) -> None:
        @wraps(function)
        def command(**given: Any) -> None:  # noqa: ANN401 Typer made each the type of its annotation
            common = Common(**{option: given.pop(option) for option in _COMMON})
            with _named_after(common):
                _tell(function(common, **given), common)

        _, *own = inspect.signature(function).parameters.values()
        vars(command)["__signature__"] = inspect.Signature([*own, *_COMMON.values()])
        summary, *more = inspect.cleandoc(function.__doc__ or "").split("\n\n")
        text = "\n\n".join((summary, f"Exemplu: {example}", *more))
        group.command(name, help=text)(command)

    return register


@contextmanager
def _named_after(common: Common) -> Iterator[None]:
    """An error of an open file, which has no name of its own, is told as one of the archive."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(common.settings().archive)
        raise


def _load(module: str) -> Any:  # noqa: ANN401 a module's functions are checked where they are defined
    """The one place where a command's modules are imported, only when it runs."""
    return importlib.import_module(module)


def _print_json(payload: object) -> None:
    sys.stdout.write(_load("flows.answers").as_json(payload) + "\n")
    sys.stdout.flush()


def _tell(answer: Answer, common: Common) -> None:
    if answer is None:
        return
    if common.as_json:
        _print_json(answer.payload)
    elif not common.quiet:
        stream = sys.stderr if answer.exit_code == _EXIT_INPUT else sys.stdout
        stream.write("".join(f"{line}\n" for line in answer.lines))
    raise Exit(answer.exit_code)


@_command(app, "scan-batch", "opis scan-batch raft-07 --station S2")
def scan_batch(
    common: Common,
    sources: Sources,
    workers: Workers = None,
    station: Annotated[str | None, Option("--station", help="Stația ca atare.")] = None,
) -> Answer:
    """Preia, citește și indexează tot ce se află în SURSE; sursele rămân neatinse.

    Întrerupt oricum, continuă cu aceeași comandă.
    """
    chosen = common.settings(workers=workers, station=station)
    module = _load("flows.scheduled" if _PREFECT else "flows.commands.scan_batch")
    return module.scan_batch(chosen, sources, quiet=common.quiet or common.as_json)


@_command(app, "plan", "opis plan raft-07")
def plan(common: Common, sources: Sources, workers: Workers = None) -> Answer:
    """Câte bibliorafturi și pagini sunt în SURSE, cât ar dura și cât loc ar ocupa."""
    return _load("flows.commands.scan_batch").plan(common.settings(workers=workers), sources)


@_command(app, "watch", "opis watch --once")
def watch(
    common: Common,
    once: Annotated[bool, Option("--once", help="O singură trecere prin stații.")] = False,
    workers: Workers = None,
) -> None:
    """Urmărește stations/NUME/inbox și preia ce este complet; scrie recipise."""
    chosen = common.settings(workers=workers)
    plain = _load("flows.watching.telling").plain_teller(chosen, common.quiet)
    tell = _print_json if common.as_json else plain
    module = _load("flows.scheduled" if _PREFECT else "flows.watching.loop")
    raise Exit(module.watch(chosen, once=once, tell=tell))


@_command(app, "status", "opis status --unit ua-k7w2m9qx3d")
def status(
    common: Common, unit: Annotated[str | None, Option("--unit", help="O singură unitate.")] = None
) -> Answer:
    """Unde se află fiecare unitate, ce este în lucru și ce este în carantină."""
    return _load("flows.commands.status").status(common.settings(), unit)


@_command(app, "search", 'opis search "iluminat public" --filter type=hotărâre')
def search(
    common: Common,
    query: Annotated[str, Argument(help="Cuvinte, sau „o expresie” între ghilimele.")],
    role: Annotated[str, Option("--role", help="Indexul: staff sau public.")] = "staff",
    filters: Annotated[
        list[str] | None, Option("--filter", help="CÂMP=VALOARE, de câte ori e nevoie.")
    ] = None,
    limit: Annotated[int, Option("--limit", min=1, max=1000, help="Pagini afișate.")] = 10,
    page: Annotated[int, Option("--page", min=1, help="A câta pagină de rezultate.")] = 1,
    sort: Annotated[
        str, Option("--sort", help="Ordinea: relevance, date, -date sau place (cum stau pe raft).")
    ] = "relevance",
    group: Annotated[
        str, Option("--group", help="Câte un rezultat de fiecare: document sau unit.")
    ] = "",
) -> Answer:
    """Caută în tot ce s-a citit, oricum ar fi scris cuvântul."""
    search_for = _load("flows.commands.finding").search
    asked = (query, role, filters or (), limit, page)
    return search_for(common.settings(), *asked, sort=sort, group=group)


@_command(app, "show", "opis show ua-k7w2m9qx3d")
def show(common: Common, ident: Annotated[str, Argument(metavar="UNITATE_SAU_DOCUMENT")]) -> Answer:
    """Fișa unei unități sau a unui document: fiecare câmp cu valoarea, locul și sursa lui."""
    return _load("flows.commands.finding").show(common.settings(), ident)


@_command(app, "extract", "opis extract hotarare.txt --json")
def extract(
    common: Common,
    file: Annotated[Path, Argument(metavar="FIȘIER", help="Text simplu, UTF-8.")],
    jsonl: Annotated[
        bool, Option("--jsonl", help='FIȘIER are un obiect {"text"} pe rând.')
    ] = False,
) -> Answer:
    """Ce se înțelege dintr-un text: tip, număr, dată, emitent, entități."""
    module = _load("flows.commands.extracting")
    if jsonl:
        sys.stdout.writelines(f"{line}\n" for line in module.extract_lines(file))
        raise Exit(0)
    return module.extract_file(file)


@_command(app, "import", "opis import registru-2016.xlsx")
def import_registry(
    common: Common,
    file: Annotated[Path, Argument(metavar="LISTA", help="Registru sau inventar, CSV sau XLSX.")],
    by: Annotated[str | None, Option("--by", help="Cine îl preia.")] = None,
) -> Answer:
    """Potrivește un registru existent cu documentele, după număr și dată, și le confirmă câmpurile."""
    return _load("flows.commands.importing").import_registry(common.settings(), file, by)


@_command(app, "verify", "opis verify")
def verify(common: Common, idents: Units = None) -> Answer:
    """Verifică integritatea fișierelor, PDF/A și reconcilierea; fără unități: toate."""
    return _load("flows.commands.keeping").verify(common.settings(), idents or ())


@_command(app, "export", "opis export archive --out predare")
def export(
    common: Common,
    form: Annotated[str, Argument(metavar="archive|access", help="Profilul PDF-urilor.")],
    idents: Units = None,
    out: Annotated[Path, Option("--out", help="Folderul în care se scriu.")] = Path("export"),
) -> Answer:
    """Scrie PDF-urile unităților din nou, din imaginile primite; fără unități: toate."""
    return _load("flows.commands.exporting").export(common.settings(), form, idents or (), out)


@_command(app, "reindex", "opis reindex")
def reindex(
    common: Common,
    backend: Annotated[str | None, Option("--backend", help="embedded sau elasticsearch.")] = None,
) -> Answer:
    """Reface indexul din unități; căutările merg mai departe pe cel vechi până la schimb."""
    return _load("flows.commands.keeping").reindex(common.settings(), backend)


@_command(app, "report", "opis report")
def report(common: Common) -> Answer:
    """Scrie rapoartele (Parquet) în reports/, din fișele unităților."""
    return _load("flows.commands.keeping").report(common.settings())


@_command(ledger_app, "rebuild", "opis ledger rebuild")
def ledger_rebuild(common: Common) -> Answer:
    """Reface registrul din unitățile de pe disc."""
    return _load("flows.commands.keeping").rebuild_ledger(common.settings())


@_command(app, "serve", "opis serve --port 8431")
def serve(
    common: Common,
    host: Annotated[str | None, Option("--host", help="Adresa.")] = None,
    port: Annotated[int | None, Option("--port", min=0, max=65535, help="Portul.")] = None,
    allow_network: Annotated[
        bool, Option("--allow-network", help="Permite altă adresă decât cea locală.")
    ] = False,
    init: Annotated[bool, Option("--init", help="Face întâi primul administrator.")] = False,
) -> None:
    """Pornește căutarea și API-ul: publicul vede copiile publice, personalul se autentifică."""
    chosen = common.settings(host=host, port=port)
    module = _load("flows.serving")
    plain = module.plain_teller(chosen, common.quiet)
    tell = (lambda url: _print_json({"address": url, "role": "staff"})) if common.as_json else plain
    module.serve(chosen, allow_network=allow_network, tell=tell, init=init)


@_command(app, "doctor", "opis doctor")
def doctor(common: Common) -> Answer:
    """Ce este instalat, ce răspunde, și comanda care îndreaptă fiecare lipsă."""
    return _load("flows.commands.doctor").doctor(common.settings(), _PREFECT)


def _parameter(given: Given) -> inspect.Parameter:
    told: dict[str, Any] = {"help": given.help or None, "metavar": given.shown or None}
    told |= {"min": given.least, "show_default": given.shown_default}
    info = Option(given.flag, **told) if given.flag else Argument(**told)
    default = inspect.Parameter.empty if given.default is ... else given.default
    kind, typed = inspect.Parameter.POSITIONAL_OR_KEYWORD, Annotated[given.kind, info]
    return inspect.Parameter(given.name, kind, default=default, annotation=typed)


def _declare(declared: Command) -> None:
    """Register a command that is declared as data."""
    module, name = declared.function.split(":")

    def function(common: Common, **given: Any) -> Answer:  # noqa: ANN401 of the types declared
        return getattr(_load(module), name)(common.settings(), **given)

    group, _, own = declared.name.rpartition(" ")
    parameters = sorted(map(_parameter, declared.given), key=lambda p: p.default is not p.empty)
    common = inspect.Parameter("common", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    vars(function)["__signature__"] = inspect.Signature([common, *parameters])
    function.__doc__ = declared.help
    _command(_GROUPS[group], own, declared.example)(function)


for _declared in COMMANDS:
    _declare(_declared)


def _tell_error(error: OpisError, as_json: bool) -> int:
    result = _load("flows.answers").error_answer(error, _LANGUAGE)
    if as_json:
        _print_json(result.payload)
    else:
        sys.stderr.write("".join(f"{line}\n" for line in result.lines))
    return int(result.exit_code)


def _usage(error: TyperException) -> UsageError:
    near = ", ".join(getattr(error, "possibilities", None) or ()) or "opis --help"
    return UsageError("usage", why=getattr(error, "format_message", error.__str__)(), near=near)


def _tell_stopped() -> None:
    command = shlex.join(["opis", *sys.argv[1:]])
    sys.stderr.write(say("stopped", _LANGUAGE, command=command) + "\n")


def _interrupt(*_: object) -> None:
    """First a stop in good order; asked a second time, at once: the processes end with this one."""
    signal.signal(signal.SIGINT, _interrupt_at_once)
    signal.signal(signal.SIGTERM, _interrupt_at_once)
    raise KeyboardInterrupt


def _interrupt_at_once(*_: object) -> None:
    _tell_stopped()
    sys.stderr.flush()
    os._exit(_EXIT_INTERRUPTED)


def main() -> None:
    """Run a command; here, once, an error becomes a message and an exit code."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    as_json, debug = "--json" in sys.argv, "--debug" in sys.argv
    try:
        code = int(app(sys.argv[1:] or ["--help"], prog_name="opis", standalone_mode=False) or 0)
    except OpisError as error:
        code = _tell_error(error, as_json)
    except TyperException as error:
        code = _tell_error(_usage(error), as_json)
    except (KeyboardInterrupt, Abort):
        code = _EXIT_INTERRUPTED
    except BrokenPipeError:
        code = 0
    except Exception as error:
        if debug:
            raise
        code = _tell_error(defect(error), as_json)
    if code == _EXIT_INTERRUPTED:  # Typer makes this of a KeyboardInterrupt, too
        _tell_stopped()
    sys.exit(code)


def defect(error: Exception) -> OpisError:
    """An error that we did not foresee: of the disk where it is one, of the program otherwise."""
    told = of_system(error) if isinstance(error, OSError) else None
    return told or OpisError("defect", "", why=type(error).__name__)


if __name__ == "__main__":
    main()
