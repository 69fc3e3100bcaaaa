"""The commands of `opis requests`, as data."""

from pathlib import Path

from flows.commands.declaring import BY, Command, Given

_REQUESTS = "flows.commands.requests"
_NUMBER = Given("number", str, "Din opis requests list.", shown="NUMĂR")

REQUESTS = (
    Command(
        "requests list",
        f"{_REQUESTS}:list_requests",
        "Cererile de informații publice (Legea 544/2001) care așteaptă răspuns, după termen.",
        "opis requests list",
        (Given("every", bool, "Și cele cu răspuns.", "--all", default=False),),
    ),
    Command(
        "requests show",
        f"{_REQUESTS}:show",
        "O cerere: cine întreabă și ce. Sunt date personale.",
        "opis requests show C-2026-00012",
        (_NUMBER,),
    ),
    Command(
        "requests assign",
        f"{_REQUESTS}:assign",
        "Spune cine răspunde la o cerere.",
        "opis requests assign C-2026-00012 ana.pop",
        (_NUMBER, Given("to", str, "Contul celui care răspunde.", shown="CONT")),
    ),
    Command(
        "requests extend",
        f"{_REQUESTS}:extend",
        "Prelungește termenul unei cereri la 30 de zile, în primele zece.",
        "opis requests extend C-2026-00012",
        (_NUMBER,),
    ),
    Command(
        "requests answer",
        f"{_REQUESTS}:answer",
        "Răspunde la o cerere; cel care a întrebat citește răspunsul cu numărul și codul lui.",
        "opis requests answer C-2026-00012 --file raspuns.txt",
        (
            _NUMBER,
            Given("text", str, "Răspunsul.", "--text", default="", shown_default=False),
            Given("file", Path | None, "Răspunsul, într-un fișier text.", "--file", default=None),
            Given("outcome", str, "given, refused sau redirected.", "--outcome", default="given"),
            BY,
        ),
    ),
)
