"""Every command over a real archive: JSON shapes and exit codes."""

import json
import shutil

import pytest
from pyarrow import parquet

from tests.flows.opis_command import Place, fails

pytestmark = pytest.mark.slow
HIT = {
    "unit",
    "document",
    "page",
    "document_page",
    "leaf",
    "snippet",
    "boxes",
    "width",
    "height",
    "type",
    "number",
    "date",
    "issuer",
    "score",
    *("fond", "cota", "leaf_cited", "institution", "department", "regime", "pages_in_group"),
}
ANSWER = {"total", "hits", "facets", "facets_rest", "groups", "suggestion", "notices"}
FIELD = {"value", "raw", "place", "source", "confidence", "checked"}
TEXT = "HOTĂRÂREA NR. 25\ndin 29 iulie 2016\nprivind modernizarea iluminatului public\n"


@pytest.fixture(scope="module")
def place(whole_way):
    return whole_way[0]


def test_plan(place, whole_way):
    done = place.run("plan", "binders", "--json")
    assert done.code == 0
    assert done.json["binders"] == 3
    assert done.json["pages"] == whole_way[1].json["pages"]["scanned"]
    assert done.json["hours"] > 0
    given = sum(p.stat().st_size for p in (place.root / "binders").rglob("*.*") if p.is_file())
    assert done.json["bytes"] > given * 0.9
    assert "3 bibliorafturi, 36 de pagini" in place.run("plan", "binders").out


def test_plan_makes_no_archive(whole_way, tmp_path):
    (tmp_path / "binders").symlink_to((whole_way[0].root / "binders").resolve())
    assert Place(tmp_path).run("plan", "binders", "--json").json["binders"] == 3
    assert not (tmp_path / "archive").exists()


def test_status(place, whole_way):
    done = place.run("status", "--json")
    assert done.code == 0
    assert done.json.keys() >= {"units", "pages", "quarantined", "waiting_review", "reconciled"}
    assert done.json["pages"] == whole_way[1].json["pages"]
    assert (done.json["units"], done.json["reconciled"]) == (3, True)
    people = place.run("status")
    assert "✓ se reconciliază" in people.out
    assert "3 unități" in people.out


def test_status_of_one_unit(place):
    ident = place.units[0].name
    done = place.run("status", "--unit", ident, "--json").json
    assert (done["unit"], done["state"], done["reconciled"]) == (ident, "published", True)
    assert done["pages"]["scanned"] == 12
    fails(place.run("status", "--unit", "ua-nimic", "--json"), "unit-missing", 4)


def test_status_of_one_unit_tells_what_was_found(place):
    file = place.units[0] / "metadata" / "findings.json"
    kept = file.read_bytes()
    file.write_text('[{"code": "pdf-unlike", "page": 9, "detail": {"d": "4", "n": "2"}}]')
    try:
        told = place.run("status", "--unit", place.units[0].name)
    finally:
        file.write_bytes(kept)
    assert told.code == 0
    assert "Pagina 2 a documentului 4 nu arată în PDF" in told.out
    assert told.out.lstrip().startswith(f"{place.units[0].name} (biblioraft-00")
    assert "): în arhivă\n" in told.out


def test_show_of_a_unit_and_of_a_document(place):
    ident = place.units[0].name
    shown = place.run("show", ident, "--json").json
    assert shown["unit"] == ident
    assert shown["identity"]["fond"]
    for document in shown["documents"]:
        assert document["flavour"] == "2u"
        assert (place.root / "archive" / document["pdf"]).exists()
        for value in document["fields"].values():
            assert value.keys() >= FIELD
            assert 0 <= value["confidence"] <= 1
    placed = [
        value["place"]
        for document in shown["documents"]
        for value in document["fields"].values()
        if value["place"]
    ]
    assert placed
    assert all(len(one["box"]) == 4 for one in placed if one["box"])
    first = shown["documents"][0]
    document = place.run("show", first["document"], "--json").json
    assert document["document"] == first["document"]
    assert document["fields"] == first["fields"]
    assert document["unit"] == ident
    people = place.run("show", ident)
    assert people.code == 0
    assert first["document"] in people.out
    fails(place.run("show", "nimic123", "--json"), "unit-missing", 4)
    fails(place.run("show", "../../etc/passwd", "--json"), "unit-missing", 4)


def test_search(place):
    done = place.run("search", "hotărâre", "--json")
    assert done.code == 0
    assert done.json.keys() == ANSWER
    assert done.json["total"] == len(done.json["hits"]) > 1
    for hit in done.json["hits"]:
        assert hit.keys() == HIT
        assert hit["boxes"]
        assert all(x >= 0 and y >= 0 and w > 0 and h > 0 for x, y, w, h in hit["boxes"])
        assert all(x + w <= hit["width"] and y + h <= hit["height"] for x, y, w, h in hit["boxes"])
    spelled = [
        place.run("search", query, "--json").json["total"]
        for query in ("hotarare", "hotărîre", "HOTĂRÂRILE")
    ]
    assert spelled == [done.json["total"]] * 3


def test_search_pages_through_all_hits_once(place):
    whole = place.run("search", "hotărâre", "--json").json
    seen = []
    for number in range(1, whole["total"] + 1):
        page = place.run("search", "hotărâre", "--limit", 1, "--page", number, "--json").json
        assert page["total"] == whole["total"]
        seen += [(hit["document"], hit["document_page"]) for hit in page["hits"]]
    assert seen == [(hit["document"], hit["document_page"]) for hit in whole["hits"]]
    past = place.run("search", "hotărâre", "--page", 99, "--json").json
    assert (past["total"], past["hits"]) == (whole["total"], [])
    assert "--page 2" in place.run("search", "hotărâre", "--limit", 1).out


def test_search_filters(place):
    whole = place.run("search", "primăria", "--limit", 100, "--json").json
    kinds = {hit["type"] for hit in whole["hits"]} - {""}
    assert kinds
    for kind in sorted(kinds)[:2]:
        some = place.run("search", "primăria", "--filter", f"type={kind}", "--json").json
        assert some["total"] == sum(hit["type"] == kind for hit in whole["hits"])
        assert {hit["type"] for hit in some["hits"]} == {kind}
    unit = whole["hits"][0]["unit"]
    some = place.run(
        "search", "primăria", "--filter", f"unit={unit}", "--filter", "number=fara", "--json"
    )
    assert (some.code, some.json["total"]) == (0, 0)
    fails(place.run("search", "x", "--filter", "culoare=roșu", "--json"), "filter-unknown", 2)
    fails(place.run("search", "x", "--filter", "roșu", "--json"), "filter-unknown", 2)


def test_search_of_the_public_and_of_nothing(place):
    public = place.run("search", "hotărâre", "--role", "public", "--json")
    assert (public.code, public.json["total"], public.json["hits"]) == (0, 0, [])
    nothing = place.run("search", "xyzzyqq", "--json")
    assert (nothing.code, nothing.json["total"]) == (0, 0)
    assert place.run("search", "xyzzyqq").code == 0
    fails(place.run("search", "x", "--role", "oricine", "--json"), "role-unknown", 2)


def test_extract(place, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    done = place.run("extract", file, "--json")
    assert done.code == 0
    told = {"type", "number", "date", "issuer", "subject", "entities", "fields", "mentions"}
    assert done.json.keys() == told
    assert (done.json["type"], done.json["number"], done.json["date"]) == (
        "hotărâre",
        "25",
        "2016-07-29",
    )
    for entity in done.json["entities"]:
        assert entity.keys() == {"label", "start", "end", "text", "value", "confidence"}
        assert TEXT[entity["start"] : entity["end"]] == entity["text"]
    assert "hotărâre" in place.run("extract", file).out


def test_extract_of_many_lines(place, tmp_path):
    file = tmp_path / "text.jsonl"
    texts = [TEXT, "", "ŞEDINŢA nr. 7 🙂 din 1 mai 1998"]
    file.write_text(
        "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts),
        encoding="utf-8",
    )
    done = place.run("extract", "--jsonl", file)
    assert done.code == 0
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert rows[0]["number"] == "25"
    assert len(rows) == 3
    for row, text in zip(rows, texts, strict=True):
        for entity in row["entities"]:
            assert text[entity["start"] : entity["end"]] == entity["text"]
    file.write_text('{"text": "a"}\n[]\n', encoding="utf-8")
    bad = place.run("extract", "--jsonl", file)
    assert bad.code == 4
    assert "text.jsonl:2" in bad.err
    fails(place.run("extract", "nimic.txt", "--json"), "source-missing", 4)


def test_verify(place):
    done = place.run("verify", "--json")
    assert done.code == 0
    assert (done.json["units"], done.json["failed"]) == (3, [])
    assert done.json["checks"]["pdfa"] == 10
    assert "0 abateri" in place.run("verify").out
    missing = place.run("verify", "ua-nimic", "--json")
    assert missing.code in {3, 4}
    assert "ua-nimic" in missing.out


def test_reindex(own_archive, whole_way):
    before = own_archive.run("search", "hotărâre", "--json").json
    done = own_archive.run("reindex", "--json")
    assert (done.code, done.json) == (
        0,
        {
            "backend": "embedded",
            "indexed": whole_way[1].json["indexed"],
            "damaged": [],
            "changes": 0,
        },
    )
    assert own_archive.run("search", "hotărâre", "--json").json == before
    fails(own_archive.run("reindex", "--backend", "elasticsearch", "--json"), "setting-missing", 2)
    fails(own_archive.run("reindex", "--backend", "altul", "--json"), "setting-invalid", 2)


def test_a_lost_index_is_said_and_made_again(own_archive):
    before = own_archive.run("search", "hotărâre", "--json").json
    shutil.rmtree(own_archive.archive / "index")
    assert own_archive.run("verify", "--json").code == 3
    assert own_archive.run("reindex", "--json").code == 0
    assert own_archive.run("search", "hotărâre", "--json").json == before
    assert own_archive.run("verify", "--json").code == 0


def test_report(own_archive, whole_way):
    done = own_archive.run("report", "--json")
    assert done.code == 0
    rows = {
        name: parquet.read_table(own_archive.archive / "reports" / f"{name}.parquet").num_rows
        for name in ("units", "documents", "pages")
    }
    assert rows == {
        "units": 3,
        "documents": whole_way[1].json["documents"],
        "pages": whole_way[1].json["pages"]["scanned"],
    }
    people = own_archive.run("report").out
    assert "{" not in people
    assert "units.parquet" in people


def test_doctor(place):
    done = place.run("doctor", "--json")
    assert done.json.keys() == {"ok", "checks"}
    assert done.code == (0 if done.json["ok"] else 3)
    names = {check["name"] for check in done.json["checks"]}
    assert names >= {"python", "tesserocr", "ocr", "disk", "ledger", "index"}
    dead = place.run("doctor", "--json", OPIS_ELASTICSEARCH_URL="http://127.0.0.1:9")
    assert dead.code == 5
    (check,) = (c for c in dead.json["checks"] if c["name"] == "elasticsearch")
    assert not check["ok"]
    assert check["remedy"]
    assert place.run("doctor").out.count("✓") >= 8
