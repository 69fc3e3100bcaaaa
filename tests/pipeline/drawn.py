"""Pages drawn for the tests: exact text, any angle, quarter turn, ink and paper."""

from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np

PARAGRAPH = (
    "Consiliul Local al Municipiului hotărăște aprobarea bugetului pe anul în curs și a listei de "
    "investiții privind iluminatul public, repararea străzilor și întreținerea parcurilor; primarul "
    "și serviciile de specialitate duc la îndeplinire prezenta hotărâre, care se comunică "
    "instituției prefectului, compartimentelor interesate și se afișează la sediul primăriei."
)
DPI = 300
A4 = (3508, 2480)


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is drawn; `lines` of text, sizes in pixels at 300 dpi."""

    lines: int = 25
    ink: int = 30
    paper: int = 245
    noise: float = 3.0
    letters: int = 44
    upper: bool = False
    seed: int = 0


def text_lines(look: Look) -> list[str]:
    """The text on the page, line by line."""
    rng = np.random.default_rng(look.seed)
    words = PARAGRAPH.split()
    start = int(rng.integers(len(words)))
    words = [words[(start + i) % len(words)] for i in range(look.lines * 9)]
    lines = [" ".join(words[9 * i : 9 * i + 9]) for i in range(look.lines)]
    return [line.upper() for line in lines] if look.upper else lines


@lru_cache(maxsize=4)
def _grain(shape: tuple[int, ...], seed: int, noise: float) -> np.ndarray:
    cv2.setRNGSeed(seed)
    grain = np.empty(shape, np.int16)
    cv2.randn(grain, 0, noise)
    return grain


def noisy(page: np.ndarray, look: Look) -> np.ndarray:
    """Blurred like an optic and grainy like a sensor."""
    soft = cv2.GaussianBlur(page, (0, 0), 0.8)
    if not look.noise:
        return soft
    return cv2.add(soft, _grain(page.shape, look.seed, look.noise), dtype=cv2.CV_8U)


@cache
def page(look: Look = Look(), shape: tuple[int, int] = A4) -> np.ndarray:
    """A grey page of so many lines; the same array each time."""
    canvas = np.full(shape, look.paper, np.uint8)
    font = cv2.FontFace("sans")
    for number, line in enumerate(text_lines(look)):
        origin = (240, 300 + number * int(look.letters * 1.9))
        cv2.putText(canvas, line, origin, (look.ink,) * 3, font, look.letters, 500)
    return noisy(canvas, look)


def blank(look: Look = Look(), shape: tuple[int, int] = A4) -> np.ndarray:
    """A page without anything on it."""
    return noisy(np.full(shape, look.paper, np.uint8), look)


def skewed(image: np.ndarray, degrees: float, fill: int = 245) -> np.ndarray:
    """Turned clockwise about its middle, as a sheet lies askew on the glass."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(fill,) * 3
    )


def show_through(image: np.ndarray, strength: float, seed: int = 99) -> np.ndarray:
    """The other side's print, mirrored and blurred by the paper."""
    other = page(Look(seed=seed, noise=0.0))[:, ::-1]
    soft = cv2.GaussianBlur(other, (0, 0), 3.5).astype(np.float32)
    return np.clip(image - (245 - soft) * strength, 0, 255).astype(np.uint8)


def shadowed(image: np.ndarray) -> np.ndarray:
    """A gutter's shadow on the left, the light falling off downwards."""
    height, width = image.shape
    across = 1 - 0.6 * np.exp(-np.arange(width) / (0.15 * width))
    down = 1 - 0.3 * np.linspace(0, 1, height)
    return (image * across * down[:, None]).astype(np.uint8)


def bordered(image: np.ndarray) -> np.ndarray:
    """The scanner's black lid round a sheet that is too small."""
    framed = image.copy()
    framed[:40] = framed[-25:] = 20
    framed[:, :60] = framed[:, -80:] = 25
    return framed


def punched(image: np.ndarray) -> np.ndarray:
    """Two holes of 6 mm."""
    holed = image.copy()
    for y in (1280, 2228):
        cv2.circle(holed, (150, y), 35, 60, -1)
    return holed


def stained(image: np.ndarray) -> np.ndarray:
    """Two rings of spilt tea."""
    light = np.ones(image.shape, np.float32)
    cv2.ellipse(light, (900, 1200), (420, 300), 20, 0, 360, 0.75, -1)
    cv2.ellipse(light, (1700, 2500), (200, 350), 60, 0, 360, 0.65, -1)
    return (image * cv2.GaussianBlur(light, (0, 0), 8)).astype(np.uint8)
