"""`opis review …`: what waits for a person, the re-scan list, and what people decide."""

from pathlib import Path
from typing import Annotated

import typer

from cli_options import Archive, Debug, Json, Quiet, answer, load, settings

review_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Ce așteaptă un om: verificare, rescanare."
)
By = Annotated[
    str | None,
    typer.Option("--by", help="Cine hotărăște.", show_default="contul din sistem"),
]
Note = Annotated[str, typer.Option("--note", help="De ce, pe scurt.", show_default=False)]
Item = Annotated[str, typer.Argument(metavar="ID", help="Din opis review list.")]
Unit = Annotated[str, typer.Argument(metavar="UNITATE")]
PageNumber = Annotated[int, typer.Argument(metavar="PAGINĂ", min=1, help="Pagina în unitate.")]
_COMMANDS = "flows.commands.review"


@review_app.command("list")
def review_list(
    archive: Archive = None, as_json: Json = False, quiet: Quiet = False, debug: Debug = False
) -> None:
    """Tot ce așteaptă un om, pe stație, biblioraft și filă.

    Exemplu: opis review list
    """
    answer(load(_COMMANDS).waiting_list(settings(archive)), as_json, quiet)


@review_app.command("rescan")
def review_rescan(
    station: Annotated[
        str | None, typer.Option("--station", help="O singură stație.", show_default="toate")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Fișier CSV nou.")] = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Lista de rescanare, de tipărit pentru omul de la scaner.

    Exemplu: opis review rescan --station S2 --out rescanare.csv
    """
    answer(load(_COMMANDS).rescan_list(settings(archive), station, out), as_json, quiet)


@review_app.command("accept")
def review_accept(
    ident: Item,
    note: Note = "",
    by: By = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Pagina este cât se poate de bună: nu mai așteaptă.

    Exemplu: opis review accept ua-k7w2m9qx3d.b4n8t2wq
    """
    answer(load(_COMMANDS).accept(settings(archive), ident, by, note), as_json, quiet)


@review_app.command("undo")
def review_undo(
    ident: Item,
    by: By = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Anulează ultima decizie despre un element.

    Exemplu: opis review undo ua-k7w2m9qx3d.b4n8t2wq
    """
    answer(load(_COMMANDS).undo(settings(archive), ident, by), as_json, quiet)


@review_app.command("rescan-mark")
def review_rescan_mark(
    unit: Unit,
    page: PageNumber,
    note: Note = "",
    by: By = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Trece o pagină pe lista de rescanare.

    Exemplu: opis review rescan-mark ua-k7w2m9qx3d 14 --note "tăiată jos"
    """
    answer(load(_COMMANDS).mark(settings(archive), unit, page, by, note), as_json, quiet)


@review_app.command("replace")
def review_replace(
    unit: Unit,
    page: PageNumber,
    file: Annotated[Path, typer.Argument(metavar="FIȘIER", help="O singură pagină.")],
    by: By = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Pune o rescanare în locul unei pagini; scanarea veche se păstrează.

    Exemplu: opis review replace ua-k7w2m9qx3d 14 fila-14.tif

    Întrerupt oricum, continuă cu aceeași comandă.
    """
    done = load(_COMMANDS).replace_one(settings(archive), unit, page, file, by)
    answer(done, as_json, quiet)


@review_app.command("insert")
def review_insert(
    unit: Unit,
    files: Annotated[list[Path], typer.Argument(metavar="FIȘIER...", help="În ordinea filelor.")],
    after: Annotated[
        int, typer.Option("--after", min=0, help="Pagina după care vin; 0: la început.")
    ],
    by: By = None,
    archive: Archive = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Adaugă file găsite mai târziu; paginile de după ele se renumerotează.

    Exemplu: opis review insert ua-k7w2m9qx3d --after 14 fila-15.tif

    Întrerupt oricum, continuă cu aceeași comandă.
    """
    answer(load(_COMMANDS).insert(settings(archive), unit, after, files, by), as_json, quiet)
