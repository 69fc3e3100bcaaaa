"""Where the lines of a page are and in which order they are read."""

from pipeline.recognition.layout.crops import cut
from pipeline.recognition.layout.model import PageLayout, TextLine
from pipeline.recognition.layout.page import lay_out
from pipeline.recognition.layout.words import coverage, word_boxes

__all__ = ["PageLayout", "TextLine", "coverage", "cut", "lay_out", "word_boxes"]
