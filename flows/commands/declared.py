"""Commands declared as data: name, help and options; the command line is made of them.

A command calls one function with the settings and its options by their names.
"""

from pathlib import Path

from flows.commands.access.declared import ACCESS
from flows.commands.declared_requests import REQUESTS
from flows.commands.declaring import BY, PAGE, UNIT, WHY, Command, Given
from flows.commands.reviewing.declared_review import DECISIONS

__all__ = ("COMMANDS", "Command", "Given")
_REVIEW = "flows.commands.reviewing.review"
_MENDING = "flows.commands.reviewing.rearranging"
_PUBLISHING = "flows.commands.reviewing.publishing"
_GOES_ON = "\n\nÎntrerupt oricum, continuă cu aceeași comandă."
_INTO = Given("into", str, "Unitatea care le primește.", shown="ÎN_UNITATEA")
_DOCUMENT = Given("document", str, "Din opis search sau opis show.", shown="DOCUMENT")


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
    *DECISIONS,
    *REQUESTS,
    *ACCESS,
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
        "flows.commands.reviewing.requeueing:requeue",
        "Trimite din carantină înapoi la stație; preluarea pornește singură.",
        "opis review requeue 3f9a0c1b2d4e",
        (Given("ident", str, "Din opis status.", shown="ID"),),
    ),
    Command(
        "review rescan-mark",
        f"{_REVIEW}:mark",
        "Trece o pagină pe lista de rescanare.",
        'opis review rescan-mark ua-k7w2m9qx3d 14 --note "tăiată jos"',
        (UNIT, PAGE, *WHY),
    ),
    Command(
        "review replace",
        f"{_REVIEW}:replace_one",
        f"Pune o rescanare în locul unei pagini; scanarea veche se păstrează.{_GOES_ON}",
        "opis review replace ua-k7w2m9qx3d 14 fila-14.tif",
        (UNIT, PAGE, Given("file", Path, "O singură pagină.", shown="FIȘIER"), BY),
    ),
    Command(
        "review insert",
        f"{_REVIEW}:insert",
        f"Adaugă file găsite mai târziu; paginile de după ele se renumerotează.{_GOES_ON}",
        "opis review insert ua-k7w2m9qx3d --after 14 fila-15.tif",
        (
            UNIT,
            Given("files", list[Path], "În ordinea filelor.", shown="FIȘIER..."),
            Given("after", int, "Pagina după care vin; 0: la început.", "--after", least=0),
            BY,
        ),
    ),
    Command(
        "review move",
        f"{_MENDING}:move",
        f"Mută pagini dintr-o unitate în alta; fișierele primite rămân unde sunt.{_GOES_ON}",
        "opis review move ua-k7w2m9qx3d 12-20,25 ua-b4n8t2wqy6 --at 3",
        (
            UNIT,
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
            *WHY,
        ),
    ),
    Command(
        "review split",
        f"{_MENDING}:split",
        f"De la o pagină începe o unitate nouă, cu datele ei.{_GOES_ON}",
        "opis review split ua-k7w2m9qx3d 47 --cota 12/1998",
        (UNIT, PAGE, *_IDENTITY, *WHY),
    ),
    Command(
        "review merge",
        f"{_MENDING}:merge",
        f"Pune toate paginile unei unități la sfârșitul alteia.{_GOES_ON}",
        "opis review merge ua-k7w2m9qx3d ua-b4n8t2wqy6",
        (UNIT, _INTO, *WHY),
    ),
    Command(
        "review assign",
        f"{_MENDING}:assign",
        f"Dă unei unități datele pe care trebuia să le aibă.{_GOES_ON}",
        "opis review assign ua-k7w2m9qx3d --cota 12/1998 --an 1998",
        (UNIT, *_IDENTITY, *WHY),
    ),
    Command(
        "review split-document",
        f"{_MENDING}:divide",
        f"De la o pagină începe un document nou.{_GOES_ON}",
        "opis review split-document ua-k7w2m9qx3d 14",
        (UNIT, PAGE, *WHY),
    ),
    Command(
        "review merge-documents",
        f"{_MENDING}:join",
        f"Lipește documentul unei pagini de cel dinaintea lui.{_GOES_ON}",
        "opis review merge-documents ua-k7w2m9qx3d 14",
        (UNIT, PAGE, *WHY),
    ),
    Command(
        "review propose",
        f"{_PUBLISHING}:propose",
        "Propune un document pentru publicare: copia cu datele acoperite este pregătită.",
        "opis review propose k7w2m9qx --by ana.pop",
        (_DOCUMENT, BY),
    ),
    Command(
        "review release",
        f"{_PUBLISHING}:release",
        "Publică un document propus de alt coleg, după ce copia trece verificarea automată.",
        "opis review release k7w2m9qx --by ion.dan",
        (_DOCUMENT, BY),
    ),
    Command(
        "review refuse",
        f"{_PUBLISHING}:refuse",
        "Respinge un document propus de alt coleg.",
        'opis review refuse k7w2m9qx --note "a rămas un nume pe pagina 2"',
        (_DOCUMENT, *WHY),
    ),
    Command(
        "review regime",
        f"{_PUBLISHING}:regime",
        "Hotărăște din nou cine vede fiecare document, după ce s-a schimbat regim.toml.",
        "opis review regime",
    ),
    Command(
        "withdraw",
        f"{_PUBLISHING}:withdraw",
        "Retrage pe loc un document public: din căutare, din fișiere; rămâne în evidență.",
        'opis withdraw k7w2m9qx --reason "cererea titularului nr. 12/2026"',
        (_DOCUMENT, Given("why", str, "De ce, pe scurt.", "--reason"), BY),
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
