"""The jurist's table: who may see a document, by which rule, and what is said of a wrong table."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy.access import PageFacts, Sign, decide, load_rules, parse_rules, signs_of
from pipeline.privacy.access.table import TABLE
from schemas.errors import InputError
from schemas.geometry import Box
from schemas.privacy import Categorised, Category, PersonalData, PersonalKind, Sensitive
from schemas.records import FieldValue, Finding, PageState, Regime

RULE = """[praguri]
pagina = 0.8
categorie = 0.5

[[regula]]
nume = "hotărâri"
tipuri = ["hotarare"]
regim = "public"
om = false
temei = "Legea 52/2003"
"""
NOTHING = PersonalData()
GOOD = (PageFacts(1, PageState.RECOGNISED, 0.95), PageFacts(2, PageState.BLANK))


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    return load_rules(tmp_path_factory.mktemp("empty"))


def item(kind=PersonalKind.PERSON):
    return Sensitive(kind, 1, (0,), (Box(0, 0, 9, 9),), "Ion Pop", 0.9, ("rule",))


def decided(rules, kind, personal=NOTHING, pages=GOOD, sure=0.95):
    return decide({"type": FieldValue(kind, confidence=sure)}, kind, personal, pages, rules)


@pytest.mark.parametrize(
    ("kind", "regime", "waits"),
    [
        ("hotărâre", Regime.PUBLIC, False),
        ("dispoziție", Regime.PUBLIC, False),
        ("cerere", Regime.ANONYMISED, True),
        ("petiție", Regime.ANONYMISED, True),
        ("autorizație de construire", Regime.ANONYMISED, True),
        ("anchetă socială", Regime.RESTRICTED, False),
        ("declarație fiscală", Regime.RESTRICTED, False),
        ("certificat de stare civilă", Regime.RESTRICTED, False),
        ("necunoscut", Regime.RESTRICTED, True),
        ("ceva nou", Regime.RESTRICTED, True),
    ],
)
def test_defaults_by_type(rules, kind, regime, waits):
    access = decided(rules, kind)
    assert (access.regime, access.waits) == (regime, waits)
    assert access.rule
    assert access.reasons[0].code == "access-rule"


def test_an_act_with_a_name_goes_out_covered_and_only_by_people(rules):
    access = decided(rules, "hotărâre", PersonalData((item(),)))
    assert (access.regime, access.waits) == (Regime.ANONYMISED, True)
    assert Finding("access-found", detail={"k": "PERSON", "n": "1"}) in access.reasons
    assert "Pop" not in repr(access)


@pytest.mark.parametrize("category", Category)
def test_special_categories_stay_inside(rules, category):
    access = decided(rules, "hotărâre", PersonalData((), (Categorised(category, 0.9),)))
    assert (access.regime, access.rule) == (Regime.RESTRICTED, "categorii-speciale")
    weak = decided(rules, "hotărâre", PersonalData((), (Categorised(category, 0.3),)))
    assert weak.regime is Regime.PUBLIC


def test_portraits_stay_inside(rules):
    assert decided(rules, "cerere", PersonalData((item(PersonalKind.PORTRAIT),))).regime == (
        Regime.RESTRICTED
    )


@pytest.mark.parametrize(
    ("bad", "sign"),
    [
        (PageFacts(3, PageState.FAILED), Sign.FAILED),
        (PageFacts(3, PageState.RECOGNISED, 0.5), Sign.LOW),
        (PageFacts(3, PageState.RECOGNISED, None, ("handwriting",)), Sign.HANDWRITTEN),
    ],
)
def test_bad_pages_are_covered_and_wait(rules, bad, sign):
    assert signs_of((*GOOD, bad), rules) == {3: sign}
    access = decided(rules, "hotărâre", pages=(*GOOD, bad))
    assert (access.regime, access.waits) == (Regime.ANONYMISED, True)
    assert decided(rules, "hotărâre", pages=(bad,)).rule == "nicio-pagina-buna"


def test_doubts_and_unsure_types_wait(rules):
    doubtful = decided(rules, "hotărâre", PersonalData(doubts=(Finding("second-reading", 1),)))
    assert (doubtful.regime, doubtful.waits) == (Regime.PUBLIC, True)
    assert decided(rules, "hotărâre", sure=0.2).waits
    checked = {"type": FieldValue("hotărâre", confidence=0.2, checked=True)}
    assert not decide(checked, "hotărâre", PersonalData(), GOOD, rules).waits


kinds = st.sampled_from(("hotărâre", "cerere", "contract", "altul", "", "x"))
personal = st.builds(
    PersonalData,
    st.lists(st.builds(item, st.sampled_from(PersonalKind)), max_size=2).map(tuple),
    st.lists(st.builds(Categorised, st.sampled_from(Category), st.floats(0, 1)), max_size=2).map(
        tuple
    ),
    st.lists(st.just(Finding("second-reading", 1)), max_size=1).map(tuple),
)
pages = st.lists(
    st.builds(PageFacts, st.integers(1, 9), st.sampled_from(PageState), st.floats(0, 1)), max_size=3
)


@given(kinds, personal, pages, st.floats(0, 1), st.sampled_from(("public", "restricționat")))
def test_whatever_the_table_says_nothing_found_or_doubtful_goes_out_by_itself(
    kind, found, some, sure, regime
):
    table = RULE.replace('tipuri = ["hotarare"]\n', "").replace('"public"', f'"{regime}"')
    access = decided(parse_rules(table), kind, found, some, sure)
    if access.regime is Regime.PUBLIC:
        assert not found.items
        assert all(page.state is not PageState.FAILED for page in some)
    if found.doubts or (regime == "public" and found.items):
        assert access.waits


@pytest.mark.parametrize(
    ("before", "after", "line", "key"),
    [
        ("pagina = 0.8", "pagina = 8", 2, "pagina"),
        ("categorie = 0.5\n", "", 1, "categorie"),
        ('["hotarare"]', '["hotarare", "hcl"]', 7, "tipuri"),
        ('["hotarare"]', '"hotarare"', 7, "tipuri"),
        ('"public"', '"publik"', 8, "regim"),
        ("om = false", "om = 0", 9, "om"),
        ("om = false", "oameni = false", 9, "oameni"),
        ('temei = "Legea 52/2003"', 'temei = ""', 10, "temei"),
        ('"public"', '"anonimizat"', 9, "om"),
        ("[praguri]", "[praguri", 1, "TOML"),
        ("[[regula]]", "[[reguli]]", 5, "reguli"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key(before, after, line, key):
    assert before in RULE
    with pytest.raises(InputError) as raised:
        parse_rules(RULE.replace(before, after))
    error = raised.value
    assert (error.code, error.file) == ("regim-invalid", TABLE)
    assert (error.detail["n"], error.detail["key"]) == (str(line), key)


def test_a_name_twice_and_no_rule_at_all():
    with pytest.raises(InputError) as raised:
        parse_rules(RULE + RULE[RULE.index("[[") :])
    assert raised.value.detail["n"] == "12"
    with pytest.raises(InputError):
        parse_rules(RULE[: RULE.index("[[")])


def line_named(table):
    """The line that is said to be wrong; 0 for a table that can be used."""
    try:
        parse_rules(table)
    except InputError as error:
        return int(error.detail["n"])
    return 0


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text):
    for table in (text, RULE + text, f"[praguri]\n{text}"):
        assert line_named(table) >= 0


def test_the_archives_table_takes_the_place_of_ours(tmp_path, rules):
    (tmp_path / TABLE).write_text(RULE, encoding="utf-8")
    own = load_rules(tmp_path)
    assert [rule.name for rule in own.rules] == ["hotărâri"]
    assert own != rules
    assert decided(own, "cerere") == replace(
        decided(own, "cerere"), regime=Regime.RESTRICTED, rule="", waits=True
    )
    (tmp_path / TABLE).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError):
        load_rules(tmp_path)
