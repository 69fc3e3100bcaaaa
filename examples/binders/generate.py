"""Generates the sample binders and their truth; binders run in a process pool."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import asdict
from multiprocessing import Manager
from pathlib import Path
from typing import Final, TypedDict, Unpack

import cv2

from examples.binders import deliver, faults, ink
from examples.binders.compose import BinderPlan, Options, PagePlan, compose
from examples.binders.documents import sheet_entities, sheet_text
from examples.binders.ink import InkBox, Pixels
from examples.binders.pressing import press
from examples.binders.truth import JSONL, KINDS, BinderTruth, PageTruth, WordTruth, dump, page_json

Progress = Callable[[int], None]
README: Final = Path(__file__).parent / "TRUTH.md"
FEWEST: Final = 3
BEAT: Final = 0.5  # seconds
FOLDER_DAMAGES: Final = ("truncated", "corrupt")


class Chosen(TypedDict, total=False):
    """The rest of compose.Options."""

    dpi: int
    faults: str
    templates: str
    form: str
    separators: bool
    text_only: bool
    pressed: bool


def generate(
    out: Path,
    binders: int,
    pages: int,
    seed: int,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    **chosen: Unpack[Chosen],
) -> tuple[Path, ...]:
    """Write `binders` binders of `pages` pages under OUT/binders and OUT/truth.

    `progress` is told each number of pages done. Returns the delivered folders and files, or the
    truth folders of a text-only run. A binder of the same name is replaced. Raises ValueError for
    fewer than three pages, fonts.FaceMissingError where a type face is not installed.
    """
    options = Options(pages=pages, seed=seed, **chosen)
    if pages < FEWEST:
        raise ValueError(f"a binder has at least {FEWEST} pages")
    (out / "truth").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(README, out / "truth" / "README.md")
    tell = progress or _silent
    if workers <= 1 or binders <= 1:
        return tuple(_binder(out, index, options, tell) for index in range(binders))
    return _spread(out, binders, options, workers, tell)


def _silent(_: int) -> None:
    return


def _spread(
    out: Path, binders: int, options: Options, workers: int, tell: Progress
) -> tuple[Path, ...]:
    with Manager() as manager, ProcessPoolExecutor(workers) as pool:
        ticks = manager.Queue()
        all_ = [pool.submit(_binder, out, index, options, ticks.put) for index in range(binders)]
        waiting = set(all_)
        while waiting:
            _, waiting = wait(waiting, timeout=BEAT)
            while not ticks.empty():
                tell(ticks.get())
        return tuple(future.result() for future in all_)


def _binder(out: Path, index: int, options: Options, tell: Progress) -> Path:
    """Write one binder and its truth; the path of what was delivered."""
    cv2.setNumThreads(1)
    plan = compose(index, options)
    truth = out / "truth" / plan.name
    _clear(out, plan.name)
    (truth / "pages").mkdir(parents=True)
    if options.text_only:
        (truth / "pages").rmdir()
        _write_text(truth / JSONL, plan, options)
        path = truth
        tell(options.pages)
    else:
        path = _write_images(out, plan, index, options, tell)
    facts = _binder_truth(plan, options, "" if options.text_only else path.name)
    (truth / "binder.json").write_text(dump(asdict(facts)), encoding="utf-8")
    return path


def _clear(out: Path, name: str) -> None:
    for old in ((out / "truth" / name), *(out / "binders").glob(f"{name}*")):
        if old.is_dir():
            shutil.rmtree(old)
        elif old.exists():
            old.unlink()


def _write_text(file: Path, plan: BinderPlan, options: Options) -> None:
    size = ink.page_size(options.dpi)
    with file.open("w", encoding="utf-8") as lines:
        for number, page in enumerate(plan.pages, 1):
            row = _page_truth(page, number, options, (), (faults.IDENTITY, *size), ("", 0))
            lines.write(dump(page_json(row)) + "\n")


def _write_images(
    out: Path, plan: BinderPlan, index: int, options: Options, tell: Progress
) -> Path:
    folder = out / "binders"
    rng = random.Random(f"{options.seed}:{index}:images")
    station = deliver.writer(plan.form, folder, plan.name, rng)
    seal = f"ROMÂNIA * JUDEȚUL {plan.world.county.name} * {plan.world.title} *".upper()
    behind: Pixels | None = None
    for number, page in enumerate(plan.pages, 1):
        own = random.Random(f"{options.seed}:{index}:{number}")
        if options.pressed:
            seals = random.Random(f"{options.seed}:{index}:{number}:pressed")
            press(page.sheet, options.dpi, ink.page_size(options.dpi), seals)
        clean, boxes = ink.render(
            page.sheet,
            options.dpi,
            own,
            colour=page.colour,
            typewriter=page.style.typewriter,
            seal=seal,
        )
        damage = _damage(plan, page, own)
        spoilt = faults.Plan(damage=damage) if damage else page.faults
        image = clean
        if damage not in FOLDER_DAMAGES:
            image = faults.apply(clean, spoilt, behind, own, options.dpi)
        behind = clean if page.kind == "text" else behind
        place = station.add(
            image, page.faults.dpi or options.dpi, sheet=page.kind == "separator", damage=damage
        )
        height, width = clean.shape[:2]
        where = faults.transform(page.faults, width, height, options.dpi)
        row = _page_truth(page, number, options, boxes, where, place, damage)
        file = out / "truth" / plan.name / "pages" / f"{number:04d}.json"
        file.write_text(dump(page_json(row)), encoding="utf-8")
        tell(1)
    _sidecars(folder, plan, station.close())
    return next(path for path in sorted(folder.glob(f"{plan.name}*")) if path.suffix != ".json")


def _damage(plan: BinderPlan, page: PagePlan, rng: random.Random) -> str:
    """How an unreadable page is destroyed: the file itself where each page is a file."""
    if page.kind != "unreadable":
        return ""
    return rng.choice(FOLDER_DAMAGES) if plan.form == "folder" else page.faults.damage


def _page_truth(
    page: PagePlan,
    number: int,
    options: Options,
    boxes: tuple[tuple[InkBox, ...], ...],
    where: tuple[faults.Affine, int, int],
    place: tuple[str, int],
    damage: str = "",
) -> PageTruth:
    flat = [box for line in boxes for box in line]
    words = [word.text for line in page.sheet.lines for word in line] if flat else []
    clean_width, clean_height = ink.page_size(options.dpi)
    return PageTruth(
        page=number,
        kind=page.kind,
        file=place[0],
        frame=place[1],
        document=page.document,
        document_page=page.document_page,
        leaf=page.leaf,
        side=page.side,
        text=sheet_text(page.sheet),
        words=tuple(WordTruth(text, box) for text, box in zip(words, flat, strict=True)),
        entities=sheet_entities(page.sheet),
        transform=where[0],
        width=where[1],
        height=where[2],
        clean_width=clean_width,
        clean_height=clean_height,
        dpi=page.faults.dpi or options.dpi,
        page_class=page_class(page),
        content=_content(page),
        faults=page.faults.names,
        fault="unreadable" if page.kind == "unreadable" else "",
        damage=damage or page.faults.damage,
        symbology=page.symbology,
        payload=page.payload,
    )


def page_class(page: PagePlan) -> str:
    """The one class a page counts under in benchmarks."""
    if page.kind != "text":
        return page.kind
    if page.faults.flip:
        return "upside_down"
    if page.faults.primary != "clean":
        return page.faults.primary
    content = (name for name in ("typewriter", "table", "stamp") if name in _content(page))
    return next(content, "clean")


def _content(page: PagePlan) -> tuple[str, ...]:
    there = {
        "typewriter": page.style.typewriter and page.kind == "text",
        "table": page.sheet.has("frame"),
        "stamp": page.sheet.has("seal"),
        "registry_stamp": page.sheet.has("stamp"),
        "signature": page.sheet.has("sign"),
        "arms": page.sheet.has("arms"),
        "colour": page.colour,
    }
    return tuple(name for name, present in there.items() if present)


def _binder_truth(plan: BinderPlan, options: Options, path: str) -> BinderTruth:
    counts = Counter(page.kind for page in plan.pages)
    return BinderTruth(
        binder=plan.name,
        form=plan.form,
        path=path,
        fond=plan.fond,
        creator=plan.fond,
        cota=plan.cota,
        an=str(plan.world.year),
        compartiment=plan.compartiment,
        inventar=plan.inventar,
        seed=options.seed,
        pages=len(plan.pages),
        leaves=plan.pages[-1].leaf,
        counts={kind: counts[kind] for kind in KINDS},
        documents=plan.documents,
    )


def _sidecars(folder: Path, plan: BinderPlan, files: tuple[Path, ...]) -> None:
    """binder.json and batch.json as the station leaves them."""
    inside = plan.form == "folder"
    stem = folder / plan.name / "" if inside else folder / f"{plan.name}."
    known = {
        "fond": plan.fond,
        "cota": plan.cota,
        "an": str(plan.world.year),
        "creator": plan.fond,
        "compartiment": plan.compartiment,
        "inventar": plan.inventar,
    }
    batch = {"files": list(_listed(files)), "leaves": plan.pages[-1].leaf}
    for name, content in (("binder", known), ("batch", batch)):
        file = stem / f"{name}.json" if inside else Path(f"{stem}{name}.json")
        file.write_text(dump(content), encoding="utf-8")


def _listed(files: tuple[Path, ...]) -> Iterator[dict[str, object]]:
    for file in files:
        yield {"name": file.name, "bytes": file.stat().st_size, "sha256": deliver.digest(file)}
