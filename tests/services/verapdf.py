"""veraPDF, the PDF/A validator, as one Java process a call."""

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.process import ServiceError, installed

COMPLIANT, NOT_COMPLIANT = 0, 1
SECONDS = 240


@dataclass(frozen=True, slots=True)
class PdfaVerdict:
    """What veraPDF said of one file; true when it complies. `failed` names clause and reason."""

    compliant: bool
    failed: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.compliant


Verapdf = Callable[[Iterable[Path], str], dict[Path, PdfaVerdict]]


def _verdict(job: dict) -> PdfaVerdict:
    if "taskException" in job or not job.get("validationResult"):
        raise ServiceError(f"veraPDF could not check a file: {json.dumps(job)[:2000]}")
    (result,) = job["validationResult"]
    rules = result["details"]["ruleSummaries"]
    failed = tuple(
        f"{rule['clause']}-{rule['testNumber']}: {rule['description']}" for rule in rules
    )
    return PdfaVerdict(result["compliant"], failed)


def _check(jars: Path, paths: Iterable[Path], flavour: str) -> dict[Path, PdfaVerdict]:
    asked = {str(path.resolve()): path for path in paths}
    if not asked:
        raise ValueError("no file to check")
    options = ["-f", flavour, "--format", "json", "--maxfailuresdisplayed", "1"]
    done = subprocess.run(
        ["java", "-cp", f"{jars}/*", "org.verapdf.apps.GreenfieldCliWrapper", *options, *asked],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    if done.returncode not in (COMPLIANT, NOT_COMPLIANT):
        raise ServiceError(f"veraPDF ended with exit code {done.returncode}: {done.stderr[-2000:]}")
    jobs = json.loads(done.stdout)["report"]["jobs"]
    verdicts = {asked[job["itemDetails"]["name"]]: _verdict(job) for job in jobs}
    if missing := set(asked.values()) - set(verdicts):
        raise ServiceError(f"veraPDF said nothing of {sorted(map(str, missing))}")
    return verdicts


@pytest.fixture(scope="session")
def verapdf_home() -> Path:
    """The folder of veraPDF's jars: what OPIS_VERAPDF names."""
    return installed("verapdf")


@pytest.fixture(scope="session")
def verapdf(verapdf_home: Path) -> Verapdf:
    """`verapdf(paths, flavour)`: each path's verdict at that flavour (`2u`, `2b` …)."""
    return lambda paths, flavour: _check(verapdf_home, paths, flavour)
