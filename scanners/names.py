"""Names as they come from outside: order, safety, and how they are shown."""

import os
import re
import unicodedata
from collections.abc import Collection

_DIGITS = re.compile(r"([0-9]+)")
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_LONGEST_NAME = 240
_LONGEST_SAFE = 100
_LONGEST_SUFFIX = 10


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts „p2” before „p10”; letters without regard to case; a total order."""
    parts = _DIGITS.split(unicodedata.normalize("NFC", name))
    numbers = (part.lstrip("0") for part in parts[1::2])
    keys = [(1, 0, part.casefold()) for part in parts]
    keys[1::2] = [(0, len(number), number) for number in numbers]
    return (*keys, (1, 0, name))


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 how Python carries undecodable bytes of names
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 one byte


def shown(text: str) -> str:
    r"""A name as people may read it: what cannot be seen is spelled out as \x1b."""
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def is_unsafe(name: str) -> bool:
    """Control characters, undecodable bytes, over 240 bytes: `.batch.json` has to fit behind it."""
    if any(unicodedata.category(char) in _UNSAFE for char in name):
        return True
    return len(os.fsencode(name)) > _LONGEST_NAME


def same_name_key(name: str) -> str:
    """Equal for names that a case-blind file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _normalised(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        stem, suffix = name, ""
    suffix = re.sub(r"[^A-Za-z0-9]+", "", _ascii(suffix))
    stem = re.sub(r"[^A-Za-z0-9._]+", "-", _ascii(stem)).strip(".-")
    stem = stem[: _LONGEST_SAFE - len(suffix) - 2].rstrip(".-") or "file"
    stem = f"_{stem}" if _RESERVED.fullmatch(stem) else stem
    return f"{stem}.{suffix}" if suffix else stem


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _is_safe(name: str) -> bool:
    return bool(_SAFE.fullmatch(name) and not name.endswith(".") and not _RESERVED.fullmatch(name))


def _numbered(name: str, number: int) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    tail = f"-{number}{dot}{suffix}"
    return stem[: _LONGEST_SAFE - len(tail)] + tail


def safe_name(name: str, taken: Collection[str]) -> str:
    """A name for a file of ours: ASCII letters, digits, dot, hyphen, underscore, ≤ 100 of them.

    A safe name stays as it is; unique among `taken` without regard to case.
    """
    safe = name if _is_safe(name) else _normalised(name)
    used = {other.casefold() for other in taken}
    if safe.casefold() not in used:
        return safe
    numbers = range(2, len(used) + 3)
    candidates = (_numbered(safe, number) for number in numbers)
    return next(c for c in candidates if c.casefold() not in used)
