#!/usr/bin/env python3
"""Marks the JDK modules that Elasticsearch names but never calls as optional at run time.

Usage: elasticsearch_modules.py JAR

Its entitlement module requires jdk.jdi and jdk.jlink, which only a full JDK carries; with
`requires static` (JVM specification 4.7.25, ACC_STATIC_PHASE) a Java runtime without them starts it.
"""

import struct
import sys
import zipfile
from pathlib import Path

MODULES = ("jdk.jdi", "jdk.jlink")
STATIC = 0x0040
UTF8, MODULE, WIDE = 1, 19, (5, 6)
SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 15: 3, 16: 2, 19: 2, 20: 2} | dict.fromkeys(
    (9, 10, 11, 12, 17, 18), 4
)


def constant_pool(data: bytes) -> tuple[dict[int, str | int], int]:
    """Texts and module references by index, and the offset after the pool (JVM specification 4.4)."""
    (count,) = struct.unpack_from(">H", data, 8)
    pool: dict[int, str | int] = {}
    at, index = 10, 1
    while index < count:
        tag = data[at]
        (value,) = struct.unpack_from(">H", data, at + 1)
        if tag == UTF8:
            pool[index] = data[at + 3 : at + 3 + value].decode()
        elif tag == MODULE:
            pool[index] = value
        at += 3 + value if tag == UTF8 else 1 + SIZES[tag]
        index += 2 if tag in WIDE else 1
    return pool, at


def with_optional(data: bytes) -> bytes:
    """The module-info class with each of MODULES required as `static`."""
    pool, at = constant_pool(data)
    changed, left = bytearray(data), set(MODULES)
    at += 14  # flags, this and super class, and the empty tables of interfaces, fields and methods
    while pool[struct.unpack_from(">H", data, at)[0]] != "Module":
        at += 6 + struct.unpack_from(">I", data, at + 2)[0]
    (count,) = struct.unpack_from(">H", data, at + 12)
    for entry in range(at + 14, at + 14 + 6 * count, 6):
        reference, flags = struct.unpack_from(">HH", data, entry)
        name = str(pool[int(pool[reference])])
        if name in left:
            struct.pack_into(">H", changed, entry + 2, flags | STATIC)
            left.remove(name)
    if left:
        raise SystemExit(f"elasticsearch_modules.py: {', '.join(sorted(left))} not required there")
    return bytes(changed)


def rewrite(jar: Path) -> None:
    """Replace the jar's module-info.class, and nothing else in it."""
    new = jar.with_suffix(".new")
    with zipfile.ZipFile(jar) as source, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            mine = entry.filename == "module-info.class"
            target.writestr(entry, with_optional(data) if mine else data)
    new.replace(jar)


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
