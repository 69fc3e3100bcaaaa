"""Opis and its peers, each run over the same pages at its best settings."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from benchmarks.reading.material import Material, PdfPages
from benchmarks.reading.pages import SetPage
from benchmarks.reading.processes import Usage, measure
from benchmarks.reading.recognition import OURS, PEER
from schemas.alto import read_alto
from schemas.layout import ArchiveLayout, UnitLayout
from schemas.records import PageState, Unit, decode_unit

_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
_ROOT = Path(__file__).parents[2]
_LEAST_SECONDS, _PAGE_SECONDS = 600.0, 60.0
_SKIPPED = re.compile(r"\[OCR skipped on page\(s\) (\d+)(?:-(\d+))?\]")
_NO_PDFA = 10


@dataclass(frozen=True, slots=True)
class Options:
    """What one run is told: Tesseract's language code, and how many processes at once."""

    language: str
    jobs: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a variant made of the pages: texts by key (None: failed), bytes of its PDFs if any.

    `rows` are the timed recognitions: by page and engine `cpu`, `wall` (seconds) and `text`.
    """

    usage: Usage
    texts: Mapping[str, str | None]
    bytes: int | None = None
    notes: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    load_seconds: Mapping[str, float] = field(default_factory=dict)


Variant = Callable[[Material, Options, Path], Outcome]


def command(name: str) -> str:
    """A program of this environment, or else of the system."""
    own = Path(sys.executable).with_name(name)
    return str(own) if own.exists() else name


def _environment() -> dict[str, str]:
    """Programs of this environment first: ocrmypdf finds its tools by name."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return {**_ONE_THREAD, "PATH": path, "PYTHONPATH": str(_ROOT)}


def _limit(pages: int) -> float:
    return max(_LEAST_SECONDS, _PAGE_SECONDS * pages)


def _said(told: Path) -> tuple[str, ...]:
    """What scan-batch answers of an error, or of sources that it did not take."""
    try:
        answer = json.loads(told.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    refused = [*answer.get("quarantined", ()), *filter(None, (answer.get("error"),))]
    return tuple(
        f"{OURS}: {one['code']}: {Path(one['file']).name}: {one['reason']}" for one in refused
    )


def _failure(name: str, usage: Usage) -> tuple[str, ...]:
    return (f"{name}: exit code {usage.code} {usage.why}".strip(),) if usage.code else ()


def _unit_texts(
    unit: Unit, layout: UnitLayout, keys: Mapping[tuple[str, int], str]
) -> Iterator[tuple[str, str | None]]:
    delivered = {original.name: original.delivered for original in unit.originals}
    for page in unit.pages:
        key = keys[Path(delivered[page.source]).name, page.frame]
        alto = layout.alto_page(page.page)
        read = page.state is not PageState.FAILED and alto.exists()
        yield key, read_alto(alto.read_bytes()).plain if read else None


def _archived(archive: Path) -> Iterator[tuple[UnitLayout, Unit]]:
    for record in ArchiveLayout(archive).units.glob("*/*/metadata/record.json"):
        yield UnitLayout(record.parent.parent), decode_unit(record.read_bytes())


def run_opis(material: Material, options: Options, work: Path) -> Outcome:
    """`opis scan-batch` into a new archive: images as one binder, each PDF as its own."""
    archive = work / "archive"
    asked = ("--archive", archive, "--workers", str(options.jobs), "--json", "--quiet")
    usage = measure(
        (command("opis"), "scan-batch", *material.sources, *asked),
        work / "scan-batch",
        limit=_limit(len(material.pages)),
        environment={**_environment(), "OPIS_LANGUAGE": options.language},
    )
    texts: dict[str, str | None] = {}
    size = 0
    for layout, unit in _archived(archive):
        texts |= dict(_unit_texts(unit, layout, material.keys))
        size += sum(pdf.stat().st_size for pdf in layout.pdf.glob("*.pdf"))
    said = _said(work / "scan-batch.out")
    return Outcome(usage, texts, size, (*_failure(OURS, usage), *said))


_PDFA = ("--output-type", "pdfa", "--pdfa-backend", "internal")
"""By ocrmypdf's own way: Ghostscript's is slower."""


def _plain_options() -> tuple[str, ...]:
    return ("--deskew", *_PDFA)


def _paperless_options() -> tuple[str, ...]:
    """Paperless-ngx's defaults: mode skip, clean, deskew, rotate at threshold 12, PDF/A."""
    clean = ("--clean",) if shutil.which("unpaper") else ()
    rotate = ("--rotate-pages", "--rotate-pages-threshold", "12")
    return ("--skip-text", *clean, "--deskew", *rotate, *_PDFA)


def _own_text(pdf: Path, page: int) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[page].get_textpage().get_text_bounded())
    finally:
        document.close()


def _parts(sidecar: str) -> Iterator[str | None]:
    """A sidecar's pages; None for each whose own text was kept, which it tells by ranges."""
    for part in sidecar.split("\f"):
        skipped = _SKIPPED.fullmatch(part.strip())
        if skipped is None:
            yield part
            continue
        first, last = skipped.groups(default=skipped[1])
        yield from (None for _ in range(int(first), int(last) + 1))


def _sidecar_texts(sidecar: Path, pdf: Path, keys: Sequence[str]) -> dict[str, str | None]:
    """Texts page by page; a page whose own text was kept gives that."""
    if not (sidecar.exists() and pdf.exists()):
        return dict.fromkeys(keys)
    parts = _parts(sidecar.read_text(encoding="utf-8"))
    return dict.fromkeys(keys) | {
        key: _own_text(pdf, number) if part is None else part
        for number, (key, part) in enumerate(zip(keys, parts, strict=False))
    }


def _side_by_side(
    program: Sequence[str], arguments: Sequence[Sequence[str | Path]], options: Options, work: Path
) -> Usage:
    """The program once for each row of arguments, `jobs` at once; one that hangs costs its row."""
    given = work / "arguments"
    given.write_bytes(b"".join(f"{one}\0".encode() for row in arguments for one in row))
    start = ("xargs", "-0", "-P", str(options.jobs), "-n", str(len(arguments[0])))
    limit = _limit(len(arguments))
    return measure(
        (*start, "timeout", str(2 * _PAGE_SECONDS), *program),
        work / "each",
        limit=limit,
        environment=_environment(),
        stdin=given,
    )


def _page_by_page(
    source: PdfPages, program: Sequence[str], options: Options, work: Path
) -> tuple[Usage, dict[str, str | None], int]:
    work.mkdir()
    places = {key: work / f"{number:05d}" for number, key in enumerate(source.keys)}
    with pikepdf.open(source.path) as opened:
        for page, place in zip(opened.pages, places.values(), strict=True):
            with pikepdf.new() as one:
                one.pages.append(page)
                one.save(place.with_suffix(".in.pdf"))
    rows = [
        ("--sidecar", f"{place}.txt", f"{place}.in.pdf", f"{place}.pdf")
        for place in places.values()
    ]
    usage = _side_by_side((*program, "--jobs", "1"), rows, options, work)
    texts: dict[str, str | None] = {}
    for key, place in places.items():
        texts |= _sidecar_texts(place.with_suffix(".txt"), place.with_suffix(".pdf"), (key,))
    made = (place.with_suffix(".pdf") for place in places.values())
    return usage, texts, sum(pdf.stat().st_size for pdf in made if pdf.exists())


def _run_ocrmypdf(
    name: str, chosen: Sequence[str], material: Material, options: Options, work: Path
) -> Outcome:
    program = (command("ocrmypdf"), "-q", "-l", options.language, *chosen)
    total, texts, size, notes = Usage(), dict[str, str | None](), 0, list[str]()
    for number, source in enumerate(material.pdfs):
        side, out = work / f"{number:05d}.txt", work / f"{number:05d}.pdf"
        usage = measure(
            (*program, "--jobs", str(options.jobs), "--sidecar", side, source.path, out),
            work / f"{number:05d}",
            limit=_limit(len(source.keys)),
            environment=_environment(),
        )
        notes += _failure(name, usage)
        if usage.code in {0, _NO_PDFA}:
            texts |= _sidecar_texts(side, out, source.keys)
            size += out.stat().st_size
        else:
            usage, each, made = _page_by_page(
                source, program, options, work / f"{number:05d}.pages"
            )
            notes.append(f"{name}: {source.path.name} again page by page; only that is counted")
            texts |= each
            size += made
        total += usage
    return Outcome(total, texts, size, tuple(notes))


def run_ocrmypdf(material: Material, options: Options, work: Path) -> Outcome:
    """`ocrmypdf --deskew --output-type pdfa` over one PDF of all images, then over each PDF."""
    return _run_ocrmypdf("ocrmypdf", _plain_options(), material, options, work)


def run_paperless(material: Material, options: Options, work: Path) -> Outcome:
    """The same as Paperless-ngx calls it."""
    return _run_ocrmypdf("paperless", _paperless_options(), material, options, work)


def run_tesseract(material: Material, options: Options, work: Path) -> Outcome:
    """`tesseract` for each page as delivered, a PDF and a text, as many at once as there are cores."""
    places = {key: work / f"{number:05d}" for number, key in enumerate(material.singles)}
    rows = [
        (material.singles[key], place, "-l", options.language, "pdf", "txt")
        for key, place in places.items()
    ]
    usage = _side_by_side(("tesseract",), rows, options, work)
    texts: dict[str, str | None] = {}
    for key, place in places.items():
        text = place.with_suffix(".txt")
        texts[key] = text.read_text(encoding="utf-8") if text.exists() else None
    size = sum(pdf.stat().st_size for pdf in work.glob("*.pdf"))
    return Outcome(usage, texts, size, _failure("tesseract", usage))


def _page_row(page: SetPage) -> dict[str, object]:
    return {"key": page.key, "path": str(page.path), "kind": page.kind, "frame": page.frame}


def run_recognition(material: Material, options: Options, work: Path) -> Outcome:
    """Our engine and Tesseract in one process on the prepared images; the texts are Tesseract's.

    CPU and wall time are those of Tesseract's recognition alone, after loading; peak memory is
    that of the process, which holds both engines and prepares the pages.
    """
    task, out = work / "pages.json", work / "read.json"
    task.write_text(json.dumps([_page_row(page) for page in material.pages]), encoding="utf-8")
    ran = measure(
        (sys.executable, "-m", "benchmarks.reading.recognition", task, out, options.language),
        work / "recognition",
        limit=_limit(2 * len(material.pages)),
        environment=_environment(),
    )
    if not out.exists():
        return Outcome(ran, {}, None, _failure(PEER, ran))
    told = json.loads(out.read_text(encoding="utf-8"))
    rows = told["pages"]
    own = [row[PEER] for row in rows.values()]
    usage = Usage(sum(r["cpu"] for r in own), sum(r["wall"] for r in own), ran.peak_mb, ran.code)
    texts = {key: row[PEER]["text"] for key, row in rows.items()}
    return Outcome(usage, texts, None, _failure(PEER, ran), rows, told["load"])


VARIANTS: Mapping[str, Variant] = {
    OURS: run_opis,
    "ocrmypdf": run_ocrmypdf,
    "paperless": run_paperless,
    "tesseract": run_tesseract,
    PEER: run_recognition,
}
PEERS = tuple(name for name in VARIANTS if name != OURS)
