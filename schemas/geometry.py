"""Boxes and transforms, in pixels with the origin at the top left."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height in pixels of one named image."""

    x: int
    y: int
    w: int
    h: int

    @property
    def area(self) -> int:
        return self.w * self.h

    def as_list(self) -> list[int]:
        return [self.x, self.y, self.w, self.h]

    def overlap(self, other: "Box") -> int:
        """Pixels that both boxes cover."""
        width = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        height = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return max(0, width) * max(0, height)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; raises ValueError where there is none."""
    every = tuple(boxes)
    left, top = min(b.x for b in every), min(b.y for b in every)
    right, bottom = max(b.x + b.w for b in every), max(b.y + b.h for b in every)
    return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a·x + b·y + c, y' = d·x + e·y + f; from one image's pixels to another's."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def then(self, after: "Affine") -> "Affine":
        """This transform first, `after` second."""
        return Affine(
            after.a * self.a + after.b * self.d,
            after.a * self.b + after.b * self.e,
            after.a * self.c + after.b * self.f + after.c,
            after.d * self.a + after.e * self.d,
            after.d * self.b + after.e * self.e,
            after.d * self.c + after.e * self.f + after.f,
        )

    def inverse(self) -> "Affine":
        """The way back; raises ZeroDivisionError for a transform that flattens."""
        det = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def box(self, box: Box) -> Box:
        """The smallest upright box around the transformed box."""
        corners = [self.point(x, y) for x in (box.x, box.x + box.w) for y in (box.y, box.y + box.h)]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        left, top = floor(min(xs)), floor(min(ys))
        return Box(left, top, ceil(max(xs)) - left, ceil(max(ys)) - top)

    def as_text(self, digits: int = 9) -> str:
        """Six numbers of so many significant digits."""
        return " ".join(f"{v:.{digits}g}" for v in (self.a, self.b, self.c, self.d, self.e, self.f))

    @classmethod
    def from_text(cls, text: str) -> "Affine":
        """The six numbers that `as_text` wrote; raises ValueError or TypeError otherwise."""
        return cls(*(float(v) for v in text.split()))
