"""How right the record of a document is: each field right, wrong or unknown on generated papers.

python -m benchmarks.fields [--templates dev] [--seed 1] [--binders 6] [--pages 60] [--noise 0.03]
python -m benchmarks.fields --archive ARCHIVE --truth OUT     papers that the program itself has read
                    [--anew]     the words that it read, understood by the rules of today
python -m benchmarks.fields --archive ARCHIVE                 no truth: what was found, field by field

Without --archive the papers are texts that examples.binders writes, with a share of the letters
misread; development uses the templates dev and seeds 1-99. `right` compares letters without
diacritics, case and blanks; `near` forgives a name one letter in eight; `organ` is another organ of
the right town (its mayor or a department for its town hall). An announcement is right where the truth
says `altul`: the program has a word for it. `sure` counts the values of
a confidence of 0.8 and more, and how many of those are wrong. A field that the paper does not have
is right where nothing is said, and counts apart (`invented` where something is).
"""

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from examples.binders import generate
from examples.binders.truth import DocumentTruth, binder_names, load_truth, truth_pages
from pipeline.metadata.documenttext import read_document
from pipeline.metadata.record.description import Description, describe
from pipeline.metadata.text.view import fold
from pipeline.training.entities_wear import misread
from schemas.alto import read_alto
from schemas.geometry import Box, Size
from schemas.layout import ArchiveLayout
from schemas.records import FieldValue, decode_unit
from schemas.text import Block, Line, PageText, Word

SURE = 0.8
CONFIDENCE, LETTER, LINE = 0.96, 12, 40
SAMPLES, SEED = 1000, 7
SETS = (
    "dev", "wide", "check", "heldout", "unseen", "varied", "fresh", "sealed", "decades", "attic",
    "county", "district", "canton", "canton_test", "borough", "borough_test",
)  # fmt: skip
"""Sets of templates of the generator; `unseen`, `sealed`, `attic`, `district`, `canton_test` and `borough_test` for tests only."""
COMPARED = (
    "type", "number", "date", "nr_inreg", "data_inreg", "issuer", "compartiment", "subject",
    "problem",
)  # fmt: skip
_HEAD_WORD = re.compile(r"^(?:Compartiment\w*|Serviciul|Biroul|Direcția) (?:de )?")
_DEPARTMENT = re.compile(r"(?:Compartimentul|Serviciul|Biroul|Direcția) \S")
_ORGAN = re.compile(r"^(?:Primaria|Primarul|Consiliul Local(?: al)?)\s+", re.IGNORECASE)
_KIND = re.compile(r"^(?:Municipiul(?:ui)?|Orasul(?:ui)?|Comun(?:a|ei)|Sectorul(?:ui)?)\s+")
UNKNOWN = {"", "necunoscut"}
BUILDING = {"autorizație de construire", "certificat de urbanism"}
NO_PROBLEM = {"factură"}
"""Papers that are about no problem, or do not say which."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is true of a paper, and what was said of it; `pages` and CPU seconds to understand it."""

    truth: DocumentTruth
    said: dict[str, FieldValue]
    head: str = ""
    pages: int = 1
    seconds: float = 0.0


def page_of(text: str) -> PageText:
    """A text as a page: a word's box stands where it would on squared paper."""
    lines = [
        Line(
            tuple(
                Word(
                    word,
                    Box(100 + LETTER * at, 100 + LINE * row, LETTER * len(word), LINE),
                    CONFIDENCE,
                )
                for at, word in _words(line)
            )
        )
        for row, line in enumerate(text.split("\n"))
        if line.strip()
    ]
    return PageText(Size(2480, 3508), 300, (Block(tuple(lines)),) if lines else ())


def _words(line: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in line.split():
        yield at, word
        at += len(word) + 1


def described(pages: Sequence[PageText]) -> tuple[Description, float]:
    """The record, and the CPU seconds that it took."""
    started = time.process_time()
    found = describe(read_document(pages), 1)
    return found, time.process_time() - started


def generated(out: Path, noise: float, seed: int) -> Iterator[Case]:
    """Every document of the generated binders, understood from its worn text."""
    described([page_of("Ion")])  # loads what has to be loaded
    for name in binder_names(out):
        pages = list(truth_pages(out, name))
        for document in load_truth(out, name).documents:
            draw = random.Random(f"{seed}:{name}:{document.document}")  # noqa: S311 - misreadings
            inside = pages[document.first_page - 1 : document.last_page]
            texts = [misread(page.text, noise, draw)[0] if noise else page.text for page in inside]
            found, seconds = described([page_of(text) for text in texts])
            yield Case(document, found.fields, _head(inside[0].text), len(texts), seconds)


def archived(archive: Path, out: Path) -> Iterator[Case]:
    """Documents of an archive beside what is true of them, by the binder's name and first page."""
    truth = {name: load_truth(out, name).documents for name in binder_names(out)}
    for path in sorted(archive.glob("units/*/*/metadata/record.json")):
        unit = decode_unit(path.read_bytes())
        places = {document.first_page: document for document in unit.documents}
        for document in truth.get(Path(unit.name).stem, ()):
            read = places.get(document.first_page)
            head = next(
                (
                    p.text
                    for p in truth_pages(out, Path(unit.name).stem)
                    if p.page == document.first_page
                ),
                "",
            )
            yield Case(document, read.fields if read else {}, _head(head))


def reread(archive: Path, out: Path) -> Iterator[Case]:
    """Documents of an archive as their truth bounds them, understood anew from their ALTO."""
    described([page_of("Ion")])  # loads what has to be loaded
    for path in sorted(archive.glob("units/*/*/metadata/record.json")):
        name = Path(decode_unit(path.read_bytes()).name).stem
        alto = ArchiveLayout(archive).unit(path.parent.parent.name).alto
        for document in load_truth(out, name).documents:
            inside = range(document.first_page, document.last_page + 1)
            files = [file for page in inside if (file := alto / f"{page:04d}.xml").exists()]
            texts = [read_alto(file.read_bytes()) for file in files]
            found, seconds = described(texts)
            head = texts[0].plain if texts else ""
            yield Case(document, found.fields, _head(head), max(1, len(texts)), seconds)


def _printed(name: str, text: str) -> bool:
    return folded(name) in folded(text)


def _head(text: str) -> str:
    """What stands before the body, where a paper names its department."""
    return "\n".join(text.split("\n")[:9])


def expected(case: Case) -> dict[str, str]:
    """What the record should say, under its own names and codes."""
    truth, text = case.truth, case.head
    number = truth.number or ("" if truth.type in CITIZENS else truth.nr_inreg)
    known = {name: str(getattr(truth, name)) for name in COMPARED}
    known["type"] = "altul" if truth.type == "decizie de impunere" else truth.type
    known["number"] = number
    known["compartiment"] = truth.compartiment if _printed(truth.compartiment, text) else ""
    known["problem"] = "building_permits" if truth.type in BUILDING else truth.problem
    return known


CITIZENS = {"cerere", "petiție", "declarație fiscală"}


def folded(value: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in fold(value).casefold() if c.isalnum())


def verdict(name: str, true: str, said: FieldValue | None) -> str:
    """right, near, wrong, unknown; absent and invented where the paper has no such field."""
    given = said.value if said and said.value not in UNKNOWN else ""
    if name == "type" and (true, given) == ("altul", "anunț"):
        return "right"
    if not true:
        return "invented" if given and name != "compartiment" else "absent"
    if not given:
        return "unknown"
    if name == "compartiment" or (name == "issuer" and _HEAD_WORD.match(true)):
        true, given = _HEAD_WORD.sub("", true), _HEAD_WORD.sub("", given)
    a, b = folded(true), folded(given)
    if a == b:
        return "right"
    if name == "issuer" and (_of_one_town(true, given) or _its_department(true, given)):
        return "organ"
    near = (
        name in {"issuer", "subject", "compartiment"}
        and true.split(maxsplit=1)[0] == given.split()[0]
    )
    return "near" if near and Levenshtein.distance(a, b) <= len(a) / 8 else "wrong"


def _its_department(true: str, given: str) -> bool:
    """Whether a town hall's paper is told as its department's, as the development papers have it."""
    return true.startswith("Primăria ") and _DEPARTMENT.match(given) is not None


def _of_one_town(one: str, other: str) -> bool:
    """Whether both are organs of one town: its mayor, its town hall, its council, the town."""
    units = [_ORGAN.sub("", fold(value)) for value in (one, other)]
    bare = [folded(_KIND.sub("", unit)) for unit in units]
    return units != [fold(one), fold(other)] and bare[0] == bare[1]


def interval(rights: Sequence[bool]) -> list[float]:
    """95 % bootstrap interval of a share, in per cent."""
    if not rights:
        return [0.0, 0.0]
    draw = random.Random(SEED)  # noqa: S311 - a bootstrap
    shares = sorted(sum(draw.choices(rights, k=len(rights))) for _ in range(SAMPLES))
    low, high = shares[int(0.025 * SAMPLES)], shares[int(0.975 * SAMPLES)]
    return [round(100 * low / len(rights), 1), round(100 * high / len(rights), 1)]


def _judged(cases: Iterable[Case]) -> Iterator[tuple[str, Case, str]]:
    for case in cases:
        true = expected(case)
        for name in COMPARED:
            if name == "problem" and case.truth.type in NO_PROBLEM:
                continue
            yield name, case, verdict(name, true[name], case.said.get(name))


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def field_report(name: str, judged: Sequence[tuple[Case, str]]) -> dict[str, object]:
    """Of one field: percentages of the papers that have it, and how the sure values fare."""
    counts = Counter(result for _, result in judged)
    asked = [(case, r) for case, r in judged if r not in {"absent", "invented"}]
    sure = [
        result
        for case, result in judged
        if (said := case.said.get(name)) is not None
        and said.confidence >= SURE
        and result not in {"absent", "unknown"}
    ]
    wrong = sum(result in {"wrong", "organ", "invented"} for result in sure)
    good = [result in {"right", "near"} for _, result in asked]
    return {
        "n": len(asked),
        **{
            key: _share(counts[key], len(asked))
            for key in ("right", "near", "organ", "wrong", "unknown")
        },
        "right_or_near_95": interval(good),
        "absent": counts["absent"],
        "invented": counts["invented"],
        "sure": len(sure),
        "sure_wrong": _share(wrong, len(sure)),
    }


def _examples(
    name: str, judged: Sequence[tuple[Case, str]], most: int
) -> Iterator[dict[str, object]]:
    shown: Counter[str] = Counter()
    for case, result in judged:
        key = case.truth.template
        if result in {"right", "absent"} or shown[key] >= most:
            continue
        shown[key] += 1
        said = case.said.get(name)
        yield {
            "template": key,
            "result": result,
            "true": expected(case)[name],
            "said": said.value if said else None,
            "confidence": said.confidence if said else None,
        }


def report(cases: Sequence[Case], examples: int) -> dict[str, object]:
    """All fields, by template where something went wrong, and the speed."""
    by_field: dict[str, list[tuple[Case, str]]] = defaultdict(list)
    for name, case, result in _judged(cases):
        by_field[name].append((case, result))
    templates: dict[str, dict[str, str]] = defaultdict(dict)
    for name, judged in by_field.items():
        for template in sorted({case.truth.template for case, _ in judged}):
            own = [r for case, r in judged if case.truth.template == template]
            asked = [r for r in own if r not in {"absent", "invented"}]
            right = sum(r in {"right", "near"} for r in asked)
            invented = own.count("invented")
            if right < len(asked) or invented:
                more = f", {invented} invented" if invented else ""
                templates[template][name] = f"{right}/{len(asked)}{more}"
    timed = [1000 * case.seconds / case.pages for case in cases if case.seconds]
    answer: dict[str, object] = {
        "documents": len(cases),
        "fields": {name: field_report(name, judged) for name, judged in by_field.items()},
        "faults": dict(sorted(templates.items())),
    }
    if timed:
        whole = 1000 * sum(case.seconds for case in cases) / sum(case.pages for case in cases)
        answer["cpu_ms_page"] = {
            "median_document": round(statistics.median(timed), 1),
            "all_pages": round(whole, 1),
        }
    if examples:
        answer["examples"] = {
            name: list(_examples(name, judged, examples)) for name, judged in by_field.items()
        }
    return answer


def listed(archive: Path) -> dict[str, object]:
    """What was found in an archive without truth: every field of every document."""
    units: dict[str, object] = {}
    for path in sorted(archive.glob("units/*/*/metadata/record.json")):
        unit = decode_unit(path.read_bytes())
        units[unit.name] = [
            {
                "pages": [document.first_page, document.last_page],
                "fields": {
                    name: [value.value, value.confidence] for name, value in document.fields.items()
                },
                "mentions": {
                    kind: [value.value for value in values]
                    for kind, values in document.mentions.items()
                },
            }
            for document in unit.documents
        ]
    return {"units": units}


def _on_texts(chosen: argparse.Namespace) -> Sequence[Case]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        generate(
            out,
            chosen.binders,
            chosen.pages,
            chosen.seed,
            templates=chosen.templates,
            text_only=True,
        )
        return tuple(generated(out, chosen.noise, chosen.seed))


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--templates", choices=SETS, default="dev", help="whose papers")
    add("--seed", type=int, default=1)
    add("--binders", type=int, default=6)
    add("--pages", type=int, default=60, help="in each binder")
    add("--noise", type=float, default=0.0, help="share of letters misread, such as 0.03")
    add("--archive", type=Path, help="an archive that scan-batch filled")
    add("--truth", type=Path, help="the folder that examples.binders wrote")
    add("--anew", action="store_true", help="understand the archive's words by today's rules")
    add("--examples", type=int, default=0, help="faults to show of each field and template")
    chosen = parser.parse_args()
    if chosen.archive and not chosen.truth:
        print(json.dumps(listed(chosen.archive), ensure_ascii=False))
        return
    told = (chosen.templates, chosen.seed, chosen.noise)
    of_archive = reread if chosen.anew else archived
    cases = tuple(of_archive(chosen.archive, chosen.truth)) if chosen.archive else _on_texts(chosen)
    head = {} if chosen.archive else dict(zip(("templates", "seed", "noise"), told, strict=True))
    print(json.dumps({**head, **report(cases, chosen.examples)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
