"""Special categories of a document: terms with weights, endings and slips."""

import pytest

from pipeline.metadata.text.view import fold
from pipeline.privacy.finding.categories import TERMS, categories, read_table, table
from schemas.privacy import Category


def told(text, kind="cerere", *, persons=True):
    cores = [word.strip(".,;:()„”").lower() for word in fold(text).split()]
    return {found.category for found in categories(cores, kind, persons=persons)}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Sunt bolnav și nu pot munci.", Category.HEALTH),
        ("are certificat de încadrare în grad de handicap accentuat", Category.HEALTH),
        ("a fost internată în spital, cu diagnosticul anexat", Category.HEALTH),
        ("conform scrisorii medicale anexate", Category.HEALTH),
        ("solicit acordarea ajutorului social", Category.SOCIAL),
        ("potrivit anchetei sociale", Category.SOCIAL),
        ("venitul minim garantat, conform dosarului", Category.SOCIAL),
        ("ordin de protecție pentru violență domestică", Category.SOCIAL),
        ("anexez certificatul de cazier judiciar", Category.CRIMINAL),
        ("a fost condamnat la închisoare", Category.CRIMINAL),
        ("copilul minor al petentei", Category.MINORS),
        ("indemnizația pentru creșterea copilului", Category.MINORS),
        ("privind rectificarea actului de naștere", Category.CIVIL),
        ("cererea de schimbare pe cale administrativă a numelui", Category.CIVIL),
    ],
)
def test_terms_are_found_with_their_endings(text, category):
    assert category in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sunt bo1navă de diabct zaharat.",
        "cu certificatul medicai anexat și medicamcnte scumpe",
        "probleme de sănătafe, diagnosticui anexat",
    ],
)
def test_terms_are_found_though_misread(text):
    assert Category.HEALTH in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vă rog să dispuneți repararea trotuarului și a gardului.",
        "Plata se face la casierie, până la 31 martie.",
        "Autorizația de construire se eliberează în termen de 30 de zile.",
        "Se aprobă bugetul local și lista de investiții.",
        "Se aprobă lista locuințelor sociale; chiria nu depășește 10 % din venitul net al familiei.",
    ],
)
def test_common_papers_are_in_no_category(text):
    assert told(text) == set()


def test_an_act_without_persons_is_in_no_category():
    text = "Se scutesc persoanele cu handicap grav și beneficiarii de ajutor social."
    assert told(text, "hotărâre", persons=False) == set()
    assert told(text, "hotărâre", persons=True)


def test_without_persons_other_papers_need_twice_the_weight():
    assert told("Sunt bolnav.", persons=False) == set()
    assert Category.HEALTH in told("Sunt bolnav de diabet.", persons=False)


def test_the_table_tells_its_terms_and_can_be_another(tmp_path):
    assert set(table().thresholds) == set(Category)
    other = tmp_path / "categories.toml"
    text = TERMS.read_text(encoding="utf-8").replace('"diabet*" = 1.0', '"diabet*" = 0.1')
    other.write_text(text, encoding="utf-8")
    assert read_table(other) != table()
    other.write_text("acts = []", encoding="utf-8")
    with pytest.raises(KeyError):
        read_table(other)


def test_terms_are_folded_and_small():
    for word in table().patterns:
        assert word == fold(word).lower()
        assert word.rstrip("*").isalnum()


def test_an_institutions_letter_that_names_nobody_is_in_no_category():
    text = "Vă transmitem situația plăților de ajutor social și de ajutor de urgență."
    assert told(text, "adresă", persons=False) == set()
    assert told(text, "adresă") == told(text, "cerere", persons=False) == {Category.SOCIAL}
