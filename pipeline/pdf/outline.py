"""Bookmarks: the document's line in the opis, and under it every tenth page of a long one."""

from collections.abc import Sequence

from pipeline.pdf.file import PdfFile, Value, reference, text_string
from schemas.messages import say

_STEP = 10


def _item(title: str, parent: str, page: str) -> dict[str, Value]:
    return {"Title": text_string(title), "Parent": parent, "Dest": (page, "/Fit")}


def _add_pages(file: PdfFile, parent: str, kids: Sequence[str], language: str) -> dict[str, Value]:
    """The bookmarks of every tenth page, and what their parent says of them."""
    marked = [(place, kids[place - 1]) for place in range(_STEP, len(kids) + 1, _STEP)]
    numbers = [file.reserve() for _ in marked]
    for at, (place, page) in enumerate(marked):
        entry = _item(say("bookmark_page", language, page=place), parent, page)
        if at:
            entry["Prev"] = reference(numbers[at - 1])
        if at + 1 < len(marked):
            entry["Next"] = reference(numbers[at + 1])
        file.put_value(numbers[at], entry)
    if not numbers:
        return {}
    first, last = reference(numbers[0]), reference(numbers[-1])
    return {"First": first, "Last": last, "Count": len(numbers)}


def add_outline(file: PdfFile, title: str, kids: Sequence[str], language: str) -> dict[str, Value]:
    """The outline of a document's pages (references); what the catalogue says of it."""
    if not kids:
        return {}
    root, top = file.reserve(), file.reserve()
    pages = _add_pages(file, reference(top), kids, language)
    entry = _item(title or "1", reference(root), kids[0])
    file.put_value(top, {**entry, **pages})
    both = {"First": reference(top), "Last": reference(top)}
    count = 1 + len(kids) // _STEP
    file.put_value(root, {"Type": "/Outlines", **both, "Count": count})
    return {"Outlines": reference(root)}
