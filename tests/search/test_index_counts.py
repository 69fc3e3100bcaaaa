"""Facets, groups and orders: alike in both backends, and never more than a caller may see."""

import random
from itertools import product

import pytest

from schemas.access import Grant
from schemas.errors import UsageError
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.backend import Backend, open_backend
from search.index.fields import FACETS
from search.query import parse
from tests.search.index_samples import Archive, page

FONDS = ("Primăria", "PRIMARIA", "Taxe și impozite", "")
DEPARTMENTS = ("Urbanism", "Juridic", "")
REGIMES = ("public", "anonymised", "restricted")
PLACES = (("Strada Crinului",), ("strada crinului", "Bucla"), (), ("Bucla",))
CITY = Grant(institutions=("primaria",))


def papers() -> list[list[IndexedPage]]:
    """Twelve units of eight pages; every page has the word „act”, some of them more."""
    chance = random.Random(5)
    units = []
    for number in range(12):
        unit = f"ua-papers{number:02d}"
        fond = FONDS[number % len(FONDS)]
        units.append(
            [
                page(
                    unit,
                    n,
                    "act " * chance.randint(1, 3) + f"numai{number}",
                    document=f"{unit}-d{(n + 1) // 2}",
                    leaf=f"{(n + 1) // 2}{'vr'[n % 2]}",
                    fond=fond,
                    institution="Primăria" if number % 2 else "Asistență socială",
                    department=DEPARTMENTS[n % len(DEPARTMENTS)],
                    regime=REGIMES[(number + n) % len(REGIMES)],
                    problem="parking" if n % 4 else "",
                    date=f"20{10 + (number * 3 + n // 2) % 7}-05-01" if n % 3 else "",
                    places=PLACES[n % len(PLACES)],
                    cota=f"{number}/2016",
                )
                for n in range(1, 9)
            ]
        )
    return units


PAPERS = papers()
EVERY = [one for unit in PAPERS for one in unit]


@pytest.fixture(scope="module")
def embedded_papers(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """The papers in an embedded index, which the tests only read."""
    backend = open_backend(Settings(archive=tmp_path_factory.mktemp("papers")), write=True)
    for pages in PAPERS:
        backend.replace_unit(pages[0].unit, pages)
    backend.commit()
    return backend


def seen(grants: tuple[Grant, ...]) -> list[IndexedPage]:
    """What grants open, told without an index."""

    def opens(grant: Grant, one: IndexedPage) -> bool:
        fold = {"Primăria": "primaria", "Asistență socială": "asistenta sociala"}
        named = (
            (grant.institutions, fold[one.institution]),
            (grant.departments, one.department.lower()),
            (grant.regimes, one.regime),
        )
        return all(not wanted or value in wanted for wanted, value in named)

    return [one for one in EVERY if any(opens(grant, one) for grant in grants)]


GRANTS = {
    "all": (Grant(),),
    "none": (),
    "one institution": (CITY,),
    "a clerk": (Grant(("primaria",), ("urbanism",)),),
    "two rules": (Grant(("primaria",), ("juridic",)), Grant(regimes=("public",))),
    "a regime": (Grant(regimes=("restricted", "anonymised")),),
    "nobody's": (Grant(institutions=("alta",)),),
    "an empty name": (Grant(departments=("",)),),
}


@pytest.mark.parametrize("case", GRANTS)
def test_nothing_is_counted_that_a_caller_may_not_see(embedded_papers, case):
    grants = GRANTS[case]
    expected = [] if case == "an empty name" else seen(grants)
    answer = embedded_papers.search(parse("act"), {}, limit=100, grants=grants, group="unit")

    assert answer.total == len(expected)
    assert sum(hit.pages_in_group for hit in answer.hits) == len(expected)
    assert answer.groups == len(answer.hits) == len({one.unit for one in expected})
    assert sum(answer.facets["regime"].values()) == len(expected)
    assert set(answer.facets["regime"]) == {one.regime for one in expected}
    words = embedded_papers.terms("numai", limit=50, grants=grants)
    assert sum(count for _, count in words) == 0
    assert dict(embedded_papers.terms("act", limit=5, grants=grants)) == (
        {"act": len(expected)} if expected else {}
    )


def test_a_word_of_hidden_pages_alone_is_as_good_as_missing(archive):
    backend = archive.fill(
        [page("ua-open0001", 1, "lumina verde", institution="Primăria")],
        [page("ua-hidden01", 1, "luminx tainic", institution="Poliția")],
    )
    for typed in ("luminx", "luminz"):
        hits = backend.search(parse(typed), {}, grants=(CITY,)).hits
        assert [hit.unit for hit in hits] == ["ua-open0001"]
    assert backend.terms("tain", grants=(CITY,)) == ()
    assert backend.terms("tain") == (("tainic", 1),)
    assert backend.counts([], grants=(CITY,)) == ()


@pytest.mark.parametrize("filters", [{}, {"regime": "public"}, {"place": "STRADA CRINULUI"}])
def test_facets_add_up(embedded_papers, filters):
    answer = embedded_papers.search(parse("act"), filters)

    assert answer.total > 0
    for name in FACETS:
        rest = answer.rest[name]
        counted = sum(answer.facets[name].values()) + rest.none + rest.other
        assert counted == answer.total or (name == "place" and counted > answer.total)


@pytest.mark.parametrize("name", ["fond", "department", "regime", "place", "problem", "year"])
def test_a_value_counts_what_filtering_by_it_finds(embedded_papers, name):
    whole = embedded_papers.search(parse("act"), {})

    for value, count in whole.facets[name].items():
        assert embedded_papers.search(parse("act"), {name: value}).total == count
    if name == "fond":
        assert whole.facets[name] == {"PRIMARIA": 48, "Taxe și impozite": 24}
        assert whole.rest[name].none == 24


def test_more_values_than_are_shown_are_told_as_a_sum(embedded):
    pages = [page("ua-many0001", n, "act", issuer=f"Emitentul {n:03d}") for n in range(1, 81)]
    answer = embedded.fill(pages).search(parse("act"), {})

    assert len(answer.facets["issuer"]) == 50
    assert (answer.rest["issuer"].other, answer.rest["issuer"].none) == (30, 0)


def test_only_the_facets_asked_for_are_counted(embedded_papers):
    assert embedded_papers.search(parse("act"), {}, facets=()).facets == {}
    assert set(embedded_papers.search(parse("act"), {}, facets=("year",)).facets) == {"year"}
    with pytest.raises(UsageError, match="colour"):
        embedded_papers.search(parse("act"), {}, facets=("colour",))


def ordered(sort: str) -> list[tuple[str, int]]:
    """The papers in an order, told without an index."""
    shelf = [((one.unit, one.page), one.date) for one in EVERY]
    dated = sorted((date, place) for place, date in shelf if date)
    undated = sorted(place for place, date in shelf if not date)
    if sort == "place":
        return sorted(place for place, _ in shelf)
    if sort == "date":
        return [place for _, place in dated] + undated
    dates = sorted({date for date, _ in dated}, reverse=True)
    return [place for wanted in dates for date, place in dated if date == wanted] + undated


@pytest.mark.parametrize("sort", ["date", "-date", "place"])
def test_pages_stand_in_the_order_asked_for(embedded_papers, sort):
    found = [
        (hit.unit, hit.page)
        for offset in range(0, 100, 13)
        for hit in embedded_papers.search(parse("act"), {}, offset=offset, limit=13, sort=sort).hits
    ]

    assert found == ordered(sort)


@pytest.mark.parametrize(
    ("group", "sort"), list(product(("document", "unit"), ("relevance", "-date")))
)
def test_a_group_is_shown_by_its_first_page(embedded_papers, group, sort):
    every = embedded_papers.search(parse("act"), {}, limit=100, sort=sort).hits
    first: dict[str, tuple[str, int]] = {}
    sizes: dict[str, int] = {}
    for hit in every:
        ident = getattr(hit, group)
        first.setdefault(ident, (hit.unit, hit.page))
        sizes[ident] = sizes.get(ident, 0) + 1
    found = [
        hit
        for offset in range(0, 60, 7)
        for hit in embedded_papers.search(
            parse("act"), {}, offset=offset, limit=7, sort=sort, group=group
        ).hits
    ]

    assert [(hit.unit, hit.page) for hit in found] == list(first.values())
    assert [hit.pages_in_group for hit in found] == [sizes[getattr(h, group)] for h in found]


@pytest.mark.parametrize(("name", "wrong"), [("sort", "colour"), ("group", "leaf")])
def test_an_unknown_order_or_group_is_named(embedded_papers, name, wrong):
    with pytest.raises(UsageError) as caught:
        embedded_papers.search(parse("act"), {}, **{name: wrong})

    assert (caught.value.code, caught.value.file) == (f"{name}-unknown", wrong)


QUERIES = ("act", "numai3", "act numai5", "", "numaj3")
ASKED = (
    {},
    {"sort": "date"},
    {"sort": "-date", "group": "unit"},
    {"group": "document"},
    {"grants": GRANTS["two rules"], "group": "unit", "sort": "place"},
    {"grants": GRANTS["none"]},
    {"offset": 5, "limit": 4, "group": "document"},
)


@pytest.mark.services
def test_both_backends_answer_alike(
    embedded_papers, elasticsearch_url, elasticsearch_prefix, tmp_path
):
    elastic = open_backend(
        Settings(
            archive=tmp_path,
            elasticsearch_url=elasticsearch_url,
            elasticsearch_prefix=elasticsearch_prefix,
        ),
        write=True,
    )
    elastic.rebuild(EVERY)
    for query, asked, filters in product(QUERIES, ASKED, ({}, {"fond": "primaria"})):
        told = [
            backend.search(parse(query), filters, **asked) for backend in (embedded_papers, elastic)
        ]
        known = [
            (
                a.total,
                a.groups,
                a.facets,
                a.rest,
                [(h.unit, h.page, h.pages_in_group) for h in a.hits],
            )
            for a in told
        ]
        assert known[0] == known[1], (query, asked, filters)
    for prefix, grants in product(("a", "act", "ac", "x"), GRANTS.values()):
        both = [b.terms(prefix, limit=5, grants=grants) for b in (embedded_papers, elastic)]
        assert both[0] == both[1]
    elastic.close()


def test_a_hit_cites_fond_cota_and_leaf(archive: Archive):
    backend = archive.fill(PAPERS[1])
    hit = backend.search(parse("numai1"), {"document": "ua-papers01-d2"}, sort="place").hits[0]

    assert (hit.fond, hit.cota, hit.leaf, hit.institution) == (
        "PRIMARIA",
        "1/2016",
        "2r",
        "Primăria",
    )
    assert (hit.department, hit.regime) == ("Urbanism", "anonymised")
