"""What a changed archive holds, and that it is sound."""

import json

import pikepdf

from schemas.alto import read_alto
from schemas.records import PageState, decode_unit


def record(folder):
    return decode_unit((folder / "metadata/record.json").read_bytes())


def named(place):
    """The units' folders by the units' names."""
    return {record(folder).name: folder for folder in place.units if folder.name[0] != "."}


def unit(place, name):
    return record(named(place)[name])


def events(place, name):
    lines = (named(place)[name] / "metadata/events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def words(folder):
    alto = sorted((folder / "representations/rep1/alto").glob("*.xml"))
    return {int(p.stem): [w.text for w in read_alto(p.read_bytes()).words] for p in alto}


def pdf_pages(folder):
    counts = []
    for path in sorted((folder / "representations/rep1/pdf").glob("*.pdf")):
        with pikepdf.open(path) as pdf:
            counts.append(len(pdf.pages))
    return counts


def facts(place):
    """All that people see of the archive, ids that are new each time left out."""
    told = {}
    for name, folder in named(place).items():
        one = record(folder)
        told[name] = {
            "pages": [
                (p.state, p.source, p.frame, p.document_page, p.leaf, p.begins) for p in one.pages
            ],
            "documents": [(d.first_page, d.last_page, d.fields) for d in one.documents],
            "identity": (one.identity, one.assigned),
            "originals": [(o.name, o.sha256) for o in one.originals],
            "files": sorted(p.name for p in (folder / "representations/rep1/originals").iterdir()),
            "elsewhere": [(e.source, e.first, e.last) for e in one.elsewhere],
            "words": words(folder),
            "pdf": pdf_pages(folder),
        }
    return told


def read_pages(one):
    return [p.page for p in one.pages if p.state is PageState.RECOGNISED]


def own_word(place, name, number):
    """A word of a page by which nothing else in the archive is found."""
    texts = {
        (other, page): set(some)
        for other, folder in named(place).items()
        for page, some in words(folder).items()
    }
    rest = set().union(*(some for key, some in texts.items() if key != (name, number)))
    own = sorted(texts[name, number] - rest, key=len, reverse=True)
    here = {(named(place)[name].name, number)}
    return next(word for word in own if word.isalpha() and found(place, word) == here)


def found(place, word):
    hits = place.run("search", word, "--json").json["hits"]
    return {(hit["unit"], hit["page"]) for hit in hits}


def assert_sound(place, pages=10):
    """Everything adds up, nothing is left over, and the binders are still the same ones."""
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
    status = place.run("status", "--json").json
    assert (status["working"], status["unreconciled"], status["reconciled"]) == (0, [], True)
    assert (status["units"], status["published"]) == (len(named(place)),) * 2
    assert status["pages"]["scanned"] == pages
    left = [p for p in place.archive.rglob("*") if p.name.endswith(".part") or p.name == ".work"]
    assert not left
    assert not list(place.archive.glob("changes/*"))


def assert_same_again(place):
    """Binders given again are known, the ledger and the index come out the same again."""
    before = place.run("status", "--json").json
    counts = {
        name: place.run("show", one.name, "--json").json for name, one in named(place).items()
    }
    again = place.run("scan-batch", "small", "--json").json
    assert [source["outcome"] for source in again["sources"]] == ["same", "same"]
    assert again["work"]["pages_recognised"] == 0
    for path in place.archive.glob("ledger.db*"):
        path.unlink()
    assert place.run("ledger", "rebuild", "--json").code == 0
    assert place.run("reindex", "--json").json["indexed"] == before["pages"]["recognised"]
    assert place.run("status", "--json").json == before
    assert counts == {n: place.run("show", f.name, "--json").json for n, f in named(place).items()}
    assert place.run("verify", "--json").json["failed"] == []


def review(place, *words_):
    done = place.run("review", *words_, "--by", "ana", "--json")
    assert done.code == 0, (done.out, done.err)
    assert all(row["read"] == 0 for row in done.json["units"])
    return done.json


def undone(place, change):
    back = review(place, "undo", change)
    assert (back["id"], back["decision"], back["by"]) == (change, "undone", "ana")
    return back
