"""OAI-PMH 2.0: what a call asks for, read strictly, and the errors that the protocol knows.

https://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

import msgspec

PREFIX = "oai_dc"
_ONE = re.compile(r"[A-Za-z0-9_.!~*'()-]{1,300}")
_SET = re.compile(rf"{_ONE.pattern}(:{_ONE.pattern})*")
_DAY, _SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"
_TIMES = {
    re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"): _DAY,
    re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"): _SECOND,
}
_LONGEST = 2_000
_DIGEST = 8


class Verb(StrEnum):
    """The six requests of the protocol."""

    IDENTIFY = "Identify"
    FORMATS = "ListMetadataFormats"
    SETS = "ListSets"
    IDENTIFIERS = "ListIdentifiers"
    RECORDS = "ListRecords"
    RECORD = "GetRecord"


_LISTED = frozenset({"from", "until", "set"})
_NEEDED = {
    Verb.RECORD: frozenset({"identifier", "metadataPrefix"}),
    Verb.IDENTIFIERS: frozenset({"metadataPrefix"}),
    Verb.RECORDS: frozenset({"metadataPrefix"}),
}
_ALLOWED = {
    Verb.FORMATS: frozenset({"identifier"}),
    Verb.RECORD: _NEEDED[Verb.RECORD],
    Verb.IDENTIFIERS: _NEEDED[Verb.IDENTIFIERS] | _LISTED,
    Verb.RECORDS: _NEEDED[Verb.RECORDS] | _LISTED,
}
_RESUMED = frozenset({Verb.SETS, Verb.IDENTIFIERS, Verb.RECORDS})
_TOKEN = "resumptionToken"  # noqa: S105 a name


class ProtocolError(Exception):
    """An error that the protocol knows, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is of: bounds as they were given, a set, and the place after which it goes on."""

    verb: str
    since: str = ""
    until: str = ""
    set: str = ""
    cursor: str = ""

    @property
    def first(self) -> str:
        """The first moment, as the archive notes times; empty: no bound."""
        return _noted(self.since, "T00:00:00") if self.since else ""

    @property
    def last(self) -> str:
        """The last moment, as the archive notes times; empty: no bound."""
        return _noted(self.until, "T23:59:59") if self.until else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that the protocol allows: its verb and what was given beside it, each once."""

    verb: Verb
    given: Mapping[str, str]

    @property
    def selection(self) -> Selection:
        """What its list is of; raises ProtocolError."""
        token = self.given.get(_TOKEN)
        return _resumed(self.verb, token) if token is not None else _selected(self.verb, self.given)


def read_call(pairs: Iterable[tuple[str, str]]) -> Asked:
    """The call that these arguments make; raises ProtocolError badVerb, badArgument."""
    told = list(pairs)
    verbs = [value for name, value in told if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in set(Verb):
        raise ProtocolError("badVerb")
    verb, given = Verb(verbs[0]), dict(pair for pair in told if pair[0] != "verb")
    if len(given) != len(told) - 1 or not _is_allowed(verb, frozenset(given)):
        raise ProtocolError("badArgument")
    if any(not _ONE.fullmatch(value) for name, value in given.items() if name == "metadataPrefix"):
        raise ProtocolError("badArgument")
    if verb in _RESUMED and _TOKEN not in given:
        _need_bounds(given)
    return Asked(verb, given)


def _is_allowed(verb: Verb, names: frozenset[str]) -> bool:
    if verb in _RESUMED and names == {_TOKEN}:
        return True
    return _NEEDED.get(verb, frozenset()) <= names <= _ALLOWED.get(verb, frozenset())


def _need_bounds(given: Mapping[str, str]) -> None:
    """Raise badArgument for a set or times that cannot be."""
    kinds = [_granularity(given[name]) for name in ("from", "until") if name in given]
    well = len(set(kinds)) <= 1 and given.get("from", "") <= given.get("until", "~")
    if not well or not _SET.fullmatch(given.get("set", "x")):
        raise ProtocolError("badArgument")


def _granularity(text: str) -> str:
    for shape, form in _TIMES.items():
        if shape.fullmatch(text):
            try:
                datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                break
            return form
    raise ProtocolError("badArgument")


def _noted(text: str, of_day: str) -> str:
    return f"{text.removesuffix('Z') if 'T' in text else text + of_day}+00:00"


def need_format(prefix: str) -> None:
    """Raise cannotDisseminateFormat for a format that there is not."""
    if prefix != PREFIX:
        raise ProtocolError("cannotDisseminateFormat")


def _selected(verb: Verb, given: Mapping[str, str]) -> Selection:
    need_format(given["metadataPrefix"])
    names = ("from", "until", "set")
    return Selection(verb.value, *(given.get(name, "") for name in names))


def token_of(selection: Selection) -> str:
    """The resumption token of a selection: all of it, so that nothing has to be kept here."""
    told = msgspec.json.encode(astuple(selection))
    return urlsafe_b64encode(_digest(told) + told).decode().rstrip("=")


def _digest(told: bytes) -> bytes:
    return sha256(told).digest()[:_DIGEST]


def _resumed(verb: Verb, token: str) -> Selection:
    """The selection of a token that this verb was given; raises badResumptionToken for any other."""
    try:
        found = _read_token(token[:_LONGEST])
        given = {"from": found.since, "until": found.until, "set": found.set}
        _need_bounds({name: value for name, value in given.items() if value})
    except (NotBase64, ValueError, ProtocolError) as error:
        raise ProtocolError("badResumptionToken") from error
    if found.verb != verb.value or not found.cursor:
        raise ProtocolError("badResumptionToken")
    return found


def _read_token(token: str) -> Selection:
    """What a token says; raises ValueError where it was changed."""
    raw = urlsafe_b64decode(f"{token}{'=' * (-len(token) % 4)}".encode())
    digest, told = raw[:_DIGEST], raw[_DIGEST:]
    if digest != _digest(told):
        raise ValueError(token)
    return Selection(*msgspec.json.decode(told, type=tuple[str, str, str, str, str]))
