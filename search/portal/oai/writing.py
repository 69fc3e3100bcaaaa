"""Answers of OAI-PMH 2.0 as XML, records as unqualified Dublin Core.

https://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm#XMLResponse
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from schemas.messages import label, say
from schemas.settings import Settings
from search.portal.oai.harvest import Item, Part, spec_of
from search.portal.oai.protocol import PREFIX, token_of
from search.portal.xml import utc, xml_text
from search.web.views.seen import SeenDocument
from search.web.views.wording import LANGUAGE, name_of

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_ELEMENTS = "http://purl.org/dc/elements/1.1/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OAI_SCHEMA = f"{OAI}OAI-PMH.xsd"
_DC_SCHEMA = f"{DC[:-1]}.xsd"
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Place:
    """Under which addresses an archive answers, and whose it is."""

    base: str
    settings: Settings

    @property
    def oai(self) -> str:
        return f"{self.base}/oai"


def _added(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{OAI}}}{name}")
    if text:
        element.text = xml_text(text)
    return element


class Answer:
    """An answer that is being written: its head first, then what was asked for, or errors."""

    def __init__(self, place: Place, given: Mapping[str, str]) -> None:
        self._place = place
        self._root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": _XSI})
        self._root.set(f"{{{_XSI}}}schemaLocation", f"{OAI} {_OAI_SCHEMA}")
        self._date = _added(self._root, "responseDate")
        request = _added(self._root, "request", place.oai)
        for name, value in given.items():
            request.set(name, xml_text(value))

    def written(self) -> tuple[bytes, bytes]:
        """The answer, and what of it every answer to the same call has in common."""
        lasting = _bytes(self._root)
        self._date.text = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return _bytes(self._root), lasting

    def error(self, code: str) -> None:
        """An error of the protocol, with a sentence in both languages."""
        told = " / ".join(say(f"oai_{code}", language) for language in ("ro", "en"))
        _added(self._root, "error", told).set("code", code)

    def identify(self, earliest: str, address: str) -> None:
        """What this repository is; `address` is whom harvesters write to."""
        told = _added(self._root, "Identify")
        _added(told, "repositoryName", self._place.settings.institution)
        _added(told, "baseURL", self._place.oai)
        _added(told, "protocolVersion", "2.0")
        _added(told, "adminEmail", address)
        _added(told, "earliestDatestamp", utc(earliest) if earliest else _NEVER)
        _added(told, "deletedRecord", "transient")
        _added(told, "granularity", "YYYY-MM-DDThh:mm:ssZ")

    def formats(self) -> None:
        """The one format."""
        told = _added(_added(self._root, "ListMetadataFormats"), "metadataFormat")
        _added(told, "metadataPrefix", PREFIX)
        _added(told, "schema", _DC_SCHEMA)
        _added(told, "metadataNamespace", DC)

    def sets(self, fonds: Iterable[str]) -> None:
        """The sets: a fonds each."""
        told = _added(self._root, "ListSets")
        for spec, name in {spec_of(fond): fond for fond in fonds}.items():
            one = _added(told, "set")
            _added(one, "setSpec", spec)
            _added(one, "setName", name)

    def identifiers(self, part: Part, *, resumed: bool) -> None:
        """Headers alone."""
        told = _added(self._root, "ListIdentifiers")
        for item in part.items:
            _add_header(told, item)
        _add_token(told, part, resumed=resumed)

    def records(self, part: Part, *, resumed: bool) -> None:
        """Headers and records."""
        told = _added(self._root, "ListRecords")
        for item in part.items:
            self._add_record(told, item)
        _add_token(told, part, resumed=resumed)

    def record(self, item: Item) -> None:
        """One record."""
        self._add_record(_added(self._root, "GetRecord"), item)

    def _add_record(self, parent: etree._Element, item: Item) -> None:
        record = _added(parent, "record")
        _add_header(record, item)
        if item.seen is not None:
            _add_dublin_core(_added(record, "metadata"), item.seen, self._place)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add_header(parent: etree._Element, item: Item) -> None:
    header = _added(parent, "header")
    _added(header, "identifier", item.identifier)
    _added(header, "datestamp", utc(item.noted))
    if item.seen is None:
        header.set("status", "deleted")
    elif item.seen.fond:
        _added(header, "setSpec", spec_of(item.seen.fond))


def _add_token(parent: etree._Element, part: Part, *, resumed: bool) -> None:
    """The token of what follows; an empty one at the end of a list that came in parts."""
    if part.rest is not None or resumed:
        _added(parent, "resumptionToken", token_of(part.rest) if part.rest else "")


def _add_dublin_core(parent: etree._Element, seen: SeenDocument, place: Place) -> None:
    nsmap = {"oai_dc": DC, "dc": _ELEMENTS, "xsi": _XSI}
    told = etree.SubElement(parent, f"{{{DC}}}dc", nsmap=nsmap)
    told.set(f"{{{_XSI}}}schemaLocation", f"{DC} {_DC_SCHEMA}")
    for name, value, read in _statements(seen, place):
        if value:
            element = etree.SubElement(told, f"{{{_ELEMENTS}}}{name}")
            element.text = xml_text(value)
            if read:
                element.set(_LANG, LANGUAGE)


def _statements(seen: SeenDocument, place: Place) -> tuple[tuple[str, str, bool], ...]:
    """Elements with their values, and whether these are words in the archive's language."""
    api, known = f"{place.base}/api/v1/public", seen.known
    first = seen.pages[0].document_page if seen.pages else 1
    cited = ", ".join(part for part in (seen.fond, _cota(seen)) if part)
    return (
        ("title", name_of(seen), True),
        ("creator", known.get("issuer", ""), True),
        ("publisher", place.settings.institution, True),
        ("date", known.get("date", ""), False),
        ("type", known.get("type", ""), True),
        ("type", "Text", False),
        ("format", "application/pdf", False),
        ("identifier", f"{place.base}/d/{seen.id}/p/{first}", False),
        ("identifier", f"{api}/documents/{seen.id}/pdf", False),
        ("source", cited, True),
        ("relation", f"{api}/documents/{seen.id}/manifest", False),
        ("rights", label("regime", seen.regime.value, LANGUAGE), True),
    )


def _cota(seen: SeenDocument) -> str:
    return say("cite_cota", LANGUAGE, cota=seen.cota) if seen.cota else ""
