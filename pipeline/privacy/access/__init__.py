"""Who may see a document, by the table of rules that the institution's jurist keeps."""

from pipeline.privacy.access.deciding import PageFacts, decide, signs_of, undecided
from pipeline.privacy.access.table import Rule, Rules, load_rules, parse_rules
from pipeline.privacy.access.words import Sign

__all__ = (
    "PageFacts",
    "Rule",
    "Rules",
    "Sign",
    "decide",
    "load_rules",
    "parse_rules",
    "signs_of",
    "undecided",
)
