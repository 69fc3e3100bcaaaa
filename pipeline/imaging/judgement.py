"""Which pages are to be scanned again, and why: judged from figures alone.

What the picture itself shows lost is a finding however well the rest reads; anything less counts
only where the page also reads badly, and names the likeliest cause.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.quality import Quality
from schemas.records import Finding
from schemas.settings import Settings

_LEAST_DPI = 190
_LEAST_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class _Bars:
    """Below the least or above the most a scan is at fault."""

    sharpness: float
    contrast: float
    clipping: float
    x_height: float
    show_through: float


_ALWAYS = _Bars(sharpness=2.7, contrast=0.2, clipping=0.1, x_height=8.0, show_through=1.0)
_WHERE_BADLY_READ = _Bars(
    sharpness=4.0, contrast=0.35, clipping=0.02, x_height=11.0, show_through=0.02
)


def _faults(quality: Quality, bars: _Bars) -> Iterator[Finding]:
    """What is below the bars, the likeliest cause first; figures of 0 are not known."""
    if 0 < quality.contrast < bars.contrast:
        yield Finding("faint")
    if quality.clipping > bars.clipping:
        yield Finding("clipped")
    if 0 < quality.sharpness < bars.sharpness:
        yield Finding("blurred")
    if 0 < quality.x_height < bars.x_height:
        yield Finding("small-letters", detail={"x": str(round(quality.x_height))})
    if quality.show_through > bars.show_through:
        yield Finding("show-through")


def _doubt(quality: Quality, bar: float) -> Iterator[Finding]:
    """Why a page reads badly; a page without words is called handwriting elsewhere."""
    causes = tuple(_faults(quality, _WHERE_BADLY_READ))
    if quality.confidence is None:
        yield from causes[:1]
    elif quality.confidence < bar:
        percent = str(round(100 * quality.confidence))
        yield from causes[:1] or (Finding("badly-read", detail={"c": percent}),)


def _unread(quality: Quality) -> Iterator[Finding]:
    if quality.confidence is not None and quality.unread_share > _LEAST_SHARE:
        share = str(round(100 * quality.unread_share))
        yield Finding("unread-ink", detail={"count": str(quality.unread), "share": share})


def judged(quality: Quality, settings: Settings) -> tuple[Finding, ...]:
    """The findings of a page of this quality, without its number."""
    sides = tuple(Finding(f"cut-{side}") for side in quality.cut)
    coarse = 0 < quality.dpi < _LEAST_DPI
    low = (Finding("low-resolution", detail={"dpi": str(quality.dpi)}),) if coarse else ()
    lost = tuple(_faults(quality, _ALWAYS))
    doubt = () if lost or sides else tuple(_doubt(quality, settings.rescan_confidence))
    return (*sides, *low, *lost, *doubt, *_unread(quality))
