"""Whole documents: who and what is hidden on them, and what stays to be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.metadata.documenttext import read_document
from pipeline.privacy.finding import find_personal
from schemas.geometry import Box, Size, union
from schemas.privacy import PersonalKind as Kind
from schemas.text import Block, Line, PageText, Word

CHAR, HEIGHT, PITCH, SPACE = 18, 30, 48, 14
ACT = """ROMÂNIA
CONSILIUL LOCAL AL ORAȘULUI VALEA CREANGII
HOTĂRÂREA nr. 45
din 12 martie 2018
privind reabilitarea străzilor Mihai Eminescu și Școlii
Consiliul Local al Orașului Valea Creangii, având în vedere expunerea de motive a primarului
Gheorghe Pistol și raportul întocmit de d-na consilier Ana Toader;
Consilieri prezenți: Ionescu Vasile, Marin Elena, Dumitrescu Costel și Văduva Petre
HOTĂRĂȘTE:
Art. 1. Se aprobă lucrările la Școala Gimnazială Nicolae Bălcescu din str. Aurel Vlaicu nr. 3.
Art. 2. Plata se face în contul RO09 TREZ 0062 1360 250X XXXX al Trezoreriei.
Art. 3. Se scutesc de plata taxei clădirile persoanelor cu handicap grav.
PREȘEDINTE DE ȘEDINȚĂ, CONTRASEMNEAZĂ:
SECRETAR GENERAL,
Ionescu Vasile Jr. Mocanu Daniela"""
LETTER = """Domnule Primar,
Subsemnata Vasilescu Maria-Ioana, cu domiciliul stabil în Timișoara, B-dul Take
Ionescu nr. 46, bl. B, et. 3, ap. 17, cod poștal 300074, posesoare a C.I. seria TM nr. 123456,
telefon 0256 49 12 34, vă rog să dispuneți repararea terasei.
Familia VASILESCU locuiește aici din anul 1990. Doamnei Vasilescu i s-a răspuns în scris.
Autoturismul cu nr. TM 01 XYZ este parcat pe trotuar.
Imobilul situat în str. Gării nr. 5 este în paragină.
Cu stimă,
Maria Vasilescu"""


def page(text, *, apart=0):
    """A page whose words stand as in the text; `apart` widens double blanks into columns."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        words, x = [], 100
        for piece in line.split(" "):
            if piece:
                width = CHAR * len(piece) - 6
                words.append(Word(piece, Box(x, PITCH * number, width, HEIGHT), 0.95))
                x += width + SPACE
            else:
                x += apart
        if words:
            lines.append(Line(tuple(words)))
    return PageText(Size(2480, 3508), 300, (Block(tuple(lines)),) if lines else ())


def find(*texts, kind="", reread=None, first_page=1):
    pages = tuple(page(text) if isinstance(text, str) else text for text in texts)
    return find_personal(read_document(pages), pages, first_page, reread, kind), pages


def hidden(data, pages, kind=None, first_page=1):
    """The hidden words of all pages, in reading order, without the signs at their edges."""
    places = {
        (item.page - first_page, word)
        for item in data.items
        if kind is None or item.kind is kind
        for word in item.words
    }
    return [pages[p].words[w].text.strip(".,:;") for p, w in sorted(places)]


def kinds(data):
    return {item.kind for item in data.items}


def test_an_act_that_names_only_officials_has_nothing_to_hide():
    data, _ = find(ACT, kind="hotărâre")
    assert data.items == ()
    assert data.categories == ()
    assert data.doubts == ()


def test_a_private_person_in_an_act_is_hidden_and_its_signers_are_not():
    text = ACT.replace("Art. 2.", "Art. 2. Se vinde domnului Pop Ion terenul. Domnul Pop va plăti.")
    data, pages = find(text, kind="hotărâre")
    assert hidden(data, pages) == ["Pop", "Ion", "Pop"]


def test_all_that_identifies_the_writer_of_a_letter_is_hidden():
    data, pages = find(LETTER, kind="petiție")
    assert kinds(data) >= {Kind.PERSON, Kind.ADDRESS, Kind.ID_CARD, Kind.PHONE, Kind.PLATE}
    gone = hidden(data, pages)
    for word in ("Timișoara", "Take", "Ionescu", "46", "17", "300074", "TM", "123456", "0256"):
        assert word in gone
    assert gone.count("Vasilescu") == 3
    assert "VASILESCU" in gone


def test_works_and_institutions_keep_their_addresses():
    data, pages = find(LETTER, kind="petiție")
    assert "Gării" not in hidden(data, pages)
    text = LETTER.replace("str. Gării nr. 5", "B-dul Take Ionescu nr. 46")
    data, pages = find(text, kind="petiție")
    assert hidden(data, pages).count("46") == 2


@pytest.mark.parametrize(
    "again",
    [
        "Vasilescului",
        "VASILESCU,",
        "Vasi1escu",
        "Vasilesou",
        "„Vasilescu”",
        "Ioana-Maria Vasilescu",
    ],
)
def test_a_known_name_is_hidden_however_it_is_written(again):
    text = LETTER.replace("Cu stimă", f"Vecinul {again} a confirmat.\nCu stimă")
    data, pages = find(text, kind="petiție")
    for word in again.split():
        assert word.strip("„”.,") in {gone.strip("„”") for gone in hidden(data, pages)}


def test_columns_of_signatures_tell_officials_from_others():
    text = """PROCES-VERBAL
încheiat astăzi, 2 aprilie 2025, privind zgomotul
Am constatat,  Am luat la cunoștință,  Martor,
Florentina Moraru  Vasile Năstase  Roxana Zaharia"""
    data, pages = find(page(text, apart=300), kind="proces-verbal")
    assert hidden(data, pages) == ["Vasile", "Năstase", "Roxana", "Zaharia"]


def test_columns_read_one_after_another_are_put_side_by_side():
    whole = page("Bun de plată.\nFurnizor,  Primit,\nPetru Vlad  Florentina Moraru", apart=400)
    first, labels, names = whole.blocks[0].lines
    parts = (labels.words[:1], labels.words[1:], names.words[:2], names.words[2:])
    lines = (first, *(Line(words) for words in parts))
    read = PageText(whole.size, whole.dpi, (Block(lines),))
    data, pages = find(read, kind="factură")
    assert hidden(data, pages) == ["Petru", "Vlad"]


def test_a_list_of_people_is_hidden_row_by_row():
    text = """TABEL CU SEMNATARI
Nr. Numele și prenumele Adresa Semnătura
1 Andreea Rădulescu str. Câmpului nr. 10
2 Veronica Rotaru str. Școlii Vechi nr. 144
3 Iurie Bzovîi str. Cărămidăriei nr. 134, ap. 9"""
    data, pages = find(text, kind="petiție")
    gone = hidden(data, pages)
    for line in text.split("\n")[2:]:
        for word in line.split()[1:]:
            assert word.strip(",.") in gone, word


def test_pages_count_in_the_unit_and_boxes_lie_on_lines():
    data, pages = find("Anexa nr. 1", LETTER, kind="petiție", first_page=7)
    assert {item.page for item in data.items} == {8}
    (home,) = [item for item in data.items if item.kind is Kind.ADDRESS]
    own = [pages[1].words[n].box for n in home.words]
    assert len(home.boxes) == 2
    assert union(home.boxes) == union(own)
    assert sum(box.area for box in home.boxes) < union(own).area * 2


def test_an_address_over_a_pages_end_is_hidden_on_both():
    one = "Subsemnatul Ion Pop, domiciliat în Deva, str. Florilor nr."
    data, pages = find(one, "12, bl. A, ap. 3, jud. Hunedoara, solicit", kind="cerere")
    gone = hidden(data, pages, Kind.ADDRESS)
    assert {"Florilor", "12", "3", "Hunedoara"} <= set(gone)
    assert "solicit" not in gone


def test_a_second_reading_gives_the_number_and_says_so():
    asked = []

    def reread(number, box):
        asked.append((number, box))
        return "1710213085855"

    data, pages = find("Ion Pop, CNP 17102l3O8S8b2", reread=reread, first_page=3)
    (item,) = [item for item in data.items if item.kind is Kind.CNP]
    assert item.value == "1710213085855"
    assert item.methods == ("rule", "second-reading")
    assert item.confidence >= 0.9
    assert asked == [(3, pages[0].words[3].box)]
    assert data.doubts == ()


def test_a_number_that_stays_unclear_is_hidden_and_waits_for_a_person():
    data, pages = find("Ion Pop, CNP 1710213085000", reread=lambda *_: "", first_page=3)
    assert hidden(data, pages, Kind.CNP, 3) == ["1710213085000"]
    (doubt,) = data.doubts
    assert (doubt.code, doubt.page) == ("personal-unclear", 3)
    assert "17102" not in str(doubt)


def test_two_methods_are_surer_than_one():
    data, _ = find("Domnul Gheorghe Popescu a cerut. Vecina Bzovîi Tamila tace.", kind="adresă")
    sure = [item for item in data.items if len(item.methods) > 1]
    assert sure
    assert all(item.confidence >= 0.9 for item in sure)


def test_room_for_a_signature_is_hidden_and_no_word_with_it():
    text = LETTER + "\nData 12.03.2019 Semnătura\n\n\n\nPrimăria va răspunde în termen."
    data, pages = find(text, kind="petiție")
    rooms = [box for item in data.items if item.kind is Kind.SIGNATURE for box in item.boxes]
    assert rooms
    assert all(not room.overlap(word.box) for room in rooms for word in pages[0].words)


def test_a_copy_of_an_identity_card_is_a_portrait():
    data, pages = find("ROUMANIE CARTE DE IDENTITE\nIDROUPOP<<ION<<<<<<<<")
    (item,) = [item for item in data.items if item.kind is Kind.PORTRAIT]
    assert item.boxes == (Box(0, 0, pages[0].size.width, pages[0].size.height),)


def test_no_words_no_findings():
    data, _ = find("", "")
    assert data.items == data.categories == data.doubts == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4), st.sampled_from(("", "cerere", "hotărâre")))
def test_any_words_are_searched_without_an_error(texts, kind):
    data, pages = find(*texts, kind=kind)
    for item in data.items:
        assert 1 <= item.page <= len(pages)
        assert all(0 <= n < len(pages[item.page - 1].words) for n in item.words)
        assert item.boxes
