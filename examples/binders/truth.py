"""What is true of the sample binders: the types, and how they stand on disk."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

Box = tuple[int, int, int, int]
Affine = tuple[tuple[float, float, float], tuple[float, float, float]]
KINDS: Final = ("text", "blank", "separator", "unreadable")
JSONL: Final = "pages.jsonl"


@dataclass(frozen=True, slots=True)
class WordTruth:
    """A word and its ink box [x, y, w, h] in pixels of the clean page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class EntityTruth:
    """Planted data: `text` is the page's text[start:end] (code points), `value` normalised.

    `official` is true for officials in office and institutions' accounts. A name broken over two
    pages or table lines gives an entity for each part, with the same value.
    """

    start: int
    end: int
    label: str
    text: str
    value: str
    official: bool


@dataclass(frozen=True, slots=True)
class PageTruth:
    """One delivered page. `page` counts from 1 in the binder, `frame` from 0 in `file`.

    `transform` maps clean page pixels (x, y, 1), continuous with the origin at the top left
    corner, to the delivered image of `width` x `height`; `clean_*` is the size before.
    """

    page: int
    kind: str
    file: str
    frame: int
    document: int | None
    document_page: int | None
    leaf: int
    side: str
    text: str
    words: tuple[WordTruth, ...]
    entities: tuple[EntityTruth, ...]
    transform: Affine
    width: int
    height: int
    clean_width: int
    clean_height: int
    dpi: int
    page_class: str
    content: tuple[str, ...]
    faults: tuple[str, ...]
    fault: str
    damage: str
    symbology: str
    payload: str


@dataclass(frozen=True, slots=True)
class DocumentTruth:
    """A document: pages `first_page` to `last_page` of the binder (from 1, in scan order)."""

    document: int
    first_page: int
    last_page: int
    type: str
    number: str
    date: str
    issuer: str
    subject: str
    nr_inreg: str
    data_inreg: str
    compartiment: str
    problem: str
    parcels: tuple[str, ...]
    acts_cited: tuple[str, ...]
    amounts: tuple[tuple[str, float], ...]
    currency: str
    public: bool
    regim_acces: str
    personal: tuple[str, ...]
    template: str
    template_set: str
    face: str
    old_spelling: bool


@dataclass(frozen=True, slots=True)
class BinderTruth:
    """A binder: what the archivist knows, its documents, and its pages counted by kind."""

    binder: str
    form: str
    path: str
    fond: str
    creator: str
    cota: str
    an: str
    compartiment: str
    inventar: str
    seed: int
    pages: int
    leaves: int
    counts: dict[str, int]
    documents: tuple[DocumentTruth, ...]


def dump(value: object) -> str:
    """Compact JSON with Romanian letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def page_json(page: PageTruth) -> dict[str, Any]:
    """A page as it stands on disk: its class under the key "class", words as [{text, box}]."""
    row = asdict(page)
    row["class"] = row.pop("page_class")
    return row


def _page(row: dict[str, Any]) -> PageTruth:
    row["page_class"] = row.pop("class")
    row["words"] = tuple(WordTruth(one["text"], tuple(one["box"])) for one in row["words"])
    row["entities"] = tuple(EntityTruth(**one) for one in row["entities"])
    row["transform"] = tuple(map(tuple, row["transform"]))
    row["content"], row["faults"] = tuple(row["content"]), tuple(row["faults"])
    return PageTruth(**row)


def _document(row: dict[str, Any]) -> DocumentTruth:
    for key in ("parcels", "acts_cited", "personal"):
        row[key] = tuple(row[key])
    row["amounts"] = tuple(map(tuple, row["amounts"]))
    return DocumentTruth(**row)


def binder_names(out: Path) -> tuple[str, ...]:
    """The binders under OUT/truth, in order."""
    return tuple(sorted(file.parent.name for file in (out / "truth").glob("*/binder.json")))


def load_truth(out: Path, binder: str) -> BinderTruth:
    """OUT/truth/BINDER/binder.json."""
    row = json.loads((out / "truth" / binder / "binder.json").read_text(encoding="utf-8"))
    row["documents"] = tuple(map(_document, row["documents"]))
    return BinderTruth(**row)


def truth_page(out: Path, binder: str, page: int) -> PageTruth:
    """Page `page` (from 1) of a binder; of a --text-only binder too, without word boxes."""
    folder = out / "truth" / binder
    file = folder / "pages" / f"{page:04d}.json"
    if file.exists():
        return _page(json.loads(file.read_text(encoding="utf-8")))
    lines = (folder / JSONL).read_text(encoding="utf-8").splitlines()
    return _page(json.loads(lines[page - 1]))


def truth_pages(out: Path, binder: str) -> Iterator[PageTruth]:
    """All pages of a binder in scan order, one at a time."""
    whole = out / "truth" / binder / JSONL
    if whole.exists():
        with whole.open(encoding="utf-8") as lines:
            yield from (_page(json.loads(line)) for line in lines)
        return
    for file in sorted(whole.parent.glob("pages/*.json")):
        yield _page(json.loads(file.read_text(encoding="utf-8")))
