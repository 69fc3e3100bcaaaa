"""Personal data on a document's pages: rules, the names' model, lists of names, a second reading."""

from pipeline.privacy.finding.finder import find_personal

__all__ = ["find_personal"]
