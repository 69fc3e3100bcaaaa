"""Whether the checker of redaction catches what it must, accuses nobody, and what it costs.

python -m benchmarks.redaction --json [--binders 2] [--pages 12] [--seed 11] [--templates dev]

`checker`: PDFs with bad redaction of every kind of tests/pipeline/privacy/redaction_bad.py, and good
ones. `copies`: public copies of sample documents, read by the product and burnt where the truth
has something private: how many the proof accuses (`accused`; each is then looked at), words lost
beside those that had to go, and the CPU of proving beside that of reading the redacted pages.
`missed`: the same copies with one value left unburnt, as if nobody had found it: how many of them
the proof holds back. `lengths`: of many names, how many a rectangle leaves possible to somebody who
knows where the name began, beside a box that is exactly as wide.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.redaction.lengths import lengths
from benchmarks.redaction.pages import (
    ReadPage,
    copy_of,
    proof_of,
    read_documents,
    uncovered,
    values_of,
)
from examples.binders.generate import generate
from pipeline.privacy.redaction import Reader, check_redaction, page_reader
from schemas.settings import Settings
from tests.pipeline.privacy import redaction_samples as samples
from tests.pipeline.privacy.redaction_bad import BAD
from tests.pipeline.privacy.redaction_good import GOOD

NAMED = {
    "text under a box": "text_under_box",
    "thin alpha box": "thin_alpha_box",
    "pixelation": "pixelation",
    "kept text layer": "kept_text_layer",
    "EXIF": "exif",
    "XMP": "xmp",
    "docinfo": "docinfo",
    "incremental update": "incremental_update",
    "ActualText": "actual_text",
    "attachment": "attachment",
    "crop box": "crop_box",
    "thumbnail": "thumbnail",
    "orphan image": "orphan_image",
    "redaction not applied": "redact_annotation",
    "hidden layer": "hidden_layer",
    "bookmark, form field or JavaScript": "form_field",
}


def checker(folder: Path, reader: Reader) -> dict[str, Any]:
    """What the checker says of every sample."""
    said = {
        name: bool(check_redaction(make(folder / f"{name}.pdf"), samples.GONE, reader))
        for name, make in (*BAD.items(), *GOOD.items())
    }
    return {
        "named": {"caught": sum(said[name] for name in NAMED.values()), "of": len(NAMED)},
        "bad": {"caught": sum(said[name] for name in BAD), "of": len(BAD)},
        "good": {"accused": sum(said[name] for name in GOOD), "of": len(GOOD)},
        "wrong": sorted(name for name, bad in said.items() if bad != (name in BAD)),
    }


def _one(
    document: Sequence[ReadPage], folder: Path, settings: Settings, reader: Reader
) -> dict[str, Any]:
    """A document's copy proved, then one with a value left unburnt that nothing else covers."""
    values = values_of(document)
    copied = copy_of(document, folder / "copy.pdf", settings)
    found, seconds = proof_of(copied, values, reader)
    value, held = uncovered(document), tuple[str, ...]()
    if value is not None:
        missed = copy_of(document, folder / "missed.pdf", settings, value)
        held, _ = proof_of(missed, values, reader)
    redacted = {page.number for page in copied.pages if page.hidden}
    return {
        "found": found,
        "missed": value is not None,
        "held": bool(held),
        "ratio": seconds / sum(page.seconds for page in document if page.number in redacted),
        "seconds": seconds / len(redacted),
        "words": copied.words,
        "own": copied.own,
        "lost": copied.lost,
        "pages": len(redacted),
    }


def _documents(folder: Path, settings: Settings, reader: Reader) -> Iterator[dict[str, Any]]:
    for document in read_documents(folder, settings):
        yield _one(document, folder, settings, reader)


def copies(folder: Path, settings: Settings, reader: Reader) -> dict[str, Any]:
    """The figures of all documents together."""
    made = list(_documents(folder, settings, reader))
    words, extra = (sum(one[key] for one in made) for key in ("words", "lost"))
    extra -= sum(one["own"] for one in made)
    return {
        "documents": len(made),
        "pages_redacted": sum(one["pages"] for one in made),
        "accused": sum(bool(one["found"]) for one in made),
        "accused_of": dict(Counter(code for one in made for code in one["found"])),
        "words": words,
        "words_lost_beside": extra,
        "share_lost_beside": round(extra / max(1, words), 4),
        "cost_ratio": round(median(one["ratio"] for one in made), 2),
        "cost_ratio_most": round(max(one["ratio"] for one in made), 2),
        "cpu_seconds_a_page": round(median(one["seconds"] for one in made), 3),
        "missed": {
            "held": sum(one["held"] for one in made),
            "of": sum(one["missed"] for one in made),
        },
    }


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.redaction",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--json", action="store_true", help="print JSON (always)")
    add("--binders", type=int, default=2, help="sample binders (default %(default)s)")
    add("--pages", type=int, default=12, help="pages in each (default %(default)s)")
    add("--seed", type=int, default=11, help="of the samples; 900 and more for a test")
    add("--templates", choices=("dev", "heldout"), default="dev", help="of the samples")
    chosen = parser.parse_args()
    settings = Settings()
    reader = page_reader(settings)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(
            folder,
            chosen.binders,
            chosen.pages,
            chosen.seed,
            workers=1,
            templates=chosen.templates,
            form="folder",
        )
        told = {
            "seed": chosen.seed,
            "templates": chosen.templates,
            "checker": checker(folder, reader),
            "lengths": lengths(chosen.seed),
            "copies": copies(folder, settings, reader),
        }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
