"""Sample binders with exact truth: invented city halls, as a scanner station would deliver them."""

from examples.binders.generate import generate
from examples.binders.truth import (
    BinderTruth,
    DocumentTruth,
    EntityTruth,
    PageTruth,
    WordTruth,
    binder_names,
    load_truth,
    truth_page,
    truth_pages,
)

__all__ = [
    "BinderTruth",
    "DocumentTruth",
    "EntityTruth",
    "PageTruth",
    "WordTruth",
    "binder_names",
    "generate",
    "load_truth",
    "truth_page",
    "truth_pages",
]
