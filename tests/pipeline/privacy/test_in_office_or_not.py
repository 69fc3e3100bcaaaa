"""Who acts in office stays, who an act is about goes; an institution's own letterhead stays."""

import pytest

from tests.pipeline.privacy.unfamiliar import paper_of, searched

CONTRACT = """CONTRACT DE VÂNZARE-CUMPĂRARE nr. 12 din 3 mai 1997
Între Agenția Locativă, reprezentată prin director Apostol Remus, în calitate de vânzător, și
CIUBUC S. MARIANA, domiciliată în strada Romană nr. 77, în calitate de cumpărătoare.

        VÂNZĂTOR,                                     CUMPĂRĂTOR,
        Director general                              Mariana Ciubuc
"""
STAFF = """PRIMARUL ORAȘULUI ARINI
DISPOZIȚIA nr. 14 din 3 mai 2010 privind sancționarea d-nei Ceaușu Mihaela, referent
Art. 1. D-na Ceaușu Mihaela, referent, se sancționează cu avertisment scris.
Art. 2. Dl. Pop Ion, șef birou, duce la îndeplinire prezenta dispoziție.
Primar, Vasile Munteanu
"""
HEAD = """PRIMĂRIA ORAȘULUI ARINI
Str. Republicii nr. 10, telefon 0245 61 22 40, arini@yahoo.com
CONTRACT DE ÎNCHIRIERE nr. 7 din 3 mai 1997
cu Ciubuc Mariana, domiciliată în strada Romană nr. 77, telefon 0245 33 10 28
"""
STAMPED = """PRIMĂRIA ORAȘULUI ARINI
INTRARE nr. 104 / 3 mai 2011
Str. Livezilor nr. 8, telefon 0245 61 22 41
Contract de închiriere
"""
LODGING = """HOTĂRÂRE nr. 9 din 3 mai 2009
Se repartizează d-nei Voiculescu Cerasela, evacuată din imobilul din str. Griviței nr. 16, o garsonieră.
Ana lui Todor din Hodac nr. 512 și numitul Buta Gelu din comuna Vulcanul Mic au semnat.
"""
NUMBERS = """CERERE
Subsemnata Ciubuc Mariana, pașaport seria/nr.
06518823, B.I. seria ... D.K. ...
nr. ... 204761, tel. acasă
... 73.88.19, autoturismul D) 28 HLY, foföfon 0768,880-780, nr. asigurat 3540-7718265, sorin.fulop [at] proton.me
"""


@pytest.mark.parametrize(
    ("text", "hide", "keep"),
    [
        (
            CONTRACT,
            {
                "PERSON": ["CIUBUC S. MARIANA", "Mariana Ciubuc"],
                "ADDRESS": ["strada Romană nr. 77"],
            },
            ["Director general"],
        ),
        (STAFF, {"PERSON": ["Ceaușu Mihaela"]}, ["Vasile Munteanu"]),
        (
            HEAD,
            {"PERSON": ["Ciubuc Mariana"], "PHONE": ["0245 33 10 28"]},
            ["Str. Republicii nr. 10", "0245 61 22 40", "arini@yahoo.com"],
        ),
        (STAMPED, {"PHONE": ["0245 61 22 41"]}, []),
        (
            LODGING,
            {"ADDRESS": ["str. Griviței nr. 16", "Hodac nr. 512", "comuna Vulcanul Mic"]},
            [],
        ),
        (
            NUMBERS,
            {
                "PASSPORT": ["06518823"],
                "ID_CARD": ["D.K.", "204761"],
                "PHONE": ["73.88.19", "0768,880-780"],
                "PLATE": ["D) 28 HLY"],
                "HEALTH_INSURANCE": ["3540-7718265"],
                "EMAIL": ["sorin.fulop [at] proton.me"],
            },
            [],
        ),
    ],
    ids=["columns of signatures", "staff", "letterhead", "stamp", "lodging", "numbers"],
)
def test_what_goes_and_what_stays(text, hide, keep):
    outcome = searched(paper_of({"name": "", "text": text, "hide": hide, "keep": keep}), "clean")
    assert outcome.missed == ()
    assert outcome.lost == ()
    assert sum(outcome.planted.values()) > 0
