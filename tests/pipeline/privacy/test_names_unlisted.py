"""Names that stand alone on a paper: hidden whatever list lacks them, while those in office stay."""

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.privacy.finding import find_personal
from tests.pipeline.privacy.test_slips import LINE, PAPER, covers, page_of


def hidden(text, kind):
    """The words of a paper that are hidden."""
    page = page_of(text)
    found = find_personal(read_document([page]), [page], 1, None, kind)
    boxes = [box for item in found.items for box in item.boxes]
    words = [word for line in page.blocks[0].lines for word in line.words]
    return {word.text for word in words if any(covers(box, word.box) for box in boxes)}


def open_of(told, name):
    """The words of a name that stay, on an act of the town hall that names nobody else."""
    page = page_of(PAPER.format(told))
    found = find_personal(read_document([page]), [page], 1, None, "referat")
    boxes = [box for item in found.items for box in item.boxes]
    mine = [w for w in page.blocks[0].lines[LINE].words if w.text.strip(".,:") in name.split()]
    assert mine
    return [w.text for w in mine if not any(covers(box, w.box) for box in boxes)]


@pytest.mark.parametrize(
    "told",
    [
        "{} a depus documentele.",
        "S-a constatat că {} ocupă trotuarul.",
        "Beneficiar: {}",
        "vecinul {} nu vrea",
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "Țîrlea Aișe", "Wagner-Thör Elemér", "Gyula Nemțișor", "Uroș Ivanov", "Veaceslav Aldescu",
        "Gertrud Gârbea", "MĂGUREAN EDIT", "Fabiola Abrudeanu", "HRISTU SCURTULESCU", "Sarkis Bedrosian",
    ],
)  # fmt: skip
def test_a_name_that_nothing_else_tells_is_hidden(told, name):
    assert open_of(told.format(name), name) == []


@pytest.mark.parametrize(
    "name",
    [
        "attila Ene",
        "8rândușa Iosub",
        "Emőke 8ejan",
        "8ujorel Dejeu",
        "avram Péterffy",
        "5aveta Sava",
    ],
)
def test_a_capital_read_small_or_as_a_digit_opens_no_name(name):
    assert open_of(f"La solicitarea lui {name} s-a verificat locul.", name) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "proces-verbal",
            ("PROCES-VERBAL\nde recepție\nComisia numită prin dispoziția nr. 88/2017, formată din: Lenuța Vădan,\n"
            "Toader Haiducu și Agripina Cioflec, a verificat lucrarea."),
        ),
        (
            "proces-verbal",
            ("PROCES-VERBAL\nal ședinței consiliului local\nParticipă 11 consilieri.\n"
            "Lipsesc motivat: Anton-Dan Vultur și Vasilica-Ana Lupuțiu."),
        ),
        (
            "adresă",
            ("REGIA NAȚIONALĂ A PĂDURILOR\nOCOLUL SILVIC VALEA SEACĂ\nStr. Stadionului nr. 39, telefon 0254/366274\n"
            "AVIZ nr. 168 din 2.3.2017\nVă comunicăm avizul favorabil."),
        ),
        (
            "referat",
            ("PRIMĂRIA COMUNEI VIDRA\nREFERAT\nIluminatul de pe strada Dr. Victor Babeș și din zona Ștefan Octavian Iosif\n"
            "are nevoie de reparații."),
        ),
        (
            "contract",
            ("CONTRACT DE CONCESIUNE\nI. Părțile contractante\nComuna Vidra, reprezentată prin Elemér Lupuțiu, având funcția de primar,\n"
            "și Arini S.R.L. s-au înțeles. Concedentul are dreptul să verifice."),
        ),
    ],
)  # fmt: skip
def test_who_acts_in_office_and_institutions_stay(kind, text):
    assert hidden(text, kind) == set()


def test_the_telephone_of_a_permit_s_standard_form_goes_though_it_says_fax():
    text = (
        "PRIMARUL COMUNEI VIDRA\nAUTORIZAȚIE DE CONSTRUIRE\nNr. 12 din 3.4.2011\n"
        "Urmare cererii adresate de Ion Marcu, cu domiciliul în județul Alba, comuna Vidra, nr. 5,\n"
        "telefon/fax 0733 124 866, e-mail ion.m@mail.ro, înregistrată la nr. 40 din 1.3.2011"
    )
    assert {"0733", "124", "866,"} <= hidden(text, "autorizație de construire")


def test_who_signs_for_a_firm_that_tells_of_its_employee_is_hidden():
    text = (
        "Metal Prod S.R.L.\nCUI 1234567\nADEVERINȚĂ\nAdeverim că d-na Ana Pop, CNP 2651006032858, este salariată.\n"
        "Administrator,\nSilvana Jigărea"
    )
    assert {"Silvana", "Jigărea"} <= hidden(text, "adeverință")


def test_the_scrap_of_a_name_that_a_seal_tore_is_hidden_with_it():
    told = "Întocmit de Traian Ma(6 4 telaton 0733.876.809."
    text = f"Arini Montaj S.R.L.\nFACTURĂ FISCALĂ NR. 2704\nClient: Comuna Vidra\n{told}"
    assert {"Traian", "Ma(6", "4", "0733.876.809."} <= hidden(text, "factură")
    assert "telaton" not in hidden(text, "factură")


def test_a_home_goes_whose_street_was_read_with_a_small_letter():
    text = (
        "Natalia Ivănescu\nDealu Arămiu, str. lasomiei nr. 96, jud. Sibiu\nSESIZARE\nDomnule Primar,\n"
        "subsemnata Natalia Ivănescu vă semnalez că strada nu este luminată."
    )
    assert {"str.", "lasomiei", "nr.", "96,"} <= hidden(text, "petiție")


def test_the_end_of_a_telephone_that_a_seal_tore_is_hidden():
    text = "Arini Montaj S.R.L.\nFACTURĂ FISCALĂ NR. 2704\nClient: Comuna Vidra\nÎntocmit de Magdalena (8\n-107-349."
    assert "-107-349." in hidden(text, "factură")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("locuit de familia lovanovici. Se constată", "lovanovici"),
        ("locuit de familia\nlovanovici, la etaj", "lovanovici"),
        ("Popescu Ion, CNP 1760405383867, a venit\nși lonescu la primărie", "lonescu"),
    ],
)
def test_a_name_whose_capital_was_read_small_goes(text, name):
    assert name in {
        word.strip(".,") for word in hidden(f"REFERAT\n{text}\nprivind parcarea", "referat")
    }


@pytest.mark.parametrize(
    "text",
    [
        "familia locuiește la bloc",
        "familia se află aici",
        "soții lucrează la uzină",
        "strada lancului",
    ],
)
def test_small_words_of_the_language_stay(text):
    assert not hidden(f"REFERAT\n{text}\nprivind parcarea", "referat")


@pytest.mark.parametrize(
    "text",
    [
        "PRIMĂRIA COMUNEI VALEA MARE\nPopescu Ion a depus documentele.\nprivind parcarea",
        "REFERAT\nprivind un loc\nPopescu Ion a depus documentele.",
        "ȘCOALA GIMNAZIALĂ VALEA MARE\nPopescu Ion a depus documentele.",
    ],
)
def test_a_name_right_below_a_heading_is_no_part_of_it(text):
    assert {"Popescu", "Ion"} <= hidden(text, "referat")


@pytest.mark.parametrize(
    "text",
    [
        "PRIMĂRIA ORAȘULUI\nMihai Viteazu\nREFERAT",
        "școala gimnazială\nIon Creangă din oraș",
        "Comuna Ion Creangă\nREFERAT",
    ],
)
def test_a_place_called_by_somebodys_name_stays_over_a_lines_end(text):
    assert not hidden(text, "referat")
