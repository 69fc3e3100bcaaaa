"""Receipts: beside each drop, what became of it and whether the paper may be put back."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from scanners.delivery.versions import newest_number, publish, store
from scanners.intake import open_source
from scanners.names import safe_name, shown
from schemas.durable import write_bytes_durably
from schemas.errors import RefusedError
from schemas.layout import StationLayout
from schemas.messages import label, plural, say
from schemas.records import PageCounts, encode

WIDTH = 72
_LABEL = 10
_LONGEST = 1 << 26
_NOTHING_REFUSED = frozenset({"", "duplicate"})


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A file of the drop as it was received."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Rescan:
    """A leaf to scan again: `side` r or v, `image` the page's number in the unit, `code` why."""

    leaf: str
    side: str
    image: int
    code: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """State of one drop: taken, waiting, refused or done; times are ISO 8601.

    `joined` is how many of the pages came after an unconfirmed delivery of the same name.
    `sequence` grows with every version of the receipt, whatever the clocks say.
    """

    state: str
    code: str = ""
    reason: str = ""
    remedy: str = ""
    unit: str = ""
    confirmed: bool = False
    files: tuple[ReceiptFile, ...] = ()
    pages: PageCounts | None = None
    rescan: tuple[Rescan, ...] = ()
    received: str = ""
    updated: str = ""
    drop: str = ""
    station: str = ""
    receipt: int = 1
    cota: str = ""
    joined: int = 0
    sequence: int = 0


def receipt_name(drop_name: str) -> str:
    """The file name, without suffix, of a drop's receipts; never the same for two drops."""
    safe = safe_name(drop_name, ())
    if safe == drop_name:
        return safe
    digest = sha256(drop_name.encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return f"{safe}-{digest}"


def _time(iso: str) -> str:
    try:
        return datetime.fromisoformat(iso).astimezone().strftime("%d.%m.%Y, %H:%M")
    except ValueError:
        return ""


def _row(key: str, text: str, language: str) -> Iterator[str]:
    head = say(f"receipt_{key}", language).ljust(_LABEL)
    lines = textwrap.wrap(text, WIDTH - _LABEL, break_on_hyphens=False) or [""]
    yield head + lines[0]
    yield from (" " * _LABEL + line for line in lines[1:])


def _sum(pages: PageCounts, language: str) -> str:
    named = ("recognised", "blank", "separator", "failed")
    parts = [
        plural(f"receipt_{name}", getattr(pages, name), language)
        for name in named
        if getattr(pages, name)
    ]
    return f"{plural('receipt_scanned', pages.scanned, language)} = {' + '.join(parts) or 0}"


def _state(receipt: Receipt, language: str) -> str:
    """State, since when, and when the drop was received: the date where it was another day."""
    when, received = _time(receipt.updated), _time(receipt.received)
    state = label("receipt", receipt.state, language)
    text = f"{state}, {when}" if when else state
    if not received or receipt.state == "waiting":
        return text
    day, _, hour = received.partition(", ")
    shown_time = hour if when.startswith(day) else received
    return f"{text}    {say('receipt_received', language, when=shown_time)}"


def _facts(receipt: Receipt, language: str) -> Iterator[str]:
    yield from _row("state", _state(receipt, language), language)
    if receipt.unit:
        named = say("receipt_cota", language, unit=receipt.unit, cota=receipt.cota)
        yield from _row("unit", named if receipt.cota else receipt.unit, language)
    if receipt.files:
        key = "files_checked" if receipt.confirmed else "files_unchecked"
        counted = plural("file", len(receipt.files), language)
        yield from _row("files", say(f"receipt_{key}", language, files=counted), language)
    if receipt.pages:
        yield from _row("pages", _sum(receipt.pages, language), language)
    if receipt.joined:
        added = plural("page", receipt.joined, language)
        yield from _row("joined", say("receipt_late", language, pages=added), language)
    if receipt.reason:
        yield from _row("reason", receipt.reason, language)
        yield from _row("remedy", receipt.remedy, language)
    for item in receipt.rescan:
        side = label("side", item.side, language)
        leaf = say("receipt_leaf", language, leaf=item.leaf or item.image, side=side).rstrip()
        yield from _row("rescan", f"{leaf}: {item.reason or item.code}", language)


def _verdict(receipt: Receipt) -> str:
    """The key of the last line, which says whether the paper may be put back."""
    if receipt.state == "done":
        partly = receipt.code not in _NOTHING_REFUSED
        whole = "receipt_keep_partly" if partly else "receipt_put_back"
        return "receipt_keep_rescan" if receipt.rescan else whole
    return f"receipt_keep_{receipt.state}"


def receipt_text(receipt: Receipt, language: str = "ro") -> str:
    """The receipt as people read it: lines of at most 72 characters."""
    head = f"{say('receipt_title', language)}  {shown(receipt.drop)}"
    station = say("receipt_station", language, station=receipt.station)
    gap = max(2, WIDTH - len(head) - len(station))
    first = f"{head}{' ' * gap}{station}"
    lines = [first] if len(first) <= WIDTH else [*textwrap.wrap(head, WIDTH), station]
    lines += _facts(receipt, language)
    if not receipt.confirmed and receipt.state in {"taken", "done"}:
        lines += textwrap.wrap(say("receipt_unconfirmed", language), WIDTH)
    leaves = ", ".join(dict.fromkeys(str(r.leaf or r.image) for r in receipt.rescan))
    lines += textwrap.wrap(say(_verdict(receipt), language, leaves=leaves), WIDTH)
    return "\n".join(lines) + "\n"


def read_receipt(station: StationLayout, drop_name: str) -> Receipt | None:
    """The drop's receipt as it stands; None where there is none that can be read."""
    return receipt_at(station.receipts / f"{receipt_name(drop_name)}.json")


def receipt_at(path: Path) -> Receipt | None:
    """A receipt from its JSON file; links are not followed."""
    return next(_stored(path), None)


def _stored(path: Path) -> Iterator[Receipt | None]:
    """What a file holds: a receipt, None where it says that there is none; nothing if unreadable."""
    try:
        with open_source(path) as stream:
            yield msgspec.json.decode(stream.read(_LONGEST), type=Receipt | None)
    except (RefusedError, OSError, msgspec.MsgspecError):
        return


def receipt_number(station: StationLayout, name: str) -> int:
    """The number of the newest version of the receipt with this file name; 0 of one never written.

    To be asked before what the next version will say is found out. Raises OSError.
    """
    told = receipt_at(station.receipts / f"{name}.json")
    return max(newest_number(station, name), told.sequence if told else 0)


def remove_receipt(station: StationLayout, drop_name: str, after: int | None = None) -> bool:
    """Takes away the receipt of a drop that there never was; as `replace_receipt`."""
    return _next_version(station, receipt_name(drop_name), None, "", after)


def write_receipt(
    station: StationLayout, drop_name: str, receipt: Receipt, language: str = "ro", name: str = ""
) -> tuple[Path, Path]:
    """Replaces the drop's receipt whatever it says now, as JSON and as text; the two paths.

    `name` is that of the files, without suffix, where it is known already.
    """
    name = name or receipt_name(drop_name)
    while not replace_receipt(station, drop_name, receipt, language, name=name):
        pass
    return station.receipts / f"{name}.json", station.receipts / f"{name}.txt"


def replace_receipt(
    station: StationLayout,
    drop_name: str,
    receipt: Receipt,
    language: str = "ro",
    *,
    after: int | None = None,
    name: str = "",
) -> bool:
    """The next version of a receipt, as JSON and as text (UTF-8 with BOM, CRLF).

    False, and nothing is written, where the newest is no longer that numbered `after` by
    `receipt_number`: what was found out since then is older than what another has told.
    """
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    full = replace(
        receipt, drop=shown(drop_name), station=station.name, updated=receipt.updated or now
    )
    return _next_version(station, name or receipt_name(drop_name), full, language, after)


def _next_version(
    station: StationLayout, name: str, receipt: Receipt | None, language: str, after: int | None
) -> bool:
    number = (receipt_number(station, name) if after is None else after) + 1
    told = replace(receipt, sequence=number) if receipt else None
    if not store(station, name, number, encode(told)):
        return False
    show_receipt(station, name, language)
    return True


def show_receipt(station: StationLayout, name: str, language: str = "ro") -> None:
    """The newest version of a receipt where people read it. Raises OSError."""

    def show(number: int, path: Path) -> bool:
        stored = tuple(_stored(path))
        whole = any(told is None or told.sequence == number for told in stored)
        if whole:
            _put(station, name, stored[0], language)
        return whole

    publish(station, name, show)


def _put(station: StationLayout, name: str, receipt: Receipt | None, language: str) -> None:
    told, text = station.receipts / f"{name}.json", station.receipts / f"{name}.txt"
    if receipt is None:
        told.unlink(missing_ok=True)
        text.unlink(missing_ok=True)
        return
    lines = receipt_text(receipt, language).replace("\n", "\r\n")
    write_bytes_durably(text, lines.encode("utf-8-sig"))
    write_bytes_durably(told, encode(receipt))
