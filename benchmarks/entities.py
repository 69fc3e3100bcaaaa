"""How well persons, organisations, places, dates and numbers are found: exact spans, named view.

python -m benchmarks.entities FILE.jsonl [--without-diacritics] [--noise 0.03] [--caps]

FILE has a line {"text", "entities": [[start, end, label]]} a sentence, half open, in code points.
What is scored is the answer of `opis extract`, all labels together; what the labels of the file
become in the named view is said in `pipeline.training.entities_data.named`.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.metadata.extraction import extract
from pipeline.training.entities_data import PARTS, Sentence, Span, named, parted, read_sentences
from pipeline.training.entities_scores import SEED, counts, report
from pipeline.training.entities_wear import Wear, altered


def found_in(text: str) -> tuple[Span, ...]:
    """What the product finds in a text, in the named view."""
    return named(text, [(e.start, e.end, e.label) for e in extract(text)[1]])


def measure(sentences: Sequence[Sentence], wear: Wear) -> dict[str, object]:
    """Scores of sentences made worse as `wear` says; `words_s` are words in a CPU second."""
    draw = random.Random(SEED)  # noqa: S311 - misreadings, no secret
    worse = [altered(sentence, wear, draw) for sentence in sentences]
    extract("Ion")  # loads what has to be loaded
    started = time.process_time()
    found = [found_in(sentence.text) for sentence in worse]
    seconds = max(time.process_time() - started, 1e-9)
    each = [counts(s.entities, spans) for s, spans in zip(worse, found, strict=True)]
    words = sum(len(sentence.text.split()) for sentence in worse)
    return {"sentences": len(worse), **report(each), "words_s": round(words / seconds)}


def main() -> None:
    """Print the scores as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("file", type=Path, nargs="+", help="annotated sentences")
    add("--without-diacritics", action="store_true", help="letters without their marks")
    add("--noise", type=float, default=0.0, help="share of letters misread, such as 0.03")
    add("--caps", action="store_true", help="every letter a capital")
    add("--part", choices=PARTS, help="only this part of the sentences, as the training parts them")
    chosen = parser.parse_args()
    sentences = read_sentences(chosen.file)
    if chosen.part:
        sentences = parted(sentences)[chosen.part]
    wear = Wear(chosen.without_diacritics, chosen.caps, chosen.noise)
    print(json.dumps(measure(sentences, wear)))


if __name__ == "__main__":
    main()
