"""What the generator says is true must be true of the text, by rules that are not its own."""

import re
import unicodedata
from collections import Counter
from datetime import date

import pytest
from stdnum import iban
from stdnum.ro import cnp

from examples.binders import binder_names, generate, load_truth, truth_pages
from examples.binders.lexicon import names
from examples.binders.templates import annexes, templates

pytestmark = pytest.mark.slow  # binders are drawn and read back

BINDERS, PAGES, SEED = 14, 50, 11
CHECKS = {
    "CNP": cnp.is_valid,
    "IBAN": iban.is_valid,
    "ID_CARD": lambda value: re.fullmatch(r"[A-Z]{2} \d{6}", value),
    "PHONE": lambda value: re.fullmatch(r"0\d{8,9}", value),
    "EMAIL": lambda value: re.fullmatch(r"[a-z0-9._-]+@[a-z.-]*exemplu\.ro", value),
    "PLATE": lambda value: re.fullmatch(r"[A-Z]{2}\d\d[A-Z]{3}|\d+[A-Z]{2}\d{4}", value),
    "ADDRESS": lambda value: "str. " in value,
    "PERSON": lambda value: re.fullmatch(r"[^\W\d_]+([ -][^\W\d_]+)+", value),
}


@pytest.fixture(scope="module")
def text_only(tmp_path_factory):
    out = tmp_path_factory.mktemp("binders")
    generate(out, BINDERS, PAGES, SEED, text_only=True)
    return out


@pytest.fixture(scope="module")
def pages(text_only):
    return [page for name in binder_names(text_only) for page in truth_pages(text_only, name)]


@pytest.fixture(scope="module")
def documents(text_only):
    found = []
    for name in binder_names(text_only):
        own = list(truth_pages(text_only, name))
        ours = load_truth(text_only, name).documents
        found += [(one, own[one.first_page - 1 : one.last_page]) for one in ours]
    return found


def flat(text):
    return " ".join(text.split()).casefold()


def bare(text):
    return "".join(c for c in unicodedata.normalize("NFD", flat(text)) if c.isascii())


def test_every_binder_is_full_and_its_pages_are_counted(text_only):
    for name in binder_names(text_only):
        binder = load_truth(text_only, name)
        own = list(truth_pages(text_only, name))
        assert len(own) == binder.pages == PAGES
        assert binder.counts == {
            kind: sum(page.kind == kind for page in own)
            for kind in ("text", "blank", "separator", "unreadable")
        }
        assert binder.leaves == len({page.leaf for page in own})
        assert all(count <= 2 for count in Counter(page.leaf for page in own).values())


def test_documents_cover_all_pages_but_the_sheets(documents, pages):
    covered = Counter()
    for one, own in documents:
        assert [page.document for page in own] == [one.document] * len(own)
        assert [page.document_page for page in own] == list(range(1, len(own) + 1))
        assert 1 <= sum(page.kind != "blank" for page in own) <= 6
        covered[one.document] += len(own)
    assert sum(covered.values()) == sum(page.kind != "separator" for page in pages)


def test_entities_are_exact_spans_with_well_formed_values(pages):
    seen = Counter()
    for page in pages:
        for one in page.entities:
            assert page.text[one.start : one.end] == one.text
            assert one.text == one.text.strip(" ,.;:\n")
            assert CHECKS[one.label](one.value), one
            seen[one.label, one.official] += 1
    assert {label for label, official in seen if not official} == set(CHECKS)
    assert seen["PERSON", True]
    assert seen["IBAN", True]


def test_nothing_personal_is_left_unmarked(pages):
    for page in pages:
        marked = page.text
        for one in page.entities:
            marked = marked[: one.start] + "#" * (one.end - one.start) + marked[one.end :]
        assert not re.search(r"\b[1-8]\d{12}\b", marked)
        assert not re.search(r"\bRO\d\d [A-Z]{4} ", marked)
        assert "@" not in marked


def test_the_metadata_stand_in_the_text(documents):
    for one, own in documents:
        text = flat("\n".join(page.text for page in own))
        assert bare(one.subject) in bare(text)
        assert not one.number or re.search(rf"\b{one.number}\b", text)
        assert not one.nr_inreg or one.nr_inreg in text
        for value in (*one.parcels, *(shown for shown, _ in one.amounts)):
            assert value in text
        for act in one.acts_cited:
            assert re.fullmatch(r"\S+ nr\. \d+/\d{4}", act)
            assert act.split()[-1] in text
        assert date.fromisoformat(one.date)


def test_public_documents_name_no_private_person(documents):
    regimes = Counter()
    for one, own in documents:
        private = {e.label for page in own for e in page.entities if not e.official}
        assert set(one.personal) == private
        assert one.public == (one.regim_acces == "public")
        assert not (one.public and private)
        regimes[one.regim_acces] += 1
    assert set(regimes) == {"public", "anonymised", "restricted"}


def test_the_law_cited_was_in_force(documents):
    for one, _ in documents:
        cited = [int(act.rsplit("/", 1)[1]) for act in one.acts_cited]
        assert all(year <= int(one.date[:4]) for year in cited), (one.template, one.acts_cited)


def test_papers_are_varied_and_inflected(documents, pages):
    assert len({one.type for one, _ in documents}) >= 14
    assert len({one.problem for one, _ in documents}) == 11
    assert len({one.face for one, _ in documents}) >= 14
    assert any(one.old_spelling for one, _ in documents)
    text = [page.text for page in pages if len(page.text) > 300]
    assert len(set(text)) == len(text)
    everything = " ".join(text)
    words = "hotărâre hotărâri hotărârii hotărârilor stradă strada străzi străzile străzilor "
    words += (
        "autorizație autorizații autorizației autorizațiile clădire clădiri clădirii clădirile "
    )
    words += "clădirilor iluminatului hotărîre hotărîrii"
    missing = [word for word in words.split() if not re.search(rf"\b{word}\b", everything)]
    assert not missing
    assert not set("şţŞŢ{}|") & set(everything)


def test_dev_and_heldout_share_nothing(tmp_path):
    dev, heldout = names("dev"), names("heldout")
    for kind in ("surnames", "women", "men", "streets", "towns", "firms"):
        assert not set(getattr(dev, kind)) & set(getattr(heldout, kind))
    for year in (1995, 2020):
        ours = {one.id for one in templates("dev", year)}
        theirs = {one.id for one in templates("heldout", year)}
        assert not ours & theirs
        assert len({one.type for one in templates("heldout", year)}) >= 8
    assert not set(annexes("dev", personal=True)) & set(annexes("heldout", personal=True))
    generate(tmp_path, 2, 30, 5, templates="heldout", text_only=True)
    for name in binder_names(tmp_path):
        binder = load_truth(tmp_path, name)
        assert {one.template_set for one in binder.documents} == {"heldout"}
        for page in truth_pages(tmp_path, name):
            for one in page.entities:
                if one.label == "PERSON":
                    assert one.value.split(" ", 1)[1] in heldout.surnames


def test_each_type_has_templates_and_faces_enough():
    kinds = Counter(one.type for one in templates("all", 1999))
    assert len(kinds) >= 14
    assert min(kinds.values()) >= 2


def test_no_separators_leaves_only_the_cover(tmp_path):
    generate(tmp_path, 1, 30, 5, separators=False, text_only=True)
    binder = load_truth(tmp_path, "biblioraft-001")
    assert binder.counts["separator"] == 1
    assert len(binder.documents) > 3


def test_too_few_pages_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 3"):
        generate(tmp_path, 1, 2, 5)
