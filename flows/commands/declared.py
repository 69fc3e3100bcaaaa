"""Commands declared as data: name, help and options; the command line is made of them.

A command calls one function with the settings and its options by their names.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """An argument or, with a `flag`, an option; required where there is no `default`."""

    name: str
    kind: Any
    help: str = ""
    flag: str = ""
    shown: str = ""
    least: int | None = None
    default: Any = ...
    shown_default: str | bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name (a group first), the function that does it, and what help says of it."""

    name: str
    function: str
    help: str
    example: str
    given: tuple[Given, ...] = ()


_REVIEW = "flows.commands.review"
_MENDING = "flows.commands.rearranging"
_GOES_ON = "\n\nÎntrerupt oricum, continuă cu aceeași comandă."
_BY = Given(
    "by",
    str | None,
    "Cine hotărăște.",
    "--by",
    default=None,
    shown_default="contul din sistem",
)
_NOTE = Given("note", str, "De ce, pe scurt.", "--note", default="", shown_default=False)
_WHY = (_NOTE, _BY)
_ITEM = Given("ident", str, "Din opis review list.", shown="ID")
_CHANGE = Given("ident", str, "Din opis review list, sau al unei modificări.", shown="ID")
_UNIT = Given("unit", str, shown="UNITATE")
_INTO = Given("into", str, "Unitatea care le primește.", shown="ÎN_UNITATEA")
_PAGE = Given("page", int, "Pagina în unitate.", shown="PAGINĂ", least=1)


def _field(name: str, meaning: str) -> Given:
    return Given(name, str | None, meaning, f"--{name}", default=None)


_IDENTITY = (
    _field("fond", "Fondul arhivistic."),
    _field("inventar", "Inventarul."),
    _field("cota", "Cota unității."),
    _field("an", "Anul sau anii extremi."),
    _field("volum", "Volumul."),
)

COMMANDS = (
    Command(
        "review list",
        f"{_REVIEW}:waiting_list",
        "Tot ce așteaptă un om, pe stație, biblioraft și filă.",
        "opis review list",
    ),
    Command(
        "review rescan",
        f"{_REVIEW}:rescan_list",
        "Lista de rescanare, de tipărit pentru omul de la scaner.",
        "opis review rescan --station S2 --out rescanare.csv",
        (
            Given(
                "station",
                str | None,
                "O singură stație.",
                "--station",
                default=None,
                shown_default="toate",
            ),
            Given("out", Path | None, "Fișier CSV nou.", "--out", default=None),
        ),
    ),
    Command(
        "review requeue",
        "flows.commands.requeueing:requeue",
        "Trimite din carantină înapoi la stație; preluarea pornește singură.",
        "opis review requeue 3f9a0c1b2d4e",
        (Given("ident", str, "Din opis status.", shown="ID"),),
    ),
    Command(
        "review accept",
        f"{_REVIEW}:accept",
        "Pagina este cât se poate de bună: nu mai așteaptă.",
        "opis review accept ua-k7w2m9qx3d.b4n8t2wq",
        (_ITEM, *_WHY),
    ),
    Command(
        "review undo",
        f"{_REVIEW}:undo",
        "Anulează ultima decizie despre un element, sau ultima modificare a unei unități.",
        "opis review undo ua-k7w2m9qx3d.b4n8t2wq",
        (_CHANGE, _BY),
    ),
    Command(
        "review rescan-mark",
        f"{_REVIEW}:mark",
        "Trece o pagină pe lista de rescanare.",
        'opis review rescan-mark ua-k7w2m9qx3d 14 --note "tăiată jos"',
        (_UNIT, _PAGE, *_WHY),
    ),
    Command(
        "review replace",
        f"{_REVIEW}:replace_one",
        f"Pune o rescanare în locul unei pagini; scanarea veche se păstrează.{_GOES_ON}",
        "opis review replace ua-k7w2m9qx3d 14 fila-14.tif",
        (_UNIT, _PAGE, Given("file", Path, "O singură pagină.", shown="FIȘIER"), _BY),
    ),
    Command(
        "review insert",
        f"{_REVIEW}:insert",
        f"Adaugă file găsite mai târziu; paginile de după ele se renumerotează.{_GOES_ON}",
        "opis review insert ua-k7w2m9qx3d --after 14 fila-15.tif",
        (
            _UNIT,
            Given("files", list[Path], "În ordinea filelor.", shown="FIȘIER..."),
            Given("after", int, "Pagina după care vin; 0: la început.", "--after", least=0),
            _BY,
        ),
    ),
    Command(
        "review move",
        f"{_MENDING}:move",
        f"Mută pagini dintr-o unitate în alta; fișierele primite rămân unde sunt.{_GOES_ON}",
        "opis review move ua-k7w2m9qx3d 12-20,25 ua-b4n8t2wqy6 --at 3",
        (
            _UNIT,
            Given("pages", str, "De exemplu 12-20,25.", shown="PAGINI"),
            _INTO,
            Given(
                "at",
                int | None,
                "Ce număr primește prima pagină.",
                "--at",
                least=1,
                default=None,
                shown_default="la sfârșit",
            ),
            *_WHY,
        ),
    ),
    Command(
        "review split",
        f"{_MENDING}:split",
        f"De la o pagină începe o unitate nouă, cu datele ei.{_GOES_ON}",
        "opis review split ua-k7w2m9qx3d 47 --cota 12/1998",
        (_UNIT, _PAGE, *_IDENTITY, *_WHY),
    ),
    Command(
        "review merge",
        f"{_MENDING}:merge",
        f"Pune toate paginile unei unități la sfârșitul alteia.{_GOES_ON}",
        "opis review merge ua-k7w2m9qx3d ua-b4n8t2wqy6",
        (_UNIT, _INTO, *_WHY),
    ),
    Command(
        "review assign",
        f"{_MENDING}:assign",
        f"Dă unei unități datele pe care trebuia să le aibă.{_GOES_ON}",
        "opis review assign ua-k7w2m9qx3d --cota 12/1998 --an 1998",
        (_UNIT, *_IDENTITY, *_WHY),
    ),
    Command(
        "review split-document",
        f"{_MENDING}:divide",
        f"De la o pagină începe un document nou.{_GOES_ON}",
        "opis review split-document ua-k7w2m9qx3d 14",
        (_UNIT, _PAGE, *_WHY),
    ),
    Command(
        "review merge-documents",
        f"{_MENDING}:join",
        f"Lipește documentul unei pagini de cel dinaintea lui.{_GOES_ON}",
        "opis review merge-documents ua-k7w2m9qx3d 14",
        (_UNIT, _PAGE, *_WHY),
    ),
    Command(
        "sheets",
        "flows.commands.sheets:sheets",
        "Tipărește fișe de început și separatoare pentru unitățile dintr-o listă (CSV, XLSX)"
        " și le așteaptă în arhivă.",
        "opis sheets inventar.xlsx --out fise.pdf --separators 5",
        (
            Given("list_file", Path, "Fond, inventar, cotă, an, file, titlu.", shown="LISTA"),
            Given("out", Path, "Fișier PDF nou.", "--out"),
            Given(
                "separators",
                int,
                "Câte separatoare de fiecare unitate.",
                "--separators",
                least=0,
                default=1,
            ),
            Given("fond", str, "Fondul, unde lista nu îl spune.", "--fond", default=""),
            Given("inventar", str, "Inventarul, unde lista nu îl spune.", "--inventar", default=""),
            Given("whole", bool, "Lista este tot inventarul.", "--whole", default=False),
        ),
    ),
)
