"""How good the scan of a page is, and how well it could be read."""

from dataclasses import dataclass

SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of one page that is neither blank nor a separator.

    `sharpness`: the steepest edges of letters, as contrast gained over a tenth of the x-height of
    10 point type (10: as crisp as 300 dpi give, 3: soft); `contrast`: ink against paper, 0-1;
    `clipping`: share of the page where tone is lost; `dpi` as delivered; `x_height` in pixels of the page image (0: not known);
    `cut`: sides of the page image (of SIDES) at which letters are cut; `show_through`: share under
    the other side's print; `skew`: degrees left over; `confidence` mean of the words and
    `worst` of the page's regions (None without words); `known`: share of the words that a word
    list has (None without one); `unread`: places with ink that no word covers, and
    `unread_share` of the page's ink.
    """

    sharpness: float = 0.0
    contrast: float = 0.0
    clipping: float = 0.0
    dpi: int = 0
    x_height: float = 0.0
    cut: tuple[str, ...] = ()
    show_through: float = 0.0
    skew: float = 0.0
    confidence: float | None = None
    worst: float | None = None
    known: float | None = None
    unread: int = 0
    unread_share: float = 0.0
