"""Redaction: burn what nobody outside may see, build a new copy, and prove it."""

from pipeline.privacy.redaction.boxes import burn, hidden_boxes
from pipeline.privacy.redaction.checking import check_redaction
from pipeline.privacy.redaction.copying import to_prove, write_public_copy
from pipeline.privacy.redaction.otherside import without_other_side
from pipeline.privacy.redaction.picture import cleaned_picture, picture_digest, public_picture
from pipeline.privacy.redaction.proving import prove
from pipeline.privacy.redaction.reading import page_reader
from pipeline.privacy.redaction.text import redacted_text, touched_words
from pipeline.privacy.redaction.types import ProvedPage, PublicPage, Reader

__all__ = [
    "ProvedPage",
    "PublicPage",
    "Reader",
    "burn",
    "check_redaction",
    "cleaned_picture",
    "hidden_boxes",
    "page_reader",
    "picture_digest",
    "prove",
    "public_picture",
    "redacted_text",
    "to_prove",
    "touched_words",
    "without_other_side",
    "write_public_copy",
]
