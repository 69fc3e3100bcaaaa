"""The two loops of a JBIG2 generic region (ITU-T T.88, 6.2 and Annex E), template 0.

Written so that numba can compile them: whole numbers, and arrays given by their first element. The
first turns rows of pixels into decisions, the second codes these.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

CONTEXTS = 1 << 16
_UNLIKE_ABOVE = 0x9B25  # the context in which a row tells that it differs from the one above
_INTERVAL = 0x8000
_DELAYED_CARRY = 0x8000000
_FULL, _ONES = 0xFF, 0xFFFF

# T.88 table E.1: probability, next state after the likelier and the less likely, switch
_ESTIMATES = (
    *((0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0)),
    *((0x0521, 5, 29, 0), (0x0221, 38, 33, 0), (0x5601, 7, 6, 1), (0x5401, 8, 14, 0)),
    *((0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0)),
    *((0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0)),
    *((0x5101, 17, 15, 0), (0x4801, 18, 16, 0), (0x3801, 19, 17, 0), (0x3401, 20, 18, 0)),
    *((0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0)),
    *((0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0)),
    *((0x1201, 29, 26, 0), (0x1101, 30, 27, 0), (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0)),
    *((0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0)),
    *((0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0)),
    *((0x0049, 41, 38, 0), (0x0025, 42, 39, 0), (0x0015, 43, 40, 0), (0x0009, 44, 41, 0)),
    *((0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0)),
)


class Numbers(Protocol):
    """Whole numbers in a row: an array of one axis, or a pointer to its first element."""

    def __getitem__(self, at: int, /) -> int: ...
    def __setitem__(self, at: int, value: int, /) -> None: ...


def estimates() -> NDArray[np.int32]:
    """Of each state (twice its number, plus the likelier bit): probability, and both next states."""
    rows = [
        (probability, 2 * likely + bit, 2 * unlikely + (bit ^ switch))
        for probability, likely, unlikely, switch in _ESTIMATES
        for bit in (0, 1)
    ]
    return np.array(rows, np.int32).ravel()


def decisions_of(
    pixels: Numbers, blocks: Numbers, same: Numbers, width: int, height: int, told: Numbers
) -> int:
    """The decisions of all rows: twice a context plus the pixel, or minus a count of plain white.

    `pixels` (0 or 1) have two white rows above and eight or more white columns on the right; a row
    is a whole number of `blocks`, the same as 64-bit numbers; `same` tells of each row whether it
    is like the one above. Returns how many were told.
    """
    row_blocks = (width + 7) // 8 + 1
    row = 8 * row_blocks
    count, run, was_same = 0, 0, 0
    for y in range(2, height + 2):
        if run:
            told[count] = -run
            count, run = count + 1, 0
        told[count] = 2 * _UNLIKE_ABOVE + (same[y - 2] ^ was_same)
        count, was_same = count + 1, same[y - 2]
        if was_same:
            continue
        at, second, first = y * row, (y - 1) * row, (y - 2) * row
        upper = pixels[first] << 1 | pixels[first + 1]
        middle = pixels[second] << 2 | pixels[second + 1] << 1 | pixels[second + 2]
        before = 0
        for k in range(row_blocks - 1):
            b = y * row_blocks + k
            near = blocks[b] | blocks[b - row_blocks] | blocks[b - 2 * row_blocks]
            near |= blocks[b - row_blocks + 1] | blocks[b - 2 * row_blocks + 1]
            end = min(8 * k + 8, width)
            if near == 0 and (upper | middle | before) == 0:
                run += end - 8 * k
                continue
            for x in range(8 * k, end):
                upper = (upper << 1 | pixels[first + x + 2]) & 31
                middle = (middle << 1 | pixels[second + x + 3]) & 127
                pixel = pixels[at + x]
                symbol = (upper << 11 | middle << 4 | before) << 1 | pixel
                before = (before << 1 | pixel) & 15
                if symbol == 0:
                    run += 1
                    continue
                if run:
                    told[count] = -run
                    count, run = count + 1, 0
                told[count] = symbol
                count += 1
    if run:
        told[count] = -run
        count += 1
    return count


def code(  # noqa: C901, PLR0912 one loop, as the standard has it; a call would not be compiled
    told: Numbers, count: int, table: Numbers, states: Numbers, out: Numbers, room: int
) -> int:
    """Codes decisions with the MQ coder; `states` (one a context) begin as 0.

    `out` begins with a byte that is not of the code. Returns where the last byte of the code is,
    or 0 where it does not fit the `room`.
    """
    a, c, free, last = _INTERVAL, 0, 12, 0
    out[0] = 0
    for n in range(count + 2):
        decision = told[n] if n < count else 0
        run = max(1, -decision)
        decision = max(0, decision)
        context, bit = decision >> 1, decision & 1
        while run > 0:
            shift = free
            run -= 1
            if n < count:
                shift, state = 0, states[context]
                chance = table[3 * state]
                if run and state & 1 == 0:
                    steps = min(run, (a - _INTERVAL) // chance)
                    a, c, run = a - steps * chance, c + steps * chance, run - steps
                a -= chance
                likely = state & 1 == bit
                if likely == (a >= chance):
                    c += chance
                else:
                    a = chance
                if not likely:
                    states[context] = table[3 * state + 2]
                elif a < _INTERVAL:
                    states[context] = table[3 * state + 1]
                while a < _INTERVAL:
                    a, shift = a << 1, shift + 1
            elif n == count:
                end, c = c + a, c | _ONES
                c -= _INTERVAL if c >= end else 0
            while shift > 0:
                step = min(shift, free)
                c, free, shift = c << step, free - step, shift - step
                if free:
                    continue
                if out[last] != _FULL and c >= _DELAYED_CARRY:
                    out[last] = out[last] + 1
                    c &= _DELAYED_CARRY - 1
                stuffed = 1 if out[last] == _FULL else 0
                last += 1
                if last >= room:
                    return 0
                out[last] = c >> (19 + stuffed)
                c &= (0x80000 << stuffed) - 1
                free = 8 - stuffed
    return last
