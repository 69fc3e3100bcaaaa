"""What a PDF/A says of itself: XMP and the information dictionary, in step with each other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from pipeline.pdf.file import Value, text_string
from pipeline.recognition.cleaning import clean_text

PRODUCER = "Opis"


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """`title` as people read it; `created` becomes both dates; `identifier` of the document.

    `flavour` is what the file says of itself: 2u or 2b; `bookmark` is its line in the opis, the title
    where it is empty.
    """

    title: str
    created: datetime
    identifier: str = ""
    language: str = "ro-RO"
    interface_language: str = "ro"
    flavour: str = "2u"
    bookmark: str = ""


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>{conformance}</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <dc:identifier>{identifier}</dc:identifier>
   <pdf:Producer>{producer}</pdf:Producer>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def title_of(facts: PdfFacts) -> str:
    """The title on one line, without what XML cannot hold."""
    return _one_line(facts.title)


def bookmark_of(facts: PdfFacts) -> str:
    """The first bookmark, on one line."""
    return _one_line(facts.bookmark) or title_of(facts)


def _one_line(text: str) -> str:
    return " ".join(filter(None, (clean_text(part) for part in text.split())))


def _moment(facts: PdfFacts) -> datetime:
    return facts.created.astimezone(UTC).replace(microsecond=0)


def xmp_packet(facts: PdfFacts) -> bytes:
    """The XMP packet of a PDF/A-2."""
    filled = {
        "title": title_of(facts),
        "language": facts.language,
        "identifier": clean_text(facts.identifier),
        "producer": PRODUCER,
        "conformance": facts.flavour[1:].upper(),
        "date": _moment(facts).isoformat(),
    }
    return _XMP.format(**{key: escape(value) for key, value in filled.items()}).encode("utf-8")


def information(facts: PdfFacts) -> dict[str, Value]:
    """The information dictionary that says the same."""
    date = f"(D:{_moment(facts):%Y%m%d%H%M%S}+00'00')"
    return {
        "Title": text_string(title_of(facts)),
        "Producer": f"({PRODUCER})",
        "CreationDate": date,
        "ModDate": date,
    }
