"""Where everything stands in an archive folder: pure paths, nothing is touched."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UnitLayout:
    """The paths of one unit's folder."""

    root: Path

    @property
    def id(self) -> str:
        return self.root.name

    @property
    def metadata(self) -> Path:
        return self.root / "metadata"

    @property
    def record(self) -> Path:
        return self.metadata / "record.json"

    @property
    def events(self) -> Path:
        return self.metadata / "events.jsonl"

    @property
    def findings(self) -> Path:
        return self.metadata / "findings.json"

    @property
    def originals(self) -> Path:
        return self.root / "representations" / "rep1" / "originals"

    @property
    def alto(self) -> Path:
        return self.root / "representations" / "rep1" / "alto"

    @property
    def pdf(self) -> Path:
        return self.root / "representations" / "rep1" / "pdf"

    @property
    def work(self) -> Path:
        """Page images on their way into a PDF; gone once the PDFs stand."""
        return self.root / ".work"

    @property
    def personal(self) -> Path:
        """Personal data found on the unit's pages, by document."""
        return self.metadata / "personal.json"

    @property
    def public(self) -> Path:
        return self.root / "representations" / "public"

    def public_copy(self, document: str) -> Path:
        """The folder of a document's public copy: document.pdf and alto/."""
        return self.public / document

    @property
    def documentation(self) -> Path:
        return self.root / "documentation"

    def alto_page(self, page: int) -> Path:
        return self.alto / f"{page:04d}.xml"

    def pdf_document(self, number: int) -> Path:
        return self.pdf / f"{number:02d}.pdf"


@dataclass(frozen=True, slots=True)
class StationLayout:
    """The folders of one station; the folder's name is the station's identity."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def claimed(self) -> Path:
        return self.root / "claimed"

    @property
    def receipts(self) -> Path:
        return self.root / "receipts"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"


@dataclass(frozen=True, slots=True)
class ArchiveLayout:
    """The paths of an archive."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "opis.toml"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.db"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def stations(self) -> Path:
        return self.root / "stations"

    @property
    def units(self) -> Path:
        return self.root / "units"

    @property
    def changes(self) -> Path:
        """Changes of several units that stand and are not carried out everywhere yet."""
        return self.root / "changes"

    def unit(self, ident: str) -> UnitLayout:
        shard = sha256(ident.encode()).hexdigest()[:2]
        return UnitLayout(self.units / shard / ident)

    def station(self, name: str) -> StationLayout:
        return StationLayout(self.stations / name)
