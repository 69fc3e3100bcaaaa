"""`opis doctor`: what is there, what answers, and the command that mends each lack."""

import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from flows.answers import Answer
from pipeline.ledger import open_ledger
from pipeline.recognition import engine
from schemas.errors import OpisError
from schemas.messages import reason, say
from schemas.settings import Settings
from search.backend import open_backend

_UNREACHABLE = 5
_LACKING = 3
_LEAST_FREE = 2_000_000_000
_PACKAGES = ("tesserocr", "opencv-python-headless", "pikepdf", "spacy", "tantivy", "prefect")
_PROGRAMS = {"tesseract": "tesseract-ocr", "pdftoppm": "poppler-utils", "gs": "ghostscript"}
_SERVICE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `remedy` is the command that mends it, `service` that it is one."""

    name: str
    ok: bool
    found: str = ""
    remedy: str = ""
    service: bool = False


def _packages() -> Iterator[Check]:
    yield Check(
        "python",
        sys.version_info[:2] == (3, 11),
        platform.python_version(),
        "apt-get install python3.11",
    )
    for name in _PACKAGES:
        try:
            yield Check(name, ok=True, found=version(name))
        except PackageNotFoundError:
            yield Check(name, ok=False, remedy="make demo")


def _programs() -> Iterator[Check]:
    for program, package in _PROGRAMS.items():
        path = shutil.which(program)
        yield Check(program, path is not None, remedy=f"sudo apt-get install {package}")


def _languages(settings: Settings) -> Check:
    try:
        found = engine(settings.engine, settings).languages()
    except OpisError:
        found = ()
    remedy = f"sudo apt-get install tesseract-ocr-{settings.language}"
    return Check("ocr", settings.language in found, ", ".join(found), remedy)


def _archive(settings: Settings) -> Iterator[Check]:
    there = settings.archive if settings.archive.is_dir() else Path()
    free = shutil.disk_usage(there).free
    yield Check("disk", free > _LEAST_FREE, f"{free / 1e9:.1f} GB", "df -h")
    if not settings.archive.is_dir():
        return
    try:
        with open_ledger(settings, create=False) as ledger:
            yield Check("ledger", ok=True, found=str(len(ledger.units())))
    except OpisError as error:
        yield Check(
            "ledger",
            ok=False,
            remedy=_remedy(error, settings),
            service=error.exit_code == _UNREACHABLE,
        )


def _remedy(error: OpisError, settings: Settings) -> str:
    values = {"f": error.file, **error.detail}
    return reason(error.code, settings.interface_language, **values).remedy


def _index(settings: Settings) -> Check:
    name = "elasticsearch" if settings.elasticsearch_url else "index"
    try:
        backend = open_backend(settings)
        try:
            return Check(name, ok=True, found=str(backend.count()))
        finally:
            backend.close()
    except OpisError as error:
        remedy = (
            "sudo systemctl start elasticsearch" if settings.elasticsearch_url else "opis reindex"
        )
        return Check(
            name,
            ok=False,
            remedy=remedy,
            found=error.code,
            service=bool(settings.elasticsearch_url),
        )


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), _SERVICE_SECONDS):
            return True
    except OSError:
        return False


def _prefect(url: str) -> Iterator[Check]:
    if url:
        yield Check("prefect-server", _answers(url), remedy="prefect server start", service=True)


def checks(settings: Settings, prefect_url: str) -> tuple[Check, ...]:
    """Everything looked at, in order."""
    return (
        *_packages(),
        *_programs(),
        _languages(settings),
        *_archive(settings),
        _index(settings),
        *_prefect(prefect_url),
        *_verapdf(settings),
    )


def _verapdf(settings: Settings) -> Iterator[Check]:
    if settings.verapdf:
        there = any(Path(settings.verapdf).glob("*.jar")) and shutil.which("java") is not None
        yield Check("verapdf", there, remedy="make test")


def doctor(settings: Settings, prefect_url: str = "") -> Answer:
    """All checks; exit code 5 where a service does not answer, 3 where something else is lacking."""
    done = checks(settings, prefect_url)
    bad = tuple(check for check in done if not check.ok)
    language = settings.interface_language
    lines = [line for check in done for line in _lines(check, language)]
    lines.append(say("doctor_sum", language, n=len(done), bad=len(bad)))
    payload = {"ok": not bad, "checks": [asdict(check) for check in done]}
    code = _UNREACHABLE if any(c.service for c in bad) else _LACKING if bad else 0
    return Answer(payload, tuple(lines), code)


def _lines(check: Check, language: str) -> Iterator[str]:
    yield f"{'✓' if check.ok else '✗'} {check.name}{'  ' + check.found if check.found else ''}"
    if not check.ok:
        yield say("error_remedy", language, remedy=check.remedy)
