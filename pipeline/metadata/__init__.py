"""The record of a document from its words: spaCy pipeline with rules."""

from pipeline.metadata.extraction import describe, extract

__all__ = ["describe", "extract"]
