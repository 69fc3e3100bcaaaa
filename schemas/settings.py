"""Every option, declared once: its default, its meaning, and where it is read from.

A value comes from the command line, then from the environment (OPIS_ and the name in capitals),
then from ARCHIVE/opis.toml, then from the default here. docs/settings.md is made from this table.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from schemas.errors import InputError, UsageError
from schemas.layout import ArchiveLayout, StationLayout


def _option(default: object, meaning: str, least: float | None = None) -> Any:  # noqa: ANN401 dataclasses' own field() is typed so
    return field(default=default, metadata={"meaning": meaning, "least": least})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run; `archive` is the folder that everything else is relative to."""

    archive: Path = _option(Path("archive"), "The archive's folder.")
    stations: str = _option("", "Folder of the scanner stations; empty: ARCHIVE/stations.")
    station: str = _option("local", "The station that `scan-batch` works as.")
    institution: str = _option("Primăria", "The institution's name, as people read it.")
    interface_language: str = _option("ro", "Language of messages: ro or en.")
    workers: int = _option(0, "Processes that read pages; 0: one a core.", 0)
    engine: str = _option("opis", "Recognition engine: opis, tesserocr or pytesseract.")
    language: str = _option(
        "ron", "Language of recognition (a Tesseract code); a binder may differ."
    )
    other_languages: str = _option(
        "", "The archive's other languages (hun deu …): tried on pages that read badly."
    )
    weights: str = _option(
        "own", "Weights for Romanian: own (tuned for archival pages) or stock (those installed)."
    )
    tessdata: str = _option("", "Folder of *.traineddata; empty: where Tesseract has it.")
    model_cache: str = _option(
        "", "Folder of converted models; empty: opis/models in the user's cache folder."
    )
    reading_dpi: int = _option(200, "Resolution at which pages are read (dots per inch).", 70)
    render_dpi: int = _option(300, "Resolution at which PDF pages without one image are drawn.", 70)
    default_dpi: int = _option(300, "Resolution assumed where an image does not tell.", 70)
    pdf_profile: str = _option(
        "access", "Profile of the PDFs: access (small) or archive (the scanner's own images)."
    )
    jpeg_quality: int = _option(
        45, "JPEG quality of the pages that stay grey or colour in access PDFs, 1 to 95.", 1
    )
    spreads: str = _option(
        "keep", "Scans of two facing pages: keep (one page) or split (two); a binder may differ."
    )
    boundaries: str = _option(
        "guess",
        "Documents of a binder without separators: guess (where its pages begin one) or sheets (one).",
    )
    blank_ink: float = _option(0.0012, "A page with less ink than this share is blank.", 0)
    rescan_confidence: float = _option(
        0.7, "A page read with less confidence (0 to 1) goes on the re-scan list.", 0
    )
    review_confidence: float = _option(
        0.8, "A field or personal datum that is less sure (0 to 1) waits for review.", 0
    )
    page_seconds: float = _option(120.0, "Longest time for one page (seconds).", 1)
    file_seconds: float = _option(60.0, "Longest time to look into one file (seconds).", 1)
    memory_mb: int = _option(1900, "Memory of one reading process (MiB of address space).", 600)
    max_megapixels: int = _option(180, "Largest page (megapixels); A0 at 300 dpi has 140.", 1)
    max_pages: int = _option(3000, "Most pages in one file.", 1)
    max_file_mb: int = _option(4096, "Largest file (MiB).", 1)
    max_depth: int = _option(6, "Deepest nesting of folders in a source.", 1)
    stability_seconds: float = _option(
        30.0, "A drop without a manifest is taken when nothing in it changed for so long.", 0
    )
    rescan_seconds: float = _option(
        5.0, "Pause between two looks at the stations' folders, 60 s at most.", 0.1
    )
    late_minutes: float = _option(
        120.0,
        "Pages that come so long after an unconfirmed delivery of that name join its unit.",
        0,
    )
    holder_seconds: float = _option(
        60.0, "A watcher on another machine that shows no life for so long has lost its claims.", 1
    )
    retry_seconds: float = _option(
        60.0, "Pause before a drop is tried again that a service or a full disk stopped.", 0.1
    )
    free_mb: int = _option(1024, "Taking in stops when the archive's disk has less free (MiB).", 0)
    free_share: float = _option(
        0.01, "Taking in stops when less than this share of the archive's disk is free.", 0
    )
    working_hours: str = _option(
        "1-5 08:00-16:00", "When stations are expected to deliver: days (1 Monday) and hours."
    )
    silent_minutes: float = _option(
        120.0, "A station silent for so long in working hours is told of; 0: never.", 0
    )
    unclaimed_minutes: float = _option(5.0, "A drop not taken for so long is told of; 0: never.", 0)
    notice_email: str = _option("", "Addresses that warnings go to, separated by commas.")
    notice_from: str = _option("opis@localhost", "Sender's address of these e-mails.")
    smtp_url: str = _option(
        "smtp://localhost:25", "Mail server: smtp:// or smtps://[USER:PASSWORD@]HOST[:PORT]."
    )
    notice_webhook: str = _option("", "URL to which warnings are posted as JSON.")
    ledger_url: str = _option("", "SQLAlchemy URL of the ledger; empty: ARCHIVE/ledger.db.")
    lease_seconds: float = _option(
        45.0, "A unit whose worker gave no sign for so long is taken over by another.", 3
    )
    lease_renewal_seconds: float = _option(
        10.0, "Pause between two signs of who works on a unit (at most a third of that).", 0.1
    )
    machine: str = _option(
        "", "Name of this machine, as others see who works on a unit; empty: its host name."
    )
    elasticsearch_url: str = _option("", "URL of Elasticsearch; empty: the embedded index.")
    elasticsearch_prefix: str = _option(
        "opis", "First part of the names of our indices and aliases."
    )
    index_wait_seconds: float = _option(
        120.0,
        "A program that holds the embedded index and does nothing for so long is waited for no more.",
        0.1,
    )
    verapdf: str = _option(
        "", "Folder of veraPDF's jars; empty: PDF/A is checked by pikepdf alone."
    )
    host: str = _option("127.0.0.1", "Address that `opis serve` listens on.")
    port: int = _option(8431, "Port that `opis serve` listens on.", 0)
    serve_workers: int = _option(
        1, "Processes that answer for `opis serve`; limits of calls are divided among them.", 1
    )
    trusted_proxies: str = _option(
        "",
        "Addresses or networks, separated by commas, whose X-Forwarded-For is believed; empty: none.",
    )
    cors_origins: str = _option(
        "",
        "Origins (https://host), separated by commas, whose pages may call the API; empty: none.",
    )
    anonymous_calls: float = _option(
        20.0, "Calls a second of one address without sign-in; four times as many at once.", 0.01
    )
    portal_calls: float = _option(200.0, "Calls a second of one portal key.", 0.01)
    staff_calls: float = _option(50.0, "Calls a second of one member of staff.", 0.01)
    requests_per_hour: float = _option(
        6.0, "Requests for information (Law 544/2001) an hour from one address.", 0.01
    )
    public_at_once: int = _option(
        2, "Calls without sign-in or by portal keys worked on at once in one process.", 1
    )
    public_waiting: int = _option(
        64, "Such calls that wait their turn; those beyond are told to come again.", 0
    )
    body_kb: int = _option(256, "Largest body of a call (KiB).", 1)
    request_days: int = _option(
        365, "Days after its answer when a request's personal data are erased.", 1
    )
    metrics: str = _option(
        "local", "Who reads /metrics: local (this machine, administrators) or open (everybody)."
    )
    access_log: str = _option(
        "off", "Calls on stderr, without addresses of callers, queries or ids: off or on."
    )
    site_url: str = _option(
        "", "Address under which people reach the pages (https://…); empty: as each request says."
    )
    oai_email: str = _option(
        "", "Address that harvesters (OAI-PMH) write to; empty: postmaster of the site's host."
    )
    session_hours: float = _option(10.0, "Staff sign in again after so long.", 0.01)
    session_idle_minutes: float = _option(
        60.0, "Staff who did nothing for so long sign in again.", 0.01
    )
    purpose_minutes: float = _option(
        60.0, "How long a told purpose opens restricted records in a session.", 0.01
    )
    oidc_issuer: str = _option(
        "", "The identity provider's issuer URL; empty: local accounts only."
    )
    oidc_client_id: str = _option("opis", "The name under which the provider knows the pages.")
    oidc_audience: str = _option(
        "", "Audience that bearer tokens must be for; empty: bearer tokens are refused."
    )
    oidc_algorithm: str = _option("RS256", "The one algorithm of the provider's signatures.")
    oidc_claim: str = _option(
        "realm_access.roles", "Where a token tells roles: names of claims, dots between."
    )
    oidc_roles: str = _option(
        "", "Claimed roles as ours: NAME=ROLE, separated by commas; empty: opis-ROLE."
    )
    oidc_institution_claim: str = _option("institution", "Claim of a person's institutions.")
    oidc_department_claim: str = _option("department", "Claim of a person's departments.")
    oidc_secret_file: str = _option(
        "", "File with the client's secret; or OPIS_OIDC_CLIENT_SECRET in the environment."
    )
    audit_anchors: str = _option(
        "", "Folder of the audit chain's signed heads, best elsewhere; empty: ARCHIVE/anchors."
    )
    audit_key: str = _option(
        "", "File of the key that signs them, made when missing; empty: ARCHIVE/keys/audit.pem."
    )
    audit_minutes: float = _option(60.0, "Pause between two anchors of a chain that grew.", 0.01)
    audit_days: float = _option(
        1826.0, "Entries of the audit chain older than so many days are removed; 0: never.", 0
    )

    @property
    def layout(self) -> ArchiveLayout:
        return ArchiveLayout(self.archive)

    @property
    def stations_folder(self) -> Path:
        return Path(self.stations) if self.stations else self.layout.stations

    @property
    def anchors_folder(self) -> Path:
        return Path(self.audit_anchors) if self.audit_anchors else self.archive / "anchors"

    @property
    def audit_key_file(self) -> Path:
        return Path(self.audit_key) if self.audit_key else self.archive / "keys" / "audit.pem"

    @property
    def processes(self) -> int:
        return self.workers or os.cpu_count() or 1

    def station_layout(self, name: str = "") -> StationLayout:
        return StationLayout(self.stations_folder / (name or self.station))


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table of settings."""

    name: str
    environment: str
    default: str
    meaning: str


def options() -> tuple[Option, ...]:
    """The table of settings, in order."""
    return tuple(
        Option(f.name, f"OPIS_{f.name.upper()}", str(f.default), f.metadata["meaning"])
        for f in fields(Settings)
    )


PDF_PROFILES = ("access", "archive")
WEIGHTS = ("own", "stock")
SPREADS = ("keep", "split")
METRICS = ("local", "open")
_CHOICES: dict[str, tuple[object, ...]] = {
    "pdf_profile": PDF_PROFILES,
    "spreads": SPREADS,
    "weights": WEIGHTS,
    "metrics": METRICS,
    "access_log": ("off", "on"),
}
_KINDS: dict[str, type] = {f.name: type(f.default) for f in fields(Settings)}


def _typed(name: str, value: object) -> object:
    known = {f.name: f for f in fields(Settings)}
    if name not in known:
        raise UsageError("setting-unknown", name)
    kind: Callable[[Any], Any] = Path if name == "archive" else _KINDS[name]
    least = known[name].metadata["least"]
    try:
        typed = kind(value)
    except (TypeError, ValueError) as error:
        raise UsageError("setting-invalid", name, value=value) from error
    if typed not in _CHOICES.get(name, (typed,)) or (least is not None and typed < least):
        raise UsageError("setting-invalid", name, value=value)
    return typed


def _from_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("settings-unreadable", path.name, why=error) from error


def load_settings(
    given: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Settings of this run; `given` are the command line's, None values are left out.

    Raises UsageError for an unknown or impossible setting, InputError for an unreadable opis.toml.
    """
    environment = os.environ if environment is None else environment
    told = {name: value for name, value in (given or {}).items() if value is not None}
    names = {f.name for f in fields(Settings)}
    from_environment = {
        name: environment[f"OPIS_{name.upper()}"]
        for name in names
        if environment.get(f"OPIS_{name.upper()}")
    }
    archive = told.get("archive") or from_environment.get("archive") or Settings().archive
    layout = ArchiveLayout(Path(str(archive)))
    merged = {**_from_file(layout.settings), **from_environment, **told, "archive": archive}
    return Settings(**{name: _typed(name, value) for name, value in merged.items()})  # type: ignore[arg-type]  # _typed made each the field's own type
