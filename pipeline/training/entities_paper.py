"""Sentences of a city hall's papers with their entities, for the model to learn on besides news.

Own templates and invented names; `{slot}` is filled and marked with the slot's label.
"""

import random
import re
from collections.abc import Callable
from typing import Final

from pipeline.metadata.text.vocabulary import FIRST_NAMES, MONTH_NAMES
from pipeline.training.entities_data import Sentence, Span

TEMPLATES: Final = """
Subsemnatul {p}, domiciliat în {l}, {a}, județul {l}, CNP 1700101123457, telefon {tel}, vă rog să-mi aprobați eliberarea unui certificat de urbanism.
Subsemnata {p}, cu domiciliul în comuna {l}, {a}, posesoare a cărții de identitate seria XB nr. 123456, solicit acordarea unui ajutor social.
Subsemnații {p} și {p}, proprietari ai imobilului situat în {a}, sesizăm că iluminatul stradal nu funcționează din data de {d}.
Domnul {p}, în calitate de administrator al {f}, cu sediul în {l}, {a}, solicită prelungirea autorizației de construire nr. {n} din {d}.
Doamna {p}, născută la data de {d} în {l}, fiica lui {g} și a {g}, este luată în evidență la nr. {n}.
Numitul {p} locuiește împreună cu soția, {p}, și cu cei {n} copii în {a}.
Prin cererea nr. {n} din {d}, domnul {p} solicită eliberarea unei adeverințe din care să rezulte suprafața de {q}.
{o}, reprezentată prin primar {p}, în calitate de achizitor, și {f}, reprezentată prin administrator {p}, în calitate de executant, au încheiat prezentul contract.
{o}, întrunit în ședință ordinară la data de {d}, la care participă {n} consilieri;
Având în vedere raportul nr. {n} din {d} întocmit de {o};
Având în vedere expunerea de motive a Primarului comunei {l}, județul {l};
În temeiul Legii nr. {n}/{y} privind administrația publică locală;
Conform art. {n} alin. ({n}) din Legea nr. {n}/{y}, republicată, cu modificările și completările ulterioare,
În conformitate cu prevederile O.U.G. nr. {n}/{y} privind Codul administrativ,
Art. {n}. Se aprobă alocarea sumei de {m} din bugetul local pe {yy} pentru repararea drumului din satul {l}.
Art. {n}. Cu ducerea la îndeplinire a prezentei hotărâri se încredințează primarul orașului {l} și {o}.
Art. {n}. Prezenta dispoziție se comunică doamnei {p}, {o} și {o}.
Art. {n}. Se numește domnul {p} în funcția de inspector în cadrul {o}.
Se acordă domnului {p}, domiciliat în {l}, {a}, un ajutor de urgență în cuantum de {m}.
Terenul în suprafață de {q} situat în {l}, {a}, nr. cadastral {n}, aparține domeniului public al municipiului {l}.
Valoarea totală a lucrărilor este de {m}, din care TVA {m}.
Contravaloarea chiriei lunare este de {m}, plata urmând a fi făcută până la data de {d}.
Factura nr. {n} din {d}, emisă de {f}, în valoare de {m}.
Furnizor: {f}, {l}, {a}
Beneficiar: {o}
Către {o}
PRIMAR, {p}
Secretar general, {p}
Primar {p}
Contrasemnează, secretar {p}
Întocmit, {p}
Inspector, {p}
Șef serviciu {p}
Președinte de ședință, {p}
{o}
{o}, compartimentul urbanism
județul {l}
{c}, județul {l}, comuna {l}
Nr. {n} din {d}
Nr. înregistrare {n}/{d}
Data: {d}, Semnătura {p}
HOTĂRÂREA nr. {n} din {d} privind aprobarea bugetului local al comunei {l} pe {yy}
DISPOZIȚIA nr. {n} din {d} privind încetarea raportului de serviciu al doamnei {p}
Titular: {p}, domiciliat în municipiul {l}, {a}
Numele și prenumele: {p}
Domiciliul: {l}, {a}
Reclamația domnului {p} privind zgomotul produs de {f} pe {a} a fost înregistrată la {o} sub nr. {n}/{d}.
În urma deplasării în teren la data de {d}, s-au constatat următoarele la imobilul din {a}, proprietatea lui {p}.
La fața locului au participat {p}, inspector în cadrul {o}, și {p}, referent.
Vă comunicăm că adresa dumneavoastră nr. {n} din {d} a fost repartizată către {o}.
Din familie fac parte: {p}, soție, {p}, fiu, și {p}, fiică.
Comisia formată din {p}, {p} și {p} a verificat documentele depuse de {f}.
Familia {w} din {a} are un venit lunar de {m}.
Garajul domnului {p} de pe {a} are o suprafață de {q}.
Termenul de execuție a lucrărilor din satul {l} este de {t} de la data emiterii ordinului de începere.
Autorizația este valabilă {t}, până la {d}.
Se certifică faptul că {p}, decedat la data de {d}, a avut ultimul domiciliu în {l}, {a}.
Moștenitorii defunctului {p} sunt {p} și {p}, ambii cu domiciliul în orașul {l}.
Proiectul întocmit de {f} prevede amenajarea a {n} locuri de parcare pe {a}.
Lucrarea se execută pe tronsonul dintre {s} și {s}, pe o lungime de {q}.
Președintele {o}, {p}, a aprobat solicitarea comunei {l}.
"""  # fmt: skip
_LABELS: Final = {
    **dict.fromkeys("pgw", "PERSON"),
    **dict.fromkeys("of", "ORG"),
    **dict.fromkeys("lasc", "PLACE"),
    **dict.fromkeys(("d", "y", "yy", "t"), "DATE"),
    **dict.fromkeys(("n", "q", "tel"), "NUM"),
    "m": "MONEY",
}
_STEMS: Final = """Albu Andron Arde Balt Barb Bejan Bost Brad Bucur Burd Calot Caram Cazac Cern Chir
Ciob Coco Cojoc Cord Cosm Croit Curt Damasch Dobr Drag Fier Fulg Gaman Ghim Gorun Grig Hara Holb
Horn Iord Jian Lazar Lup Maci Manol Marg Mold Mun Murg Neag Negr Nicul Oanc Olar Onci Palt Pand
Pasc Petr Plop Popov Prun Rad Ristea Rog Ruj Sand Scurt Simi Stanc Stej Sulim Tanas Tomul Trif Turc
Urs Vasil Vlas Voin Zab Zamf""".split()  # noqa: SIM905 - a list that is read as text
_ENDS: Final = "escu eanu aru ea oiu iuc ache u an oi in ila".split()  # noqa: SIM905 - as above
_STREETS: Final = """Lalelelor Teilor Mihai_Eminescu 1_Decembrie_1918 Unirii Gării Morii Castanilor
Libertății Nicolae_Bălcescu Avram_Iancu Ștefan_cel_Mare Florilor Viilor Bisericii Școlii Independenței
Tudor_Vladimirescu George_Coșbuc Primăverii Victoriei Republicii Cuza_Vodă Izvorului Pădurii Zorilor
Traian Decebal Dorobanților Nucului Salcâmului Fântânilor Horea Crinului Rozelor Principală""".split()  # noqa: SIM905
_WAYS: Final = "str. strada bd. bulevardul aleea Bd. Str. calea șos. piața".split()  # noqa: SIM905
_UNITS: Final = ("Comunei", "Orașului", "Municipiului")
_BODIES: Final = (
    "Primăria {u} {l}", "Primăriei {u} {l}", "Consiliul Local al {u} {l}", "Consiliului Local {l}",
    "Consiliul Județean {l}", "Instituția Prefectului Județului {l}", "Primăria {l}",
    "Direcția Urbanism și Amenajarea Teritoriului", "Serviciul Impozite și Taxe Locale",
    "Serviciului Public de Asistență Socială", "Direcția Generală de Asistență Socială {l}",
    "Inspectoratul pentru Situații de Urgență {l}", "Agenția pentru Protecția Mediului {l}",
    "Compartimentul Registrul Agricol", "Biroul Financiar-Contabilitate", "Poliția Locală {l}",
    "Direcția de Sănătate Publică {l}", "Oficiul de Cadastru și Publicitate Imobiliară {l}",
    "Școala Gimnazială nr. 2 {l}", "Spitalul Județean {l}", "Parohia Ortodoxă {l}",
    "Ministerul Dezvoltării", "Casa Județeană de Pensii {l}", "Asociația de Proprietari nr. 14",
)  # fmt: skip
_TRADES: Final = (
    "Construct", "Instal", "Prest", "Eco Serv", "Drumuri", "Agro", "Trans", "Comimpex", "Proiect",
    "Salubris", "Electro", "Metal Grup", "Mobila", "Market", "Forest", "Termo",
)  # fmt: skip
_GIVEN: Final = tuple(sorted(FIRST_NAMES))


def _surname(rng: random.Random) -> str:
    name = rng.choice(_STEMS) + rng.choice(_ENDS)
    return f"{name}-{_surname(rng)}" if rng.random() < 0.05 else name


def _person(rng: random.Random) -> str:
    first, last = rng.choice(_GIVEN).capitalize(), _surname(rng)
    last = last.upper() if rng.random() < 0.25 else last
    forms = (
        f"{first} {last}", f"{last} {first}", f"{first} {last}", f"{first[0]}. {last}",
        f"{last} {first}-{rng.choice(_GIVEN).capitalize()}", f"{first} {last[0]}. {last}",
        f"{last} {rng.choice(_GIVEN).capitalize()} {first}",
    )  # fmt: skip
    return rng.choice(forms)


def _day(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1950, 2026)
    return rng.choice(
        (
            f"{day:02d}.{month:02d}.{year}",
            f"{day} {MONTH_NAMES[month - 1]} {year}",
            f"{day}.{month}.{year}",
            f"{day:02d}/{month:02d}/{year}",
            f"{day:02d}-{month:02d}-{year}",
        )
    )


def _money(rng: random.Random) -> str:
    whole = f"{rng.randint(20, 900_000):,}".replace(",", rng.choice(("", ".", ".")))
    cents = rng.choice(("", "", f",{rng.randint(0, 99):02d}"))
    return f"{whole}{cents} {rng.choice(('lei', 'lei', 'RON', 'de lei', 'euro'))}"


def _number(rng: random.Random) -> str:
    return str(rng.randint(1, rng.choice((9, 40, 999, 60_000))))


def _street(rng: random.Random) -> str:
    return f"{rng.choice(_WAYS)} {rng.choice(_STREETS).replace('_', ' ')}"


def _address(rng: random.Random) -> str:
    more = rng.choice(
        ("", "", f", bl. {rng.choice('ABC')}{rng.randint(1, 30)}, ap. {rng.randint(1, 60)}")
    )
    return f"{_street(rng)} nr. {rng.randint(1, 180)}{more}"


def _body(rng: random.Random, town: str) -> str:
    return rng.choice(_BODIES).replace("{u}", rng.choice(_UNITS)).replace("{l}", town)


def _firm(rng: random.Random) -> str:
    name = f"{rng.choice(_STEMS)} {rng.choice(_TRADES)}"
    return rng.choice(
        (f"S.C. {name} S.R.L.", f"SC {name} SRL", f"{name} S.A.", f"S.C. {name.upper()} S.R.L.")
    )


def _span(rng: random.Random) -> str:
    return f"{rng.randint(2, 60)} de {rng.choice(('zile', 'luni'))}"


def sentences(count: int, towns: tuple[str, ...], rng: random.Random) -> tuple[Sentence, ...]:
    """Filled templates; `towns` are names of localities to draw from."""
    lines = TEMPLATES.strip().splitlines()
    return tuple(_filled(rng.choice(lines), towns, rng) for _ in range(count))


def _filled(template: str, towns: tuple[str, ...], rng: random.Random) -> Sentence:
    fillers: dict[str, Callable[[], str]] = {
        "p": lambda: _person(rng), "g": lambda: rng.choice(_GIVEN).capitalize(),
        "w": lambda: _surname(rng), "l": lambda: rng.choice(towns), "s": lambda: _street(rng),
        "a": lambda: _address(rng), "o": lambda: _body(rng, rng.choice(towns)),
        "f": lambda: _firm(rng), "d": lambda: _day(rng), "m": lambda: _money(rng),
        "n": lambda: _number(rng), "y": lambda: str(rng.randint(1968, 2026)),
        "yy": lambda: f"anul {rng.randint(1968, 2026)}", "c": lambda: rng.choice(("România", "ROMÂNIA")),
        "q": lambda: f"{_number(rng)} {rng.choice(('mp', 'mp', 'm', 'ha'))}", "t": lambda: _span(rng), "tel": lambda: f"07{rng.randint(10**7, 10**8 - 1)}",
    }  # fmt: skip
    text, spans = "", list[Span]()
    for place, piece in enumerate(re.split(r"\{(\w+)\}", template)):
        if place % 2:
            filled = fillers[piece]()
            spans.append((len(text), len(text) + len(filled), _LABELS[piece]))
            text += filled
        else:
            text += piece
    return Sentence(text, tuple(spans), "paper")
