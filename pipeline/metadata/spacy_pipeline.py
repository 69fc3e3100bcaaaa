"""The one spaCy pipeline: rules and the trained model as components.

Every component reads the folded view (`Doc.text`) and adds spans to `doc._.found`; `opis_resolve`
decides among the rules' spans, `opis_model` asks the trained model, `opis_fields` reads the fields
of the record, and `opis_entities` adds what the model found. The same without spaCy: `pipeline.metadata.understanding`.
"""

import re
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from pipeline.metadata.entities.institutions import find_institutions
from pipeline.metadata.entities.names import find_names
from pipeline.metadata.forms.acts import find_acts
from pipeline.metadata.forms.amounts import find_amounts
from pipeline.metadata.forms.dates import find_dates
from pipeline.metadata.forms.identifiers import find_identifiers
from pipeline.metadata.record.fields import find_fields, own_title
from pipeline.metadata.rules import Analysis, with_persons
from pipeline.metadata.text.spans import resolve
from pipeline.metadata.text.view import build_view
from pipeline.metadata.understanding import learnt, united

COMPONENTS = (
    "opis_identifiers",
    "opis_acts",
    "opis_dates",
    "opis_amounts",
    "opis_institutions",
    "opis_names",
    "opis_resolve",
    "opis_model",
    "opis_fields",
    "opis_entities",
)
LONG_RUN = re.compile(r"\S{200}")
WORDS = re.compile(r"\w+|\s+|[^\w\s]")

for _name, _default in (
    ("view", None),
    ("found", ()),
    ("dates", ()),
    ("fields", {}),
    ("learnt", ()),
):
    Doc.set_extension(_name, default=_default, force=True)


@Language.component("opis_identifiers")
def identifiers(doc: Doc) -> Doc:
    """CNP, IBAN, CUI, telephone and the like."""
    doc._.found += find_identifiers(doc._.view.text)
    return doc


@Language.component("opis_acts")
def acts(doc: Doc) -> Doc:
    """Cited acts."""
    doc._.found += find_acts(doc._.view.lower)
    return doc


@Language.component("opis_dates")
def dates(doc: Doc) -> Doc:
    """Dates, kept apart for the fields as well."""
    doc._.dates = find_dates(doc._.view.text)
    doc._.found += doc._.dates
    return doc


@Language.component("opis_amounts")
def amounts(doc: Doc) -> Doc:
    """Money and numbers."""
    doc._.found += find_amounts(doc._.view.text)
    return doc


@Language.component("opis_institutions")
def institutions(doc: Doc) -> Doc:
    """Institutions and firms."""
    doc._.found += find_institutions(doc._.view)
    return doc


@Language.component("opis_names")
def names(doc: Doc) -> Doc:
    """Persons and places."""
    doc._.found += find_names(doc._.view)
    return doc


@Language.component("opis_resolve")
def decide(doc: Doc) -> Doc:
    """What stands of all that the rules found."""
    doc._.found = resolve(doc._.found)
    return doc


@Language.component("opis_model")
def model(doc: Doc) -> Doc:
    """What the trained model finds, kept apart."""
    doc._.learnt = learnt(doc._.view)
    return doc


@Language.component("opis_fields")
def fields(doc: Doc) -> Doc:
    """The fields of the record; the own title is no cited act."""
    doc._.fields = find_fields(doc._.view, doc._.dates, with_persons(doc._.found, doc._.learnt))
    doc._.found = tuple(s for s in doc._.found if not own_title(s, doc._.fields["type"]))
    return doc


@Language.component("opis_entities")
def entities(doc: Doc) -> Doc:
    """What the trained model found, beside the rules'."""
    doc._.found = united(doc._.view.text, doc._.found, doc._.learnt)
    return doc


class Tokens:
    """spaCy's Romanian tokenizer, but for runs of signs on which it takes quadratic time."""

    def __init__(self, usual: Tokenizer) -> None:
        self.usual = usual

    def __call__(self, text: str) -> Doc:
        if LONG_RUN.search(text) is None:
            doc: Doc = self.usual(text)
            return doc
        words = WORDS.findall(text)
        return Doc(self.usual.vocab, words=words, spaces=[False] * len(words))


@lru_cache(maxsize=1)
def load_pipeline() -> Language:
    """The pipeline, built once a process (a few milliseconds once spaCy is imported)."""
    nlp = spacy.blank("ro")
    nlp.tokenizer = Tokens(nlp.tokenizer)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def analyse(text: str) -> Analysis:
    """Spans and fields of a text; the words it brings do not stay in the pipeline's memory."""
    view = build_view(text)
    nlp = load_pipeline()
    with nlp.memory_zone():
        doc = nlp.make_doc(view.text)
        doc._.view = view
        doc = nlp(doc)
        return Analysis(view, doc._.found, doc._.fields)
