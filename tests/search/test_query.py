"""What is typed becomes clauses; what cannot be understood is told; filters are known or named."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.messages import say
from search.query import FILTERS, FieldTerm, Query, parse, read_filters


def _shown(one):
    if isinstance(one, FieldTerm):
        return f"{one.field}={one.value}{'*' if one.prefix else ''}"
    words = "_".join(word.fold + ("*" if word.prefix else "") for word in one.words)
    fact = f"<{one.fact}>" if one.fact and not one.fact.startswith("-") else ""
    return f"“{words}”" if one.quoted else f"{words}{fact}"


def shown(clauses):
    """Clauses as text: alternatives apart by |, strict ones behind +."""
    return [("+" if c.strict else "") + " | ".join(map(_shown, c.alternatives)) for c in clauses]


def notices(text):
    return [notice.code for notice in parse(text).notices]


ASKED = {
    "Iluminat public": ["iluminat", "public"],
    "„iluminat public” strada": ["“iluminat_public”", "strada"],
    '"Consiliul Local" "nr. 25"': ["“consiliul_local”", "“nr_25”"],
    "«iluminat public»": ["“iluminat_public”"],
    "hcl 25/2016": ["hcl", "25_2016<25/2016>"],
    "H.C.L. 25/2016": ["hcl", "25_2016<25/2016>"],
    "29.07.2016": ["29_07_2016<2016-07-29>"],
    "29 VII 2016": ["29_vii_2016<2016-07-29>"],
    "din 29 iulie 2016": ["29_iulie_2016<2016-07-29>"],
    "iulie 2016": ["iulie_2016<2016-07>"],
    "nr. 25 din 29 iulie 2016": ["25_din_29_iulie_2016<25/2016>"],
    '"HCL 25/2016"': ["“hcl_25_2016” | 25_2016<25/2016>", "“hcl_25_2016” | hcl"],
    "123.456 lei": ["123_456<#123456>", "lei"],
    "2016/25": ["2016_25"],
    "casă, curte;grădină|gard": ["casa", "curte", "gradina", "gard"],
    "strada strada STRADA": ["strada"],
    "parcare și garaj": ["parcare", "garaj"],
    "de la": ["de", "la"],
    "+de la": ["+de"],
    "hotăr* +cod": ["hotar*", "+cod"],
    "Cluj-Napoca": ["cluj_napoca"],
    "art. 5(2) lit. a)": ["art", "5", "2", "lit"],
    "strada SAU drum OR cale ferată": ["strada | drum | cale", "ferata"],
    "(iluminat public) SAU parcare": ["iluminat | parcare", "public | parcare"],
    "tip:hotărâre": ["type=hotarare | type=hotarare *"],
    'emitent: "Consiliul Local"': ["issuer=consiliul local | issuer=consiliul local *"],
    "an:2010-2012": ["year=2010 | year=2011 | year=2012"],
    "an:201*": ["year=201*"],
    "data:29 iulie 2016": ["date=2016-07-29"],
    "dată:07.2016": ["date=2016-07*"],
    "număr:25/2016": ["number=25 2016 | number=25", "number=25 2016 | year=2016"],
    "regim:restricționat": ["regime=restricted"],
    "tip:(cerere SAU petiție*)": ["type=cerere | type=cerere * | type=petitie*"],
    "http://a.ro/x 10:30": ["http_a_ro_x", "10_30"],
    '"" „” "?" - + ( )': [],
}


@pytest.mark.parametrize("text", ASKED)
def test_a_text_is_asked_so(text):
    assert shown(parse(text).clauses) == ASKED[text]
    assert parse(text).notices == ()


def test_a_street_is_sought_in_the_record_and_in_the_text():
    alternatives = shown(parse("strada:Crinului").clauses)[0].split(" | ")

    assert {"place=crinului", "place=strada crinului", "“strada_crinului”"} <= {*alternatives}
    assert shown(parse('stradă:"str. Crinului"').clauses)[0].split(" | ") == alternatives


EXCLUDED = {
    "strada -cerere": ["cerere"],
    "strada NU cerere": ["cerere"],
    "strada -tip:cerere": ["type=cerere | type=cerere *"],
    "strada -„iluminat public”": ["“iluminat_public”"],
    "strada -(cerere SAU petiție)": ["cerere | petitie"],
    "strada -29.07.2016": ["29_07_2016<2016-07-29>"],
}


@pytest.mark.parametrize("text", EXCLUDED)
def test_what_stands_behind_a_minus_is_excluded(text):
    asked = parse(text)

    assert shown(asked.clauses) == ["strada"]
    assert shown(asked.excluded) == EXCLUDED[text]
    assert asked.notices == ()


NOTED = {
    '"iluminat public': ("unclosed_quotation", ["iluminat", "public"]),
    'iluminat public"': ("unclosed_quotation", ["iluminat", "public"]),
    '"iluminat" "public': ("unclosed_quotation", ["“iluminat”", "public"]),
    "((iluminat public)": ("asked_brackets", ["iluminat", "public"]),
    "iluminat )public": ("asked_brackets", ["iluminat", "public"]),
    "culoare:verde iluminat": ("asked_field", ["verde", "iluminat"]),
    "an:curând iluminat": ("asked_value", ["iluminat"]),
    "data:45.13.2016 iluminat": ("asked_value", ["iluminat"]),
    "tip:? iluminat": ("asked_value", ["iluminat"]),
    "i* iluminat": ("asked_beginning", ["i", "iluminat"]),
    "-iluminat": ("asked_only_not", []),
    "public -(iluminat stradal)": ("asked_not_several", ["public"]),
    "public SAU (strada -lumini)": ("asked_not_either", ["public | strada"]),
    "(" * 40 + "iluminat": ("asked_complex", ["iluminat"]),
    "cuvinte " + " ".join(f"cuvant{n}" for n in range(10_000)): ("asked_long", None),
}


@pytest.mark.parametrize("text", NOTED)
def test_what_is_not_understood_is_told_and_the_rest_is_asked(text):
    code, expected = NOTED[text]

    assert code in notices(text)
    if expected is not None:
        assert shown(parse(text).clauses) == expected
    for language in ("ro", "en"):
        assert say(code, language, f="x").strip()
    assert parse(text).unclosed == (code == "unclosed_quotation")


SIGNS = st.sampled_from(
    [*'()+-*:|„”"«»,;. ', " SAU ", " NU ", "OR", "tip:", "an:", "a", "29.07.", "2016"]
)


@given(st.text(max_size=300) | st.lists(SIGNS, max_size=60).map("".join))
@example("(" * 900 + ")" * 900)
@example("a SAU " * 160)
@example("(a b c d) SAU " * 40 + "e")
@example("-" * 500 + "a")
@example("tip:" * 200)
def test_nothing_typed_raises(text):
    asked = parse(text)

    assert len(asked.clauses) <= 32
    assert len(asked.excluded) <= 32
    for clause in (*asked.clauses, *asked.excluded):
        assert 0 < len(clause.alternatives) <= 128
    for word in asked.words:
        assert 0 <= word.start < word.end <= len(text)
    for notice in asked.notices:
        say(notice.code, "ro", f=notice.value)


def test_an_endless_query_is_cut():
    assert len(parse(" ".join(f"cuvant{n}" for n in range(10_000))).clauses) == 32


def test_nothing_is_no_clause():
    assert parse("  ") == Query()


def test_filters_are_read_as_typed():
    given_ = ["type=hotărâre", "issuer = Consiliul=Local", "year="]

    assert read_filters(given_) == {"type": "hotărâre", "issuer": " Consiliul=Local", "year": ""}
    assert set(read_filters(f"{name}=x" for name in FILTERS)) == set(FILTERS)


@pytest.mark.parametrize("text", ["colour=red", "hotărâre", "=x", ""])
def test_an_unknown_filter_is_a_usage_error(text):
    with pytest.raises(UsageError) as caught:
        read_filters([text])

    assert caught.value.code == "filter-unknown"
