"""The report as a person reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

Json = dict[str, Any]
_COSTS = (
    ("cpu_s_page", "CPU s/page", "{:.3f}"),
    ("wall_s_page", "wall s/page", "{:.3f}"),
    ("peak_mb", "peak MiB", "{:.0f}"),
    ("bytes_page", "bytes/page", "{:,}"),
)
_RATIOS = ("cpu", "wall", "bytes")


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        )
        for line in lines
    )


def _cell(pattern: str, value: Any) -> str:  # noqa: ANN401 a number of any kind, or None
    return "–" if value is None else pattern.format(value)


def _costs(variants: Json) -> str:
    rows = (
        (name, *(_cell(pattern, own[key]) for key, _, pattern in _COSTS))
        for name, own in variants.items()
    )
    return _grid(("", *(title for _, title, _ in _COSTS)), rows)


def _ratios(ratios: Json) -> str:
    def cell(one: Json | None) -> str:
        return "–" if one is None else "{median:.3f} ({min:.3f}–{max:.3f})".format(**one)

    rows = ((name, *(cell(own[key]) for key in _RATIOS)) for name, own in ratios.items())
    return _grid(("opis /", *_RATIOS), rows)


def _errors(score: str, variants: Json) -> str:
    groups = tuple(next(iter(variants.values()))[score])
    rows = (
        (group, *(_cell("{:.2%}", own[score][group]) for own in variants.values()))
        for group in groups
    )
    return _grid((score, *variants), rows)


def _engines(classes: Json) -> str:
    rows = []
    for group, own in classes.items():
        seconds, cer, ratio = own["cpu_s_page"], own["cer"], own["ratio"]
        cells = [_cell("{:.3f}", seconds[name]) for name in ("opis", "tesserocr")]
        cells.append(_cell("{:.3f}", ratio and ratio["median"]))
        cells += [_cell("{:.2%}", cer[name]) for name in ("opis", "tesserocr")]
        rows.append((group, str(own["pages"]), *cells))
    head = ("recognition", "pages", "opis s", "tesserocr s", "ratio", "opis CER", "tesserocr CER")
    return _grid(head, rows)


def tables(told: Json) -> str:
    """Costs, ratios (median, smallest, largest), errors by class, recognition, notes."""
    variants = told["variants"]
    parts = [
        f"{told['pages']} pages, {told['pages_with_truth']} with truth, {told['rounds']} rounds",
        _costs(variants),
    ]
    parts += [_ratios(told["ratios"])] if told["ratios"] else []
    parts += [_errors(score, variants) for score in ("cer", "line_set", "wer")]
    parts += [_engines(told["recognition"]["classes"])] if told["recognition"] else []
    parts += ["\n".join(told["notes"])] if told["notes"] else []
    return "\n\n".join(parts)
