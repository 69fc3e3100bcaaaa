"""What people decide in review, declared as data: the queue, corrections, personal data, undoing."""

from pathlib import Path

from flows.commands.declaring import BY, ITEM, PAGE, UNIT, WHY, Command, Given

_QUEUE = "flows.commands.reviewing.review_queue"
_SHOWING = "flows.commands.reviewing.review_showing"
_CORRECTING = "flows.commands.reviewing.correcting"
_CHANGE = Given("ident", str, "Din opis review list, sau al unei modificări.", shown="ID")

DECISIONS = (
    Command(
        "review list",
        f"{_QUEUE}:waiting_list",
        "Ce așteaptă un om, întâi ce blochează publicarea, apoi datele personale, limitele"
        " documentelor și câmpurile nesigure.",
        "opis review list --kind field --limit 20",
        (
            Given(
                "unit",
                str | None,
                "O singură unitate.",
                "--unit",
                default=None,
                shown_default="toate",
            ),
            Given(
                "kind",
                str | None,
                "Un singur fel: rescan, check, release, personal, boundary, field.",
                "--kind",
                default=None,
                shown_default="toate",
            ),
            Given("limit", int, "Câte se arată.", "--limit", least=1, default=50),
            Given("page", int, "A câta parte a listei.", "--page", least=1, default=1),
        ),
    ),
    Command(
        "review show",
        f"{_SHOWING}:show",
        "Un element: ce s-a citit, ce s-a hotărât și de cine, cu decupajul din imagine.",
        "opis review show ua-k7w2m9qx3d.b4n8t2wq --out decupaj.png",
        (ITEM, Given("out", Path | None, "Fișier PNG nou.", "--out", default=None)),
    ),
    Command(
        "review accept",
        f"{_CORRECTING}:accept",
        "Este bine așa și nu mai așteaptă: pagina este cât se poate de bună, câmpul este citit"
        " corect (sau chiar lipsește), documentul începe aici, este o dată personală.",
        "opis review accept ua-k7w2m9qx3d.b4n8t2wq",
        (Given("idents", list[str], "Din opis review list.", shown="ID..."), *WHY),
    ),
    Command(
        "review correct",
        f"{_CORRECTING}:correct",
        "Câmpul are altă valoare, sau documentul nu începe la această pagină; ce s-a citit se"
        " păstrează.\n\nDatele se scriu 2016-07-29 sau 29.07.2016. Tipurile: hotărâre, dispoziție,"
        " autorizație de construire, certificat de urbanism, cerere, petiție, adeverință,"
        " proces-verbal, contract, referat, factură, anchetă socială, certificat de stare civilă,"
        " declarație fiscală, adresă, anunț, altul.\n\nUn câmp care nu este pe listă:"
        " opis review correct UNITATE/DOCUMENT --field date 29.07.2016",
        "opis review correct ua-k7w2m9qx3d.b4n8t2wq 4817",
        (
            Given("ident", str, "Din opis review list, sau UNITATE/DOCUMENT.", shown="ID"),
            Given("value", str | None, "Valoarea corectă.", shown="VALOARE", default=None),
            Given("field", str | None, "Câmpul documentului.", "--field", default=None),
            Given(
                "of",
                str,
                "Mențiunea în locul căreia este valoarea (persons, places, acts …).",
                "--of",
                default="",
                shown_default=False,
            ),
            Given("absent", bool, "Câmpul nu apare pe document.", "--absent", default=False),
            *WHY,
        ),
    ),
    Command(
        "review remove",
        f"{_CORRECTING}:remove",
        "Nu este dată personală; spuneți de ce: funcționar în exercițiul funcției, instituție,"
        " greșeală de citire, dată publică prin lege.",
        'opis review remove ua-k7w2m9qx3d.b4n8t2wq --note "instituție"',
        (ITEM, *WHY),
    ),
    Command(
        "review add",
        f"{_CORRECTING}:add",
        "O dată personală care nu a fost găsită: cuvintele ei sau locul ei pe imagine.",
        'opis review add ua-k7w2m9qx3d 14 --kind PERSON --text "Ion Popescu"',
        (
            UNIT,
            PAGE,
            Given(
                "kind",
                str,
                "CNP, ID_CARD, IBAN, PHONE, EMAIL, ADDRESS, PLATE, PERSON, SIGNATURE, PORTRAIT …",
                "--kind",
            ),
            Given(
                "text",
                str,
                "Cuvintele, ca pe pagină.",
                "--text",
                default="",
                shown_default=False,
            ),
            Given(
                "box",
                str,
                "x,y,w,h, în pixelii imaginii.",
                "--box",
                default="",
                shown_default=False,
            ),
            Given("everywhere", bool, "Peste tot în document.", "--everywhere", default=False),
            *WHY,
        ),
    ),
    Command(
        "review undo",
        f"{_CORRECTING}:undo",
        "Anulează ultima decizie despre un element, o corectură, sau ultima modificare a unei"
        " unități.",
        "opis review undo ua-k7w2m9qx3d.b4n8t2wq",
        (_CHANGE, BY),
    ),
    Command(
        "review export",
        "flows.commands.reviewing.review_export:export",
        "Corecturile, cu textul lor, pentru antrenare. Fișierul conține date personale: numai"
        " pentru personal.",
        "opis review export corecturi.jsonl",
        (Given("file", Path, "Fișier nou, un obiect JSON pe rând.", shown="FIȘIER"),),
    ),
)
